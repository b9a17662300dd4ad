"""考前演练: the real page on harmless questions; it is in no list, counts nowhere, and is gone after a day."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from quizapp import clock
from quizapp.attempts import jobs, rehearsal, rehearsing, runs, starting
from quizapp.attempts.models import Attempt, AttemptMark, Closing, SheetEvent
from quizapp.bank import lending
from quizapp.bank import queries as bank_queries
from quizapp.bank.models import Bank, Question, Revision
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import queries, tallies
from quizapp.exams.models import Exam
from quizapp.practice import queries as practice
from tests.attempts.conftest import candidate_of, csrf_of, own_phone
from tests.attempts.test_pages import to_check
from tests.cast import sign_in
from tests.statements import statements


@pytest.fixture
def ahead(exam, at):
    """The small exam, a day before it opens."""
    at(exam.opens_at - timedelta(days=1))
    return exam


def begin(client, exam):
    """江 presses 开始演练 on the rules page."""
    return own_phone(client).page(f"/my-exams/{exam.id}").press("开始演练")


def rehearsals():
    return db.session.query(Attempt).filter_by(rehearsal=True).order_by(Attempt.id).all()


AS_ASKED = {f"q{n}": list(told.key) for n, told in enumerate(rehearsal.questions(), 1)}


def test_the_shipped_questions_are_ten_and_speak_of_the_page_alone():
    told = rehearsal.questions()
    assert len(told) == 10
    assert {one.kind for one in told} == {"single", "multiple", "judge"}
    words = "".join(one.stem + one.learned + "".join(one.options) for one in told)
    for law in ("条例", "信访", "第一条", "机关", "规定", "应当"):
        assert law not in words
    assert len({one.hash for one in told}) == 10


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"key": "E"}, "question 1"),
        ({"key": "AB"}, "question 1"),
        ({"kind": "essay"}, "question 1"),
    ],
)
def test_a_broken_file_is_refused(change, complaint):
    one = {
        "kind": "single",
        "stem": "请选择A。",
        "options": ["甲", "乙"],
        "key": "A",
        "learned": "选择",
    } | change
    text = "[[question]]\n" + "\n".join(f"{k} = {v!r}".replace("'", '"') for k, v in one.items())
    with pytest.raises(ValueError, match=complaint):
        rehearsal.read(text)


# The page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["ahead", "running"])
def test_a_candidate_goes_through_the_real_page_and_is_told_how_it_went(ahead, as_jiang, at, when):
    if when == "running":
        at(ahead.opens_at)
    page = begin(as_jiang, ahead)
    assert "这是考前演练" in page.text
    assert "本次演练用于熟悉考试页面" in page.text
    done = to_check(page, **AS_ASKED).press("交卷")
    assert done.h1 == "演练完成"
    assert "已答10/10题，按提示作答10题" in done.text
    assert "合格" not in done.text
    assert done.press("再演练一次").path != page.path
    assert [attempt.number for attempt in rehearsals()] == [1, 2]


def test_what_was_not_answered_as_asked_is_said(ahead, as_jiang):
    page = begin(as_jiang, ahead)
    done = to_check(page, q1="A", q2="A").press("交卷")
    assert "已答2/10题，按提示作答1题" in done.text
    assert done.text.count("未按提示作答") == 9


def test_the_script_speaks_the_same_protocol(ahead, as_jiang, cast):
    from tests.attempts.conftest import Page

    attempt = rehearsing.start(ahead, candidate_of(ahead, cast.jiang), now=clock.now())
    db.session.commit()
    csrf_of(own_phone(as_jiang))
    page = Page(as_jiang, attempt.token)
    assert page.open().status_code == 200
    assert page.save("A.........").status_code == 200
    assert page.hand_in("A.C........").status_code == 200
    assert as_jiang.page(f"/attempts/{attempt.token}/result").h1 == "演练完成"
    assert as_jiang.get(f"/attempts/{attempt.token}/result/1/report").status_code == 404


def test_a_second_press_continues_the_rehearsal(ahead, as_jiang):
    assert begin(as_jiang, ahead).path == begin(as_jiang, ahead).path


@pytest.mark.parametrize("why", ["over", "excused", "cancelled", "voided"])
def test_there_is_no_rehearsal_without_an_exam_to_come(ahead, cast, as_jiang, at, why):
    candidate = candidate_of(ahead, cast.jiang)
    if why == "over":
        at(ahead.closes_at)
    elif why == "excused":
        candidate.status = "exempt"
    else:
        ahead.state = why
    db.session.commit()
    assert "开始演练" not in own_phone(as_jiang).page(f"/my-exams/{ahead.id}").text
    with pytest.raises(Refused) as refusal:
        rehearsing.start(ahead, candidate, now=clock.now())
    assert refusal.value.code == "no_rehearsal"


def test_who_is_sitting_the_exam_cannot_rehearse(page, exam, cast):
    with pytest.raises(Refused) as refusal:
        rehearsing.start(exam, candidate_of(exam, cast.jiang), now=clock.now())
    assert refusal.value.code == "exam_running"


def test_nobody_rehearses_without_end(ahead, cast, monkeypatch):
    monkeypatch.setattr(rehearsing, "MOST", 1)
    candidate = candidate_of(ahead, cast.jiang)
    rehearsing.start(ahead, candidate, now=clock.now()).state = "submitted"
    db.session.flush()
    with pytest.raises(Refused) as refusal:
        rehearsing.start(ahead, candidate, now=clock.now())
    assert refusal.value.code == "enough"


def test_who_is_not_on_the_list_has_none(ahead, as_fang):
    token = as_fang.page("/my-exams/").token
    reply = as_fang.post(f"/my-exams/{ahead.id}/rehearsal", data={"csrf_token": token})
    assert reply.status_code == 404


# It counts nowhere ----------------------------------------------------------------------------------------------


def test_it_takes_no_attempt_and_leaves_no_result(ahead, as_jiang, cast, at):
    to_check(begin(as_jiang, ahead), **AS_ASKED).press("交卷")
    exam, now = db.session.get_one(Exam, ahead.id), at(ahead.opens_at)
    candidate = candidate_of(exam, cast.jiang)
    assert (candidate.started, candidate.sat, candidate.points) == (False, False, None)
    assert queries.sums(exam.id)["started"] == 0
    assert tallies.faults(exam.id) == {}
    assert db.session.scalar(select(func.count()).select_from(AttemptMark)) == 0
    assert starting.tried(exam.id, cast.jiang, now).used == 0
    real = starting.start(exam, candidate, pledge="", now=now)
    assert (real.number, real.trial, real.rehearsal) == (1, False, False)
    assert runs.mark_batch(runs.current({exam.id})[exam.id].id) == 0


def test_neither_a_trial_nor_a_real_attempt_is_taken_for_it(ahead, cast):
    now, candidate = clock.now(), candidate_of(ahead, cast.jiang)
    trial = starting.start_trial(ahead, cast.jiang, now=now)
    made = rehearsing.start(ahead, candidate, now=now)
    again = starting.start_trial(ahead, cast.jiang, now=now)
    assert (trial.id, trial.rehearsal, made.rehearsal) == (again.id, False, True)
    assert (trial.number, made.number) == (1, 2)
    assert made.layout != trial.layout


def test_after_a_day_nothing_of_it_is_left(ahead, as_jiang):
    to_check(begin(as_jiang, ahead), **AS_ASKED).press("交卷")
    now = clock.now()
    assert jobs.forget_trials(now + timedelta(hours=23)) == 0
    assert jobs.forget_trials(now + timedelta(hours=25)) == 1
    for model in (Attempt, Closing, SheetEvent):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0


# Its questions are nowhere --------------------------------------------------------------------------------------


def test_its_questions_are_in_no_list_and_no_pool(exam, cast, app):
    ids = rehearsing.revisions(clock.now())
    db.session.commit()
    bank = db.session.scalars(select(Bank).where(Bank.slug == lending.REHEARSAL)).one()
    assert (bank.sealed, bank.unit_id) == (True, None)
    for use in ("daily", "mock", "exam"):
        assert bank_queries.pool([bank.id], use) == []
    for person in (None, cast.jiang):
        assert not {entry.revision_id for entry in practice.practice_pool(person)} & set(ids)
    assert lending.barred(cast.zhou, [bank.id], "compose", "administrator") == {bank.id: "考前演练"}
    for name in ("zhou", "he"):
        client = sign_in(app.test_client(), getattr(cast, name))
        for address in ("/banks/", "/exams/new", "/banks/reports", "/practice/", "/reports/"):
            page = client.page(address, status=None)
            assert page.status in (200, 404)
            assert "考前演练" not in page.text, address
            assert lending.REHEARSAL not in page.html
        for address in ("", "/soundness", "/imports"):
            assert client.get(f"/banks/{lending.REHEARSAL}{address}").status_code == 404


def test_its_questions_are_stored_once_and_kept_when_their_words_change(app, monkeypatch):
    first = rehearsing.revisions(clock.now())
    with statements() as seen:
        assert rehearsing.revisions(clock.now()) == first
    assert len(seen) == 1
    changed = [rehearsal.Told("judge", "请选择正确。", ("正确", "错误"), "A", "作答")]
    monkeypatch.setattr(rehearsal, "questions", lambda: changed)
    (new,) = rehearsing.revisions(clock.now())
    assert new not in first
    stored = db.session.scalars(select(Revision.id).join(Question).join(Bank)).all()
    assert set(stored) == {*first, new}
    assert db.session.scalars(select(Bank.slug)).all().count(lending.REHEARSAL) == 1
