"""Every page of every person, in the demonstration county, at all sizes: nothing serious for axe, nothing too wide.

A page is loaded once; then it is made narrow, wide, dark and 特大. Whoever adds a page adds it to PAGES.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from quizapp import clock, spreadsheets
from quizapp.db import db
from tests.browser.conftest import Live
from tests.browser.sitting import expect_saved
from tests.browser.ways import take
from tests.databases import Databases

LAW = "xinfang-gongzuo-tiaoli"
BANK = f"/banks/{LAW}"
Way = Callable[[Page], None]
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
LAW_TEXT = (
    "信访工作条例\n施行日期：2003-05-01\n第一章 总则\n第一条 制定本条例。\n"
    "第二条 遵循下列原则：\n（一）依法；\n（二）便民。\n第三条 由某机关解释。\n"
)
QUESTIONS = "1. 以下正确的是（　　）。\nA. 甲\nB. 乙\n答案：E\n依据：第一条 “不是原文”\n"


# The county -------------------------------------------------------------------------------------------------


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


def build() -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """The demonstration county, and what its own people have not made: a draft, a 投诉建议, a job, a slip."""
    from quizapp.analysis.models import ItemStatistic
    from quizapp.analysis.refreshing import refresh
    from quizapp.attempts.models import Attempt
    from quizapp.bank.lending import lend
    from quizapp.bank.models import Bank, Question, Revision
    from quizapp.bank.reporting import answer as answer_report
    from quizapp.bank.reporting import send as send_report
    from quizapp.demo.county import build as build_county
    from quizapp.demo.county import notes
    from quizapp.exams import actions as exams
    from quizapp.exams.models import Candidate, Exam
    from quizapp.home.actions import send
    from quizapp.jobs import Job
    from quizapp.people.actions import issue_slips
    from quizapp.people.models import Person, Unit
    from quizapp.practice.plan_models import StudyPlan
    from quizapp.reports.jobs import refresh_spreads, refresh_study

    build_county(lambda _: None)
    names = {"江映雪": "jiang", "何平": "he", "李文": "li", "周明": "zhou"}
    found = re.findall(
        r"^\s*(\S+?)（.*学法账号：(\d+)\s+口令：(\S+)", notes().read_text(encoding="utf-8"), re.M
    )
    signs = {names[name]: (account, password) for name, account, password in found}
    now = clock.now()
    person = {
        key: db.session.scalars(select(Person).where(Person.account == a)).one()
        for key, (a, _) in signs.items()
    }
    someone = db.session.scalars(select(Person).where(Person.name == "罗成")).one()
    [slip] = issue_slips([someone.id], now)
    signs["newcomer"] = (slip.account, slip.one_time_password)
    running = db.session.scalars(select(Exam).where(Exam.purpose == "annual")).one()
    over = db.session.scalars(select(Exam).where(Exam.purpose == "unit")).one()
    sat = db.session.scalars(
        select(Attempt).where(Attempt.exam_id == over.id, Attempt.person_id == person["jiang"].id)
    ).one()
    draft = exams.create(
        unit_id=running.unit_id,
        values={"title": "下一年度考试", "purpose": "annual", "bank_ids": running.bank_ids},
        audience=[(running.unit_id, True)],
        now=now,
        actor_id=person["he"].id,
    )
    met = db.session.scalars(
        select(Revision).join(Question).where(Question.code == "XF-024-01", Revision.status == "published")
    ).one()
    reports = [
        send_report(met.id, text, person_id=who, now=now)
        for who, text in ((person["jiang"].id, "选项与条文不一致。"), (someone.id, "题干有错字。"))
    ]
    answer_report(reports[1], "upheld", "已更正，谢谢。", actor_id=person["he"].id, now=now)
    letter = send("希望增加第五章的试题，并说明出处。", "", "/", person_id=person["jiang"].id, now=now)
    job = {
        "kind": "people.import",
        "payload": {},
        "person_id": person["zhou"].id,
        "created_at": now,
        "touched_at": now,
    }
    db.session.add(Job(token="a-job", state="running", done=120, total=600, **job))
    db.session.add(Job(token="failed-job", state="failed", sentence="文件已经导入。", **job))
    own = Bank(slug="ceshi", title="县测试题库", unit_id=running.unit_id, created_at=now)
    db.session.add(own)
    db.session.flush()
    borrower = db.session.scalars(select(Unit).where(Unit.code == "QS-Z03")).one()
    lend(own, borrower, "compose", by_id=person["zhou"].id, now=now)
    candidate = db.session.scalars(select(Candidate.id).where(Candidate.exam_id == running.id).limit(1)).one()
    unit = db.session.scalars(select(Unit.id).where(Unit.code == "QS-Z02")).one()
    hall = seat_in_a_hall(running, person, now)
    db.session.flush()
    talk_of_questions(person["he"].id, now)
    forgotten(person["jiang"], now)
    older_edition(person["jiang"].id, now)
    forms, fixed = exams_with_papers(running, person["he"].id, now)
    excepted(running, candidate, person, now)
    appeals = disputed(sat, now)
    to_be_voided(sat, person["he"].id, now)
    reminded(running, unit, person, now)
    looked_into(over.id, sat, person["he"].id, now)
    ids = {
        "forms": forms,
        "fixed": fixed,
        "exam": running.id,
        "over": over.id,
        "draft": draft.id,
        "attempt": sat.token,
        **appeals,
        "certificate": certified(sat.candidate_id, now),
        "hinted": sat.id,
        "letter": letter.id,
        "report": reports[0].id,
        "answered": reports[1].id,
        "code": letter.code,
        "candidate": candidate,
        "unit": unit,
        "person": someone.id,
        "plan": db.session.scalars(select(StudyPlan.id)).one(),
        "imported": roster_imported(person["zhou"].id, now),
        "hall": hall.id,
        "run": key_corrected(over, person["he"].id, now),
        "at_the_door": f"{person['jiang'].account}-{hall.start_code}",
    }
    db.session.commit()
    refresh_spreads()
    refresh_study()  # so that reports show what the job works out
    refresh(running.id, now, lambda *_: None)
    db.session.commit()
    item = select(ItemStatistic.revision_id).where(ItemStatistic.exam_id == running.id)
    ids["asked"] = db.session.scalars(item.order_by(ItemStatistic.position).limit(1)).one()
    return signs, {name: str(value) for name, value in ids.items()}


def certified(candidate_id: int, now: datetime) -> str:
    """The number of 江's certificate of the exam that is over."""
    from quizapp.attempts.certificates import issuing, queries

    return issuing.issue_one(queries.results([candidate_id])[0], now, actor_id=None).number


