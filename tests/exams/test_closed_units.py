"""Units that are closed are offered to no new exam; what was frozen with them stays."""

import pytest

from quizapp import clock
from quizapp.db import db
from quizapp.exams import actions, queries
from quizapp.people.models import Unit


@pytest.fixture
def town_is_closed(cast):
    db.session.get_one(Unit, cast.town).closed_on = clock.today()
    db.session.commit()


def test_a_closed_unit_is_not_among_the_units_of_an_exam(app, cast, town_is_closed):
    holder = db.session.get_one(Unit, cast.county)
    assert [unit.name for unit in queries.units_of(holder)] == ["青石县", "县信访局"]
    assert [unit.name for unit in queries.units_of(holder, closed=True)] == ["青石县", "县信访局", "云岭镇"]


@pytest.mark.parametrize("page", ["edit", "people", "slots"])
def test_no_page_of_a_draft_offers_it(as_he, make_exam, cast, town_is_closed, page):
    draft = make_exam()
    offered = as_he.page(f"/exams/{draft.id}/{page}")
    values = {
        value.rstrip("+")
        for form in offered.forms
        for name, choices in form.choices.items()
        for value in choices
        if name != "person"
    }
    assert str(cast.office) in values
    assert str(cast.town) not in values


def test_who_is_still_on_its_list_is_counted_all_the_same(make_exam, cast, town_is_closed):
    """A membership that outlasted its unit loses nobody the exam."""
    exam = make_exam()
    actions.publish(exam, clock.now(), actor_id=cast.he)
    assert [unit.name for unit in queries.frozen_units(exam.id)][-1] == "云岭镇"
