"""The pages of banks: the list, one bank, its imports and exports. Those of one question stand in question_views."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import SelectChoice

from quizapp import clock, spreadsheets, uploads
from quizapp.bank import access, actions, catalogue, cli, formats, queries, question_views, review, stored  # noqa: F401 - hang their pages and commands in
from quizapp.bank.drafts import Reading
from quizapp.bank.forms import BankForm, ExportForm, FilterForm, UploadForm
from quizapp.bank.models import KINDS, STATUSES, USES, Bank
from quizapp.bank.pages import bp
from quizapp.bank.storing import Preview, prepared, preview
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.forms import problems
from quizapp.people.access import acting_as, roles

PAGE = 30  # questions on a page of the list
SHOWN_PROBLEMS = 200  # on the page; the file to download has all


@bp.get("/banks/")
@acting_as(*access.EVERYBODY)
def index():
    may_create = bool(roles().intersection(access.WRITERS))
    return render_template("bank/index.html", banks=catalogue.banks(access.visible()), may_create=may_create)


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
    bank = access.bank_or_404(slug)
    law = queries.shelf(bank).laws.get("")
    form = FilterForm(request.args)
    form.offer_articles(law)
    filters = _filters(form)
    total = catalogue.count_questions(bank.id, filters)
    pages = max(1, -(-total // PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    overview = catalogue.overview(bank.id)
    return render_template(
        "bank/show.html",
        bank=bank,
        form=form,
        overview=overview,
        uncovered=[a.in_words for a in law.articles if not overview.articles.get(a.number)] if law else [],
        articles=len(law.articles) if law else 0,
        rows=catalogue.questions(bank.id, filters, offset=(page - 1) * PAGE, limit=PAGE),
        total=total,
        page=page,
        pages=pages,
        page_url=_page_url,
        filtered=filters != catalogue.Filters(),
        narrowed=replace(filters, words="", batch_id=None) != catalogue.Filters(),
        batch_id=filters.batch_id,
        export=ExportForm(formdata=None),
        words=(KINDS, USES, STATUSES),
        may_write=access.may(bank, *access.WRITERS),
        may_keep=access.may(bank, *access.KEEPERS),
    )


def _filters(form: FilterForm) -> catalogue.Filters:
    difficulty = form.difficulty.data or ""
    return catalogue.Filters(
        words=form.q.data or "",
        kind=form.kind.data or "",
        article=form.article.data or "",
        difficulty=int(difficulty) if difficulty.isdecimal() and len(difficulty) < 3 else None,
        status=form.status.data or "",
        use=form.use.data or "",
        batch_id=request.args.get("batch", type=int),
    )


def _page_url(page: int) -> str:
    return url_for("bank.show", **{**(request.view_args or {}), **request.args, "page": page})


@bp.post("/banks/<slug>/seal")
@acting_as(*access.KEEPERS)
def seal(slug):
    bank = access.bank_or_404(slug, *access.KEEPERS)
    actions.seal(bank, request.form.get("sealed") == "1", by_id=current_user.id)
    db.session.commit()
    flash("已设为封闭题库。" if bank.sealed else "已取消封闭。", "ok")
    return redirect(url_for("bank.show", slug=slug), 303)


# Import ---------------------------------------------------------------------------------------------------------


@bp.get("/banks/template.xlsx")
@acting_as(*access.EVERYBODY)
def template():
    return spreadsheets.download(formats.sheet.template(), "试题导入模板.xlsx")


@bp.route("/banks/<slug>/import", methods=["GET", "POST"])
@acting_as(*access.WRITERS)
def load(slug):
    bank = access.bank_or_404(slug, *access.WRITERS)
    form = UploadForm()
    if form.validate_on_submit():
        data, name = form.file.data.read(), form.file.data.filename or ""
        person_id, bank_id = current_user.id, bank.id
        db.session.rollback()  # parsing takes its time: nobody waits for the writer's turn meanwhile
        formats.read(data, name)  # a file that cannot be read at all is refused here, and not kept
        token = uploads.keep(data, purpose=f"bank {bank_id}", file_name=name, person_id=person_id)
        return redirect(url_for("bank.load_check", slug=slug, token=token), 303)
    return render_template("bank/load.html", bank=bank, form=form)


def _upload_or_404(bank: Bank, token: str) -> uploads.Upload:
    upload = uploads.find(token, purpose=f"bank {bank.id}", person_id=current_user.id)
    if upload is None:
        not_found()
    return upload


def _checked(upload: uploads.Upload, bank: Bank) -> tuple[Reading, Preview]:
    """The upload's questions as they would be stored with what belongs to none of them, and the counts."""
    reading = formats.read(upload.data, upload.file_name)
    ready = prepared(reading.drafts, bank)
    return Reading(ready.drafts, reading.problems), preview(ready)


