"""异常线索: what is found, for whom, that nobody is judged by it, and what the person it is about sees."""

import pytest
from sqlalchemy import func, select

from quizapp import clock, jobs
from quizapp.analysis.clues import actions, finding, queries
from quizapp.analysis.clues.models import Clue, ClueReview, ClueStatement
from quizapp.attempts.models import Attempt
from quizapp.audit import AuditEvent
from quizapp.cli import main
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams.models import Candidate, Exam
from quizapp.people.models import Grant
from tests.analysis.clues.conftest import COPIER, PEOPLE, SOURCE
from tests.cast import sign_in
from tests.statements import statements


@pytest.fixture
def he(app, cast, sat):
    return sign_in(app.test_client(), cast.he)


def search(client, exam_id):
    client.page(f"/exams/{exam_id}/clues").press("开始查找")
    job = db.session.scalars(select(jobs.Job).order_by(jobs.Job.id.desc())).first()
    assert jobs.run(job.id)
    db.session.expire_all()
    job = db.session.get_one(jobs.Job, job.id)
    assert job.state == "done", job.sentence
    return job


@pytest.fixture
def found(sat):
    """The same exam, searched."""
    actions.keep(sat.exam, finding.find(sat.exam), by_id=None, now=clock.now())
    db.session.commit()
    return sat


def clues(exam_id):
    rows = db.session.execute(
        select(Clue.kind, Clue.attempt_id, Clue.other_id).where(Clue.exam_id == exam_id).order_by(Clue.id)
    )
    return {tuple(row) for row in rows}


def person_of(attempt_id):
    return db.session.get_one(Attempt, attempt_id).person_id


def as_person(app, person_id):
    from quizapp.people.models import Person

    person = db.session.get_one(Person, person_id)
    person.password_hash = person.password_hash or "x"
    person.password_set_at = person.notice_accepted_at = clock.now()
    db.session.commit()
    return sign_in(app.test_client(), person_id)


def test_the_copier_the_fast_one_and_the_second_device_are_found_and_nothing_else(he, sat):
    job = search(he, sat.exam)
    source, copier, fast = (sat.attempts[at] for at in (SOURCE, COPIER, 0))
    assert clues(sat.exam) == {
        ("similarity", source, copier),
        ("similarity", copier, source),
        ("takeover", copier, None),
        ("pace", fast, None),
    }
    assert job.result["url"] == f"/exams/{sat.exam}/clues"
    figures = queries.run_of(sat.exam)[0].figures
    assert figures["pairs"] == PEOPLE * (PEOPLE - 1) // 2
    assert figures["rounds"] == finding.SIMULATIONS
    assert figures["simulated"] == finding.SIMULATIONS * figures["pairs"]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "exam.clues_searched")).one()
    assert event.detail == {"attempts": 3}


def test_the_page_says_that_hints_are_no_verdict_and_how_often_they_are_wrong(he, found):
    page = he.page(f"/exams/{found.exam}/clues")
    for words in (
        "不能据此认定任何人违规",
        "误报率",
        "模拟3场",
        "霍尔姆",
        "同事2",
        "同事3",
        "江映雪",
        "待核对",
    ):
        assert words in page.text
    assert "同事4" not in page.text
    only = he.page(f"/exams/{found.exam}/clues?kind=pace").text
    assert "江映雪" in only
    assert "同事3" not in only
    one = he.page(f"/exams/{found.exam}/clues/{found.attempts[COPIER]}").text
    for words in ("另一名考生", "同事2（县信访局）", "误报率", "由另一页面或设备接续作答1次", "所选相同40题"):
        assert words in one


