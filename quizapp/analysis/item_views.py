"""One question of an exam: what was chosen by whom, beside the words of the law."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for

from quizapp.analysis import access, charts, explaining, flags, numbers, queries
from quizapp.analysis.models import ItemStatistic, KeyCheck
from quizapp.analysis.pages import bp, makers
from quizapp.bank import queries as bank
from quizapp.bank import reporting
from quizapp.bank.models import Question
from quizapp.bank.question_views import passages
from quizapp.db import db
from quizapp.exams.models import Exam
from quizapp.people.models import Person


def correcting(exam: Exam, revision_id: int) -> str:
    """The address at which the key of a question is corrected."""
    return url_for("attempts.correction_new", exam_id=exam.id, question=revision_id)


@bp.get("/exams/<int:exam_id>/analysis/items/<int:revision_id>")
@makers
def item(exam_id: int, revision_id: int) -> Any:
    exam = access.exam_or_404(exam_id)
    access.with_keys_or_refuse(exam)
    item = access.item_or_404(exam, revision_id)
    revision, question, its_bank = queries.question_of(revision_id)
    full = bank.full([revision_id])[revision_id]
    checked = db.session.get(KeyCheck, (exam_id, revision_id))
    before, after = queries.neighbours(item)
    names = option_names(item.options)
    return render_template(
        "analysis/item.html",
        exam=exam,
        item=item,
        revision=revision,
        full=full,
        code=question.code,
        passages=passages(full.citations),
        standing=queries.standing(exam_id),
        names=names,
        texts=dict(zip("ABCDEFGH", full.options, strict=False)),
        right=[one["letter"] for one in item.options if one["right"]],
        lines=charts.traces([one for one in item.options if one["letter"]], names),
        fifths=charts.FIFTHS,
        told=[(code, flags.WORDS[code], evidence) for code, _, evidence in item.told],
        advice=explaining.FLAGS,
        explained=explaining.COLUMNS,
        numbers=numbers,
        elsewhere=queries.elsewhere(exam_id, question.id),
        before=before,
        after=after,
        checked=checked,
        checker=db.session.get_one(Person, checked.by_id).name if checked else "",
        correct_url=correcting(exam, revision_id),
        bank_url=url_for("bank.question", slug=its_bank.slug, code=question.code, revision=revision.number)
        if access.may_open(its_bank)
        else None,
        reports=reporting.waiting(Question.id == question.id),
        reports_url=url_for("bank.reports", bank=its_bank.slug, code=question.code)
        if access.may_open(its_bank)
        else None,
        pattern_words=pattern_words(item),
    )


def option_names(options: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Letter → how it is called; "" is 未作答."""
    return {one["letter"]: one["letter"] or "未作答" for one in options}


def pattern_words(item: ItemStatistic) -> list[tuple[str, int, str]]:
    """Whole answers with how often they were given and their share, the most frequent first."""
    return [
        (letters or "未作答", count, numbers.percent(count / item.sheets if item.sheets else None))
        for letters, count in item.patterns
    ]