@bp.get("/banks/<slug>/import/<token>")
@acting_as(*access.WRITERS)
def load_check(slug, token):
    bank = access.bank_or_404(slug, *access.WRITERS)
    upload = _upload_or_404(bank, token)
    reading, counts = _checked(upload, bank)
    return render_template(
        "bank/check.html",
        bank=bank,
        upload=upload,
        drafts=reading.drafts,
        counts=counts,
        problems=reading.all_problems()[:SHOWN_PROBLEMS],
        problem_count=len(reading.all_problems()),
    )


@bp.get("/banks/<slug>/import/<token>/problems.csv")
@acting_as(*access.WRITERS)
def load_problems(slug, token):
    bank = access.bank_or_404(slug, *access.WRITERS)
    reading, _ = _checked(_upload_or_404(bank, token), bank)
    words = {"error": "错误", "warning": "请核对"}
    rows = [(p.line, p.column, words[p.severity], p.message) for p in reading.all_problems()]
    data = spreadsheets.csv_bytes(("行号", "位置", "程度", "问题"), rows)
    return spreadsheets.download(data, "检查结果.csv", spreadsheets.CSV)


@bp.post("/banks/<slug>/import/<token>")
@acting_as(*access.WRITERS)
def load_store(slug, token):
    bank = access.bank_or_404(slug, *access.WRITERS)
    with uploads.taking(_upload_or_404(bank, token)) as upload:
        if upload is None:
            raise Refused("taken", "该文件正在导入或已经导入。", "请在导入记录中查看。")
        db.session.rollback()  # as above
        reading = formats.read(upload.data, upload.file_name)
        batch, outcome = actions.accept(
            reading.drafts,
            access.bank_or_404(slug, *access.WRITERS),
            file_name=upload.file_name,
            data=upload.data,
            by_id=current_user.id,
            now=clock.now(),
        )
        batch_id = batch.id
        db.session.commit()
    counts = f"新增{len(outcome.new)}题，更新{len(outcome.changed)}题，未变{outcome.same}题"
    left = f"，{outcome.left_out}题有错误没有导入" if outcome.left_out else ""
    flash(f"导入完成：{counts}{left}。导入的试题是草稿，审核后发布。", "ok")
    return redirect(url_for("bank.show", slug=slug, batch=batch_id), 303)


@bp.post("/banks/<slug>/import/<token>/discard")
@acting_as(*access.WRITERS)
def load_discard(slug, token):
    bank = access.bank_or_404(slug, *access.WRITERS)
    uploads.discard(_upload_or_404(bank, token))
    flash("已放弃导入，没有写入任何内容。", "info")
    return redirect(url_for("bank.show", slug=slug), 303)


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
    _tell(outcome, "提交审核" if step == "submit" else "发布")
    return redirect(url_for("bank.batches", slug=slug), 303)


def _tell(outcome: review.Outcome, act: str) -> None:
    flash(f"已{act}{len(outcome.done)}题。", "ok" if outcome.done else "info")
    if outcome.left:
        first = "；".join(f"{code}：{sentence.rstrip('。')}" for code, sentence in outcome.left[:3])
        flash(f"{len(outcome.left)}题没有{act}。{first}。", "warn")


# Export ---------------------------------------------------------------------------------------------------------


@bp.post("/banks/<slug>/export")
@acting_as(*access.EVERYBODY)
def export(slug):
    bank = access.bank_or_404(slug)
    form = ExportForm()
    if not form.validate():
        raise Refused("form", "；".join(problems(form)), status=422)
    actions.note_export(bank, form.format.data, form.reason.data or "", by_id=current_user.id)
    data = formats.write(stored.drafts_of(bank), form.format.data, title=bank.title)
    db.session.commit()
    mimetype = spreadsheets.XLSX if form.format.data == "xlsx" else "text/markdown; charset=utf-8"
    return spreadsheets.download(data, f"{bank.title}.{form.format.data}", mimetype)
