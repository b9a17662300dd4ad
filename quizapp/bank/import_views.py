"""The pages of an import: choose a file or paste, say which column is what, decide on the review desk, store.

Nothing is written to the bank before the last step; until then the questions lie beside the upload (`desk`).
"""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock, jobs, spreadsheets, uploads
from quizapp.bank import access, actions, checking, desk, formats, lint, queries, stored
from quizapp.bank.drafts import SEVERITIES, Draft, Reading
from quizapp.bank.formats import sheet
from quizapp.bank.formats.freetext.traditional import simplified
from quizapp.bank.forms import ColumnsForm, QuestionForm, UploadForm
from quizapp.bank.importing import LONG, sentence
from quizapp.bank.models import Bank
from quizapp.bank.pages import bp
from quizapp.bank.storing import Ready, prepared, preview
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.people.access import acting_as

STEPS = ("选择文件", "核对列", "检查结果", "确认导入")
PAGE = 20  # questions on a page of the desk
DESK = "desk.json"


@bp.get("/banks/template.xlsx")
@acting_as(*access.EVERYBODY)
def template() -> Any:
    return spreadsheets.download(sheet.template(), "试题导入模板.xlsx")


@bp.route("/banks/<slug>/import", methods=["GET", "POST"])
@acting_as(*access.WRITERS)
def load(slug: str) -> Any:
    bank = access.bank_or_404(slug, *access.WRITERS)
    form = UploadForm()
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return render_template("bank/load.html", bank=bank, form=form, steps=STEPS), status
    data, name = form.source()
    person_id, purpose = current_user.id, f"bank {bank.id}"
    db.session.rollback()  # parsing takes its time: nobody waits for the writer's turn meanwhile
    reading = _read_or_none(data, name, form.format.data or "")
    token = uploads.keep(data, purpose=purpose, file_name=name, person_id=person_id)
    if reading is None:
        return redirect(url_for("bank.load_columns", slug=slug, token=token), 303)
    _lay_out(slug, token, reading)
    return redirect(url_for("bank.load_check", slug=slug, token=token), 303)


def _read_or_none(data: bytes, name: str, kind: str) -> Reading | None:
    """The reading; none for a sheet in which a person must say which column is what. Raises Refused."""
    try:
        return formats.read(data, name, kind)
    except Refused as refused:
        if refused.code == "no_header" and len(sheet.head(data, name)) > 1:
            return None
        raise


def _lay_out(slug: str, token: str, reading: Reading) -> None:
    """Check what was read and put it on the desk."""
    bank = access.bank_or_404(slug, *access.WRITERS)
    upload = _upload_or_404(bank, token)
    ready = prepared(reading.drafts, bank)
    known = [(question.code, question.stem) for question in ready.known]
    laid = desk.laid_out(reading, ready.drafts, known)
    db.session.rollback()
    uploads.keep_beside(upload, DESK, desk.freeze(laid))


def _upload_or_404(bank: Bank, token: str) -> uploads.Upload:
    upload = uploads.find(token, purpose=f"bank {bank.id}", person_id=current_user.id)
    if upload is None:
        not_found()
    return upload


def _desk_or_404(upload: uploads.Upload) -> desk.Desk:
    kept = uploads.find_beside(upload, DESK)
    if kept is None:
        not_found()
    return desk.thaw(kept)


# Which column is what --------------------------------------------------------------------------------------------