def looked_into(exam_id: int, sat: Any, he: int, now: datetime) -> None:
    """An exam that was searched for hints, archived before; 江 has said something, and 何 has looked."""
    from quizapp import audit
    from quizapp.analysis.clues import actions, finding
    from quizapp.attempts.models import Attempt

    other = db.session.scalars(
        select(Attempt.id).where(Attempt.exam_id == exam_id, Attempt.id != sat.id).limit(1)
    ).one()
    pace = {"section": "单选题", "answered": 10, "seconds": 3.5, "median": 21.0, "people": 23}
    alike = {"common": 20, "same": 19, "expected": 9.4, "both_wrong": 6, "same_wrong": 5, "p": 4e-6}
    hints = [
        finding.Hint(sat.id, "takeover", {"times": [now.isoformat()]}),
        finding.Hint(sat.id, "pace", pace),
        finding.Hint(sat.id, "similarity", alike, other),
    ]
    figures = finding.Figures(23, 23, 23, 253, rounds=20, simulated=5060, below=9)
    actions.keep(exam_id, finding.Found(hints, figures), by_id=he, now=now)
    actions.say(sat, "考试当天手机没电，换了一部手机。", now=now)
    actions.review(sat, "clear", "日志连续，与考场情况记录一致。", by_id=he, now=now)
    made = {"files": 41, "size": 1_800_000, "whole": "5f0c" * 16, "sha256": "9e21" * 16}
    audit.record("exam.archived", ("exam", exam_id), actor_id=he, **made)


def forgotten(person: Any, now: datetime) -> None:
    """Somebody has forgotten the password: once with the number on record, once with another."""
    from quizapp.people import recovery_actions

    person.phone = "13800000017"
    for number in (person.phone, "13900000000"):
        recovery_actions.ask(person.account, number, before=None, now=now)


