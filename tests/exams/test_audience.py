"""Who belongs to an exam: rules by example, and against a model over random trees, audiences and names."""

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, audience_queries, inviting, queries
from quizapp.exams.audience import Area, Rules
from quizapp.exams.models import Candidate, Exam, ExamAudience, ExamPerson
from quizapp.people.models import Membership, Person, Unit
from tests.exams.test_pages import people_of
from tests.statements import statements

COUNTY, TOWN, VILLAGE = (100, 200), (120, 160), (130, 140)


def somebody(lft, person_id=1, category="公务员"):
    return SimpleNamespace(person_id=person_id, lft=lft, category=category)


def rules(*areas, categories=(), named=None, holder=COUNTY):
    return Rules(holder, [Area(0, *area) for area in areas], categories, named or {})


@pytest.mark.parametrize(
    ("found", "member", "belongs", "why"),
    [
        (rules(("青石县", 100, 200, False)), somebody(130), True, "青石县及全部下级"),
        (rules(("青石县", 100, 100, False)), somebody(130), False, "所在单位不在考生范围"),
        (rules(("青石县", 100, 200), ("云岭镇", 120, 160)), somebody(130), True, "云岭镇及全部下级"),
        (rules(("青石县", 100, 200), ("云岭镇", 120, 160, True)), somebody(130), False, "所在单位已排除"),
        (rules(("青石县", 100, 200), ("云岭镇", 120, 120, True)), somebody(130), True, "青石县及全部下级"),
        (rules(("青石县", 100, 200), ("青石县", 100, 100, True)), somebody(100), False, "所在单位已排除"),
        (rules(("青石县", 100, 200), ("青石县", 100, 100, True)), somebody(120), True, "青石县及全部下级"),
        (rules(("云岭镇", 120, 160, True), ("村", 130, 140)), somebody(130), False, "所在单位已排除"),
        (rules(("青石县", 100, 200), categories=["事业编制"]), somebody(100), False, "不在所选人员类别"),
        (rules(("云岭镇", 130, 130)), somebody(130), True, "云岭镇"),
        (rules(named={1: False}), somebody(130), True, "点名加入"),
        (rules(("云岭镇", 120, 160, True), named={1: False}), somebody(130), True, "点名加入"),
        (rules(categories=["事业编制"], named={1: False}), somebody(130), True, "点名加入"),
        (rules(("青石县", 100, 200), named={1: True}), somebody(130), False, "点名排除"),
        (rules(("青石县", 100, 200), named={2: True}), somebody(130), True, "青石县及全部下级"),
        (rules(named={1: False}), somebody(300), False, "不在主办单位及其下级单位"),
    ],
)
def test_the_first_rule_that_says_something_decides(found, member, belongs, why):
    assert (found.verdict(member)[0], found.why(member)) == (belongs, why)


# Against a model ------------------------------------------------------------------------------------------------


@st.composite
def worlds(draw):
    """A tree by parents, people by units, and an audience on it."""
    size = draw(st.integers(1, 8))
    parents = [None] + [draw(st.integers(0, place - 1)) for place in range(1, size)]
    unit = st.integers(0, size - 1)
    people = draw(
        st.lists(st.tuples(unit, st.sampled_from(["公务员", "事业编制"]), st.booleans()), max_size=10)
    )
    place = st.tuples(unit, st.booleans())
    somebody = st.integers(0, max(len(people) - 1, 0))
    return SimpleNamespace(
        parents=parents,
        people=people,
        holder=draw(unit),
        invited=dict(draw(st.lists(place, max_size=4))),
        left_out=dict(draw(st.lists(place, max_size=3))),
        categories=draw(st.sampled_from([[], ["公务员"], ["公务员", "事业编制"]])),
        named=draw(st.dictionaries(somebody, st.booleans(), max_size=4)) if people else {},
    )


def above(world, unit):
    """The unit and all above it, by parents alone."""
    found = [unit]
    while world.parents[found[-1]] is not None:
        found.append(world.parents[found[-1]])
    return found


def naive(world):
    """The people of the list, by walking up the parents: nothing of intervals, nothing of SQL."""

    def met(units, unit):
        return any(at == unit or (below and at in above(world, unit)) for at, below in units.items())

    found = set()
    for person, (unit, category, disabled) in enumerate(world.people):
        if disabled or world.holder not in above(world, unit):
            continue
        if person in world.named:
            found |= set() if world.named[person] else {person}
        elif met(world.left_out, unit) or not met(world.invited, unit):
            continue
        elif not world.categories or category in world.categories:
            found.add(person)
    return found


