"""The demonstration county for looking at every page: with what its own people have not made."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from quizapp import clock, spreadsheets
from quizapp.db import db
from tests.browser.ways import LAW


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
