"""Writing a question in the browser: the form, and beside it what a cadre will see."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.bank import access, actions, catalogue, moving, previewing, queries, stored
from quizapp.bank.drafts import Problem
from quizapp.bank.forms import QuestionForm
from quizapp.bank.models import Bank, Citation
from quizapp.bank.pages import bp
from quizapp.db import db, only_reads
from quizapp.people.access import acting_as


@bp.route("/banks/<slug>/new-question", methods=["GET", "POST"])
@acting_as(*access.WRITERS)
def question_new(slug: str) -> Any:
    bank = access.bank_or_404(slug, *access.WRITERS)
    form = QuestionForm(uses=["daily", "exam"])
    return _write(bank, form, None)


@bp.route("/banks/<slug>/questions/<code>/edit", methods=["GET", "POST"])
@acting_as(*access.WRITERS)
def question_edit(slug: str, code: str) -> Any:
    bank = access.bank_or_404(slug, *access.WRITERS)
    row = access.question_or_404(bank, code)
    form = QuestionForm()
    moves: list[tuple[str, str]] = []
    if request.method == "GET":
        newest = catalogue.history(row.id)[0].revision
        cited = queries.citations(Citation.revision_id == newest.id).get(newest.id, [])
        draft = stored.draft_of(newest, code, cited, bank)
        if "moved" in request.args:  # 按现行条文编辑
            draft, moves = moving.moved(draft, queries.shelf(bank, [draft]).laws)
        form.show(draft)
    return _write(bank, form, code, moves)


def _write(bank: Bank, form: QuestionForm, code: str | None, moves: Sequence[tuple[str, str]] = ()) -> Any:
    found: list[Problem] = []
    if form.validate_on_submit():
        written = actions.write(
            form.draft(code or ""), bank, code=code, by_id=current_user.id, now=clock.now()
        )
        if written.draft.verdict != "error":
            db.session.commit()
            _tell(written)
            return redirect(url_for("bank.question", slug=bank.slug, code=written.draft.code), 303)
        found = written.draft.problems
        db.session.rollback()
    if request.method == "GET":
        form.article.data = request.args.get("article", "")
    return _page(bank, form, code, found, moves), 422 if request.method == "POST" else 200


def _tell(written: actions.Written) -> None:
    if not written.stored:
        flash("内容没有变化，没有产生新版本。", "info")
    elif written.draft.problems:
        flash("已保存为草稿，请查看检查结果。", "warn")
    else:
        flash("已保存为草稿，提交审核通过后发布。", "ok")


# Beside the form ------------------------------------------------------------------------------------------------


@bp.post("/banks/<slug>/new-question/preview")
@only_reads
@acting_as(*access.WRITERS)
def question_new_preview(slug: str) -> Any:
    return _previewed(access.bank_or_404(slug, *access.WRITERS), None)


@bp.post("/banks/<slug>/questions/<code>/edit/preview")
@only_reads
@acting_as(*access.WRITERS)
def question_edit_preview(slug: str, code: str) -> Any:
    bank = access.bank_or_404(slug, *access.WRITERS)
    access.question_or_404(bank, code)
    return _previewed(bank, code)


def _previewed(bank: Bank, code: str | None) -> Any:
    """For the script the preview alone, for a browser without it the whole page with what was typed."""
    form = QuestionForm()
    if request.headers.get("X-Part") == "preview":
        return render_template("bank/_preview.html", bank=bank, preview=_preview(bank, form, code))
    return _page(bank, form, code, [])


def _preview(bank: Bank, form: QuestionForm, code: str | None) -> previewing.Preview | None:
    """None while nothing is written and no article is read."""
    draft = form.draft(code or "")
    article = form.article.data or ""
    if code is None and not draft.stem and not article and not any(draft.options):
        return None
    return previewing.preview(draft, bank, code=code, article=article)


def _page(
    bank: Bank,
    form: QuestionForm,
    code: str | None,
    found: list[Problem],
    moves: Sequence[tuple[str, str]] = (),
) -> str:
    form.offer_articles(queries.shelf(bank).laws.get(""))
    return render_template(
        "bank/edit.html",
        bank=bank,
        form=form,
        code=code,
        found=found,
        moves=moves,
        preview=_preview(bank, form, code),
    )
