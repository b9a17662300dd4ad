"""Publishing freezes papers, candidates and tree; nothing that happens later changes them (hazard H20)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select, update

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, assembling, blueprint, drawing, queries, tallies
from quizapp.exams.models import Candidate, Exam, Form, Slot
from quizapp.people.models import Membership, Person, Unit


def candidates(exam):
    return list(
        db.session.scalars(select(Candidate).where(Candidate.exam_id == exam.id).order_by(Candidate.name_key))
    )


def papers(exam):
    source = queries.frozen_source(exam)
    return {candidate.id: source.paper(candidate.id, 1) for candidate in candidates(exam)}


def test_everybody_in_the_audience_is_on_the_list_with_the_unit_of_the_day(published, cast):
    listed = {c.person_id: c for c in candidates(published)}
    assert set(listed) == {cast.jiang, cast.luo, cast.he, cast.li, cast.zhou, cast.fang}
    assert listed[cast.jiang].unit_id == cast.office
    assert listed[cast.jiang].lft == db.session.get(Unit, cast.office).lft
    assert listed[cast.jiang].name == "江映雪"
    assert {row.unit_id for row in queries.frozen_units(published.id)} == {
        cast.county,
        cast.office,
        cast.town,
    }
    assert queries.sums(published.id) | {"listed": 6, "expected": 6} == queries.sums(published.id)
    office = db.session.get(Unit, cast.office)
    assert queries.sums(published.id, (office.lft, office.rgt))["expected"] == 2
    assert tallies.faults(published.id) == {}


def test_a_unit_alone_and_only_one_category(make_exam, cast):
    db.session.execute(update(Membership).where(Membership.person_id == cast.li).values(category="事业编制"))
    exam = make_exam(audience=[(cast.county, False)], categories=["公务员"])
    actions.publish(exam, clock.now(), actor_id=cast.he)
    assert {c.person_id for c in candidates(exam)} == {cast.he, cast.zhou}


def test_units_that_lie_on_no_way_to_a_candidate_are_not_kept(make_exam, cast):
    exam = make_exam(audience=[(cast.office, True)])
    actions.publish(exam, clock.now(), actor_id=cast.he)
    kept = queries.frozen_units(exam.id)
    assert [(row.unit_id, row.parent_id) for row in kept] == [(cast.county, None), (cast.office, cast.county)]


def test_transfers_and_renamed_units_change_nothing_afterwards(published, cast):
    before = [(c.person_id, c.unit_id, c.lft, c.name, c.post) for c in candidates(published)]
    tree = [(u.lft, u.rgt, u.unit_id, u.name) for u in queries.frozen_units(published.id)]
    office, town = db.session.get(Unit, cast.office), db.session.get(Unit, cast.town)
    db.session.execute(update(Membership).where(Membership.person_id == cast.jiang).values(unit_id=cast.town))
    db.session.get(Person, cast.luo).name = "罗成功"
    office.name, office.lft, office.rgt, town.lft, town.rgt = "信访局（新）", 500, 600, 20, 30
    db.session.commit()
    assert [(c.person_id, c.unit_id, c.lft, c.name, c.post) for c in candidates(published)] == before
    assert [(u.lft, u.rgt, u.unit_id, u.name) for u in queries.frozen_units(published.id)] == tree


def test_an_edited_or_retired_question_changes_no_paper(published):
    before, faces = papers(published), queries.frozen_source(published).slots
    slot = faces[0]
    old = db.session.get(Revision, slot.revision_id)
    copied = {c.name: getattr(old, c.name) for c in Revision.__table__.columns if c.name != "id"}
    old.status = "retired"
    db.session.flush()
    db.session.add(
        Revision(**copied | {"number": old.number + 1, "stem": "改过的题干", "status": "published"})
    )
    db.session.execute(update(Revision).where(Revision.id == faces[1].revision_id).values(status="suspended"))
    db.session.commit()
    assert papers(published) == before
    source = queries.frozen_source(published)
    assert slot.revision_id in {s.revision_id for s in source.slots}
    form = db.session.scalar(select(Form).where(Form.exam_id == published.id))
    assert form.hash == drawing.fingerprint(source.slots)


def test_the_pool_holds_published_questions_for_exams_only(published):
    slots = db.session.execute(
        select(Revision.status, Revision.uses, Slot.section, Revision.kind)
        .join(Slot, Slot.revision_id == Revision.id)
        .join(Form, Form.id == Slot.form_id)
        .where(Form.exam_id == published.id)
    ).all()
    assert slots
    for status, uses, section, kind in slots:
        assert status == "published"
        assert "exam" in uses.split(",")
        assert section == kind


def test_a_mock_exam_draws_from_the_questions_for_mock_papers(make_exam):
    exam = make_exam(purpose="mock")
    uses = db.session.scalars(
        select(Revision.uses).where(Revision.id.in_(list(assembling.pool(exam).by_revision)))
    )
    assert all("mock" in text.split(",") for text in uses)


def test_papers_differ_between_candidates_and_repeat_for_each(published):
    first, again = papers(published), papers(published)
    assert first == again
    assert len({tuple(places) for places in first.values()}) == 6
    for places in first.values():
        assert sum(place.points for place in places) == 1000
        assert len({place.revision_id for place in places}) == 10


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"opens_at": None, "closes_at": None}, "还没有设置考试起止时间"),
        ({"bank_ids": []}, "还没有选择题库"),
        ({"blueprint": []}, "还没有设置题数"),
        ({"blueprint": blueprint.stored(blueprint.of_grid({("multiple", "6"): 150}))}, "第六章多选题只有"),
        ({"points": {"single": 100, "multiple": 100}}, "判断题还没有设置每题分值"),
        ({"pass_mark": 1010}, "合格线101分高于总分100分"),
        ({"categories": ["外星人员"]}, "考生范围内没有人员"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_frozen(make_exam, cast, values, sentence):
    exam = make_exam(**values)
    with pytest.raises(Refused, match="not_ready") as refusal:
        actions.publish(exam, clock.now(), actor_id=cast.he)
    assert sentence in refusal.value.sentence
    db.session.rollback()
    assert db.session.get(Exam, exam.id).state == "draft"
    assert candidates(exam) == []


def test_a_window_that_is_over_cannot_be_published(make_exam, cast):
    moment = clock.now()
    exam = make_exam(opens_at=moment - timedelta(days=2), closes_at=moment)
    with pytest.raises(Refused, match="考试结束时间已过"):
        actions.publish(exam, moment, actor_id=cast.he)


def test_it_is_published_once_and_then_its_rules_stand(published, cast):
    with pytest.raises(Refused, match="not_draft"):
        actions.publish(published, clock.now(), actor_id=cast.he)
    with pytest.raises(Refused, match="not_draft"):
        actions.update(published, {"minutes": 90}, [(cast.county, True)], actor_id=cast.he)


def test_areas_to_the_right_are_told_inside_the_transaction(make_exam, cast, monkeypatch):
    told = []
    monkeypatch.setattr(actions, "on_publish", [lambda exam, now: told.append((exam.id, exam.state, now))])
    exam, moment = make_exam(), clock.now()
    actions.publish(exam, moment, actor_id=cast.he)
    assert told == [(exam.id, "published", moment)]


def test_publishing_leaves_a_trace(published, cast):
    row = db.session.scalar(select(AuditEvent).where(AuditEvent.action == "exam.published"))
    assert (row.actor_id, row.object_id) == (cast.he, str(published.id))
    assert row.detail["candidates"] == 6


def test_an_audience_outside_of_the_holding_unit_is_refused(make_exam, cast):
    exam = make_exam(unit=cast.office)
    with pytest.raises(Refused, match="foreign_unit"):
        actions.update(exam, {}, [(cast.town, True)], actor_id=cast.he)


def people_of(unit_id: int, count: int, start: int) -> None:
    moment = clock.now()
    people = [
        Person(account=f"{start + n:08d}", name=f"学员{n}", name_key=f"xue yuan {n:05d}", created_at=moment)
        for n in range(count)
    ]
    db.session.add_all(people)
    db.session.flush()
    db.session.add_all([Membership(person_id=p.id, unit_id=unit_id, since=date(2020, 1, 1)) for p in people])
    db.session.commit()


def statements(run) -> int:
    count = 0

    def one_more(*_arguments):
        nonlocal count
        count += 1

    event.listen(db.engine, "before_cursor_execute", one_more)
    try:
        run()
    finally:
        event.remove(db.engine, "before_cursor_execute", one_more)
    return count


def test_the_number_of_statements_does_not_grow_with_people_units_and_questions(make_exam, cast, monkeypatch):
    monkeypatch.setattr(actions, "on_publish", [])
    people_of(cast.office, 10, 20000000)
    small = make_exam(audience=[(cast.office, True)])
    few = statements(lambda: actions.publish(small, clock.now(), actor_id=cast.he))
    people_of(cast.office, 200, 30000000)
    grid = {("single", ""): 20, ("multiple", ""): 10, ("judge", ""): 20, ("single", "2"): 1}
    large = make_exam(blueprint=blueprint.stored(blueprint.of_grid(grid)))
    many = statements(lambda: actions.publish(large, clock.now(), actor_id=cast.he))
    assert queries.sums(large.id)["listed"] == 216
    assert few == many
