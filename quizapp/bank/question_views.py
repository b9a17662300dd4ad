"""The pages of one question: as a cadre sees it, beside the law, its history, and reviewing it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.bank import (
    access,
    catalogue,
    differing,
    discussion,
    facts,
    moving,
    queries,
    reporting,
    review,
    stored,
)
from quizapp.bank.checking import check
from quizapp.bank.drafts import Draft
from quizapp.bank.forms import ReasonForm
from quizapp.bank.models import STATUSES, USES, Bank, Citation, Question
from quizapp.bank.pages import bp
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.forms import problems
from quizapp.people.access import acting_as
from quizapp.regulations.citing import Law, NoSuchProvision
from quizapp.regulations.queries import laws
from quizapp.regulations.reading import ArticleView, article_view


@bp.get("/banks/<slug>/questions/<code>")
@acting_as(*access.EVERYBODY)
def question(slug: str, code: str) -> Any:
    bank = access.bank_or_404(slug)
    row = access.question_or_404(bank, code)
    history = catalogue.history(row.id)
    wanted = request.args.get("revision", type=int) or history[0].revision.number
    shown = next((entry for entry in history if entry.revision.number == wanted), None)
    if shown is None:
        not_found()
    full = queries.full([shown.revision.id])[shown.revision.id]
    draft = stored.draft_of(shown.revision, code, full.citations, bank)
    shelf = queries.shelf(bank, [draft])
    return render_template(
        "bank/question.html",
        bank=bank,
        code=code,
        shown=shown,
        full=full,
        history=history,
        passages=passages(full.citations),
        current={edition for _, edition in shelf.editions.values()},
        found=check([draft], shelf.laws)[0].problems,
        moves=_moves(full.citations, draft, shelf) if shown.revision.status == "suspended" else [],
        timeline=discussion.timeline(history),
        words=(STATUSES, USES),
        reason=ReasonForm(formdata=None),
        measured=facts.measured(row.id),
        own=current_user.id in (shown.revision.author_id, shown.importer_id),
        may_write=access.may(bank, *access.WRITERS),
        may_review=access.may(bank, *access.REVIEWERS),
        reported=reporting.waiting(Question.id == row.id) if access.may(bank, *access.EVERYBODY) else 0,
    )


def _moves(cited: list[queries.CitationView], draft: Draft, shelf: queries.Shelf) -> list[dict[str, Any]]:
    """What has become of each citation in the edition in force, with the days from which both editions hold."""
    pairs = [
        (view, view.edition_id, citation.regulation, shelf.editions[citation.regulation][1])
        for view, citation in zip(cited, draft.citations, strict=True)
        if view.edition_id is not None and citation.regulation in shelf.editions
    ]
    known = laws({then for _, then, _, _ in pairs})
    days = queries.effective_days(edition for _, then, _, now in pairs for edition in (then, now))
    return [
        {
            "move": moving.move(view.anchor, view.quote, known[then], shelf.laws[title]),
            "then": days[then],
            "now": days[now],
        }
        for view, then, title, now in pairs
    ]


def passages(citations: list[queries.CitationView]) -> list[dict[str, Any]]:
    """For each citation the article with the quoted words marked."""
    known = laws({view.edition_id for view in citations if view.edition_id})
    return [
        {"citation": view, "article": _article(known[view.edition_id], view) if view.edition_id else None}
        for view in citations
    ]


def _article(law: Law, view: queries.CitationView) -> ArticleView | None:
    try:
        return article_view(law, view.article, [(view.anchor, view.quote)])
    except NoSuchProvision:
        return None


STEPS = {  # step: (roles, words)
    "submit": (access.WRITERS, "已提交审核。"),
    "approve": (access.REVIEWERS, "已发布。"),
    "return": (access.REVIEWERS, "已退回。"),
    "retire": ((*access.WRITERS, *access.REVIEWERS), "已停用。"),
}


@bp.post("/banks/<slug>/questions/<code>/<int:number>/<any(submit, approve, return, retire):step>")
@acting_as(*access.EVERYBODY)
def question_step(slug: str, code: str, number: int, step: str) -> Any:
    """Move one revision of a question on."""
    wanted, words = STEPS[step]
    bank = access.bank_or_404(slug, *wanted)
    row = access.question_or_404(bank, code)
    form = ReasonForm()
    if not form.validate():
        raise Refused("form", "；".join(problems(form)), status=422)
    revision = access.revision_or_404(row, number)
    _step(step, [revision.id], bank, form.reason.data or "").or_refuse()
    db.session.commit()
    flash(words, "ok")
    return redirect(url_for("bank.question", slug=slug, code=code), 303)


def _step(step: str, ids: list[int], bank: Bank, reason: str) -> review.Outcome:
    by_id = current_user.id
    if step == "submit":
        return review.submit(ids, bank, actor_id=by_id)
    if step == "approve":
        return review.approve(ids, bank, actor_id=by_id, now=clock.now(), reason=reason)
    if step == "return":
        return review.send_back(ids, bank, actor_id=by_id, now=clock.now(), reason=reason)
    return review.retire(ids, bank, actor_id=by_id, reason=reason)


@bp.post("/banks/<slug>/questions/<code>/<int:number>/comments")
@acting_as(*access.EVERYBODY)
def question_comment(slug: str, code: str, number: int) -> Any:
    bank = access.bank_or_404(slug, *access.WRITERS, *access.REVIEWERS)
    revision = access.revision_or_404(access.question_or_404(bank, code), number)
    text = request.form.get("text", "")
    discussion.comment(revision, code, bank, text, by_id=current_user.id, now=clock.now())
    db.session.commit()
    flash("意见已保存。", "ok")
    return redirect(
        url_for("bank.question", slug=slug, code=code, revision=number, _anchor="discussion"), 303
    )


# Versions side by side ------------------------------------------------------------------------------------------


@bp.get("/banks/<slug>/questions/<code>/<int:number>/changes")
@acting_as(*access.EVERYBODY)
def question_changes(slug: str, code: str, number: int) -> Any:
    """What a version says differently from the one before it, or from another (?from=2)."""
    bank = access.bank_or_404(slug)
    history = catalogue.history(access.question_or_404(bank, code).id)
    revisions = {entry.revision.number: entry for entry in history}
    other = request.args.get("from", type=int) or max((n for n in revisions if n < number), default=0)
    if number not in revisions or other not in revisions or number == other:
        not_found()
    old, new = revisions[other], revisions[number]
    cited = queries.citations(Citation.revision_id.in_([old.revision.id, new.revision.id]))
    drafts = [
        stored.draft_of(entry.revision, code, cited.get(entry.revision.id, []), bank) for entry in (old, new)
    ]
    return render_template(
        "bank/changes.html",
        bank=bank,
        code=code,
        old=old,
        new=new,
        rows=differing.rows(*drafts),
        numbers=sorted(revisions),
        words=STATUSES,
    )
