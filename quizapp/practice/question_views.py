"""What all question pages of practice share: asking without the key, explaining after the answer, keeping, the sum."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp import clock
from quizapp.bank import deciding
from quizapp.bank import queries as bank
from quizapp.db import db
from quizapp.practice import actions
from quizapp.practice.quizzes import Given
from quizapp.regulations.queries import laws


def question_page(
    revisions: Sequence[int],
    number: int,
    given: Given | None,
    done: set[int],
    *,
    title: str,
    back: str,
    next_url: str,
    last: bool,
    client_id: str,
) -> str:
    """One question: to be answered without its key being read at all, or answered with what came of it."""
    revision = revisions[number - 1]
    common = {
        "number": number,
        "total": len(revisions),
        "done": done,
        "title": title,
        "back": back,
        "next_url": next_url,
        "last": last,
        "client_id": client_id,
    }
    if given is None:
        face = bank.faces([revision])[revision]
        return render_template("practice/question.html", face=face, options=face.lettered, **common)
    full = bank.full([revision])[revision]
    came = deciding.verdict(full, given.chosen, laws(deciding.edition_ids([full])))
    return render_template(
        "practice/question.html", face=full, options=full.lettered, given=given, verdict=came, **common
    )


def keep(revision: int, client_id: str, source: str, day: date) -> ResponseReturnValue | None:
    """Store the answer of the form; a page to send back when there is none."""
    now = clock.now()
    chosen = "".join(sorted(set(request.form.getlist("answer"))))
    if not chosen:
        return redirect(f"{request.path}?empty=1", 303)
    actions.record(
        [actions.Answer(client_id, current_user.id, revision, chosen, source, day, now)],
        now,
    )
    db.session.commit()
    return None


def result(revisions: Sequence[int], given: Sequence[Given | None]) -> dict[str, Any]:
    """What a result page needs: the questions in order with right and wrong."""
    faces = bank.faces(revisions)
    rows = [(faces[revision], answer) for revision, answer in zip(revisions, given, strict=True)]
    return {"rows": rows, "right": sum(bool(answer and answer.correct) for answer in given)}
