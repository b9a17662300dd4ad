"""Hazard H25: a makeup is for who failed, was absent or was deferred; one at a time; it avoids what was used before."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import (
    actions,
    assembling,
    avoiding,
    blueprint,
    checks,
    inviting,
    makeup,
    makeup_actions,
    makeup_queries,
    queries,
    tallies,
)
from quizapp.exams.assembly.feasibility import conflict
from quizapp.exams.blueprint import Item
from quizapp.exams.models import Candidate, Exam, ExamPerson
from quizapp.people.models import Membership
from tests.exams.test_pages import people_of
from tests.papers import totals
from tests.statements import statements

REASON = "按通知安排一次补考"


@pytest.mark.parametrize(
    ("status", "sat", "passed", "kind"),
    [
        ("expected", True, False, "failed"),
        ("expected", True, True, None),
        ("expected", False, False, "absent"),
        ("deferred", False, False, "deferred"),
        ("deferred", True, False, "deferred"),
        ("deferred", True, True, None),
        ("exempt", False, False, None),
        ("exempt", True, False, None),
    ],
)
def test_who_may_sit_a_makeup(status, sat, passed, kind):
    assert makeup.kind(makeup.Ended(status, sat, passed)) == kind


def test_the_window_is_seven_whole_days_from_tomorrow_over_the_new_year():
    opens, closes = makeup.window(date(2026, 12, 28))
    assert (opens, closes) == (clock.start_of(date(2026, 12, 29)), clock.end_of(date(2027, 1, 4)))


@pytest.mark.parametrize(
    ("earlier", "title"),
    [(0, "年度考试（补考）"), (1, "年度考试（第2次补考）"), (2, "年度考试（第3次补考）")],
)
def test_a_makeup_is_called_by_its_exam(earlier, title):
    assert makeup.title("年度考试", earlier, 60) == title
    assert len(makeup.title("长" * 60, earlier, 60)) == 60


# Avoiding -------------------------------------------------------------------------------------------------------


def items(numbers):
    return [
        Item(n, n, "single" if n % 2 else "judge", "", str(n % 3), "", frozenset(), 3, 0.7) for n in numbers
    ]


@given(
    st.sets(st.integers(1, 30)),
    st.sets(st.integers(1, 30)),
    st.dictionaries(
        st.tuples(st.sampled_from(["single", "judge"]), st.sampled_from(["", "0", "1", "2"])),
        st.integers(0, 4),
    ),
)
def test_used_questions_come_back_only_where_the_blueprint_needs_them(numbers, used, grid):
    rows, pool = blueprint.of_grid(grid), items(sorted(numbers))

    def short(some):
        return {index for one in conflict(rows, some) for index in one.rows}

    found = avoiding.avoid(rows, pool, used, short)
    left = {item.question_id for item in found.items}
    assert numbers - used <= left
    assert found.again == left & used
    assert found.left_out == len(numbers & used) - len(found.again)
    assert bool(short(found.items)) == bool(short(pool))  # possible whenever the whole pool makes it possible
    if not short([item for item in pool if item.question_id not in used]):
        assert not found.again


# Arranging ------------------------------------------------------------------------------------------------------


def ended(exam, at, **how):
    """The exam is over; how: person id → (points, passed) of who sat it, or a status."""
    for person_id, end in how.pop("people").items():
        candidate = db.session.scalars(
            select(Candidate).where(Candidate.exam_id == exam.id, Candidate.person_id == person_id)
        ).one()
        if isinstance(end, str):
            tallies.set_status(candidate.id, end)
        else:
            tallies.record_result(
                candidate.id,
                points=end[0],
                passed=end[1],
                excellent=False,
                sat=True,
                finished_at=exam.opens_at,
            )
    db.session.commit()
    at(exam.closes_at + timedelta(hours=1))
    return exam


@pytest.fixture
def over(published, cast, at):
    """江 failed, 罗 passed, 何 is exempt, 李 deferred; 周 and 方 never came."""
    people = {cast.jiang: (500, False), cast.luo: (800, True), cast.he: "exempt", cast.li: "deferred"}
    return ended(published, at, people=people)


def arrange(exam, people, actor, **given):
    now = clock.now()
    window = given.get("window", makeup.window(clock.today()))
    return makeup_actions.arrange(exam, people, window, given.get("reason", REASON), now, actor_id=actor)


def test_the_proposal_is_who_failed_was_absent_or_deferred(over, cast):
    found = {one.person_id: one.kind for one in makeup_queries.proposed(over, clock.today())}
    assert found == {cast.jiang: "failed", cast.li: "deferred", cast.zhou: "absent", cast.fang: "absent"}


def test_a_makeup_is_a_draft_with_the_same_rules_and_the_people_by_name(over, cast):
    made = arrange(over, [cast.jiang, cast.fang], cast.he)
    assert (made.state, made.makeup_of_id, made.title) == ("draft", over.id, "2026年度条例考试（补考）")
    assert (made.blueprint, made.points, made.pass_mark) == (over.blueprint, over.points, over.pass_mark)
    assert made.seed != over.seed
    named = db.session.execute(select(ExamPerson.person_id, ExamPerson.excluded)).all()
    assert sorted(named) == sorted([(cast.jiang, False), (cast.fang, False)])
    assert queries.audience(made.id) == []
    now = clock.now()
    assert checks.hindrances(checks.checks(made, queries.facts(made, now, by_id=cast.he), now)) == []
    frozen = actions.publish(made, now, actor_id=cast.he)
    assert frozen.candidates == 2
    (trace,) = db.session.scalars(
        select(AuditEvent.detail).where(AuditEvent.action == "exam.makeup_arranged")
    )
    assert trace == {"makeup": made.id, "people": 2, "reason": REASON}


@pytest.mark.parametrize("who", ["luo", "he"])
def test_who_passed_or_is_exempt_is_refused(over, cast, who):
    with pytest.raises(Refused) as refusal:
        arrange(over, [cast.jiang, getattr(cast, who)], cast.he)
    assert refusal.value.code == "not_entitled"


def test_nobody_gets_into_a_makeup_by_another_way(over, cast):
    """Neither a name nor a unit that is added to the draft lets somebody in who passed."""
    made = arrange(over, [cast.jiang], cast.he)
    inviting.name(made, [cast.luo], out=False, day=clock.today(), actor_id=cast.he)
    with pytest.raises(Refused, match="not_ready") as refusal:
        actions.publish(made, clock.now(), actor_id=cast.he)
    assert "有1人不能参加补考" in refusal.value.sentence
    assert "罗成" in refusal.value.sentence


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": "cancelled"}, "not_closed"),
        ({"state": "voided"}, "not_closed"),
        ({"makeup_of_id": "self"}, "is_makeup"),
        ({"closes_at": timedelta(days=1)}, "not_closed"),
    ],
)
def test_a_makeup_has_its_time(over, cast, change, code):
    for name, value in change.items():
        value = over.id if value == "self" else clock.now() + value if name == "closes_at" else value
        setattr(over, name, value)
    db.session.flush()
    with pytest.raises(Refused) as refusal:
        arrange(over, [cast.jiang], cast.he)
    assert refusal.value.code == code


def test_while_somebody_may_still_answer_there_is_no_makeup(over, cast):
    candidate = db.session.query(Candidate).filter_by(person_id=cast.zhou).one()
    candidate.personal_closes_at = clock.now() + timedelta(days=1)
    db.session.flush()
    with pytest.raises(Refused) as refusal:
        arrange(over, [cast.jiang], cast.he)
    assert refusal.value.code == "running"


def test_there_is_one_makeup_at_a_time_and_the_second_leaves_out_who_passed_the_first(over, cast, at):
    first = arrange(over, [cast.jiang, cast.fang], cast.he)
    db.session.commit()
    for _ in ("draft", "published"):
        with pytest.raises(Refused) as refusal:
            arrange(over, [cast.jiang], cast.he)
        assert refusal.value.code == "makeup_open"
        if first.state == "draft":
            actions.publish(first, clock.now(), actor_id=cast.he)
            db.session.commit()
    ended(first, at, people={cast.jiang: (700, True), cast.fang: (100, False)})
    found = {one.person_id for one in makeup_queries.proposed(over, clock.today())}
    assert found == {cast.fang, cast.li, cast.zhou}
    second = arrange(over, [cast.fang], cast.he)
    assert second.title == "2026年度条例考试（第2次补考）"


def test_a_cancelled_makeup_makes_room_for_another(over, cast):
    first = arrange(over, [cast.jiang], cast.he)
    actions.cancel(first, "日期有误", clock.now(), actor_id=cast.he)
    assert arrange(over, [cast.jiang], cast.he).title == "2026年度条例考试（补考）"


def test_somebody_who_has_left_is_shown_and_not_taken(over, cast):
    db.session.execute(
        update(Membership).where(Membership.person_id == cast.fang).values(until=date(2026, 1, 1))
    )
    found = {one.person_id: one.here for one in makeup_queries.proposed(over, clock.today())}
    assert found[cast.fang] is False
    assert found[cast.jiang] is True
    with pytest.raises(Refused, match="not_entitled"):
        arrange(over, [cast.fang], cast.he)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"reason": ""}, "reason"),
        ({"window": (timedelta(days=2), timedelta(days=1))}, "window"),
        ({"window": (timedelta(days=-2), timedelta(days=-1))}, "window"),
    ],
)
def test_a_makeup_needs_a_reason_and_a_window(over, cast, given, code):
    if "window" in given:
        given = {"window": tuple(clock.now() + span for span in given["window"])}
    with pytest.raises(Refused) as refusal:
        arrange(over, [cast.jiang], cast.he, **given)
    assert refusal.value.code == code


# Its papers -----------------------------------------------------------------------------------------------------


def questions_of(exam):
    return {slot.revision_id for slot in queries.frozen_source(exam).slots}


def test_papers_of_forms_hold_no_question_of_the_first_exam(make_exam, cast, at):
    exam = make_exam(mode="forms", forms_wanted=1, blueprint=totals(single=6, judge=4))
    pool = assembling.pool(exam)
    one = [item.question_id for item in pool.items if item.kind == "single"][:6]
    one += [item.question_id for item in pool.items if item.kind == "judge"][:4]
    exam.assembled = {"forms": [one]}
    actions.publish(exam, clock.now(), actor_id=cast.he)
    ended(exam, at, people={cast.jiang: (500, False)})
    made = arrange(exam, [cast.jiang], cast.he)
    left = assembling.pool(made)
    assert not {item.question_id for item in left.items} & set(one)
    assert (left.again, left.avoided) == (frozenset(), 10)
    made.assembled = {"forms": [one]}  # not even when somebody wrote them there
    found = checks.checks(made, queries.facts(made, clock.now(), by_id=cast.he), clock.now())
    assert "forms" in {check.code for check in found if check.tone == "bad"}


def test_what_could_not_be_avoided_is_said(over, cast):
    """Fresh judge questions do not suffice: that row gets its used ones back, the others stay away, and it is told."""
    made = arrange(over, [cast.jiang], cast.he)
    fresh = Counter(item.kind for item in assembling.pool(made).items)
    made.blueprint = totals(single=4, judge=fresh["judge"] + 1)
    made.points = {"single": 100, "judge": 10}
    found = assembling.pool(made)
    back = [item for item in found.items if item.question_id in found.again]
    assert {item.kind for item in back} == {"judge"}
    assert found.avoided > 0
    now = clock.now()
    said = checks.checks(made, queries.facts(made, now, by_id=cast.he), now)
    (line,) = [check for check in said if check.code == "makeup_again"]
    assert line.tone == "warn"
    assert f"用过的{len(found.again)}题" in line.text
    assert "优先抽取本人没有考过的" in line.text


def test_everything_costs_the_same_for_few_and_many(make_exam, cast, at):
    costs = []
    for count, start in ((1, 30_000_000), (120, 31_000_000)):
        people_of(cast.town, count, start)
        at.back()
        exam = make_exam(audience=[(cast.town, True)])
        actions.publish(exam, clock.now(), actor_id=cast.he)
        ended(exam, at, people={})
        day = clock.today()
        with statements() as looking:
            people = [one.person_id for one in makeup_queries.proposed(exam, day)]
        with statements() as arranging:
            made = arrange(exam, people, cast.he)
            db.session.flush()
        with statements() as checking:
            assert makeup_queries.outsiders(made, day) == []
        costs.append((len(looking), len(arranging), len(checking)))
        db.session.execute(update(Exam).values(state="cancelled"))
        db.session.commit()
    assert costs[0] == costs[1]


# The page -------------------------------------------------------------------------------------------------------


def test_two_clicks_make_a_makeup(over, as_he, cast):
    page = as_he.page(f"/exams/{over.id}").follow("安排补考")
    assert "未合格（1人）" in page.text
    assert "缺考（2人）" in page.text
    page = page.press("生成补考草稿", reason=REASON)
    assert page.h1 == "2026年度条例考试（补考）"
    assert "已生成草稿" in page.text
    made = db.session.scalars(select(Exam).where(Exam.makeup_of_id == over.id)).one()
    assert (made.opens_at, made.closes_at) == makeup.window(clock.today())
    assert as_he.page(f"/exams/{over.id}/makeup").path == f"/exams/{made.id}"


def test_the_reasons_and_the_ticks_thin_the_list_out(over, as_he, cast):
    page = as_he.page(f"/exams/{over.id}/makeup?kind=failed&kind=deferred")
    assert "周明" not in page.text
    page.press("生成补考草稿", reason=REASON, person=[cast.li])
    made = db.session.scalars(select(Exam).where(Exam.makeup_of_id == over.id)).one()
    assert [one.person_id for one in queries.invited(made, clock.today())] == [cast.li]


def test_very_many_are_taken_whole(over, as_he, cast, monkeypatch):
    from quizapp.exams import makeup_views

    monkeypatch.setattr(makeup_views, "TICKED", 2)
    page = as_he.page(f"/exams/{over.id}/makeup?kind=failed&kind=absent")
    page.press("生成补考草稿", reason=REASON)
    made = db.session.scalars(select(Exam).where(Exam.makeup_of_id == over.id)).one()
    invited = {one.person_id for one in queries.invited(made, clock.today())}
    assert invited == {cast.jiang, cast.zhou, cast.fang}


def test_before_the_end_the_page_says_why_not(as_he, published):
    page = as_he.page(f"/exams/{published.id}/makeup")
    assert page.path == f"/exams/{published.id}"
    assert "考试结束后才能安排补考" in page.text
