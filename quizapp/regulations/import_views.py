"""The pages of an import: choose a file, look at the structure that was understood, store.

Nothing is written before the last step; until then the text and what was said of it lie beside the upload.
"""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock, uploads
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.regulations import actions, documents, foreseeing, importing
from quizapp.regulations.access import keeping
from quizapp.regulations.doubts import Doubt
from quizapp.regulations.import_forms import FileForm, SaidForm
from quizapp.regulations.pages import bp
from quizapp.regulations.structure import ParsedEdition, read

STEPS = ("选择文件", "核对结构", "确认入库")
PURPOSE, TEXT, SAID = "regulation", "text.json", "said.json"
SHOWN = 60  # doubts on the page
MOST = 20_000  # provisions that the page shows; 民法典 has 1260 articles


@bp.route("/regulations/import", methods=["GET", "POST"])
@keeping
def load() -> Any:
    form, sentence = FileForm(), ""
    if form.validate_on_submit():
        data, name = form.file.data.read(), form.file.data.filename or ""
        person_id = current_user.id
        db.session.rollback()  # reading a Word file takes its time: nobody waits for it
        try:
            document = documents.read(data, name)
        except Refused as refused:
            sentence = f"{refused.sentence}{refused.advice}"
        else:
            token = uploads.keep(data, purpose=PURPOSE, file_name=name, person_id=person_id)
            upload = _upload_or_404(token, person_id)
            uploads.keep_beside(upload, TEXT, importing.freeze_text(document.text, document.told))
            return redirect(url_for("regulations.load_check", token=token), 303)
    status = 422 if request.method == "POST" else 200
    return render_template("regulations/import.html", form=form, sentence=sentence, steps=STEPS), status


def _upload_or_404(token: str, person_id: int) -> uploads.Upload:
    upload = uploads.find(token, purpose=PURPOSE, person_id=person_id)
    if upload is None:
        not_found()
    return upload


def _text_or_404(upload: uploads.Upload) -> tuple[str, list[Doubt]]:
    kept = uploads.find_beside(upload, TEXT)
    if kept is None:
        not_found()
    return importing.thaw_text(kept)


# What was understood -----------------------------------------------------------------------------------------------


@bp.route("/regulations/import/<token>", methods=["GET", "POST"])
@keeping
def load_check(token: str) -> Any:
    upload = _upload_or_404(token, current_user.id)
    text, told = _text_or_404(upload)
    parsed = read(text)
    doubts = importing.open_doubts([*told, *parsed.doubts])
    form = SaidForm()
    if form.validate_on_submit() and _may_go_on(form, parsed, doubts, text):
        uploads.keep_beside(upload, SAID, importing.freeze(form.said()))
        return redirect(url_for("regulations.load_confirm", token=token), 303)
    if request.method == "GET":
        _fill(form, upload, parsed)
    lines = text.splitlines()
    page = render_template(
        "regulations/import_check.html",
        upload=upload,
        form=form,
        parsed=parsed,
        doubts=doubts,
        shown=[(doubt, importing.around(lines, doubt.line)) for doubt in doubts[:SHOWN]],
        serious=any(doubt.serious for doubt in doubts),
        tree=importing.tree_of(parsed.provisions[:MOST]),
        is_cut=len(parsed.provisions) > MOST,
        steps=STEPS,
    )
    return page, 422 if request.method == "POST" else 200


def _fill(form: SaidForm, upload: uploads.Upload, parsed: ParsedEdition) -> None:
    """What was said before, else what the text says, with the address of the regulation that has this name."""
    kept = uploads.find_beside(upload, SAID)
    if kept is None:
        known = foreseeing.known(parsed.title)
        said = importing.proposed(parsed, known.slug if known else importing.slug_for(parsed.title))
    else:
        said = importing.thaw(kept)
    form.process(formdata=None, obj=said)


def _may_go_on(form: SaidForm, parsed: ParsedEdition, doubts: list[Doubt], text: str) -> bool:
    """Whether nothing stands against storing it so; otherwise the fields say what."""
    if any(doubt.serious for doubt in doubts):
        return False
    wrong = foreseeing.wrong(form.said(), text)
    if doubts and not form.accepted.data:
        wrong["accepted"] = "请逐条核对疑问，并在这里打钩。"
    for name, sentence in wrong.items():
        form[name].errors = [sentence]
    return not wrong


# Storing ---------------------------------------------------------------------------------------------------------


@bp.route("/regulations/import/<token>/confirm", methods=["GET", "POST"])
@keeping
def load_confirm(token: str) -> Any:
    upload = uploads.find(token, purpose=PURPOSE, person_id=current_user.id)
    if upload is None and request.method == "POST":
        raise Refused("taken", "该文件正在入库或已经入库。", "请在“条例”中查看。")
    kept = uploads.find_beside(upload, SAID) if upload else None
    if upload is None or kept is None:
        not_found()
    text, told = _text_or_404(upload)
    said = importing.thaw(kept)
    if request.method == "POST":
        return _store(upload, text, told, said)
    parsed = importing.confirmed(read(text), said)
    return render_template(
        "regulations/import_confirm.html",
        upload=upload,
        said=said,
        parsed=parsed,
        doubts=[*told, *parsed.doubts],
        foreseen=foreseeing.foreseen(text, parsed, said, clock.now()),
        steps=STEPS,
    )


def _store(upload: uploads.Upload, text: str, told: list[Doubt], said: importing.Said) -> Any:
    with uploads.taking(upload) as taken:
        if taken is None:
            raise Refused("taken", "该文件正在入库或已经入库。", "请在“条例”中查看。")
        if foreseeing.wrong(said, text):
            raise Refused("changed", "核对之后系统中的法规有变化，没有入库。", "请返回核对结构，重新提交。")
        edition = actions.import_edition(
            text,
            slug=said.slug,
            now=clock.now(),
            actor_id=current_user.id,
            despite_doubts=True,  # they were ticked off where they stood
            said=said,
            told=told,
        )
        day = None if edition.in_force else edition.effective_on.isoformat()
        db.session.commit()
    flash(f"《{said.title}》已入库。", "ok")
    return redirect(url_for("regulations.show", slug=said.slug, edition=day), 303)


@bp.post("/regulations/import/<token>/discard")
@keeping
def load_discard(token: str) -> Any:
    uploads.discard(_upload_or_404(token, current_user.id))
    flash("已放弃导入，没有写入任何内容。", "info")
    return redirect(url_for("regulations.load"), 303)
