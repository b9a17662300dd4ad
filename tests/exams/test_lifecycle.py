"""The life of an exam as a list: where it stands, what comes next and what that needs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import render_template_string

from quizapp import clock
from quizapp.db import db
from quizapp.exams import actions, checks, lifecycle, queries
from quizapp.exams.lifecycle import Facts
from quizapp.exams.models import Candidate, ExcuseRequest
from tests.statements import statements

OPENS, CLOSES = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 8, 16, tzinfo=UTC)
PUBLISHED = OPENS - timedelta(days=3)
day = timedelta(days=1)


@dataclass(frozen=True)
class Exam:
    state: str = "published"
    opens_at: datetime | None = OPENS
    closes_at: datetime | None = CLOSES
    released_at: datetime | None = None
    published_at: datetime | None = PUBLISHED


def shown(exam, now):
    found = lifecycle.steps(exam, Facts(), now)
    return {step.code: step.state for step in found}


@pytest.mark.parametrize(
    ("exam", "now", "states"),
    [
        (Exam("draft", published_at=None), OPENS, "now next later later later"),
        (Exam(), OPENS - day, "done now next later later"),
        (Exam(), OPENS, "done done now next later"),
        (Exam(), CLOSES, "done done done now next"),
        (Exam(released_at=CLOSES + day), CLOSES + day, "done done done done now"),
    ],
)
def test_each_state_stands_at_its_step(exam, now, states):
    assert list(shown(exam, now).values()) == states.split()


@pytest.mark.parametrize(
    ("state", "now", "published_at", "codes"),
    [
        ("cancelled", OPENS, None, ["draft", "cancelled"]),
        ("cancelled", OPENS - day, PUBLISHED, ["draft", "published", "cancelled"]),
        ("cancelled", OPENS + day, PUBLISHED, ["draft", "published", "running", "cancelled"]),
        ("voided", CLOSES + day, PUBLISHED, ["draft", "published", "running", "voided"]),
    ],
)
def test_a_called_off_exam_ends_with_that_word(state, now, published_at, codes):
    found = shown(Exam(state, published_at=published_at), now)
    assert list(found) == codes
    assert found[state] == "now"


@pytest.mark.parametrize(
    ("exam", "now", "facts", "code", "lines"),
    [
        (
            Exam("draft", published_at=None),
            OPENS,
            Facts(["甲"], ["乙"]),
            "published",
            [("bad", "甲"), ("warn", "乙")],
        ),
        (Exam("draft", published_at=None), OPENS, Facts(), "published", [("ok", "发布前检查全部通过")]),
        (
            Exam(),
            OPENS - day,
            Facts(waiting=2),
            "running",
            [("ok", "到2026年12月1日 08:00自动开始"), ("warn", "有2件免考、缓考申请没有处理")],
        ),
        (Exam(), OPENS, Facts(), "closed", [("ok", "到2026年12月8日 24:00自动结束，未交的答卷自动收卷")]),
        (Exam(), CLOSES, Facts(), "released", [("bad", "仍有考生可能在作答，结束后才能公布")]),
        (Exam(), CLOSES, Facts(over=True), "released", [("ok", "已经没有考生在作答，可以公布")]),
        (
            Exam(),
            CLOSES,
            Facts(shows_later=False),
            "released",
            [("ok", "没有设为“公布答案后”可见的内容，不需要公布")],
        ),
        (Exam(), OPENS, Facts(started=5, submitted=3), "running", [("ok", "已开始5人，已交卷3人")]),
        (Exam(), CLOSES, Facts(), "closed", [("warn", "个别考生的截止时间较晚，还没有到")]),
    ],
)
def test_a_step_says_what_it_needs(exam, now, facts, code, lines):
    found = {step.code: step for step in lifecycle.steps(exam, facts, now)}
    assert found[code].lines == lines


def test_the_facts_of_a_real_exam_fill_the_list(app, make_exam, cast, at):
    exam, now = make_exam(), clock.now()
    found = checks.checks(exam, queries.facts(exam, now, by_id=cast.he), now)
    assert queries.life(exam, found, now).hindrances == []
    actions.publish(exam, now, actor_id=cast.he)
    candidate = db.session.query(Candidate).filter_by(person_id=cast.jiang).one()
    db.session.add(
        ExcuseRequest(candidate_id=candidate.id, kind="exempt", reason="产假", asked_at=now, state="asked")
    )
    candidate.personal_closes_at = exam.closes_at + day
    db.session.commit()
    closes_at = exam.closes_at
    with statements() as seen:
        facts = queries.life(exam, [], closes_at)
    assert (facts.candidates, facts.waiting, facts.over, facts.shows_later) == (6, 1, False, True)
    assert len(seen) == 3
    assert queries.life(exam, [], exam.closes_at + 2 * day).over


def test_the_list_is_read_without_colours(app, make_exam):
    exam, now = make_exam(), clock.now()
    steps = lifecycle.steps(exam, Facts(["还没有组卷"]), now)
    with app.test_request_context():
        page = render_template_string(
            "{% from 'exams/_lifecycle.html' import lifecycle with context %}{{ lifecycle(steps) }}",
            steps=steps,
        )
    for words in ("制作草稿", "当前", "下一步", "不符：", "还没有组卷", 'aria-current="step"'):
        assert words in page