def built(world):
    """The same world in the tables; gives the exam and the ids of its people in order."""
    intervals, number = {}, [1_000_000]

    def walk(unit):
        start = number[0] = number[0] + 1
        for child, parent in enumerate(world.parents):
            if parent == unit:
                walk(child)
        number[0] += 1
        intervals[unit] = (start, number[0])

    walk(0)
    ids = {}
    for unit, parent in enumerate(world.parents):
        row = Unit(
            code=f"U{unit}",
            name=f"单位{unit}",
            parent_id=ids.get(parent),
            lft=intervals[unit][0],
            rgt=intervals[unit][1],
        )
        db.session.add(row)
        db.session.flush()
        ids[unit] = row.id
    people = []
    for place, (unit, category, disabled) in enumerate(world.people):
        person = Person(
            account=f"9{place:07d}",
            name=f"人{place}",
            name_key=f"{place:03d}",
            created_at=clock.now(),
            disabled_at=clock.now() if disabled else None,
        )
        db.session.add(person)
        db.session.flush()
        db.session.add(
            Membership(person_id=person.id, unit_id=ids[unit], since=date(2020, 1, 1), category=category)
        )
        people.append(person.id)
    exam = Exam(
        title="考试",
        purpose="annual",
        unit_id=ids[world.holder],
        categories=world.categories,
        created_at=clock.now(),
    )
    db.session.add(exam)
    db.session.flush()
    for excluded, units in ((False, world.invited), (True, world.left_out)):
        for unit, below in units.items():
            row = {"exam_id": exam.id, "unit_id": ids[unit], "with_below": below, "excluded": excluded}
            db.session.execute(insert(ExamAudience).values(**row))
    for place, out in world.named.items():
        db.session.add(ExamPerson(exam_id=exam.id, person_id=people[place], excluded=out))
    db.session.flush()
    return exam, people


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_the_list_is_what_a_naive_model_says(app, world):
    try:
        exam, people = built(world)
        wanted = {people[place] for place in naive(world)}
        day = clock.today()
        found = audience_queries.rules(exam)
        everybody, _ = audience_queries.page_of(exam, found, day, show="all")
        assert {member.person_id for member in queries.invited(exam, day)} == wanted
        assert {row.member.person_id for row in everybody if row.belongs} == wanted
        assert audience_queries.count(exam, found, day) == len(wanted)
        assert all(not row.belongs or row.why for row in everybody)
    finally:
        db.session.rollback()


# A draft's audience ---------------------------------------------------------------------------------------------


def listed(exam):
    return {member.person_id for member in queries.invited(exam, clock.today())}


def test_saving_the_form_keeps_names_and_left_out_units(make_exam, cast):
    exam = make_exam()
    inviting.leave_out(exam, [(cast.county, False)], actor_id=cast.he)
    inviting.name(exam, [cast.li], out=False, day=clock.today(), actor_id=cast.he)
    inviting.name(exam, [cast.luo], out=True, day=clock.today(), actor_id=cast.he)
    actions.update(exam, {"title": "改名"}, [(cast.county, True)], actor_id=cast.he)
    assert listed(exam) == {cast.li, cast.jiang, cast.fang}
    assert [unit.id for unit, _ in queries.audience(exam.id)] == [cast.county]


def test_what_is_published_is_the_list_by_these_rules(make_exam, cast):
    exam = make_exam(audience=[(cast.office, True)])
    inviting.name(exam, [cast.fang], out=False, day=clock.today(), actor_id=cast.he)
    inviting.name(exam, [cast.luo], out=True, day=clock.today(), actor_id=cast.he)
    frozen = actions.publish(exam, clock.now(), actor_id=cast.he)
    on_it = db.session.scalars(select(Candidate.person_id).where(Candidate.exam_id == exam.id)).all()
    assert set(on_it) == {cast.jiang, cast.fang}
    assert frozen.candidates == 2


def test_a_name_from_outside_of_the_holder_is_refused(make_exam, cast):
    exam = make_exam(unit=cast.office)
    with pytest.raises(Refused) as refusal:
        inviting.name(exam, [cast.jiang, cast.fang], out=False, day=clock.today(), actor_id=cast.he)
    assert refusal.value.code == "foreign_person"
    with pytest.raises(Refused) as refusal:
        inviting.leave_out(exam, [(cast.town, True)], actor_id=cast.he)
    assert refusal.value.code == "foreign_unit"


