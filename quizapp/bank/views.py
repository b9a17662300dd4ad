"""The pages of banks: the list, one bank, its imports and exports. Those of one question stand in question_views."""

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import SelectChoice

from quizapp import clock, spreadsheets
from quizapp.bank import (  # noqa: F401 - some hang their pages and commands in
    access,
    actions,
    bulk_views,
    catalogue,
    cli,
    formats,
    import_views,
    lending_views,
    listing,
    queries,
    question_views,
    report_views,
    reporting,
    review,
    stored,
    writing_views,
)
from quizapp.bank.forms import BankForm, ExportForm
from quizapp.bank.models import KINDS, LOANS, STATUSES, USES, Bank, Question, Revision
from quizapp.bank.pages import bp, tell
from quizapp.bank.profile import profile
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.forms import problems
from quizapp.people.access import acting_as, roles
from quizapp.regulations.citing import Law

FEW = 4  # questions of an article below which the page says so


@bp.get("/banks/")
@acting_as(*access.EVERYBODY)
def index():
    may_create = bool(roles().intersection(access.WRITERS))
    return render_template(
        "bank/index.html",
        banks=catalogue.banks(access.visible(), access.level()),
        may_create=may_create,
        loans=LOANS,
        reported=reporting.numbers(access.kept(*access.EVERYBODY))["received"],
    )


@bp.route("/banks/new", methods=["GET", "POST"])
@acting_as(*access.WRITERS)
def index_new():
    form = BankForm()
    form.unit.choices = [SelectChoice(*unit) for unit in access.own_units()]
    form.regulation.choices = [SelectChoice(*row) for row in queries.regulations()]
    if form.validate_on_submit():
        bank = actions.create_bank(
            slug=form.slug.data,
            title=form.title.data,
            regulation_id=form.regulation.data,
            unit_id=form.unit.data,
            sealed=form.sealed.data,
            by_id=current_user.id,
            now=clock.now(),
        )
        db.session.commit()
        flash(f"已新建题库“{bank.title}”。", "ok")
        return redirect(url_for("bank.show", slug=bank.slug), 303)
    return render_template("bank/new.html", form=form)


@bp.get("/banks/<slug>")
@acting_as(*access.EVERYBODY)
def show(slug):
    bank = access.listed_bank_or_404(slug)
    law = queries.shelf(bank).laws.get("")
    if not access.is_open(bank):
        return _figures(bank, law)
    asked = listing.asked(request.args, bank.id)
    asked.form.offer(law, catalogue.tags(bank.id), catalogue.authors(bank.id))
    overview = catalogue.overview(bank.id)
    return render_template(
        "bank/show.html",
        bank=bank,
        form=asked.form,
        asked=asked,
        overview=overview,
        uncovered=[a.in_words for a in law.articles if not overview.articles.get(a.number)] if law else [],
        articles=len(law.articles) if law else 0,
        rows=asked.rows(bank.id),
        page_url=_page_url,
        filtered=asked.filters != catalogue.Filters(),
        batch_id=asked.filters.batch_id,
        steps=bulk_views.steps_for(bank),
        kept=listing.kept(request.args),
        export=ExportForm(formdata=None),
        words=(KINDS, USES, STATUSES),
        may_write=access.may(bank, *access.WRITERS),
        may_keep=access.owns(bank, *access.KEEPERS),
        may_lend=bank.unit_id is not None and access.owns(bank, *access.KEEPERS),
        reported=reporting.waiting(Question.bank_id == bank.id)
        if access.may(bank, *access.EVERYBODY)
        else None,
    )


def _figures(bank: Bank, law: Law | None) -> str:
    """What a unit that may only draw from a bank sees of it: how many questions of each kind and chapter."""
    counted = Counter((entry.kind, entry.chapter) for entry in queries.pool([bank.id], "exam"))
    chapters = [(one.number, one.title) for one in law.chapters] if law else []
    return render_template(
        "bank/figures.html",
        bank=bank,
        overview=catalogue.overview(bank.id),
        counted=counted,
        chapters=[*chapters, ("", "没有条文依据")] if any(not c for _, c in counted) else chapters,
        kinds=KINDS,
        uses=USES,
        word=LOANS["compose"],
    )


