"""What every page shows around its content: entries for this person, the site's own words, file addresses."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from quizapp import config, dates, figures
from quizapp.icons import icon
from quizapp.people import access, confined
from quizapp.people.queries import person_scope


@dataclass(frozen=True)
class Entry:
    """One line of the navigation."""

    label: str
    endpoint: str
    icon: str
    roles: tuple[str, ...] = ()  # none: for everybody
    whole_area: bool = False  # all pages of its area belong to it
    more: tuple[str, ...] = ()  # pages of other areas that belong to it, by how their endpoints begin

    @property
    def url(self) -> str:
        return url_for(self.endpoint)

    @property
    def current(self) -> bool:
        """Whether this page belongs to the entry: the endpoint, its group (people.units_import), its area."""
        here = request.endpoint or ""
        if here.startswith(ELSEWHERE):
            return bool(self.more) and here.startswith(self.more)
        if self.whole_area:
            return here.partition(".")[0] == self.endpoint.partition(".")[0]
        return here == self.endpoint or here.startswith(f"{self.endpoint}_")


CADRE = (
    Entry("首页", "home.index", "house"),
    Entry("条例", "regulations.index", "book-open", whole_area=True),
    Entry("练习", "practice.index", "pencil-line", whole_area=True),
    Entry("考试", "attempts.index", "clipboard-list", whole_area=True, more=("analysis.own_clues",)),
    Entry("我的", "people.me", "circle-user-round"),
)
WORK = (
    Entry("首页", "home.index", "house"),
    Entry("题库", "bank.index", "library", ("writer", "reviewer", "administrator"), whole_area=True),
    Entry(
        "考试管理",
        "exams.index",
        "clipboard-pen",
        ("exam_administrator", "administrator"),
        whole_area=True,
        more=(
            *("attempts.appeals", "attempts.correction", "attempts.held_sheets", "attempts.paper_results"),
            *(
                "attempts.certificate_setting",
                "attempts.intervention",
                "analysis.clue",
                "reports.index_archive",
            ),
        ),
    ),
    Entry(
        "试题分析",
        "analysis.index",
        "chart-scatter",
        ("exam_administrator", "administrator"),
        whole_area=True,
    ),
    Entry(
        "学习计划",
        "practice.plans",
        "calendar-check",
        ("exam_administrator", "unit_administrator", "administrator"),
    ),
    Entry("监考", "attempts.desks", "eye", ("invigilator",)),
    Entry("免考缓考", "exams.excuses", "user-x", ("unit_administrator",)),
    Entry("完成情况", "reports.index", "chart-column", ("leader", "unit_administrator", "administrator")),
    Entry("单位", "people.units", "building-2", ("administrator", "unit_administrator")),
    Entry("人员", "people.people", "users", ("administrator", "unit_administrator")),
    Entry("授权", "people.grants", "key-round", ("administrator",)),
    Entry("投诉建议", "home.desk", "message-square-text", ("administrator",)),
    Entry("设置", "home.settings", "settings", ("administrator",)),
)
ELSEWHERE = tuple(begin for entry in (*CADRE, *WORK) for begin in entry.more)


def entries(all_entries: tuple[Entry, ...]) -> list[Entry]:
    """The entries that this person may use."""
    held = access.roles()
    known = current_app.view_functions
    return [e for e in all_entries if e.endpoint in known and (not e.roles or held.intersection(e.roles))]


@lru_cache(maxsize=256)
def _content_hash(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a static file with a hash of its content, so that it may be kept for good."""
    path = Path(current_app.static_folder or "") / name
    return url_for("static", filename=name, v=_content_hash(path, path.stat().st_mtime_ns))


def site() -> dict[str, Any]:
    """What administrators say of this installation."""
    return {
        "name": config.value("SITE_NAME"),
        "sponsor": config.value("SITE_SPONSOR"),
        "record_number": config.value("SITE_RECORD"),
        "phone": config.value("SITE_PHONE"),
        "notice": config.value("SITE_NOTICE"),
        "account_url": url_for("people.me") if "people.me" in current_app.view_functions else "/",
    }


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(asset=asset, icon=icon)
    app.jinja_env.filters.update(
        points=figures.points,
        percent=figures.percent,
        day=dates.day,
        minute=dates.minute,
        second=dates.second,
        closing=dates.closing,
        until=dates.until,
        hour=dates.hour,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def around() -> dict[str, Any]:
        signed_in = current_user.is_authenticated and not current_user.must_change
        signed_in = signed_in and not confined.is_confined()  # a hall's computer has no menu
        return {
            "site": site(),
            "manifest_url": url_for("offline.manifest") if config.value("INSTALLABLE") else "",
            "nav": entries(CADRE) if signed_in else [],
            "work_nav": entries(WORK) if signed_in else [],
            "user_scope": person_scope(current_user.id) if signed_in and access.roles() else "",
            "text_size": current_user.text_size
            if current_user.is_authenticated
            else request.cookies.get("size", ""),
        }