@pytest.mark.parametrize("who", ["jiang", "li", "fang"])
def test_the_pages_are_for_those_who_administer_the_exam(app, cast, found, who):
    for role in ("exam_administrator", "administrator"):
        db.session.add(Grant(person_id=cast.fang, role=role, unit_id=cast.town, granted_at=clock.now()))
    db.session.commit()
    client = sign_in(app.test_client(), getattr(cast, who))
    for path in ("clues", f"clues/{found.attempts[COPIER]}"):
        assert client.get(f"/exams/{found.exam}/{path}").status_code == 404


def test_nothing_is_searched_or_shown_while_somebody_may_still_answer(app, cast, found, at):
    at("2026-12-20 10:00")
    client = sign_in(app.test_client(), cast.he)
    page = client.page(f"/exams/{found.exam}/clues")
    assert "考试还没有结束" in page.text
    assert "同事3" not in page.text
    assert "开始查找" not in [words for form in page.forms for words, _, _ in form.buttons]
    own = sign_in(app.test_client(), cast.jiang).page(f"/my-exams/{found.exam}/clues").text
    assert "考试还没有结束" in own
    assert "平均每题用时" not in own


def test_the_one_it_is_about_sees_the_facts_but_not_who_the_other_is(app, cast, found):
    copier = person_of(found.attempts[COPIER])
    page = as_person(app, copier).page(f"/my-exams/{found.exam}/clues").text
    for words in ("所选相同40题", "由另一页面或设备接续作答1次", "还没有核对", "不是违规结论"):
        assert words in page
    assert "同事2" not in page
    other = sign_in(app.test_client(), cast.luo).page(f"/my-exams/{found.exam}/clues").text
    assert "没有与您有关的线索" in other
    assert "所选相同" not in other


def test_how_much_was_wrong_is_told_only_once_the_exam_shows_it(app, found):
    client = as_person(app, person_of(found.attempts[COPIER]))
    path = f"/my-exams/{found.exam}/clues"
    before = client.page(path).text
    assert "所选相同40题" in before
    assert "两人都答错的" not in before
    db.session.get_one(Exam, found.exam).released_at = clock.now()
    db.session.commit()
    assert "两人都答错的" in client.page(path).text


def test_a_statement_and_an_outcome_reach_the_other_side(app, cast, he, found):
    jiang = sign_in(app.test_client(), cast.jiang)
    path = f"/my-exams/{found.exam}/clues"
    jiang.page(f"/my-exams/{found.exam}").follow("与我有关的核查线索").press(
        "提交说明", text="我每天都练习。"
    )
    assert "我每天都练习。" in jiang.page(path).text
    attempt = found.attempts[0]
    he.page(f"/exams/{found.exam}/clues/{attempt}").press(
        "记录核对结果", outcome="clear", reason="日志连续，考场记录正常。"
    )
    told = jiang.page(path).text
    assert "已核对，无异常" in told
    assert "日志连续，考场记录正常。" in told
    assert "何平" not in told
    listed = he.page(f"/exams/{found.exam}/clues?state=clear").text
    assert "江映雪" in listed
    assert "我每天都练习。" in he.page(f"/exams/{found.exam}/clues/{attempt}").text
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "attempt.clues_reviewed")).one()
    assert (event.actor_id, event.detail["outcome"]) == (cast.he, "clear")


def test_an_outcome_needs_a_reason_and_a_changed_one_leaves_the_old(he, found):
    page = he.page(f"/exams/{found.exam}/clues/{found.attempts[0]}")
    refused = page.press("记录核对结果", outcome="clear", reason="")
    assert "请写明理由" in refused.text
    assert db.session.scalar(select(func.count(ClueReview.id))) == 0
    page.press("记录核对结果", outcome="clear", reason="日志连续。")
    again = he.page(f"/exams/{found.exam}/clues/{found.attempts[0]}")
    again.press("更改核对结果", outcome="handled", reason="重新核对后按规定处理。")
    assert queries.told(found.exam, attempt_id=found.attempts[0])[0].state == "已按规定处理"
    assert db.session.scalar(select(func.count(ClueReview.id))) == 2