def _page_url(page: int) -> str:
    return url_for("bank.show", **{**listing.kept(request.args), **(request.view_args or {}), "page": page})


@bp.get("/banks/<slug>/soundness")
@acting_as(*access.EVERYBODY)
def soundness(slug):
    """What only shows over the whole bank: articles without questions, cues in the keys, questions that tell others."""
    bank = access.bank_or_404(slug)
    laws = queries.shelf(bank).laws
    return render_template(
        "bank/soundness.html",
        bank=bank,
        found=profile(stored.drafts_of(bank, Revision.status == "published"), laws),
        words={one.number: one.in_words for one in laws[""].articles} if "" in laws else {},
        few=FEW,
    )


@bp.post("/banks/<slug>/seal")
@acting_as(*access.KEEPERS)
def seal(slug):
    bank = access.bank_or_404(slug, *access.KEEPERS)  # no loan gives that: see access.may
    actions.seal(bank, request.form.get("sealed") == "1", by_id=current_user.id)
    db.session.commit()
    flash("已设为封闭题库。" if bank.sealed else "已取消封闭。", "ok")
    return redirect(url_for("bank.show", slug=slug), 303)


# Imports that were made --------------------------------------------------------------------------------------


@bp.get("/banks/<slug>/imports")
@acting_as(*access.EVERYBODY)
def batches(slug):
    bank = access.bank_or_404(slug)
    return render_template(
        "bank/batches.html",
        bank=bank,
        batches=catalogue.batches(bank.id),
        may_write=access.may(bank, *access.WRITERS),
        may_review=access.may(bank, *access.REVIEWERS),
    )


@bp.post("/banks/<slug>/imports/<int:batch_id>/<any(submit, approve, undo):step>")
@acting_as(*access.EVERYBODY)
def batch(slug, batch_id, step):
    wanted = access.REVIEWERS if step == "approve" else access.WRITERS
    bank = access.bank_or_404(slug, *wanted)
    row = access.batch_or_404(bank, batch_id)
    if step == "undo":
        count = actions.undo(row, by_id=current_user.id, now=clock.now())
        db.session.commit()
        flash(f"已撤销该批次，删除{count}题。", "ok")
        return redirect(url_for("bank.batches", slug=slug), 303)
    ids = review.of_batch(row, "draft" if step == "submit" else "in_review")
    if step == "submit":
        outcome = review.submit(ids, bank, actor_id=current_user.id)
    else:
        outcome = review.approve(ids, bank, actor_id=current_user.id, now=clock.now())
    db.session.commit()
    tell(outcome, "提交审核" if step == "submit" else "发布")
    return redirect(url_for("bank.batches", slug=slug), 303)


# Export ---------------------------------------------------------------------------------------------------------


@bp.post("/banks/<slug>/export")
@acting_as(*access.EVERYBODY)
def export(slug):
    """The file, or first a page that says what this format cannot keep."""
    bank = access.bank_or_404(slug)
    form = ExportForm()
    if not form.validate():
        raise Refused("form", "；".join(problems(form)), status=422)
    kind, drafts = formats.BY_NAME[form.format.data], stored.drafts_of(bank)
    lost = formats.losses(drafts, kind.name)
    if lost and not form.knowing.data:
        return render_template("bank/export.html", bank=bank, form=form, kind=kind, lost=lost)
    actions.note_export(bank, kind.name, form.reason.data or "", by_id=current_user.id)
    db.session.commit()
    data = formats.write(drafts, kind.name, title=bank.title)
    return spreadsheets.download(data, f"{bank.title}.{kind.endings[0]}", kind.mimetype)