def older_edition(jiang: int, now: datetime) -> None:
    """The law as it stood before, a note on words that have changed since, and a bookmark."""
    from quizapp.regulations import noting, queries
    from quizapp.regulations.actions import import_edition

    [(regulation, edition)] = queries.editions_of(LAW)
    older = edition.source.replace("施行日期：2022-05-01", "施行日期：2005-05-01")
    import_edition(older.replace("协商受理", "共同受理"), slug=LAW, now=now, actor_id=None)
    there = noting.Place(regulation.id, "24.1", "由所涉及的机关、单位共同受理。")
    noting.write(jiang, there, "先协商，再由上一级决定。", now=now)
    noting.bookmark(jiang, noting.Place(regulation.id, "25", queries.law(edition.id).words("25")), now=now)


def exams_with_papers(running: Any, he: int, now: datetime) -> tuple[int, int]:
    """A draft with two parallel forms, and one whose paper is picked by hand."""
    from quizapp.exams import actions, assembling, assembly_job
    from quizapp.exams.models import Exam
    from tests.papers import totals

    rules = {
        "purpose": "annual",
        "bank_ids": running.bank_ids,
        "points": running.points,
        "title": "平行试卷考试",
    }
    rules |= {"blueprint": totals(single=20, judge=10), "pass_mark": 300, "excellent_mark": 450}
    made = [
        actions.create(
            unit_id=running.unit_id,
            values={**rules, **own},
            audience=[(running.unit_id, True)],
            now=now,
            actor_id=he,
        )
        for own in ({"mode": "forms", "forms_wanted": 2}, {"mode": "fixed", "title": "固定试卷考试"})
    ]
    actions.pick(made[1], [item.question_id for item in assembling.pool(made[1]).items[:6]], actor_id=he)
    ids = (made[0].id, made[1].id)
    job = assembly_job.request(made[0], url="/", person_id=he)
    db.session.commit()
    assembly_job.assemble_forms(job, lambda *_: None)
    db.session.commit()
    assert db.session.get_one(Exam, ids[0]).assembled
    return ids


def key_corrected(over: Any, he: int, now: datetime) -> int:
    """A correction of the exam that is over, rehearsed by 何 and submitted; the id of its run."""
    from quizapp.attempts import runs
    from quizapp.attempts.corrections import actions, rehearsal_job

    keys = runs.current({over.id})[over.id].keys
    asked = {one: replace(keys[one], treatment="rescale") for one in sorted(keys)[:2]}
    run_id = actions.ask(over, asked, policy="new", reason="标准答案有误", actor_id=he, now=now).run_id
    rehearsal_job.run(run_id, lambda *_: None)
    actions.submit(run_id, actor_id=he)
    return run_id


def disputed(sat: Any, now: datetime) -> dict[str, int]:
    """江 has appealed a question and the whole of an exam that is over, and another page of hers sent a sheet late."""
    from quizapp.attempts import layout as layouts
    from quizapp.attempts.appeals.models import Appeal
    from quizapp.attempts.models import HeldSheet

    mine = {"exam_id": sat.exam_id, "attempt_id": sat.id, "made_at": now}
    first = layouts.from_text(sat.layout)[0].revision_id
    rows = {
        "appeal": Appeal(number=1, revision_id=first, words="我选的是另一项，请核对保存记录。", **mine),
        "whole": Appeal(number=0, words="总分与各题得分之和不一致。", **mine),
        "held": HeldSheet(
            attempt_id=sat.id,
            epoch=1,
            revision=99,
            sheet=".".join("A" * sat.slots),
            sheet_hash="0",
            reason="closed",
            at=now,
        ),
    }
    db.session.add_all(rows.values())
    db.session.flush()
    return {name: row.id for name, row in rows.items()}


def to_be_voided(sat: Any, he: int, now: datetime) -> None:
    """何 has asked to void the sheet of an exam that is over."""
    from quizapp.attempts.interventions import actions

    told = {"reason": "经核查，由他人代答。", "evidence": "监考记录第3号"}
    actions.ask(sat.id, "void", actor_id=he, now=now, **told)


def excepted(exam: Any, candidate: int, person: dict[str, Any], now: datetime) -> None:
    """李 is unit administrator too and has asked for a 缓考; 江 is on duty; presets are there."""
    from quizapp.exams import duty, presets
    from quizapp.exams.models import ExcuseRequest
    from quizapp.people.models import Grant

    presets.fill()
    db.session.add(
        Grant(person_id=person["li"].id, role="unit_administrator", unit_id=exam.unit_id, granted_at=now)
    )
    duty.name(exam, person["jiang"].account, "0839-1234567", now=now, actor_id=person["he"].id)
    asked = {"kind": "deferred", "reason": "抽调专班", "asked_by_id": person["li"].id, "asked_at": now}
    db.session.add(ExcuseRequest(candidate_id=candidate, **asked))