def test_nobody_judges_the_own_attempt(cast, found):
    attempt = db.session.get_one(Attempt, found.attempts[0])
    with pytest.raises(Refused, match="另一人"):
        actions.review(attempt, "clear", "没有问题。", by_id=cast.jiang, now=clock.now())


def test_nobody_speaks_for_another(app, cast, found):
    luo = sign_in(app.test_client(), cast.luo)
    luo.page(f"/my-exams/{found.exam}/clues")
    reply = luo.post(f"/my-exams/{found.exam}/clues/{found.attempts[0]}", data={"text": "冒充"})
    assert reply.status_code in (400, 404)
    assert db.session.scalar(select(func.count(ClueStatement.id))) == 0


def test_only_so_many_statements_are_kept(found):
    attempt = db.session.get_one(Attempt, found.attempts[0])
    for number in range(actions.MOST_STATEMENTS):
        actions.say(attempt, f"说明{number}", now=clock.now())
        db.session.flush()
    with pytest.raises(Refused, match="最多提交5次"):
        actions.say(attempt, "再说", now=clock.now())


def test_a_new_search_keeps_what_somebody_has_looked_at(found, cast):
    looked = db.session.get_one(Attempt, found.attempts[COPIER])
    actions.review(looked, "clear", "同桌，无异常。", by_id=cast.he, now=clock.now())
    db.session.commit()
    before = clues(found.exam)
    actions.keep(found.exam, finding.Found(), by_id=cast.he, now=clock.now())
    db.session.commit()
    assert clues(found.exam) == {clue for clue in before if clue[1] == looked.id}
    actions.keep(found.exam, finding.find(found.exam), by_id=cast.he, now=clock.now())
    db.session.commit()
    assert clues(found.exam) == before


def test_people_of_other_units_are_compared_only_where_they_sat_together(found, cast):
    """The copier belongs to another unit: nothing, until both have a place in one 场次."""
    from datetime import timedelta

    from quizapp.exams.halls.models import HallPlace, HallSession

    rows = db.session.scalars(
        select(Candidate)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Attempt.id.in_([found.attempts[SOURCE], found.attempts[COPIER]]))
    ).all()
    town = db.session.scalars(select(Candidate.lft).where(Candidate.person_id == cast.fang)).one()
    next(one for one in rows if one.person_id == person_of(found.attempts[COPIER])).lft = town
    db.session.commit()
    kinds = {hint.kind for hint in finding.find(found.exam).hints}
    assert "similarity" not in kinds
    now = clock.now()
    times = {"opens_at": now, "closes_at": now + timedelta(hours=1), "start_code": "1", "seats": 30}
    hall = HallSession(exam_id=found.exam, title="第一场", hall="机房", **times)
    db.session.add(hall)
    db.session.flush()
    db.session.add_all([HallPlace(session_id=hall.id, candidate_id=one.id) for one in rows])
    db.session.commit()
    hints = [hint for hint in finding.find(found.exam).hints if hint.kind == "similarity"]
    assert {hint.attempt_id for hint in hints} == {found.attempts[SOURCE], found.attempts[COPIER]}


def test_the_list_costs_the_same_for_one_hint_as_for_many(found):
    with statements("SELECT") as many:
        queries.people(found.exam)
    with statements("SELECT") as few:
        queries.people(found.exam, kind="pace")
    assert len(many) == len(few) == 3


def test_the_command_names_attempts_and_measures_the_rate(app, found):
    from flask.cli import ScriptInfo

    done = app.test_cli_runner().invoke(
        main,
        ["analysis", "similarity", str(found.exam), "--simulate", "3"],
        obj=ScriptInfo(create_app=lambda: app),
    )
    assert done.exit_code == 0, done.output
    assert f"答卷{found.attempts[SOURCE]}和{found.attempts[COPIER]}：共同40题，相同40题" in done.output
    assert "模拟3场、828对" in done.output
    assert "同事" not in done.output
