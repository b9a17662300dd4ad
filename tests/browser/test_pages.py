"""Every page of every person, in the demonstration county, at all sizes: nothing serious for axe, nothing too wide.

A page is loaded once; then it is made narrow, wide, dark and 特大. Whoever adds a page adds it to PAGES.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from tests.browser import visits
from tests.browser.conftest import Live
from tests.browser.county import build
from tests.browser.visits import BANK, Way
from tests.browser.ways import LAW
from tests.databases import Databases

ALLOWED = {
    "holm",
    "linden",
    "sotaridona",
    "aiken",
    "moodle",
    "word",
    "docx",
    "excel",
    "postgresql",
    "sqlite",
    "xlsx",
    "https",
    "http",
    "markdown",
    "modern",
    "rasch",  # a name
}


# The table --------------------------------------------------------------------------------------------------

PAGES: dict[str, list[tuple[str, str | Way]]] = {  # (endpoint, its address or the way to it)
    "visitor": [
        ("people.sign_in", "/sign-in"),
        ("people.recover", "/recover"),
        ("people.recover", visits.recovery_asked),
        ("home.help_index", "/help"),
        ("home.help_page", "/help/cadre"),
        ("home.help_page", "/help/trainer"),
        ("home.help_page", "/help/hall"),
        ("home.help_page", "/help/leader"),
        ("home.help_page", "/help/unit_administrator"),
        ("home.help_page", "/help/administrator"),
        ("home.help_page", "/help/api"),
        ("home.privacy", "/privacy"),
        ("home.feedback", "/feedback"),
        ("home.feedback_state", "/feedback/state?code={code}"),
        ("certificates.check", "/c"),
        ("certificates.public", "/c/{certificate}"),
        ("certificates.keys", "/c/keys"),
        ("attempts.hall", "/hall#{at_the_door}"),
        ("attempts.hall_exam", visits.hall_notice),
        ("attempts.hall_exam", visits.hall_entered),
    ],
    "newcomer": [
        ("people.welcome", visits.first_password),
        ("people.welcome", visits.notice),
        ("people.welcome", visits.codes_offered),
        ("people.codes", visits.codes),
    ],
    "jiang": [
        ("home.index", "/"),
        ("regulations.index", "/regulations/"),
        ("regulations.show", f"/regulations/{LAW}"),
        ("regulations.text", f"/regulations/{LAW}/text"),
        ("regulations.chapter", f"/regulations/{LAW}/chapters/3"),
        ("regulations.article", f"/regulations/{LAW}/24"),
        ("regulations.search", "/regulations/search?q=复查"),
        ("regulations.search", "/regulations/search?q=没有的词"),
        ("regulations.search", "/regulations/search?q=xfr"),
        ("regulations.article", f"/regulations/{LAW}/31.1.6"),
        ("regulations.numbers", f"/regulations/{LAW}/numbers"),
        ("regulations.compare", f"/regulations/{LAW}/compare"),
        ("regulations.compare", f"/regulations/{LAW}/compare?all=1"),
        ("regulations.note", f"/regulations/{LAW}/24.1/note"),
        ("regulations.notes", "/regulations/notes"),
        ("regulations.article", f"/regulations/{LAW}/25"),
        ("regulations.notes", "/regulations/notes?kind=notes"),
        ("practice.index", "/practice/"),
        ("practice.daily", "/practice/daily"),
        ("practice.daily_question", visits.daily_question),
        ("practice.daily_question", visits.daily_answered),
        ("practice.report_daily", visits.daily_report),
        ("practice.report_daily", visits.reported),
        ("bank.my_reports", "/my-reports"),
        ("practice.daily", visits.daily_done),
        ("practice.article", f"/practice/article/{LAW}/24"),
        ("practice.test_question", visits.self_test),
        ("practice.report_test", visits.self_report),
        ("practice.test", visits.self_tested),
        ("practice.wrong", "/practice/wrong"),
        ("practice.mastery", f"/practice/mastery/{LAW}"),
        ("offline.page", "/practice/offline"),
        *(("offline.page", view) for view in visits.OFFLINE),
        ("practice.wrong", "/practice/wrong?show=out"),
        ("practice.wrong_print", "/practice/wrong/print"),
        ("practice.favourites", "/practice/favourites"),
        ("practice.articles", "/practice/articles"),
        ("practice.mock", "/practice/mock"),
        ("practice.test_question", visits.mock_begun),
        ("practice.check_mock", visits.mock_checked),
        ("practice.test", visits.mock_handed_in),
        ("practice.own_certainty", visits.certainty_asked),
        ("practice.test_question", visits.self_turned),
        ("attempts.index", "/my-exams/"),
        ("attempts.rules", "/my-exams/{exam}"),
        ("attempts.rules", "/my-exams/{over}"),
        ("analysis.own_clues", "/my-exams/{over}/clues"),
        ("exams.duty_desk", "/duty/{exam}"),
        ("attempts.receipt", "/attempts/{attempt}/receipt"),
        ("attempts.result", "/attempts/{attempt}/result"),
        ("attempts.appeal", "/attempts/{attempt}/appeals/0"),
        ("attempts.appeal", "/attempts/{attempt}/appeals/1"),
        ("attempts.appeal", "/attempts/{attempt}/appeals/2"),
        ("attempts.report", "/attempts/{attempt}/result/1/report"),
        ("attempts.transcript", "/my-exams/transcript"),
        ("attempts.certificate", "/my-exams/certificates/{certificate}"),
        ("people.me", "/me"),
        ("reports.mail", "/me/mail"),
        ("reports.mail", visits.address_kept),
        ("people.password", "/password"),
        ("people.confirm_password", "/confirm?next=/me"),
        ("home.feedback", "/feedback"),
        ("home.feedback_state", "/feedback/state?code={code}"),
    ],
    "he": [
        ("home.index", "/"),
        ("bank.index", "/banks/"),
        ("bank.index_new", "/banks/new"),
        ("bank.show", BANK),
        ("bank.show", f"{BANK}?q=协商&tag=数字期限&sort=changed&size=60"),
        ("bank.bulk_change", f"{BANK}/bulk?step=tag&scope=page"),
        ("bank.bulk_change", f"{BANK}/bulk?step=retire&scope=all&article=24"),
        ("bank.bulk_change", f"{BANK}/bulk?step=uses&scope=picked"),
        ("bank.question", f"{BANK}/questions/XF-024-01"),
        ("bank.question_edit", f"{BANK}/questions/XF-024-01/edit"),
        ("bank.question_edit", f"{BANK}/questions/XF-024-01/edit?article=31"),
        ("bank.question_changes", f"{BANK}/questions/XF-024-02/2/changes"),
        ("bank.question", f"{BANK}/questions/XF-024-02"),
        ("bank.question", f"{BANK}/questions/XF-023-01"),
        ("bank.question_new", f"{BANK}/new-question"),
        ("bank.load", f"{BANK}/import"),
        ("bank.load_check", visits.questions_checked),
        ("bank.load_check", visits.question_edited),
        ("bank.load_columns", visits.columns_asked),
        ("regulations.index", "/regulations/"),
        ("regulations.load", "/regulations/import"),
        ("regulations.load_check", visits.law_checked),
        ("regulations.load_check", visits.law_refused),
        ("regulations.load_confirm", visits.law_confirmed),
        ("bank.show", visits.export_asked),
        ("bank.batches", f"{BANK}/imports"),
        ("bank.reports", "/banks/reports"),
        ("bank.reports", f"/banks/reports?bank={LAW}&code=XF-024-01&state=upheld"),
        ("bank.report", "/banks/reports/{report}"),
        ("bank.report", "/banks/reports/{answered}"),
        ("exams.index", "/exams/"),
        ("exams.new", "/exams/new"),
        ("exams.edit", "/exams/{draft}/edit"),
        ("exams.show", "/exams/{draft}"),
        ("exams.show", "/exams/{exam}"),
        ("attempts.paper", visits.paper),
        ("attempts.receipt", visits.handed_in),
        ("analysis.index", "/analysis/"),
        ("analysis.exam", "/exams/{exam}/analysis"),
        ("analysis.exam", "/exams/{exam}/analysis?sort=-discrimination&flag=unchosen"),
        ("analysis.exam", "/exams/{over}/analysis"),
        ("analysis.item", "/exams/{exam}/analysis/items/{asked}"),
        ("analysis.index_keys", "/analysis/keys"),
        ("analysis.difficulty", "/exams/{exam}/analysis/difficulty"),
        ("exams.preview", "/exams/{exam}/preview"),
        ("exams.questions", "/exams/{exam}/questions"),
        ("exams.candidates", "/exams/{exam}/candidates"),
        ("exams.candidate", "/exams/{exam}/candidates/{candidate}"),
        ("bank.soundness", f"{BANK}/soundness"),
        ("exams.presets", "/exams/presets"),
        ("exams.preset", "/exams/presets/1"),
        ("exams.calendar", "/exams/calendar"),
        ("exams.new", "/exams/new?preset=1"),
        ("exams.blueprint", "/exams/{draft}/blueprint"),
        ("exams.blueprint", "/exams/{forms}/blueprint"),
        ("exams.papers", "/exams/{draft}/papers"),
        ("exams.papers", "/exams/{forms}/papers"),
        ("exams.papers", "/exams/{fixed}/papers"),
        ("exams.papers", "/exams/{exam}/papers"),
        ("exams.people_of", "/exams/{draft}/people"),
        ("exams.slots_page", "/exams/{draft}/slots"),
        ("attempts.paper_results", "/exams/{exam}/paper-results"),
        ("attempts.paper_results_check", visits.paper_results_checked),
        ("attempts.corrections", "/exams/{over}/corrections"),
        ("attempts.correction_new", "/exams/{exam}/corrections/new"),
        ("attempts.correction_new", visits.question_to_correct),
        ("attempts.correction", "/exams/{over}/corrections/{run}"),
        ("exams.list_changes", "/exams/{exam}/list-changes"),
        ("exams.makeup", "/exams/{over}/makeup"),
        ("exams.void", "/exams/{exam}/void"),
        ("exams.extensions", "/exams/{exam}/extensions"),
        ("exams.duty_named", "/exams/{exam}/duty"),
        ("exams.exception_record", "/exams/{exam}/exceptions"),
        ("attempts.certificate_setting", "/exams/{exam}/certificates"),
        ("attempts.certificate_setting", "/exams/{over}/certificates"),
        ("attempts.appeals", "/exams/{over}/appeals"),
        ("attempts.appeals", "/exams/{over}/appeals?q=没有的人"),
        ("attempts.appeals_one", "/exams/{over}/appeals/{appeal}"),
        ("attempts.appeals_one", "/exams/{over}/appeals/{whole}"),
        ("attempts.intervention", "/exams/{over}/answer-sheets/{hinted}"),
        ("attempts.held_sheets", "/exams/{over}/held-sheets"),
        ("attempts.held_sheets_one", "/exams/{over}/held-sheets/{held}"),
        ("analysis.clues", "/exams/{over}/clues"),
        ("analysis.clues", "/exams/{exam}/clues"),
        ("analysis.clue", "/exams/{over}/clues/{hinted}"),
        ("reports.index_archive", "/reports/exams/{over}/archive"),
        ("reports.index_archive", "/reports/exams/{exam}/archive"),
        ("exams.excuse_queue", "/exams/excuses"),
        ("practice.plans", "/practice/plans"),
        ("practice.plans_new", "/practice/plans/new"),
        ("practice.plans_edit", "/practice/plans/{plan}"),
        ("practice.plans_calibration", "/practice/plans/calibration"),
        ("exams.halls", "/exams/{exam}/halls"),
        ("exams.hall", "/exams/{exam}/halls/{hall}"),
        ("exams.hall_edit", "/exams/{exam}/halls/{hall}/edit"),
    ],
    "li": [
        ("home.index", "/"),
        ("reports.index", "/reports/"),
        ("reports.index_exam", "/reports/exams/{exam}"),
        ("reports.index_exam", "/reports/exams/{exam}?unit={unit}"),
        ("reports.index_heat", "/reports/exams/{exam}/heat"),
        ("reports.index_heat", "/reports/exams/{over}/heat?by=chapter"),
        ("reports.index_exam_people", "/reports/exams/{exam}/people"),
        ("reports.index_exam_people", "/reports/exams/{over}/people?only=all"),
        ("reports.index_exam_people", "/reports/exams/{exam}/people?unit={unit}"),
        ("reports.index_exam_reminders", "/reports/exams/{exam}/reminders?unit={unit}"),
        ("reports.index_exam_reminders", "/reports/exams/{exam}/reminders"),
        ("reports.index_exam_reminders", visits.reminder_asked),
        ("reports.index_robots", "/reports/robots"),
        ("reports.index_robots", visits.robot_added),
        ("reports.index_person", "/reports/people/{person}"),
        ("reports.index_certificates", "/reports/exams/{over}/certificates"),
        ("reports.index_documents", "/reports/exams/{over}/documents"),
        ("reports.index_circular", "/reports/exams/{over}/circular"),
        ("reports.index_daily", "/reports/daily"),
        ("reports.index_daily", "/reports/daily?unit={unit}"),
        ("reports.index_mastery", "/reports/mastery"),
        ("reports.index_mastery", "/reports/mastery?unit={unit}&sort=weakest"),
        (
            "reports.index_mastery_article",
            "/reports/mastery/article?regulation=xinfang-gongzuo-tiaoli&article=24",
        ),
        ("reports.index_briefing", "/reports/briefing"),
        ("exams.excuses", "/excuses/"),
        ("exams.excuses_ask", "/excuses/{exam}"),
        ("attempts.index", "/my-exams/"),
        ("attempts.desks", "/halls/"),
        ("attempts.desks_show", "/halls/{hall}"),
        ("attempts.desks_sheet", "/halls/{hall}/sign-in-sheet"),
        ("attempts.desks_record", "/halls/{hall}/record"),
    ],
    "zhou": [
        ("home.index", "/"),
        ("people.units", "/units"),
        ("people.units_new", "/units/new"),
        ("people.units", "/units?closed=1"),
        ("people.units_edit", "/units/{unit}"),
        *(("people.units_change", f"/units/{{unit}}/{act}") for act in ("rename", "move", "merge", "split")),
        ("people.units_change", visits.unit_change_checked),
        ("people.units_import", "/units/import"),
        ("people.units_import_check", visits.units_checked),
        ("people.people", "/people"),
        ("people.people_show", "/people/{person}"),
        ("people.people_import", "/people/import"),
        ("people.people_import_check", visits.people_checked),
        ("people.people_import_check", visits.people_of_a_kind),
        ("people.people_imports", "/people/imports"),
        ("people.people_imports_show", "/people/imports/{imported}"),
        ("people.slips", visits.slips_asked),
        ("people.slips", visits.slips),
        ("people.slips", "/people/slips?only=waiting"),
        ("people.people_recoveries", "/people/recoveries"),
        ("people.grants", "/grants"),
        ("people.grants_tokens", visits.token_made),
        ("people.grants_tokens", "/grants/tokens"),
        ("home.desk", "/feedback/desk"),
        ("home.desk_answer", "/feedback/desk/{letter}"),
        ("home.settings", "/settings"),
        ("home.settings_compliance", "/settings/compliance"),
        ("home.job", "/jobs/a-job"),
        ("home.job", "/jobs/failed-job"),
        ("bank.index", "/banks/"),
        ("bank.loans", "/banks/ceshi/loans"),
        ("bank.loans", "/banks/ceshi/loans?unit={unit}"),
        ("bank.loans", "/banks/ceshi/loans?q=没有的单位"),
        ("exams.index", "/exams/"),
        ("attempts.interventions_waiting", "/exams/answer-sheets"),
        ("attempts.intervention", "/exams/{over}/answer-sheets/{hinted}"),
        ("attempts.corrections_waiting", "/exams/corrections"),
        ("attempts.correction", "/exams/{over}/corrections/{run}"),
        ("analysis.index", "/analysis/"),
        ("exams.holidays", "/exams/holidays"),
        ("exams.holidays_import", "/exams/holidays/import"),
        ("exams.holidays_check", visits.holidays_checked),
        ("reports.index", "/reports/"),
        ("reports.index_wording", "/reports/exams/{over}/circular/wording"),
    ],
}
NO_PAGES = {  # files, what scripts read, what only serves without script (tests of the exam page see it)
    *(
        "static",
        "operations.healthz",
        "operations.readyz",
        "operations.figures",
        "home.help_picture",
        "home.job_state",
        "home.job_file",
    ),
    "regulations.notes_file",
    *("people.units_template", "people.people_template", "people.people_export"),
    *("bank.template", "bank.load_problems", "reports.index_exam_file", "reports.index_daily_file"),
    *("reports.index_summary", "reports.index_scores", "reports.index_circular_file"),
    *("reports.index_briefing_file", "reports.index_certificate_file", "analysis.items_file"),
    *("attempts.transcript_file", "attempts.certificate_file"),
    *("attempts.status", "attempts.check", "attempts.desks_state", "attempts.paper_results_template"),
    *(
        "exams.exception_file",
        "exams.holidays_file",
        "attempts.correction_file",
        "attempts.correction_progress",
    ),
    *("offline.worker", "offline.manifest", "offline.carried", "offline.ready"),
    *("home.api_document", "people.api_units", "people.api_people"),
    *("reports.api_exams", "reports.api_completion", "reports.api_results"),
}


@dataclass(frozen=True)
class County:
    """The demonstration county on a running server: how its people sign in, and what addresses need."""

    live: Live
    signs: dict[str, tuple[str, str]]  # key of the person: account and password
    ids: dict[str, str]


@pytest.fixture(scope="module")
def county(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """Built once for all tests of this module."""
    database = databases.prepared("sqlite")
    live = Live(database, tmp_path_factory.mktemp("county"))
    try:
        signs, ids = live.run(build)
        live.start()
        yield County(live, signs, ids)
    finally:
        live.stop()
        databases.drop(database)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_page_is_left_out(app: Flask) -> None:
    known = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    visited = {endpoint for pages in PAGES.values() for endpoint, _ in pages}
    assert known - NO_PAGES <= visited
    # 备用码 are shown by the answer of a POST
    assert visited - {"people.codes"} <= known - NO_PAGES


@pytest.mark.parametrize("who", list(PAGES))
def test_every_page_is_clean_at_every_size(
    county: County,
    browse: Callable[..., BrowserContext],
    shot: Callable[..., None],
    who: str,
) -> None:
    context = browse("phone", base_url=county.live.url, device_scale_factor=1, reduced_motion="reduce")
    page = context.new_page()
    if who in county.signs:
        enter(page, *county.signs[who])
    wrong: list[str] = []
    for number, (endpoint, where) in enumerate(PAGES[who]):
        if isinstance(where, str):
            address = where.format_map(county.ids)
            reply = page.goto(address)
            assert reply
            assert (reply.status, urlsplit(page.url).path) == (200, urlsplit(address).path)
        else:
            where(page)
        called = where if isinstance(where, str) else where.__name__
        wrong += [f"{who} {called}: {fault}" for fault in faults(page)]
        shot(page, f"{who}-{number:02}-{endpoint}")
    wrong += [
        f"{who}: the navigation leads to {path}, which is not in PAGES" for path in missing(page, who, county)
    ]
    assert not wrong, "\n".join(wrong)


def enter(page: Page, account: str, password: str) -> None:
    """By the form; whoever has not accepted the notice yet does so."""
    page.goto("/sign-in")
    page.locator("[name=login]").fill(account)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    if page.get_by_role("heading", name="个人信息处理告知").count():
        visits.codes_offered(page)


def missing(page: Page, who: str, county: County) -> set[str]:
    """Entries of both navigations that no line of the table opens."""
    if who in ("visitor", "newcomer"):
        return set()
    links = set()
    for place in ("/", "/reports/" if who != "jiang" else "/"):
        if who == "he" and place != "/":
            place = "/exams/"
        page.goto(place)
        links |= set(
            page.evaluate(
                "[...document.querySelectorAll('.tabs-main a, .side nav a')].map(a => a.getAttribute('href'))"
            )
        )
    opened = {where for pages in PAGES.values() for _, where in pages if isinstance(where, str)}
    return links - opened


# What a page must be ----------------------------------------------------------------------------------------

FACTS = """() => {
  const words = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const inside = node.parentElement;
    if (inside.closest('code, .code, script, noscript, template, .prose.guide pre')) continue;
    if (inside.getClientRects().length) words.push(node.data);
  }
  for (const e of document.querySelectorAll('[aria-label], [placeholder], [alt], [title]'))
    words.push(...['aria-label', 'placeholder', 'alt', 'title'].map(name => e.getAttribute(name) || ''));
  return {
    wide: document.documentElement.scrollWidth, heads: document.querySelectorAll('h1').length,
    shown: [...document.querySelectorAll('h1')].filter(e => e.getClientRects().length).length, words,
  };
}"""
ADDRESS = re.compile(
    r"https?://\S+|[a-z.@-]+\.(?:com|cn)(?![a-z])|[\w.]+\.(?:xlsx|md|csv|xls)|[0-9a-f]{8,}"
)  # and check sums
SERIOUS = "[document, {resultTypes: ['violations']}]"
# all that darkness changes
COLOURS = "[document, {resultTypes: ['violations'], runOnly: ['color-contrast']}]"
# all that size does
PLACES = "[document, {resultTypes: ['violations'], runOnly: ['scrollable-region-focusable', 'target-size']}]"
# all but the colours
FORMS = "[document, {resultTypes: ['violations'], rules: {'color-contrast': {enabled: false}}}]"
SHOWN = "[...document.querySelectorAll('body *')].filter(e => e.getClientRects().length)"
# What a wide window shows besides, and what has other colours there (h1: so that there is something); the whole
# document once more would take half as long again
WIDER = f"[...{SHOWN}.filter(e => !narrow.has(e)), ...document.querySelectorAll('.tabs-main, .dock, h1')]"
NEW = f"[{{include: {WIDER}}}, {{resultTypes: ['violations'], runOnly: ['color-contrast']}}]"


def faults(page: Page) -> list[str]:
    """At 390, 320 and 1280 px in light; at 390 px dark, and at 390 px in 特大; back to 390 px as it was."""
    page.evaluate(Axe().axe_script)
    found = look(page, 390, "", SERIOUS)
    page.evaluate(f"window.narrow = new WeakSet({SHOWN})")
    found += look(page, 320, "", PLACES)
    page.emulate_media(color_scheme="dark")
    found += look(page, 390, "dark ", COLOURS)
    page.emulate_media(color_scheme="light")
    size = page.evaluate("document.documentElement.dataset.size")
    page.evaluate("document.documentElement.dataset.size = 'xlarge'")
    found += look(page, 390, "xlarge ", PLACES)
    page.evaluate("size => document.documentElement.dataset.size = size", size)
    found += look(page, 1280, "", FORMS, NEW)
    page.set_viewport_size({"width": 390, "height": 844})
    return found


CENTRED = """([target, rule]) => {
  document.querySelector(target).scrollIntoView({block: 'center'});
  return axe.run({include: [target]}, {runOnly: [rule]}).then(found => found.violations.length);
}"""


def stays(page: Page, rule: str, node: dict[str, Any]) -> bool:
    """Whether a fault is still there in the middle of the window: what is half under the bar at the bottom only looks
    small, and where it stands depends on the question that was drawn."""
    target = node["target"][0]
    if rule != "target-size" or not isinstance(target, str):
        return True
    return bool(page.evaluate(CENTRED, [target, rule]))


def look(page: Page, width: int, what: str, *rules: str) -> list[str]:
    page.set_viewport_size({"width": width, "height": 844})
    facts = page.evaluate(FACTS)
    found = []
    if facts["wide"] > width:
        found.append(f"is {facts['wide']} px wide")
    if facts["heads"] != 1 or facts["shown"] != 1:
        found.append(f"has {facts['heads']} h1, {facts['shown']} of them shown")
    text = ADDRESS.sub(" ", " ".join(facts["words"]))
    foreign = {word for word in re.findall(r"[A-Za-z]{4,}", text) if not word.isupper()}
    if foreign := {word for word in foreign if word.lower() not in ALLOWED}:
        found.append(f"speaks English: {sorted(foreign)}")
    found += [
        f"{v['impact']} {v['id']}: " + " · ".join(node["html"][:150] for node in nodes[:3])
        for asked in rules
        for v in page.evaluate(f"axe.run(...{asked}).then(found => found.violations)")
        if v["impact"] in ("serious", "critical")
        and (nodes := [n for n in v["nodes"] if stays(page, v["id"], n)])
    ]
    return [f"at {width} px {what}{fault}" for fault in found]
