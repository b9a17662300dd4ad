"""Corrections in 例外记录: each step with its reason and both people, and no key for who may not see keys."""

from datetime import timedelta

import pytest

from quizapp import clock, spreadsheets
from quizapp.attempts.corrections import actions, queries
from quizapp.attempts.models import Attempt
from quizapp.db import db
from quizapp.exams import exception_log
from quizapp.exams import queries as exams
from quizapp.exams.exception_words import VEILED
from tests.attempts.corrections.conftest import approve, asked, correction, key, submitted


@pytest.fixture
def steps(sat, cast):
    """Sent back, taken back, approved, and undone: in this order."""
    actions.reject(
        correction(sat, cast, {asked()[0].id: key("C")}),
        answer="应为B",
        actor_id=cast.zhou,
        now=clock.now(),
    )
    db.session.commit()
    actions.withdraw(correction(sat, cast, {asked()[0].id: key("C")}), actor_id=cast.he, now=clock.now())
    db.session.commit()
    first = queries.current_id(sat.id)
    approve(correction(sat, cast, {asked()[0].id: key("C"), asked()[3].id: key("B", "judge")}), cast)
    made = actions.restore(sat, first, reason="更正有误", actor_id=cast.he, now=clock.now())
    approve(submitted(made, cast), cast)
    return sat


WHY = "标准答案有误"
BEFORE = [  # (act, what, why, by, the other)
    ("提出更正答案", "第2次判分，更正1道试题", WHY, "何平", ""),
    ("提交更正待批准", "第2次判分", "", "何平", ""),
    ("退回更正答案", "第2次判分", "应为B", "周明", "何平提出"),
    ("提出更正答案", "第3次判分，更正1道试题", WHY, "何平", ""),
    ("提交更正待批准", "第3次判分", "", "何平", ""),
    ("撤回更正答案", "第3次判分", WHY, "何平", ""),
    ("提出更正答案", "第4次判分，更正2道试题", WHY, "何平", ""),
    ("提交更正待批准", "第4次判分", "", "何平", ""),
    ("批准更正答案", "第4次判分", WHY, "周明", "何平提出"),
    ("更正答案生效", "第4次判分，2人的成绩变化", WHY, "周明", "何平提出"),
    ("提出更正答案", "第5次判分，恢复第1次判分", "更正有误", "何平", ""),
    ("提交更正待批准", "第5次判分", "", "何平", ""),
    ("批准更正答案", "第5次判分", "更正有误", "周明", "何平提出"),
    ("更正答案生效", "第5次判分，2人的成绩变化", "更正有误", "周明", "何平提出"),
]


def told(exam, **how):
    lines, total = exception_log.lines(exam.id, **how)
    assert total == len(lines)
    return [(one.act, one.told, one.reason, one.by, one.second) for one in reversed(lines)]


def test_every_step_stands_there_with_its_reason_and_both_people(steps):
    assert told(steps) == BEFORE


def test_who_may_not_see_keys_reads_no_reason_that_might_name_one(steps):
    veiled = told(steps, keys=False)
    assert [(act, what, by, other) for act, what, _, by, other in veiled] == [
        (act, what, by, other) for act, what, _, by, other in BEFORE
    ]
    assert {why for _, _, why, _, _ in veiled} == {"", VEILED}


def test_on_the_page_and_in_the_workbook(steps, as_he):
    page = as_he.page(f"/exams/{steps.id}/exceptions").text
    assert "更正答案生效" in page
    assert "何平提出" in page
    assert "应为B" in page
    rows = spreadsheets.read(as_he.get(f"/exams/{steps.id}/exceptions.xlsx").data, "a.xlsx")
    cells = [row.cells for row in rows]
    assert cells[1][1:3] == ["周明", "更正答案生效"]
    assert cells[1][7] == "何平提出"


def test_whoever_a_bank_was_lent_to_without_keys_reads_no_such_reason(steps, as_he, monkeypatch):
    monkeypatch.setattr(exams, "hides_keys", lambda exam, person_id: True)
    page = as_he.page(f"/exams/{steps.id}/exceptions").text
    assert "应为B" not in page
    assert VEILED in page
    assert b"\xe5\xba\x94\xe4\xb8\xbaB" not in as_he.get(f"/exams/{steps.id}/exceptions.xlsx").data


def test_whoever_sits_an_exam_reads_no_such_reason_meanwhile(steps, cast, as_he):
    row = db.session.query(Attempt).filter_by(person_id=cast.luo).one()
    row.person_id, row.state, row.closed_at = cast.he, "in_progress", None
    row.refused_after = row.closes_at = clock.now() + timedelta(minutes=30)
    db.session.commit()
    page = as_he.page(f"/exams/{steps.id}/exceptions").text
    assert "应为B" not in page
    assert VEILED in page


def test_a_failed_approval_is_told(sat, cast, as_zhou, monkeypatch):
    from quizapp.attempts import results

    def broken(_ids):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(results, "recount", broken)
        approve(correction(sat, cast, {asked()[0].id: key("C")}), cast)
    act, what, *_ = told(sat)[-1]
    assert act == "更正答案没有办成"
    assert "系统出现问题，更正没有生效" in what