@bp.route("/banks/<slug>/import/<token>/columns", methods=["GET", "POST"])
@acting_as(*access.WRITERS)
def load_columns(slug: str, token: str) -> Any:
    """A person says which column is what, where the headings do not."""
    bank = access.bank_or_404(slug, *access.WRITERS)
    upload = _upload_or_404(bank, token)
    rows = sheet.head(upload.data, upload.file_name)
    form = ColumnsForm(header=next((row.number for row in rows if not row.is_blank), 1))
    width = max(len(row.cells) for row in rows)
    chosen = [request.form.get(f"column-{n}", "") for n in range(width)]
    if request.method == "GET":
        chosen = sheet.guessed(rows, width)
    wrong = ""
    if form.validate_on_submit():
        wrong = sheet.not_enough(chosen)
        if not wrong:
            columns = sheet.Columns(form.header.data, {name: n for n, name in enumerate(chosen) if name})
            reading = sheet.read(upload.data, upload.file_name, columns)
            reading.format = formats.recognise(upload.data, upload.file_name)
            _lay_out(slug, token, reading)
            return redirect(url_for("bank.load_check", slug=slug, token=token), 303)
    page = render_template(
        "bank/columns.html",
        bank=bank,
        upload=upload,
        form=form,
        rows=rows,
        letters=[spreadsheets.letter(n) for n in range(width)],
        chosen=chosen,
        meanings=[(name, words[0]) for name, words in sheet.HEADINGS.items()],
        wrong=wrong,
        steps=STEPS,
    )
    return page, 422 if request.method == "POST" else 200


@bp.post("/banks/<slug>/import/<token>/format")
@acting_as(*access.WRITERS)
def load_format(slug: str, token: str) -> Any:
    """Read the same file as another format."""
    bank = access.bank_or_404(slug, *access.WRITERS)
    upload = _upload_or_404(bank, token)
    kind = request.form.get("format", "")
    if kind not in formats.BY_NAME:
        not_found()
    db.session.rollback()
    reading = _read_or_none(upload.data, upload.file_name, kind)
    if reading is None:
        return redirect(url_for("bank.load_columns", slug=slug, token=token), 303)
    _lay_out(slug, token, reading)
    flash(f"已按{formats.BY_NAME[kind].word}重新读取，之前的修改和确认不保留。", "info")
    return redirect(url_for("bank.load_check", slug=slug, token=token), 303)


@bp.post("/banks/<slug>/import/<token>/simplify")
@acting_as(*access.WRITERS)
def load_simplify(slug: str, token: str) -> Any:
    """Read the text again in simplified script, because the person asks for it."""
    bank = access.bank_or_404(slug, *access.WRITERS)
    laid = _desk_or_404(_upload_or_404(bank, token))
    if not laid.lines:
        not_found()
    db.session.rollback()
    source = laid.drafts[0].source if laid.drafts else ""
    reading = formats.text.read_text(simplified("\n".join(laid.lines)), source)
    reading.lines, reading.format = laid.lines, laid.format
    _lay_out(slug, token, reading)
    flash("已转换为简体，请逐题核对。左边仍是原文。", "info")
    return redirect(url_for("bank.load_check", slug=slug, token=token), 303)


# The desk --------------------------------------------------------------------------------------------------------


@bp.get("/banks/<slug>/import/<token>")
@acting_as(*access.WRITERS)
def load_check(slug: str, token: str) -> Any:
    bank = access.bank_or_404(slug, *access.WRITERS)
    upload = _upload_or_404(bank, token)
    laid = _desk_or_404(upload)
    edited = request.args.get("edit", type=int)
    form = None
    if edited is not None and 0 <= edited < len(laid.drafts):
        form = QuestionForm(formdata=None)
        form.show(laid.drafts[edited])
    return _desk_page(bank, upload, laid, edited, form)