def test_somebody_named_who_leaves_the_holder_is_not_frozen(make_exam, cast):
    exam = make_exam(unit=cast.office)
    inviting.name(exam, [cast.jiang], out=False, day=clock.today(), actor_id=cast.he)
    db.session.execute(delete(Membership).where(Membership.person_id == cast.jiang))
    assert listed(exam) == {cast.luo}
    found = audience_queries.rules(exam)
    assert [row[0] for row in audience_queries.away(exam.id, found, clock.today())] == [cast.jiang]


def test_a_published_audience_stands(published, cast):
    for change in (
        lambda: inviting.name(published, [cast.jiang], out=True, day=clock.today(), actor_id=cast.he),
        lambda: inviting.unname(published, [cast.jiang], actor_id=cast.he),
        lambda: inviting.leave_out(published, [], actor_id=cast.he),
    ):
        with pytest.raises(Refused) as refusal:
            change()
        assert refusal.value.code == "not_draft"


def test_the_list_costs_the_same_for_few_and_many(make_exam, cast):
    exam, costs = make_exam(), []
    for count in (0, 120):
        people_of(cast.town, count, 30_000_000)
        db.session.expire_all()
        day = clock.today()
        with statements() as seen:
            many = queries.invited(exam, day)
        inviting.name(exam, [one.person_id for one in many], out=False, day=day, actor_id=cast.he)
        db.session.flush()
        with statements() as naming:
            inviting.name(exam, [one.person_id for one in many], out=True, day=day, actor_id=cast.he)
            db.session.flush()
        costs.append((len(seen), len(naming)))
        inviting.unname(exam, [one.person_id for one in many], actor_id=cast.he)
    assert costs[0] == costs[1]


# The page -------------------------------------------------------------------------------------------------------


def test_the_page_says_who_and_why_and_ticks_change_it(as_he, make_exam, cast):
    exam = make_exam(audience=[(cast.office, True)])
    page = as_he.page(f"/exams/{exam.id}/people")
    assert "考生2人" in page.text
    assert "江映雪" in page.text
    assert "方圆" not in page.text
    page = as_he.page(f"/exams/{exam.id}/people?show=all&q=fy")
    assert "所在单位不在考生范围" in page.text
    page = page.press("点名加入", person=[cast.fang])
    assert "已点名加入1人" in page.text
    page = as_he.page(f"/exams/{exam.id}/people").press("点名排除", person=[cast.luo])
    assert "考生2人" in page.text
    assert listed(exam) == {cast.jiang, cast.fang}
    page = as_he.page(f"/exams/{exam.id}/people?show=out").press("取消点名", person=[cast.luo])
    assert listed(exam) == {cast.jiang, cast.luo, cast.fang}
    (trace,) = db.session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "exam.named_in"))
    assert trace == {"people": [cast.fang]}


def test_a_pasted_list_is_taken_whole_or_not_at_all(as_he, make_exam, cast):
    exam = make_exam(audience=[(cast.office, True)])
    page = as_he.page(f"/exams/{exam.id}/people")
    page = page.press("全部加入", logins="10000066\n99999999，10000041")
    assert page.status == 422
    for words in ("有1个账号", "99999999", "没有保存任何改动"):
        assert words in page.text
    assert "10000066" in page.form("全部加入").values["logins"]
    assert listed(exam) == {cast.jiang, cast.luo}
    page = page.press("全部加入", logins="10000066、10000041 10000066")
    assert "已点名加入2人" in page.text
    assert listed(exam) == {cast.jiang, cast.luo, cast.fang, cast.li}


def test_units_are_left_out_by_ticks(as_he, make_exam, cast):
    exam = make_exam()
    page = as_he.page(f"/exams/{exam.id}/people").press(
        "保存排除单位", left_out=[f"{cast.county}", f"{cast.town}"]
    )
    assert "考生2人" in page.text
    assert listed(exam) == {cast.jiang, cast.luo}
    assert set(page.form("保存排除单位").values.getlist("left_out")) == {f"{cast.county}", f"{cast.town}"}
    page.press("保存排除单位", left_out=[])
    assert len(listed(exam)) == 6


def test_the_page_of_a_published_exam_is_its_list(as_he, published):
    assert as_he.page(f"/exams/{published.id}/people").path == f"/exams/{published.id}/candidates"
