"""All that is printed for an exam in one zip: papers, answer cards and keys of every form, as Word and PDF."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence

from quizapp.exams.printing import card_docx, key_docx, paper_docx, paper_pdf
from quizapp.exams.printing.key import TITLE
from quizapp.exams.printing.sheets import Printed, printable

LONGEST = 60  # characters of a title within a file name
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_WRITTEN = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes


def files(paper: Printed, forms: Sequence[str]) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """(path in the zip, what makes it) of one form. Keys lie in a folder of their own, so that no candidate gets one.

    An answer card is made only for a paper that is answered on one. forms: all forms of the exam.
    """
    name = file_name(paper)
    yield f"试卷/{name}试卷.docx", lambda: paper_docx.write(paper)
    yield f"试卷/{name}试卷.pdf", lambda: paper_pdf.paper(paper)
    if paper.on_card:
        yield f"答题卡/{name}答题卡.docx", lambda: card_docx.write(paper, forms)
        yield f"答题卡/{name}答题卡.pdf", lambda: paper_pdf.answer_card(paper, forms)
    yield f"{TITLE}（考前勿发）/{name}{TITLE}.docx", lambda: key_docx.write(paper)
    yield f"{TITLE}（考前勿发）/{name}{TITLE}.pdf", lambda: paper_pdf.answer_key(paper)


def file_name(paper: Printed) -> str:
    """青石县2026年度学法考试（A卷）, without signs that a file system refuses; 考试 for a title of nothing else."""
    title = _NOT_IN_NAMES.sub(" ", printable(paper.title)).strip(" .")[:LONGEST].strip(" .") or "考试"
    form = _NOT_IN_NAMES.sub(" ", printable(paper.form)).strip(" .")
    return f"{title}（{form}）" if form else title


def bundle(papers: Sequence[Printed], told: Callable[[int, int], None] = lambda done, of: None) -> bytes:
    """The zip. told: called with (files made, files in all) after each. Raises Refused without a Chinese font,
    ValueError when two papers would have the same file names."""
    forms = [paper.form for paper in papers]
    made = [file for paper in papers for file in files(paper, forms)]
    if len({path for path, _ in made}) != len(made):
        raise ValueError("two papers of one name: each form has a name of its own")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, (path, make) in enumerate(made, 1):
            entry = zipfile.ZipInfo(path, _WRITTEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, make())
            told(done, len(made))
    return target.getvalue()
