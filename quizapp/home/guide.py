"""The guides in docs/guide, one for each kind of user, as pages under 帮助. Markdown becomes HTML through a library."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

GUIDES = {
    "cadre": "学员",
    "trainer": "命题、审题和考务人员",
    "hall": "集中考试",
    "leader": "单位负责人",
    "unit_administrator": "单位管理员",
    "administrator": "系统管理员",
    "api": "数据接口",
}


@dataclass(frozen=True)
class Guide:
    """One guide: its title, and its text as HTML made from our own files."""

    name: str
    title: str
    html: Markup


def folder() -> Path:
    """docs/guide in a checkout, inside the package in a wheel."""
    beside = Path(__file__).parent.parent.parent / "docs" / "guide"
    return beside if beside.is_dir() else Path(__file__).parent.parent / "_bundled" / "guide"


@lru_cache(maxsize=16)
def read(name: str) -> Guide:
    """A guide by its name. Raises KeyError for a name that is none of GUIDES."""
    title = GUIDES[name]
    text = (folder() / f"{name}.md").read_text(encoding="utf-8")
    body = text.split("\n", 1)[1] if text.startswith("# ") else text  # the page has its own heading
    return Guide(name, title, Markup(MarkdownIt("commonmark", {"html": False}).enable("table").render(body)))  # noqa: S704
