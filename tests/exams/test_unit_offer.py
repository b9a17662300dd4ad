"""Which units a form of an exam offers: all of a county; of a large tree the upper levels, others by their names."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from quizapp.exams import queries, unit_offer
from quizapp.exams.models import ExamAudience, UnitWindow
from quizapp.people import actions, unit_listing
from quizapp.people.models import Unit


@pytest.fixture
def villages(app, cast, monkeypatch):
    """Ten villages below 云岭镇, so that the tree does not fit into a form any more; their ids."""
    town = db.session.get_one(Unit, cast.town)
    made = [
        actions.add_unit(
            town, actions.NewUnit(f"QS-YL-{n:02d}", f"第{n}村", town.code, "", "村", n), actor_id=None
        )
        for n in range(1, 11)
    ]
    db.session.commit()
    monkeypatch.setattr(unit_listing, "WHOLE", 5)
    return [unit.id for unit in made]


def names(found):
    return [one.name for one in found.units]


def test_of_a_small_tree_all_are_offered(app, cast):
    found = unit_offer.offer(db.session.get_one(Unit, cast.county), [])
    assert [(one.name, one.depth, one.has_below) for one in found.units] == [
        ("青石县", 0, True),
        ("县信访局", 1, False),
        ("云岭镇", 1, False),
    ]
    assert not found.is_part


def test_of_a_large_tree_whole_levels_are_offered_and_what_was_chosen(villages, cast):
    holder = db.session.get_one(Unit, cast.county)
    found = unit_offer.offer(holder, [])
    assert names(found) == ["青石县", "县信访局", "云岭镇"]
    assert [one.has_below for one in found.units] == [True, False, True]
    assert found.is_part
    assert found.total == 13
    again = unit_offer.offer(holder, [villages[6]])
    assert names(again) == ["青石县", "县信访局", "云岭镇", "第7村"]
    assert again.units[-1].depth == 2


def test_a_unit_that_is_not_listed_is_invited_by_its_name_and_listed_from_then_on(
    villages, as_he, make_exam, cast
):
    draft = make_exam(audience=[(cast.office, True)])
    page = as_he.page(f"/exams/{draft.id}/edit")
    assert "没有列出的单位，每行填写一个单位编码或名称。" in page.text
    page.press("保存草稿", more_units="第7村\nQS-YL-09\n\n第7村")
    invited = {unit.id: below for unit, below in queries.audience(draft.id)}
    assert invited == {
        cast.office: False,
        villages[6]: True,
        villages[8]: True,
    }  # nothing is below the office
    page = as_he.page(f"/exams/{draft.id}/edit")
    assert "第7村" in page.text
    assert "第8村" not in page.text


@pytest.mark.parametrize("typed", ["无此村", "第7村\n无此村"])
def test_a_unit_that_is_none_is_told_and_nothing_is_saved(villages, as_he, make_exam, cast, typed):
    draft = make_exam(audience=[(cast.office, True)])
    page = as_he.page(f"/exams/{draft.id}/edit").press("保存草稿", more_units=typed)
    assert page.status == 422
    assert "没有编码或名称为“无此村”的单位" in page.text
    assert typed in page.html
    assert [unit.id for unit, _ in queries.audience(draft.id)] == [cast.office]


def test_a_unit_elsewhere_is_none_of_the_exams(villages, as_he, make_exam, cast):
    draft = make_exam(unit=cast.town, audience=[(cast.town, True)])
    page = as_he.page(f"/exams/{draft.id}/edit").press("保存草稿", more_units="县信访局")
    assert page.status == 422


def test_a_unit_that_is_not_listed_is_left_out_by_its_name(villages, as_he, make_exam, cast):
    draft = make_exam()
    as_he.page(f"/exams/{draft.id}/people").press("保存排除单位", more_units="第3村")
    wanted = select(ExamAudience.unit_id).where(ExamAudience.exam_id == draft.id, ExamAudience.excluded)
    assert db.session.scalars(wanted).all() == [villages[2]]
    page = as_he.page(f"/exams/{draft.id}/people").press("保存排除单位", more_units="无此村")
    assert page.status == 422
    assert "没有编码或名称为“无此村”的单位" in page.text
    assert db.session.scalars(wanted).all() == [villages[2]]


def test_a_slot_is_given_to_a_unit_by_its_name(villages, as_he, make_exam, cast):
    draft = make_exam()
    page = as_he.page(f"/exams/{draft.id}/slots")
    assert "填写单位编码或名称。" in page.text
    day = (clock.today(draft.opens_at) + timedelta(days=2)).isoformat()
    given = {"opens_on": day, "opens_time": "09:00", "closes_on": day, "closes_time": "11:00"}
    page.press("保存场次", unit="第3村", **given)
    assert db.session.scalars(select(UnitWindow.unit_id).where(UnitWindow.exam_id == draft.id)).all() == [
        villages[2]
    ]