def reminded(exam: Any, unit: int, person: dict[str, Any], now: datetime) -> None:
    """A reminder of the county that failed in part, one of a unit that waits, a robot; 江 was told."""
    from quizapp.people.models import Unit
    from quizapp.reports.reminders import actions
    from quizapp.reports.reminders.models import Reminder, ReminderDelivery

    by = {
        "exam_id": exam.id,
        "asked_by_id": person["li"].id,
        "asked_at": now - timedelta(days=1),
        "due_at": now,
    }
    sent = Reminder(unit_id=exam.unit_id, channels=["app", "group", "mail"], state="done", begun_at=now, **by)
    waits = Reminder(unit_id=unit, channels=["app"], **by | {"due_at": now + timedelta(days=4)})
    db.session.add_all([sent, waits])
    where = db.session.get_one(Unit, exam.unit_id)
    address = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={'0123456789' * 3}"
    robot = actions.add_robot(where, "县直单位联络员群", address, "", now=now, actor_id=None)
    told = {"reminder_id": sent.id, "tries": 2, "tried_at": now}
    wrong = "对方没有接收，错误码93000（地址无效或机器人已被移出群聊）"
    jiang = person["jiang"].id
    db.session.add_all(
        [
            ReminderDelivery(channel="app", person_id=jiang, state="sent", **told),
            ReminderDelivery(
                channel="mail", person_id=jiang, state="failed", why="邮件服务器不接受这个地址（550）", **told
            ),
            ReminderDelivery(channel="group", robot_id=robot.id, state="failed", why=wrong, **told),
        ]
    )


def seat_in_a_hall(exam: Any, person: dict[str, Any], now: datetime) -> Any:
    """A session that is open now, with 江 and eleven others, watched over by 李."""
    from quizapp.exams.halls import actions as halls

    values = {"title": "第一场", "hall": "县委党校机房", "address": "解放路1号", "seats": 12}
    values |= {"opens_at": now - timedelta(minutes=5), "closes_at": now + timedelta(hours=2)}
    by = {"actor_id": person["he"].id}
    hall = halls.create(exam, values, now, **by)
    halls.appoint(exam, hall, person["li"].account, now, **by)
    halls.place(exam, hall, [person["jiang"].account], now, **by)
    halls.fill(exam, hall, now, **by)
    halls.note(hall, "空调故障，已修复。", now, **by)
    return hall


def talk_of_questions(he: int, now: datetime) -> None:
    """XF-024-02 has a second version and a comment; the words of XF-023-01 are said to have changed."""
    from quizapp.bank import bulk, catalogue, discussion
    from quizapp.bank.models import Bank, Question, Revision

    bank = db.session.scalars(select(Bank).where(Bank.slug == LAW)).one()
    first, other = (
        catalogue.revision_ids(bank.id, catalogue.Filters(words=code)) for code in ("XF-024-02", "XF-023-01")
    )
    picks = bulk.chosen(bank.id, first)
    [made] = bulk.revise(picks, bank, bulk.with_tags(["复习"]), what="tag", by_id=he, now=now)[0].done
    discussion.say([made], "请核对解析。", by_id=he, now=now)
    row = db.session.scalars(select(Revision).join(Question).where(Revision.id.in_(other))).one()
    row.status, row.status_reason = "suspended", "新版本中引用的条文有改动"


# Ways to pages that have no address of their own ------------------------------------------------------------


def roster_imported(by_id: int, now: datetime) -> int:
    """An applied sheet of two newcomers, one of whom has changed since."""
    from quizapp.people import importing
    from quizapp.people.models import Person, RosterImport, Unit

    rows = [["姓名", "单位编码", "工号"], ["新来的", "QS-Z02", "DR01"], ["后来变化的", "QS-Z02", "DR02"]]
    sheet = [spreadsheets.Row(number, cells) for number, cells in enumerate(rows, 1)]
    planned = importing.plan("people", sheet, db.session.scalars(select(Unit.id)), now)
    ids = importing.apply("people", planned, "十月名册.xlsx", "0" * 64, now, actor_id=by_id)
    db.session.get_one(Person, ids[1]).phone = "13700000001"
    db.session.flush()
    return db.session.scalars(select(RosterImport.id)).one()


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name).first.click()


