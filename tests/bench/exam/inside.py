"""What is measured inside one process: the paper as HTML, the sweep at the deadline, and bare password hashes."""

import gc
import multiprocessing
import re
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from quizapp import clock, figures
from quizapp.attempts import closing, jobs, opening, paper_html
from quizapp.attempts import layout as layouts
from quizapp.attempts.models import Attempt, AttemptMark, Closing
from quizapp.bank import queries as bank
from quizapp.db import db
from quizapp.exams import marking_rules
from quizapp.exams.drawing import Place
from quizapp.exams.models import Candidate, Exam
from quizapp.people import passwords
from tests.bench.exam.sites import Site
from tests.bench.rows import Row, at_least, at_most

TIMES = 200  # papers built
BUILD_MS, BUILD_TIMES = 1.0, 10.0
SWEPT = 1000  # attempts that are overdue at once
SWEEP = {"postgresql": 10.0, "sqlite": 4.0}
HASH_SECONDS = 3.0
# The same HTML, byte for byte, by one template without macros.
FLAT = """{% for q in questions %}{% set many = q.face.kind == 'multiple' %}
<section class="card ask" id="q{{ q.number }}" data-question>
  <div class="question-head"><span class="tag">{{ q.face.kind_word }}</span>
    {%- if q.points or q.rule %}<span>{{ q.points }}{{ '，' if q.points and q.rule }}{{ q.rule }}</span>{% endif %}
    {%- if true %}<label class="flag end"><input type="checkbox" name="q{{ q.number }}-doubt" value="1"
    {%- if q.flagged %} checked{% endif %} data-doubt>{{ icon('flag', 18) }}<span>待检查</span></label>{% endif -%}
  </div>
  <fieldset class="question {{ 'many' if many }}">
    <legend class="stem"><span class="number">{{ q.number }}. </span>
    {%- set one = q.face.stem.replace('（　　）', '（）').replace('（　）', '（）') -%}
    {%- set one = one.replace('（  ）', '（）').replace('（ ）', '（）') -%}
    {%- for part in one.split('（）') %}{% if not loop.first %}<span class="blank">（<b
    {%- if loop.index == 2 %} data-blank{% endif %}>{{ q.chosen if loop.index == 2 }}</b>）</span>{% endif %}{{ part }}
    {%- endfor %}</legend>
    <div class="options">
      {%- for letter, text in q.options %}
<label class="option"><input type="{{ 'checkbox' if many else 'radio' }}" name="q{{ q.number }}" value="{{ letter }}"
      {%- if letter in q.chosen %} checked{% endif %}><span class="ring"></span><span class="letter">{{ letter }}</span
      {#- #}><span class="text">{{ text }}</span></label>
      {%- endfor %}
    </div>
  </fieldset></section>
{% endfor %}<div class="grid" data-grid>{% for q in questions %}
  {%- if q.head %}<p class="grid-head">{{ q.head }}</p>{% endif -%}
  <a class="cell{{ ' answered' if q.chosen }}{{ ' flagged' if q.flagged }} " href="#q{{ q.number }}"
  {#- #} data-cell="{{ q.number }}" aria-label="第{{ q.number }}题，{{ '已答' if q.chosen else '未答' }}
  {{- '，待检查' if q.flagged }}">{{ q.number }}<span class="pin">{{ icon('flag', 12) }}</span></a>
{%- endfor %}</div>"""


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
    ours, flat, size, alike = site.run(_built)
    detail = f"ms for the HTML of 100 questions and their card ({size} KB), the query left out"
    yield at_most("page-build", ours * 1000, BUILD_MS, detail, sound=alike)
    detail = f"times as fast as one flat template with the same HTML ({flat * 1000:.2f} ms)"
    yield at_least("page-build-flat", flat / ours, BUILD_TIMES, detail, sound=alike)


def _built() -> tuple[float, float, int, bool]:
    attempt, exam = db.session.execute(
        select(Attempt, Exam).join(Exam, Exam.id == Attempt.exam_id).order_by(Attempt.id).limit(1)
    ).one()
    places = layouts.from_text(attempt.layout)
    chosen = ["AB"[number % 2] if number % 5 else "" for number in range(len(places))]
    pieces = paper_html.pieces(places, exam)
    faces = bank.faces([place.revision_id for place in places])
    template = current_app.jinja_env.from_string(f"{{% autoescape true %}}{FLAT}{{% endautoescape %}}")

    def by_pieces() -> str:
        made = paper_html.build(places, chosen, pieces, (), exam.multiple_rule)
        return made.questions + made.grid

    def by_template() -> str:
        return template.render(questions=list(_questions(places, chosen, faces, exam.multiple_rule)))

    gc.freeze()  # what this run holds besides is none of a page's business
    alike = _without_blanks(by_pieces()) == _without_blanks(by_template())
    size = len(by_pieces().encode()) // 1024
    return _usual(by_pieces, TIMES), _usual(by_template, TIMES // 4), size, alike


def _without_blanks(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _questions(
    places: Sequence[Place], chosen: Sequence[str], faces: Mapping[int, bank.Face], rule: str
) -> Iterator[dict[str, Any]]:
    before = ""
    for number, (place, letters) in enumerate(zip(places, chosen, strict=True), 1):
        face = faces[place.revision_id]
        own = [face.options[layouts.LETTERS.index(letter)] for letter in place.order]
        yield {
            "number": number,
            "face": face,
            "points": f"{figures.points(place.points)}分",
            "rule": marking_rules.in_words(rule) if face.kind == "multiple" else "",
            "flagged": False,
            "chosen": letters,
            "head": "" if face.kind_word == before else face.kind_word,
            "options": list(zip(layouts.LETTERS, own, strict=False)),
        }
        before = face.kind_word


def sweep(site: Site) -> Iterator[Row]:
    """All open attempts at the deadline: closed in sets, beside one hand-in of the system after the other."""
    one_by_one, in_sets, alike = site.run(_swept)
    rates = SWEPT / in_sets, SWEPT / one_by_one
    detail = f"{rates[0]:.0f} attempts/s in sets ÷ {rates[1]:.0f}/s one by one, {SWEPT} of each"
    yield at_least(f"sweep-{site.dialect}", rates[0] / rates[1], SWEEP[site.dialect], detail, sound=alike)


def _swept() -> tuple[float, float, bool]:
    """Seconds of both ways over as many attempts, and whether every one was closed, marked and counted."""
    now = clock.now()
    late = now + timedelta(days=2)
    jobs.sweep(late)  # what earlier measures left open
    ids = _overdue(2 * SWEPT, now)
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