def _desk_page(
    bank: Bank, upload: uploads.Upload, laid: desk.Desk, edited: int | None, form: QuestionForm | None
) -> str:
    show = request.args.get("show", "")
    places = laid.places(show)
    pages = max(1, -(-len(places) // PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = places[(page - 1) * PAGE : page * PAGE]
    known = stored.known(bank.id)

    def here(anchor: str | None = None, **other: Any) -> str:
        asked: dict[str, Any] = {"show": show or None, "page": page, **other}
        return url_for("bank.load_check", slug=bank.slug, token=upload.token, _anchor=anchor, **asked)

    counts = preview(
        Ready(laid.taken(), queries.Shelf({}, {}, ""), known)
    )  # checked when they came to the desk
    law = queries.shelf(bank).laws.get("")
    uncited = [place for place in shown if not laid.drafts[place].citations]
    suggested = {p: checking.prover(law).suggest(laid.drafts[p]) for p in uncited} if law else {}
    near = {question.code: question for question in known}
    return render_template(
        "bank/check.html",
        bank=bank,
        upload=upload,
        desk=laid,
        here=here,
        summary=desk.summary(laid.drafts),
        counts=counts,
        shown=shown,
        near=near,
        suggested=suggested,
        edited=edited,
        form=form,
        show=show,
        page=page,
        pages=pages,
        total=len(places),
        kind=formats.BY_NAME[laid.format],
        formats=formats.FORMATS,
        tabs=_tabs(laid),
        flaws=[problem.message for problem in lint.of_set(laid.drafts)],
        telling=[(one.code, other.code) for one, other in lint.giveaways(laid.drafts)],
        traditional=any("繁体" in problem.message for problem in laid.problems),
        steps=STEPS,
    )


def _tabs(laid: desk.Desk) -> list[tuple[str, str, int]]:
    """(show, words, count) of the desk's views; empty ones are left out."""
    views = {"": "全部", **desk.VERDICTS, "near": "与题库相近", "out": "不导入"}
    found = [(show, words, len(laid.places(show))) for show, words in views.items()]
    return [view for view in found if view[2] or not view[0]]


def _back(slug: str, token: str, place: int | None = None) -> Any:
    """To the same view of the desk, at the same question."""
    show, page = (request.form.get(name) or None for name in ("show", "page"))
    anchor = None if place is None else f"q{place}"
    address = url_for("bank.load_check", slug=slug, token=token, show=show, page=page, _anchor=anchor)
    return redirect(address, 303)


@bp.post("/banks/<slug>/import/<token>/questions/<int:place>/<any(take, leave, undecided, adopt):step>")
@acting_as(*access.WRITERS)
def load_decide(slug: str, token: str, place: int, step: str) -> Any:
    """Take or leave one question, or take back what was said; adopt: the suggested words of the law."""
    bank = access.bank_or_404(slug, *access.WRITERS)
    upload = _upload_or_404(bank, token)
    laid = _desk_or_404(upload)
    if not 0 <= place < len(laid.drafts):
        not_found()
    if step == "adopt":
        _adopt(laid, place, bank)
    elif step == "undecided":
        laid.said.pop(place, None)
    else:
        laid.said[place] = step
    uploads.keep_beside(upload, DESK, desk.freeze(laid))
    return _back(slug, token, place)


def _adopt(laid: desk.Desk, place: int, bank: Bank) -> None:
    law = queries.shelf(bank).laws.get("")
    draft = laid.drafts[place]
    suggestion = checking.prover(law).suggest(draft) if law else None
    if suggestion is not None:
        doubts = [problem for problem in draft.problems if problem.column != "依据"]
        _mend(laid, place, replace(draft, citations=[suggestion.citation], problems=doubts), bank)


def _mend(laid: desk.Desk, place: int, draft: Draft, bank: Bank) -> None:
    """Put a changed question, with the doubts that are not settled yet, in the place of the old one, checked anew."""
    [checked] = prepared([draft], bank).drafts
    laid.drafts[place] = replace(checked, problems=list(dict.fromkeys(checked.problems)))
    laid.edited.add(place)
    if checked.verdict == "error":
        laid.said.pop(place, None)


@bp.post("/banks/<slug>/import/<token>/questions/<int:place>")
@acting_as(*access.WRITERS)
def load_edit(slug: str, token: str, place: int) -> Any:
    """A question was edited where it lies."""
    bank = access.bank_or_404(slug, *access.WRITERS)
    upload = _upload_or_404(bank, token)
    laid = _desk_or_404(upload)
    if not 0 <= place < len(laid.drafts):
        not_found()
    form, before = QuestionForm(), laid.drafts[place]
    if not form.validate():
        return _desk_page(bank, upload, laid, place, form), 422
    written = form.draft(form.code.data or before.code)
    if written.problems:
        form.key.errors = [problem.message for problem in written.problems]
        return _desk_page(bank, upload, laid, place, form), 422
    _mend(laid, place, replace(written, line=before.line, source=before.source), bank)
    laid.said[place] = "take"
    uploads.keep_beside(upload, DESK, desk.freeze(laid))
    return _back(slug, token, place)


@bp.post("/banks/<slug>/import/<token>/take-all")
@acting_as(*access.WRITERS)
def load_take_all(slug: str, token: str) -> Any:
    """Take every doubtful question on which nothing was said."""
    bank = access.bank_or_404(slug, *access.WRITERS)
    upload = _upload_or_404(bank, token)
    laid = _desk_or_404(upload)
    waiting = laid.waiting()
    laid.said |= dict.fromkeys(waiting, "take")
    uploads.keep_beside(upload, DESK, desk.freeze(laid))
    flash(f"已确认{len(waiting)}题。", "ok")
    return _back(slug, token)


@bp.get("/banks/<slug>/import/<token>/problems.csv")
@acting_as(*access.WRITERS)
def load_problems(slug: str, token: str) -> Any:
    bank = access.bank_or_404(slug, *access.WRITERS)
    laid = _desk_or_404(_upload_or_404(bank, token))
    found = Reading(laid.drafts, laid.problems).all_problems()
    rows = [(p.line, p.column, SEVERITIES[p.severity], p.message) for p in found]
    data = spreadsheets.csv_bytes(("行号", "位置", "程度", "问题"), rows)
    return spreadsheets.download(data, "检查结果.csv", spreadsheets.CSV)


# Storing ---------------------------------------------------------------------------------------------------------


@bp.post("/banks/<slug>/import/<token>")
@acting_as(*access.WRITERS)
def load_store(slug: str, token: str) -> Any:
    bank = access.bank_or_404(slug, *access.WRITERS)
    waiting = uploads.find(token, purpose=f"bank {bank.id}", person_id=current_user.id)
    if waiting is None:
        raise Refused("taken", "该文件正在导入或已经导入。", "请在导入记录中查看。")
    laid = _desk_or_404(waiting)
    if not laid.taken():
        raise Refused("nothing", "没有可以导入的题。", "没有写入任何内容。请先确认或修改试题。")
    if len(laid.taken()) > LONG:
        order = {"bank_id": bank.id, "token": token, "url": url_for("bank.batches", slug=slug)}
        job = jobs.request_job("bank.import", order, person_id=current_user.id)
        db.session.commit()
        return redirect(url_for("home.job", token=job.token), 303)
    with uploads.taking(waiting) as upload:
        if upload is None:
            raise Refused("taken", "该文件正在导入或已经导入。", "请在导入记录中查看。")
        batch, outcome = actions.accept(
            laid.taken(),
            bank,
            file_name=upload.file_name,
            data=upload.data,
            by_id=current_user.id,
            now=clock.now(),
        )
        batch_id = batch.id
        db.session.commit()
    flash(sentence(outcome), "ok")
    return redirect(url_for("bank.show", slug=slug, batch=batch_id), 303)


@bp.post("/banks/<slug>/import/<token>/discard")
@acting_as(*access.WRITERS)
def load_discard(slug: str, token: str) -> Any:
    bank = access.bank_or_404(slug, *access.WRITERS)
    uploads.discard(_upload_or_404(bank, token))
    flash("已放弃导入，没有写入任何内容。", "info")
    return redirect(url_for("bank.show", slug=slug), 303)