def bring(page: Page, label: str, name: str, data: bytes) -> None:
    page.get_by_label(label).set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )
    page.locator("main").get_by_role("button", name=re.compile("检查(文件|试题)")).click()
    expect(page.locator(".stepper, .steps").first).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("检查(文件|试题)"))).to_have_count(0)


def unit_change_checked(page: Page) -> None:
    page.goto("/units")
    page.locator("a[href^='/units/']", has_text="修改").last.click()
    page.get_by_role("link", name="并入").click()
    page.get_by_label("并入哪个单位").fill("QS-Z02")
    page.get_by_label("依据或原因").fill("机构改革")
    page.get_by_role("button", name="核对影响").click()
    expect(page.get_by_role("button", name="确认并入")).to_be_visible()


def units_checked(page: Page) -> None:
    page.goto("/units/import")
    rows = [("QS-X1", "新设单位", "QS", "3"), ("QS-X2", "", "QS-没有", "三")]
    header = ("单位编码", "单位名称", "上级单位编码", "单位排序号")
    bring(page, "选择文件", "单位.xlsx", spreadsheets.workbook([spreadsheets.Sheet("单位", header, rows)]))


def people_checked(page: Page) -> None:
    """Newcomers, a name with a dot, a unit that there is not, a character of one's own, people who are missing."""
    page.goto("/people/import")
    rows = [(f"新同事{n}", "QS-Z02", f"XT{n:03}", "") for n in range(60)]
    rows += [
        ("另一位·同事", "QS-Z02", "", "产假"),
        ("钱七", "QS-没有", "", ""),
        ("孙\ue123", "QS-Z02", "XT900", ""),
    ]
    sheet = spreadsheets.Sheet("人员", ("姓名", "单位编码", "工号", "备注"), rows)
    bring(page, "选择文件", "人员.xlsx", spreadsheets.workbook([sheet]))


def people_of_a_kind(page: Page) -> None:
    people_checked(page)
    page.get_by_role("button", name="查看全部62项").click()
    expect(page.get_by_role("button", name="下一页")).to_be_visible()


def questions_checked(page: Page) -> None:
    page.goto(f"{BANK}/import")
    bring(page, "试题文件", "第一章.md", QUESTIONS.encode())


def question_edited(page: Page) -> None:
    questions_checked(page)
    page.locator("main").get_by_role("link", name="编辑").first.click()
    expect(page.get_by_role("button", name="保存并确认")).to_be_visible()


