"""Files that are broken or mean harm, through the same door as every import: a sentence, and nothing is written.

What is special to one format is tested beside it (tests/bank/formats).
"""

import zipfile
from functools import cache
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from quizapp.bank import folders, formats
from quizapp.bank.checking import check
from quizapp.bank.formats import READABLE, WRITABLE, recognise
from quizapp.bank.models import Question, Revision
from quizapp.db import db
from quizapp.errors import Refused
from tests.bank.conftest import SHIPPED, shipped_law

ADDRESS = "/banks/xinfang-gongzuo-tiaoli"
NAMES = [f"题.{ending}" for one in formats.FORMATS for ending in one.endings if one.name != "office"]
IN_A_CHILD = {"xlsx", "docx"}  # each reading starts a process: fewer examples


@cache
def whole(kind):
    drafts = folders.read_questions(SHIPPED).drafts
    return formats.write([*drafts[:3], *drafts[-2:]], kind, "一套试题")


def read_or_refuse(data, name):
    """What is read and checked; none for a file that is refused with a sentence and advice."""
    refusal = None
    try:
        reading = formats.read(data, name)
        check(reading.drafts, {"": shipped_law()})
    except Refused as refused:
        refusal, reading = refused, None
    assert refusal is None or (refusal.sentence and "没有保存任何内容" in refusal.advice)
    return reading


@pytest.mark.parametrize("kind", WRITABLE)
def test_h29_h30_a_damaged_file_is_refused_or_read_and_never_breaks(kind):
    """Hazards H29, H30: cut off, bytes changed, a part doubled."""
    data, name = whole(kind), f"题.{formats.BY_NAME[kind].endings[0]}"
    assert len(read_or_refuse(data, name).drafts) == 5

    @settings(
        max_examples=12 if kind in IN_A_CHILD else 60, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.integers(0, len(data)), st.integers(0, 400), st.binary(max_size=6), st.booleans())
    def damaged(start, length, put, cut):
        end = len(data) if cut else start + length
        read_or_refuse(data[:start] + put + data[end:], name)

    damaged()


@pytest.mark.parametrize("name", NAMES)
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-16"))))
@settings(max_examples=15, deadline=None)
def test_h30_any_bytes_under_any_name_are_refused_or_read(name, data):
    """Hazard H30."""
    read_or_refuse(data, name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("kind", ["md", "text", "csv", "gift", "aiken"])
def test_text_is_read_in_the_encodings_that_people_have(kind, encoding):
    text = whole(kind).decode("utf-8-sig")
    again = formats.read(text.encode(encoding), f"题.{formats.BY_NAME[kind].endings[0]}", kind)
    assert [draft.stem for draft in again.drafts] == [
        draft.stem for draft in formats.read(whole(kind), "题", kind).drafts
    ]


@pytest.mark.parametrize("kind", WRITABLE)
def test_a_format_is_recognised_by_what_is_in_the_file(kind):
    ending = formats.BY_NAME[kind].endings[0]
    assert recognise(whole(kind), f"题.{ending}") == kind
    assert set(WRITABLE) < set(READABLE)


def bomb(inside):
    """200 MB of blanks in a zip that looks like a workbook, a document or a package."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(inside, b" " * 200_000_000)
    return target.getvalue()


HOSTILE = {
    "bomb.xlsx": bomb("xl/workbook.xml"),
    "bomb.docx": bomb("word/document.xml"),
    "bomb.zip": bomb("imsmanifest.xml"),
    "entity.xml": b'<!DOCTYPE quiz [<!ENTITY a "b">]><quiz><question type="truefalse">&a;</question></quiz>',
    "outside.xml": b'<!DOCTYPE a SYSTEM "http://example.invalid/"><questestinterop/>',
    "program.exe": b"MZ" + bytes(100),
    "half.xlsx": b"PK\x03\x04",
    "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
}


def test_h32_h33_h44_a_hostile_file_gives_a_sentence_and_writes_nothing(as_he, bank):
    """Hazards H32, H33; that no socket is opened (H44) is watched in every test."""
    counts = select(func.count(Question.id)), select(func.count(Revision.id))
    before = [db.session.scalar(count) for count in counts]
    page = as_he.page(f"{ADDRESS}/import")
    for name, data in HOSTILE.items():
        form = {"csrf_token": page.token, "file": (BytesIO(data), name), "format": "", "text": ""}
        reply = as_he.read(as_he.post(page.path, data=form))
        assert (reply.status, "没有保存任何内容" in reply.text) == (422, True), name
    assert [db.session.scalar(count) for count in counts] == before


def test_h31_a_file_that_is_too_large_is_refused_before_it_is_read(app, as_he, bank):
    """Hazard H31."""
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    page = as_he.page(f"{ADDRESS}/import")
    form = {"csrf_token": page.token, "file": (BytesIO(b"x" * 20_000), "题.txt")}
    reply = as_he.read(as_he.post(page.path, data=form))
    assert (reply.status, "超过了大小限制" in reply.text) == (413, True)


PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '"><script>alert(1)</script>',
    "<a href='javascript:alert(1)'>x</a>",
    "<style>*{display:none}</style>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
]


@pytest.mark.parametrize("kind", ["moodle-xml", "qti21", "gift", "md", "docx"])
def test_h36_markup_in_imported_text_is_text_on_the_desk(as_he, bank, kind):
    """Hazard H36: what a file says is shown as words; no tag of it reaches a page."""
    drafts = folders.read_questions(SHIPPED).drafts[:1]
    drafts[0].stem = "题" + "".join(PAYLOADS)
    drafts[0].code = ""
    data = formats.write(drafts, kind)
    ending = formats.BY_NAME[kind].endings[0]
    page = as_he.page(f"{ADDRESS}/import").press("检查试题", file=(BytesIO(data), f"题.{ending}"))
    assert page.status == 200
    for tag in ("<script>alert", "<img src=x", "<svg onload", "<iframe", "<style>*"):
        assert tag not in page.html.split("<main")[1]
