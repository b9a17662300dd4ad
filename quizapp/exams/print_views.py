"""An exam on paper: papers, answer cards and keys as Word and PDF, alone or all in one file."""

from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import current_app, redirect, url_for
from flask_login import current_user

from quizapp import audit, jobs, spreadsheets
from quizapp.bank import queries as bank
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.exams import access, assembling, drawing, marking_rules, queries
from quizapp.exams.drawing import LETTERS, Place
from quizapp.exams.models import Exam
from quizapp.exams.pages import bp, makers
from quizapp.exams.printing import (
    bundle,
    card_docx,
    key_docx,
    paper_docx,
    paper_pdf,
    sheets,
    sizes,
)
from quizapp.exams.printing.sheets import Printed, Question
from quizapp.exams.queries import PaperSource
from quizapp.people.models import Unit

DRAWN = 4  # papers that are printed where every candidate would draw an own one
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KEYS = ("key",)  # what is not for candidates


def layouts(exam: Exam, source: PaperSource) -> list[list[Place]]:
    """The papers to print, in the order in which they stand there: of a draw the first few."""
    if exam.mode == "draw":
        return (
            [source.paper("print", number, form=0) for number in range(1, DRAWN + 1)] if source.forms else []
        )
    return [
        drawing.layout(
            form.slots,
            form.plan,
            seed=exam.seed,
            candidate_id="print",
            number=1,
            shuffle_questions=False,
            shuffle_options=False,
            options_of=source.options_of,
        )
        for form in source.forms
    ]


def printed(exam: Exam, source: PaperSource) -> list[Printed]:
    """The papers in words. The keys are in them: never hand one to a page of candidates."""
    papers = layouts(exam, source)
    full = bank.full({place.revision_id for paper in papers for place in paper})
    names = [assembling.form_name(at) if len(papers) > 1 else "" for at in range(1, len(papers) + 1)]
    return [_printed(exam, paper, full, name) for paper, name in zip(papers, names, strict=True)]


def _printed(exam: Exam, paper: Sequence[Place], full: dict[int, bank.Full], name: str) -> Printed:
    questions = [
        _question(number, place, full[place.revision_id]) for number, place in enumerate(paper, start=1)
    ]
    total = sum(place.points for place in paper)
    lines = tuple(line.strip() for line in exam.notice.splitlines() if line.strip())
    usual = sheets.usual_notice(exam.minutes, total, exam.pass_mark, open_book=exam.open_book)
    key = f"{name} " + " ".join(f"{place.revision_id}:{place.order}" for place in paper)
    return Printed(
        title=exam.title,
        form=name,
        organiser=db.session.get_one(Unit, exam.unit_id).name,
        minutes=exam.minutes,
        total=total,
        pass_mark=exam.pass_mark,
        open_book=exam.open_book,
        notice=(*usual, *lines),
        sections=sheets.sections(questions, {"multiple": marking_rules.in_words(exam.multiple_rule)}),
        mark=sheets.mark_of(key, exam.seed),
    )


def _question(number: int, place: Place, face: bank.Full) -> Question:
    shown = [
        (letter, face.options[LETTERS.index(own)]) for letter, own in zip(LETTERS, place.order, strict=False)
    ]
    return Question(
        number=number,
        kind=face.kind,
        stem=face.stem,
        options=() if face.kind == "judge" else tuple(shown),
        key="".join(sorted(LETTERS[place.order.index(letter)] for letter in face.key)),
        points=place.points,
        explanation=face.explanation,
        citations=tuple((one.in_words, one.quote) for one in face.citations),
        any_number=face.any_number,
    )


MAKERS = {
    ("paper", "docx"): lambda paper, _forms: paper_docx.write(paper),
    ("paper-a3", "docx"): lambda paper, _forms: paper_docx.write(paper, sizes.A3),
    ("card", "docx"): lambda paper, forms: card_docx.write(paper, forms),
    ("key", "docx"): lambda paper, _forms: key_docx.write(paper),
    ("paper", "pdf"): lambda paper, _forms: paper_pdf.paper(paper),
    ("paper-a3", "pdf"): lambda paper, _forms: paper_pdf.paper(paper, sizes.A3),
    ("card", "pdf"): lambda paper, forms: paper_pdf.answer_card(paper, forms),
    ("key", "pdf"): lambda paper, _forms: paper_pdf.answer_key(paper),
}
WORDS = {"paper": "试卷", "paper-a3": "试卷（A3）", "card": "答题卡", "key": "标准答案与解析"}


@bp.post("/exams/<int:exam_id>/print/<what>/<int:form>.<ending>")
@makers
def print_one(exam_id: int, what: str, form: int, ending: str) -> Any:
    """One file. It is asked for by a form and noted: the key of an exam leaves the server here."""
    exam = access.exam_or_404(exam_id)
    access.may_draw(exam)
    if (what, ending) not in MAKERS:
        not_found()
    _only_frozen(exam)
    if what in KEYS:
        _only_with_keys(exam)
    papers = printed(exam, queries.frozen_source(exam))
    if not 1 <= form <= len(papers):
        not_found()
    audit.record("exam.printed", exam, actor_id=current_user.id, what=what, form=form, ending=ending)
    db.session.commit()
    paper = papers[form - 1]
    data = MAKERS[what, ending](paper, [one.form for one in papers if one.form])
    name = f"{bundle.file_name(paper)}{WORDS[what]}.{ending}"
    return spreadsheets.download(data, name, DOCX if ending == "docx" else "application/pdf")


@bp.post("/exams/<int:exam_id>/print/all")
@makers
def print_all(exam_id: int) -> Any:
    exam = access.exam_or_404(exam_id)
    access.may_draw(exam)
    _only_frozen(exam)
    _only_with_keys(exam)
    job = jobs.request_job("exams.print", {"exam_id": exam.id}, person_id=current_user.id)
    audit.record("exam.printed", exam, actor_id=current_user.id, what="all")
    db.session.commit()
    return redirect(url_for("home.job", token=job.token), 303)


def _only_frozen(exam: Exam) -> None:
    if exam.published_at is None:
        raise Refused("draft", "考试还没有发布，试卷还会变动，没有生成文件。", "请在发布后打印。")


def _only_with_keys(exam: Exam) -> None:
    if queries.hides_keys(exam, current_user.id):
        raise Refused("hidden", "试卷含组卷可用的题库，不提供标准答案，没有生成文件。")


@jobs.kind("exams.print")
def print_everything(job: jobs.Job, report: jobs.Report) -> dict[str, Any]:
    """All forms, cards and keys in one zip."""
    exam = db.session.get_one(Exam, job.payload["exam_id"])
    papers = printed(exam, queries.frozen_source(exam))
    title = exam.title
    db.session.rollback()
    data = bundle.bundle(papers, told=report)
    name = f"{token_hex(16)}.zip"
    folder = Path(current_app.config["INSTANCE_DIR"]) / "files"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return {"sentence": f"已生成{len(papers)}套试卷、答题卡和答案。", "file": name, "name": f"{title}.zip"}