def columns_asked(page: Page) -> None:
    page.goto(f"{BANK}/import")
    sheet = "甲列,乙列\n代表人数不得超过（）,B\n"
    page.get_by_label("试题文件").set_input_files(
        {"name": "怪表.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    )
    press(page, "检查试题")
    expect(page.get_by_label("A列的内容")).to_be_visible()


def law_checked(page: Page) -> None:
    """A text with a doubt, and one article that is missing."""
    page.goto("/regulations/import")
    bring_law(page, LAW_TEXT.replace("第三条", "第四条"))
    expect(page.get_by_role("heading", name="疑问")).to_be_visible()


def law_refused(page: Page) -> None:
    page.goto("/regulations/import")
    bring_law(page, LAW_TEXT.replace("第三条", "第二条"))
    expect(page.get_by_role("link", name="重新选择文件")).to_be_visible()


def law_confirmed(page: Page) -> None:
    page.goto("/regulations/import")
    bring_law(page, LAW_TEXT)
    press(page, "下一步")
    expect(page.get_by_role("button", name="确认入库")).to_be_visible()


def bring_law(page: Page, text: str) -> None:
    page.get_by_label("法规文件").set_input_files(
        {"name": "条例.txt", "mimeType": "text/plain", "buffer": text.encode()}
    )
    press(page, "识别结构")


def paper_results_checked(page: Page) -> None:
    """A sheet with one row that nobody can read."""
    page.goto(page.url)
    page.get_by_label("选择文件").set_input_files(
        {"name": "成绩.csv", "mimeType": "text/csv", "buffer": "学法账号,卷别,作答\n99999999,甲,A\n".encode()}
    )
    press(page, "检查文件")
    expect(page.get_by_text("没有导入任何成绩").first).to_be_visible()


def question_to_correct(page: Page) -> None:
    page.goto("/exams/")
    page.get_by_role("link", name=re.compile("2026年度")).first.click()
    page.get_by_role("link", name="更正答案").click()
    page.get_by_role("link", name="更正答案").click()
    press(page, "更正本题")
    expect(page.get_by_label("更正后的标准答案")).to_be_visible()


def holidays_checked(page: Page) -> None:
    page.goto("/exams/holidays/import")
    rows = "日期,类型,名称\n2027-01-01,放假,元旦\n2027-01-03,上班,调休\n"
    page.get_by_label("选择文件").set_input_files(
        {"name": "节假日.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    press(page, "检查文件")
    expect(page.get_by_role("button", name="确认导入")).to_be_visible()


def export_asked(page: Page) -> None:
    page.goto(BANK)
    page.locator("details.confirm > summary", has_text="导出").click()
    page.get_by_label("文件格式").select_option("aiken")
    page.locator("form.panel").get_by_role("button", name="导出").click()
    expect(page.get_by_role("button", name="仍然导出")).to_be_visible()


def slips(page: Page) -> None:
    page.goto("/people?q=罗成")
    page.locator("main .pick").first.click()
    press(page, "打印所选人员口令条")
    press(page, "生成并显示口令条")
    expect(page.locator(".slip")).to_have_count(1)


def recovery_asked(page: Page) -> None:
    page.goto("/recover")
    page.get_by_label("学法账号、工号或姓名").fill("10000017")
    page.get_by_label("本人手机号").fill("13800000017")
    press(page, "提交申请")
    expect(page.locator(".check-code")).to_be_visible()


def slips_asked(page: Page) -> None:
    page.goto("/people")
    page.locator("main .pick").nth(3).click()
    press(page, "打印所选人员口令条")
    expect(page.get_by_role("button", name="生成并显示口令条")).to_be_visible()


def token_made(page: Page) -> None:
    page.goto("/grants/tokens")
    page.get_by_label("用途").fill("省信访局数据平台")
    page.get_by_label("考试完成情况").check()
    press(page, "制作令牌")
    expect(page.locator("[data-token]")).to_be_visible()


def daily_question(page: Page) -> None:
    page.goto("/practice/daily")
    press(page, "开始今天的测验")
    expect(page.get_by_role("button", name="提交")).to_be_visible()


def daily_answered(page: Page) -> None:
    take(page, "AB" if page.locator(".question.many").count() else "A")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#feedback")).to_be_visible()


def daily_report(page: Page) -> None:
    page.get_by_role("link", name="本题有误？纠错").click()
    expect(page.get_by_role("button", name="提交纠错")).to_be_visible()


def reported(page: Page) -> None:
    page.get_by_label("错误说明").fill("选项与条文原文不一致。")
    press(page, "提交纠错")
    expect(page.get_by_text("已收到您对本题的纠错")).to_be_visible()


def daily_done(page: Page) -> None:
    page.goto("/practice/daily")
    while not page.get_by_role("heading", name="今天的测验已完成").count():
        page.locator(".dock .primary").click()
        expect(page.locator("[data-progress-number], .done").first).to_be_visible()
        if page.get_by_role("button", name="提交").count():
            daily_answered(page)


def self_test(page: Page) -> None:
    page.goto("/practice/")
    page.locator("[name=other]").fill("1")
    press(page, "开始自测")
    expect(page.get_by_role("button", name="提交")).to_be_visible()


def self_turned(page: Page) -> None:
    page.goto("/practice/")
    page.locator("[name=mode][value=recite]").check(force=True)
    press(page, "开始自测")
    expect(page.locator("#feedback")).to_be_visible()


def mock_begun(page: Page) -> None:
    page.goto("/practice/mock")
    page.get_by_role("button", name="开始模拟").first.click()
    expect(page.locator("#answer")).to_be_visible()


def mock_checked(page: Page) -> None:
    page.locator("[data-open=answer-card]").click()
    page.get_by_role("dialog", name="答题卡").get_by_role("button", name="检查并交卷").click()
    expect(page.get_by_role("button", name="交卷")).to_be_visible()


def mock_handed_in(page: Page) -> None:
    press(page, "交卷")
    expect(page.get_by_role("heading", name="模拟考试结果")).to_be_visible()


def certainty_asked(page: Page) -> None:
    page.goto("/practice/certainty")
    press(page, "打开")
    expect(page.get_by_text("已打开")).to_be_visible()


def self_report(page: Page) -> None:
    daily_answered(page)
    daily_report(page)


def self_tested(page: Page) -> None:
    page.go_back()
    page.locator(".dock .primary").click()
    expect(page.get_by_role("heading", name="自测结果")).to_be_visible()


def offline_kept(page: Page) -> None:
    press(page, "保存到本机")
    expect(page.get_by_role("heading", name="本机内容")).to_be_visible(timeout=30_000)


def offline_question(page: Page) -> None:
    page.goto("/practice/offline#practice/1")
    expect(page.get_by_role("button", name="提交")).to_be_visible()


def offline_answered(page: Page) -> None:
    page.locator(".option").first.click()
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#feedback")).to_be_visible()
    expect(page.locator("[data-save-text]")).to_have_text("已全部上传", timeout=30_000)


def offline_article(page: Page) -> None:
    page.locator(".law-source a").first.click()
    expect(page.locator("article.reader")).to_be_visible()


def offline_contents(page: Page) -> None:
    page.locator(".topbar a.iconbtn").click()
    page.locator("summary").filter(has_text="第四章").click()


def offline_wrong(page: Page) -> None:
    page.goto("/practice/offline#wrong")
    expect(page.get_by_role("heading", name="错题本")).to_be_visible()


OFFLINE: tuple[Way, ...] = (
    *(offline_kept, offline_question, offline_answered, offline_article, offline_contents, offline_wrong),
)


def reminder_asked(page: Page) -> None:
    """What it would do, opened; in the week before a long holiday the exam of the county ends too early for one."""
    if not page.get_by_text("此前没有可以发送提醒的时间").count():
        page.locator("details.confirm > summary", has_text="发送提醒").click()
        expect(page.get_by_text("同一个群每天最多一次")).to_be_visible()


def robot_added(page: Page) -> None:
    page.get_by_label("群名称").fill("县信访局工作群")
    page.get_by_label("机器人地址").fill(
        f"https://oapi.dingtalk.com/robot/send?access_token={'0123456789' * 6}"
    )
    page.get_by_label("加签密钥").fill("0123456789")
    press(page, "添加群机器人")
    expect(page.get_by_text("已添加群机器人")).to_be_visible()


def address_kept(page: Page) -> None:
    page.get_by_label("电子邮箱").fill("jiangyingxue@example.cn")
    press(page, "保存")
    expect(page.get_by_text("已保存。")).to_be_visible()


def paper(page: Page) -> None:
    """Of a dry run: it hides nothing of what a candidate sees, and counts nowhere."""
    page.get_by_role("button", name="试考").click()
    expect_saved(page)


def handed_in(page: Page) -> None:
    page.locator("[data-open=answer-card]").locator("visible=true").click()
    page.get_by_role("dialog", name="答题卡").get_by_role("button", name="交卷").click()
    page.wait_for_url("**/receipt")


def first_password(page: Page) -> None:
    expect(page.get_by_role("heading", name="设置新口令")).to_be_visible()


def notice(page: Page) -> None:
    page.get_by_label("新口令").fill("Luocheng-0451")
    page.get_by_label("再输入一次").fill("Luocheng-0451")
    press(page, "保存口令")
    expect(page.get_by_role("heading", name="个人信息处理告知")).to_be_visible()


def codes_offered(page: Page) -> None:
    press(page, "已阅读并同意")
    expect(page.get_by_role("button", name="生成备用码")).to_be_visible()


def hall_notice(page: Page) -> None:
    """江 at a shared computer; what is to be typed stands after the # of the page's address."""
    account, code = urlsplit(page.url).fragment.split("-")
    page.get_by_label("学法账号").fill(account)
    page.get_by_label("开考码").fill(code)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="个人信息处理告知")).to_be_visible()


def hall_entered(page: Page) -> None:
    press(page, "已阅读并同意")
    expect(page.get_by_text("江映雪")).to_be_visible()


def codes(page: Page) -> None:
    press(page, "生成备用码")
    expect(page.locator(".codes code")).to_have_count(5)


# The table --------------------------------------------------------------------------------------------------

PAGES: dict[str, list[tuple[str, str | Way]]] = {  # (endpoint, its address or the way to it)
    "visitor": [
        ("people.sign_in", "/sign-in"),
        ("people.recover", "/recover"),
        ("people.recover", recovery_asked),
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
        ("attempts.hall_exam", hall_notice),
        ("attempts.hall_exam", hall_entered),
    ],
    "newcomer": [
        ("people.welcome", first_password),
        ("people.welcome", notice),
        ("people.welcome", codes_offered),
        ("people.codes", codes),
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
        ("practice.daily_question", daily_question),
        ("practice.daily_question", daily_answered),
        ("practice.report_daily", daily_report),
        ("practice.report_daily", reported),
        ("bank.my_reports", "/my-reports"),
        ("practice.daily", daily_done),
        ("practice.article", f"/practice/article/{LAW}/24"),
        ("practice.test_question", self_test),
        ("practice.report_test", self_report),
        ("practice.test", self_tested),
        ("practice.wrong", "/practice/wrong"),
        ("practice.mastery", f"/practice/mastery/{LAW}"),
        ("offline.page", "/practice/offline"),
        *(("offline.page", view) for view in OFFLINE),
        ("practice.wrong", "/practice/wrong?show=out"),
        ("practice.wrong_print", "/practice/wrong/print"),
        ("practice.favourites", "/practice/favourites"),
        ("practice.articles", "/practice/articles"),
        ("practice.mock", "/practice/mock"),
        ("practice.test_question", mock_begun),
        ("practice.check_mock", mock_checked),
        ("practice.test", mock_handed_in),
        ("practice.own_certainty", certainty_asked),
        ("practice.test_question", self_turned),
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
        ("reports.mail", address_kept),
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
        ("bank.load_check", questions_checked),
        ("bank.load_check", question_edited),
        ("bank.load_columns", columns_asked),
        ("regulations.index", "/regulations/"),
        ("regulations.load", "/regulations/import"),
        ("regulations.load_check", law_checked),
        ("regulations.load_check", law_refused),
        ("regulations.load_confirm", law_confirmed),
        ("bank.show", export_asked),
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
        ("attempts.paper", paper),
        ("attempts.receipt", handed_in),
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
        ("attempts.paper_results_check", paper_results_checked),
        ("attempts.corrections", "/exams/{over}/corrections"),
        ("attempts.correction_new", "/exams/{exam}/corrections/new"),
        ("attempts.correction_new", question_to_correct),
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
        ("reports.index_exam_reminders", reminder_asked),
        ("reports.index_robots", "/reports/robots"),
        ("reports.index_robots", robot_added),
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
        ("people.units_change", unit_change_checked),
        ("people.units_import", "/units/import"),
        ("people.units_import_check", units_checked),
        ("people.people", "/people"),
        ("people.people_show", "/people/{person}"),
        ("people.people_import", "/people/import"),
        ("people.people_import_check", people_checked),
        ("people.people_import_check", people_of_a_kind),
        ("people.people_imports", "/people/imports"),
        ("people.people_imports_show", "/people/imports/{imported}"),
        ("people.slips", slips_asked),
        ("people.slips", slips),
        ("people.slips", "/people/slips?only=waiting"),
        ("people.people_recoveries", "/people/recoveries"),
        ("people.grants", "/grants"),
        ("people.grants_tokens", token_made),
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
        ("exams.holidays_check", holidays_checked),
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
        codes_offered(page)


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
SERIOUS = "{resultTypes: ['violations']}"
COLOURS = "{resultTypes: ['violations'], runOnly: ['color-contrast']}"  # all that darkness changes
PLACES = "{resultTypes: ['violations'], runOnly: ['scrollable-region-focusable', 'target-size']}"  # all that size does


def faults(page: Page) -> list[str]:
    """At 390, 320 and 1280 px in light; at 390 px dark, and at 390 px in 特大; back to 390 px as it was."""
    page.evaluate(Axe().axe_script)
    found = look(page, 390, "", SERIOUS)
    found += look(page, 320, "", PLACES)
    page.emulate_media(color_scheme="dark")
    found += look(page, 390, "dark ", COLOURS)
    page.emulate_media(color_scheme="light")
    size = page.evaluate("document.documentElement.dataset.size")
    page.evaluate("document.documentElement.dataset.size = 'xlarge'")
    found += look(page, 390, "xlarge ", PLACES)
    page.evaluate("size => document.documentElement.dataset.size = size", size)
    found += look(page, 1280, "", SERIOUS)
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


def look(page: Page, width: int, what: str, rules: str) -> list[str]:
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
        for v in page.evaluate(f"axe.run({rules}).then(found => found.violations)")
        if v["impact"] in ("serious", "critical")
        and (nodes := [n for n in v["nodes"] if stays(page, v["id"], n)])
    ]
    return [f"at {width} px {what}{fault}" for fault in found]
