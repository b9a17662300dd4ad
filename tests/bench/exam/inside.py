"""What is measured inside one process: the paper as HTML, the sweep at the deadline, and bare password hashes."""

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from flask import current_app
from jinja2 import Template
from sqlalchemy import select, update

from quizapp import clock
from quizapp.attempts import closing, jobs, opening, paper_html
from quizapp.attempts import layout as layouts
from quizapp.attempts.models import Attempt, AttemptMark, Closing
from quizapp.bank import queries as bank
from quizapp.db import db
from quizapp.exams.models import Candidate, Exam
from quizapp.people import passwords
from tests.bench.exam.sites import Site
from tests.bench.rows import Row, at_least, at_most

TIMES = 200  # papers built
BUILD_MS, BUILD_TIMES = 1.0, 10.0
SWEPT = 2000  # attempts that are overdue at once
SWEEP = {"postgresql": 10.0, "sqlite": 4.0}
HASH_SECONDS = 3.0
FLAT = """{% for q in questions %}<section class="card ask" id="q{{ q.number }}" data-question>
<div class="question-head"><span class="tag">{{ q.face.kind_word }}</span><span>{{ q.points }}分</span>
<label class="flag end"><input type="checkbox" name="q{{ q.number }}-doubt" value="1"><span>待检查</span></label></div>
<fieldset class="question"><legend class="stem"><span class="number">{{ q.number }}. </span>{{ q.face.stem }}</legend>
<div class="options">{% for letter, text in q.options %}<label class="option"><input
 type="{{ 'checkbox' if q.face.kind == 'multiple' else 'radio' }}" name="q{{ q.number }}" value="{{ letter }}"
{%- if letter in q.chosen %} checked{% endif %}><span class="ring"></span><span class="letter">{{ letter }}</span>
<span class="text">{{ text }}</span></label>{% endfor %}</div></fieldset></section>
{% endfor %}<div class="grid" data-grid>{% for q in questions %}<a class="cell{{ ' answered' if q.chosen }}"
 href="#q{{ q.number }}" aria-label="第{{ q.number }}题，{{ '已答' if q.chosen else '未答' }}">{{ q.number }}</a>
{% endfor %}</div>"""


def _usual(work: Callable[[], Any], times: int) -> float:
    """The median seconds of one call."""
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


def html(site: Site) -> Iterator[Row]:
    """The paper of 100 questions with its answer card, from pieces and by one flat template."""
    ours, flat, size = site.run(_built)
    detail = f"ms for the HTML of 100 questions and their card ({size} KB), the query left out"
    yield at_most("page-build", ours * 1000, BUILD_MS, detail)
    detail = f"times as fast as one flat template ({flat * 1000:.2f} ms)"
    yield at_least("page-build-flat", flat / ours, BUILD_TIMES, detail)


def _built() -> tuple[float, float, int]:
    attempt, exam = db.session.execute(
        select(Attempt, Exam).join(Exam, Exam.id == Attempt.exam_id).order_by(Attempt.id).limit(1)
    ).one()
    places = layouts.from_text(attempt.layout)
    chosen = ["AB"[number % 2] if number % 5 else "" for number in range(len(places))]
    pieces = paper_html.pieces(places, exam)
    faces = bank.faces([place.revision_id for place in places])
    template: Template = current_app.jinja_env.from_string(
        "{% autoescape true %}" + FLAT + "{% endautoescape %}"
    )

    def by_pieces() -> paper_html.PaperHtml:
        return paper_html.build(places, chosen, pieces, (), exam.multiple_rule)

    def by_template() -> str:
        questions = [
            {
                "number": number,
                "face": faces[place.revision_id],
                "points": place.points / 10,
                "chosen": letters,
                "options": [
                    (shown, faces[place.revision_id].options[layouts.LETTERS.index(own)])
                    for shown, own in zip(layouts.LETTERS, place.order, strict=False)
                ],
            }
            for number, (place, letters) in enumerate(zip(places, chosen, strict=True), 1)
        ]
        return template.render(questions=questions)

    made = by_pieces()
    size = len(made.questions.encode() + made.grid.encode()) // 1024
    by_template()
    return _usual(by_pieces, TIMES), _usual(by_template, TIMES // 4), size


def sweep(site: Site) -> Iterator[Row]:
    """All open attempts at the deadline: closed in sets, beside one hand-in of the system after the other."""
    one_by_one, in_sets, alike = site.run(_swept)
    rates = SWEPT / in_sets, SWEPT / one_by_one
    detail = f"{rates[0]:.0f} attempts/s in sets ÷ {rates[1]:.0f}/s one by one, {SWEPT} of each"
    yield at_least(f"sweep-{site.dialect}", rates[0] / rates[1], SWEEP[site.dialect], detail, sound=alike)


def _swept() -> tuple[float, float, bool]:
    """Seconds of both ways over as many attempts, and whether every one was closed, marked and counted."""
    now = clock.now()
    ids = _overdue(2 * SWEPT, now)
    late = now + timedelta(days=2)
    began = time.perf_counter()
    for attempt_id in ids[:SWEPT]:
        closing.expire(late, only=[attempt_id])
        db.session.commit()
    between = time.perf_counter()
    swept = jobs.sweep(late)
    ended = time.perf_counter()
    marked = db.session.scalars(
        select(AttemptMark.closing_id)
        .join(Closing, Closing.id == AttemptMark.closing_id)
        .where(Closing.attempt_id.in_(ids))
    ).all()
    return between - began, ended - between, swept == SWEPT and len(marked) == 2 * SWEPT


def _overdue(count: int, now: Any) -> list[int]:
    """Open so many of the papers that were drawn, with an answer each."""
    found = db.session.execute(
        select(Attempt, Exam, Candidate)
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .where(Attempt.state == "created")
        .order_by(Attempt.id)
        .limit(count)
    ).all()
    if len(found) < count:
        raise LookupError(f"{count} papers are needed, {len(found)} are left")
    attempt, exam, candidate = found[0]
    begins = opening.clock_of(exam, candidate, now)
    ids = [row[0].id for row in found]
    db.session.execute(
        update(Attempt)
        .where(Attempt.id.in_(ids))
        .values(epoch=1, saved_epoch=1, saved_revision=1, sheet="A" + attempt.sheet, **begins)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return ids


def hashes(told: dict[str, Any], processes: int) -> float:
    """Bare argon2 verifications a second, so many processes at once."""
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        return sum(pool.starmap(_verified, [(told,)] * processes))


def _verified(told: dict[str, Any]) -> float:
    from tests.databases import in_app

    return float(in_app(told, _verify_for_a_while))


def _verify_for_a_while() -> float:
    stored = passwords.hash_password("Zhengque-2026")
    began, count = time.perf_counter(), 0
    while (spent := time.perf_counter() - began) < HASH_SECONDS:
        passwords.verify(stored, "Zhengque-2026")
        count += 1
    return count / spent
