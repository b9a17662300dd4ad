"""What all question pages of practice share: asking without the key, explaining after the answer, keeping, the sum."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp import clock
from quizapp.bank import deciding
from quizapp.bank import queries as bank
from quizapp.bank.queries import Full
from quizapp.db import db
from quizapp.practice import actions, certainty, explaining, first_answers, putting_by
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
    around: Mapping[str, Any] | None = None,
) -> str:
    """One question: to be answered without its key being read at all, or answered with what came of it.

    around: what a set of questions adds, see set_pages.around.
    """
    common = {
        "number": number,
        "total": len(revisions),
        "done": done,
        "title": title,
        "back": back,
        "next_url": next_url,
        "last": last,
        "client_id": client_id,
        **(around or {}),
    }
    if given is None:
        return asked_page(revisions[number - 1], **common)
    full = bank.full([revisions[number - 1]])[revisions[number - 1]]
    return render_template("practice/question.html", given=given, **explained(full, given.chosen), **common)


def asked_page(revision: int, template: str = "practice/question.html", **common: Any) -> str:
    """A question as it is asked: neither key nor explanation is read."""
    face = bank.faces([revision])[revision]
    return render_template(
        template,
        face=face,
        options=face.lettered,
        starred=putting_by.is_favourite(current_user.id, face.question_id),
        levels=certainty.LEVELS if putting_by.asks_certainty(current_user.id) else {},
        **common,
    )


def explained(full: Full, chosen: str) -> dict[str, Any]:
    """What a page needs to explain an answer: the verdict, why each other option is wrong, who else stumbles."""
    came = deciding.verdict(full, chosen, laws(deciding.edition_ids([full])))
    return {
        "face": full,
        "options": full.lettered,
        "verdict": came,
        "reasons": explaining.why(full.explanation, full.lettered, full.key),
        "stumble": first_answers.stumble_at(full.revision_id, full.key, many=full.kind == "multiple"),
        "starred": putting_by.is_favourite(current_user.id, full.question_id),
    }


def keep(revision: int, client_id: str, source: str, day: date) -> ResponseReturnValue | None:
    """Store the answer of the form; a page to send back when there is none."""
    now = clock.now()
    chosen = chosen_letters()
    if not chosen:
        return redirect(f"{request.path}?empty=1", 303)
    sure = certainty.read(request.form.get("certainty"))
    actions.record(
        [actions.Answer(client_id, current_user.id, revision, chosen, source, day, now, sure)],
        now,
    )
    db.session.commit()
    return None


def chosen_letters() -> str:
    """The letters of the form, ascending, each once."""
    return "".join(sorted(set(request.form.getlist("answer"))))


def result(revisions: Sequence[int], given: Sequence[Given | None]) -> dict[str, Any]:
    """What a result page needs: the questions in order with right and wrong."""
    faces = bank.faces(revisions)
    rows = [(faces[revision], answer) for revision, answer in zip(revisions, given, strict=True)]
    return {"rows": rows, "right": sum(bool(answer and answer.correct) for answer in given)}
