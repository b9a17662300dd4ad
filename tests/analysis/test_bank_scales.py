"""Two exams of a bank, sat by a weak and a strong group: their Rasch values stand on one scale in the bank."""

from datetime import timedelta
from math import exp
from random import Random

import pytest
from sqlalchemy import select, update

from quizapp import clock
from quizapp.analysis import bank_scales, refreshing
from quizapp.analysis.models import ItemStatistic, ScaleLink
from quizapp.bank.models import Bank, Question, QuestionFacts, Revision
from quizapp.db import db
from quizapp.exams.models import Form, Slot
from tests.analysis.conftest import more_singles
from tests.analysis.sat import sit
from tests.analysis.test_analysis_pages import spreadsheet_text
from tests.attempts.conftest import OPENS, make_exam, revisions

SINGLES = 16
TRUE = [-1.5 + 0.2 * number for number in range(SINGLES)]
FIRST, SECOND = range(10), range(4, SINGLES)  # six in common


def silent(*_said):
    """A job's report that nobody reads."""


def answers(numbers, ability, seed):
    """Answers of a Rasch model, with a seed."""
    chance = Random(seed)

    def answer(_place, _people):
        person = chance.gauss(ability, 1)
        right = [chance.random() < 1 / (1 + exp(TRUE[number] - person)) for number in numbers]
        return ["ABCD"[(number + (not well)) % 4] for number, well in zip(numbers, right, strict=True)]

    return answer


@pytest.fixture
def two(app, cast, at):
    """Both exams, sat and not yet computed; the second ends two days after the first."""
    opens = at(OPENS)
    asked = more_singles(revisions(), SINGLES)[:SINGLES]
    db.session.query(Bank).filter_by(slug="small").update({"unit_id": cast.county})
    made = []
    for number, (chosen, ability) in enumerate([(FIRST, -1.0), (SECOND, 1.0)]):
        begins = opens + timedelta(days=2 * number)
        exam = make_exam(cast, begins, asked=[asked[one] for one in chosen], title=f"第{number + 1}次考试")
        slots = db.session.scalars(
            select(Slot).join(Form).where(Form.exam_id == exam.id).order_by(Slot.position)
        )
        sit(exam, 250, answers(chosen, ability, 30 + number), slots=list(slots))
        made.append(exam)
    return made


def compute(*exams):
    for exam in exams:
        refreshing.refresh(exam.id, clock.now(), silent)
        db.session.commit()


def stored():
    """All that the bank knows, and the links."""
    db.session.expire_all()
    known = db.session.execute(
        select(Question.code, QuestionFacts.rasch, QuestionFacts.rasch_error, QuestionFacts.rasch_linked)
        .join(Question)
        .order_by(Question.code)
    )
    links = db.session.execute(select(ScaleLink.__table__).order_by(ScaleLink.exam_id))
    return known.all(), links.all()


def by_number():
    return {int(code.removeprefix("S-more-")): row for code, *row in stored()[0] if row[0] is not None}


def test_values_of_both_exams_stand_on_the_first_one_s_scale(two):
    compute(*two)
    known = by_number()
    assert known.keys() == set(range(SINGLES))
    begin = sum(TRUE[number] for number in FIRST) / len(FIRST)
    for number, (logit, error, linked) in known.items():
        assert linked is True
        assert abs(logit - (TRUE[number] - begin)) < 3.5 * error
    first, second = db.session.scalars(select(ScaleLink).order_by(ScaleLink.exam_id)).all()
    assert (first.begins, first.shift, second.begins, second.common) == (True, 0, False, 6)
    assert second.shift > 0.7


def test_which_exam_was_computed_first_and_how_often_changes_nothing(two):
    compute(*two)
    once = stored()
    compute(two[0], two[1], two[1], two[0])
    assert stored() == once
    db.session.execute(update(QuestionFacts).values(rasch=9.0, rasch_linked=False))
    db.session.query(ScaleLink).delete()
    compute(*reversed(two))
    assert stored() == once


def test_an_exam_alone_is_where_the_bank_s_scale_begins_and_the_pages_say_how_each_stands(two, as_he):
    compute(two[0])
    assert "题库量尺以本次考试为起点" in as_he.page(f"/exams/{two[0].id}/analysis").text
    compute(two[1])
    link = db.session.scalars(select(ScaleLink).where(ScaleLink.exam_id == two[1].id)).one()
    text = as_he.page(f"/exams/{two[1].id}/analysis").text
    assert "小题库" in text
    assert f"已与题库衔接，共同试题6道：本次数值加{link.shift:.2f}±{link.error:.2f}" in text
    assert "（题库量尺）" in as_he.page("/banks/small/questions/S-more-15").text


def test_without_enough_common_questions_the_values_stand_alone_and_the_pages_say_so(two, as_he):
    compute(*two)
    common = [number for number in FIRST if number in SECOND][:2]
    codes = [f"S-more-{number}" for number in common]
    lost = select(Revision.id).join(Question).where(Question.code.in_(codes))
    db.session.execute(update(ItemStatistic).where(ItemStatistic.revision_id.in_(lost)).values(rasch=None))
    bank_scales.refresh([db.session.scalars(select(Bank.id).where(Bank.slug == "small")).one()])
    db.session.commit()
    assert "按本次考试，未与题库衔接" in as_he.page(f"/exams/{two[0].id}/analysis").text
    assert "题库量尺以本次考试为起点" in as_he.page(f"/exams/{two[1].id}/analysis").text, (
        "it has more questions"
    )
    assert "（按单次考试，未与题库衔接）" in as_he.page("/banks/small/questions/S-more-0").text
    assert [number for number in range(SINGLES) if number not in by_number()] == common, (
        "measured by nobody now"
    )


def test_a_question_that_drifted_is_named(two, as_he):
    compute(*two)
    leaked = select(Revision.id).join(Question).where(Question.code == "S-more-5")
    db.session.execute(
        update(ItemStatistic)
        .where(ItemStatistic.exam_id == two[1].id, ItemStatistic.revision_id.in_(leaked))
        .values(rasch=ItemStatistic.rasch - 3)
    )
    bank_scales.refresh([db.session.scalars(select(Bank.id).where(Bank.slug == "small")).one()])
    db.session.commit()
    text = as_he.page(f"/exams/{two[1].id}/analysis").text
    assert "共同试题5道" in text
    assert "S-more-5前后难度相差过大，没有用于衔接" in text
    assert "S-more-5前后难度" in spreadsheet_text(as_he.get(f"/exams/{two[1].id}/analysis/items.xlsx").data)
