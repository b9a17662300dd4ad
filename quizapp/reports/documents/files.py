"""The documents of an exam as files to keep: which formats there are, and under which names they go out."""

from collections.abc import Callable

from flask import Response

from quizapp.reports.documents import circular_docx, circular_pdf, form_docx, form_pdf, form_xlsx
from quizapp.reports.documents.circular import Circular
from quizapp.reports.documents.form import Form
from quizapp.spreadsheets import XLSX, download

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
KINDS = {"docx": DOCX, "xlsx": XLSX, "pdf": PDF}


def form_file(form: Form, sheet: str, kind: str) -> bytes:
    """A form in a format: docx, xlsx (its sheet of this name) or pdf. Raises Refused without a Chinese font."""
    writers: dict[str, Callable[[], bytes]] = {
        "docx": lambda: form_docx.write(form),
        "xlsx": lambda: form_xlsx.write(form, sheet),
        "pdf": lambda: form_pdf.write(form),
    }
    return writers[kind]()


def circular_file(circular: Circular, kind: str) -> bytes:
    """A 通报 as docx or pdf. Raises Refused without a Chinese font."""
    return circular_docx.write(circular) if kind == "docx" else circular_pdf.write(circular)


def sent(data: bytes, title: str, kind: str) -> Response:
    """The answer: a file with the document's title as its name."""
    return download(data, f"{title}.{kind}", KINDS[kind])
