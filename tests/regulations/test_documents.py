"""Files of regulations: what Word, WPS and editors write comes back as the same tree, what means harm as a sentence."""

import io
import json
import zipfile

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp import child
from quizapp.bank.formats import word_reader
from quizapp.errors import Refused
from quizapp.regulations import documents
from quizapp.regulations.structure import read
from tests.bank.formats.test_docx import item, level, numbering, p, r, table, word
from tests.regulations.published import nodes, plain, publish, styles, trees, understood

READ_IN_A_CHILD = child.read


@pytest.fixture(autouse=True)
def _in_this_process(app, monkeypatch):
    """What a reader says is the same here, and sooner; whoever tests bad files takes `in_a_child`."""
    monkeypatch.setattr(child, "read", lambda _name, data: json.loads(json.dumps(word_reader.read(data))))


@pytest.fixture
def in_a_child(monkeypatch):
    monkeypatch.setattr(child, "read", READ_IN_A_CHILD)


def tree(data: bytes, name: str = "条例.docx"):
    return understood(read(documents.read(data, name).text))


def told(data: bytes) -> list[tuple[str, int]]:
    return [(doubt.code, doubt.line) for doubt in documents.read(data, "条例.docx").told]


def paragraphs(text: str, *, soft: bool = False) -> bytes:
    """A Word file with a paragraph a line, or all lines of it in one paragraph with soft breaks."""
    document = docx.Document()
    if soft:
        run = document.add_paragraph().add_run()
        for line in text.splitlines():
            run.add_text(line)
            run.add_break()
    else:
        for line in text.splitlines():
            document.add_paragraph(line)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(trees(), styles, st.booleans())
def test_any_tree_comes_back_from_a_word_file(one, style, soft):
    assert tree(paragraphs(publish(one, plain(style)), soft=soft)) == nodes(one)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("name", ["条例.txt", "条例.md", "条例.TXT"])
def test_text_is_read_in_the_encodings_that_people_have(text, parsed, encoding, name):
    assert tree(text.encode(encoding), name) == understood(parsed)


def test_the_shipped_regulation_comes_back_the_same_from_every_kind_of_file(text, parsed, in_a_child):
    bare = "\n".join(line.lstrip("#- ") for line in text.splitlines() if line)
    glued = bare.replace("条\n", "条　")
    for data, name in (
        (text.encode(), "regulation.md"),
        (bare.encode("gb18030"), "条例.txt"),
        (glued.replace("\n", "\r\n　　").encode("utf-16"), "条例.txt"),
        (paragraphs(bare), "条例.docx"),
        (paragraphs(glued, soft=True), "条例.docx"),
    ):
        edition = read(documents.read(data, name).text)
        assert understood(edition) == understood(parsed), name
        assert edition.doubts == []
        assert (edition.title, edition.facts) == (parsed.title, parsed.facts)


# Word ----------------------------------------------------------------------------------------------------------

LEVELS = numbering(
    level(0, "chineseCountingThousand", "第%1章")
    + level(1, "chineseCountingThousand", "第%2条", '<w:lvlRestart w:val="0"/>')
    + level(2, "chineseCountingThousand", "（%3）")
    + level(3, "decimal", "%4.")
)


def test_what_word_counts_by_itself_is_counted():
    body = [p("试验条例"), p("施行日期：2024-01-01"), item("总则"), item("为了做好工作。", 1), item("包括：", 1),
            item("机关：", 2), item("党的机关；", 3), item("行政机关；", 3), item("团体。", 2), p("其他组织参照。"),
            item("附则", 0), item("施行。", 1)]  # fmt: skip
    found = tree(word("".join(body), numbering=LEVELS))
    assert [anchor for _, anchor, _, _ in found] == [
        *("c1", "1", "1.1", "2", "2.1", "2.1.1", "2.1.1.1", "2.1.1.2", "2.1.2", "2.2", "c2", "3", "3.1")
    ]
    assert found[3][3] == "包括：\n（一）机关：\n1.党的机关；\n2.行政机关；\n（二）团体。\n其他组织参照。"


def test_a_table_of_one_column_frames_the_text_and_of_others_nothing_is_read():
    framed = table(["试验条例"], ["施行日期：2024-01-01"], ["第一条 甲。"])
    form = table(["姓名", "单位"], ["", ""])
    data = word(framed + p("第二条 乙。") + form + p("第三条 丙。"))
    assert [anchor for _, anchor, _, _ in tree(data)] == ["1", "1.1", "2", "2.1", "3", "3.1"]
    assert told(data) == [("table", 5)]
    assert "姓名 单位" in documents.read(data, "条例.docx").told[0].sentence


def test_what_no_text_can_show_is_told_with_its_line():
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    deleted = f"<w:del>{r('旧')}</w:del>"
    data = word(p("试验条例") + p("第一条 甲", note, "。") + p("第二条 ", deleted, "乙。"))
    assert told(data) == [("deleted", 0), ("note", 2)]


# Bad files -----------------------------------------------------------------------------------------------------


def packed(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return target.getvalue()


ENTITY = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]><document><body>&c;</body></document>'
LOCKED = b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
BAD = {
    "bomb.docx": (lambda: packed(word__document_xml=b" " * 200_000_000), "file_too_large"),
    "entity.docx": (lambda: packed(word__document_xml=ENTITY), "file_dtd"),
    "macros.docm": (lambda: word(p("第一条 甲。")), "file_macros"),
    "locked.docx": (lambda: LOCKED, "file_locked"),
    "half.docx": (lambda: word(p("第一条 甲。"))[:200], "file_broken"),
    "sheet.docx": (lambda: packed(xl__workbook_xml=b"<workbook/>"), "file_broken"),
    "text.docx": (lambda: "第一条 甲。".encode(), "file_broken"),
    "scan.pdf": (lambda: b"%PDF-1.7\n1 0 obj", "file_kind"),
    "scan.txt": (lambda: b"%PDF-1.7\n1 0 obj", "file_kind"),
    "page.txt": (lambda: "<!DOCTYPE html><p>第一条 甲。".encode(), "file_kind"),
    "program.exe": (lambda: b"MZ" + bytes(100), "file_kind"),
    "picture.txt": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "file_encoding"),
    "empty.txt": (lambda: b" \r\n", "file_empty"),
    "blank.docx": (lambda: word(p("")), "file_empty"),
    "long.txt": (lambda: "条".encode() * 1_000_001, "file_too_large"),
}


@pytest.mark.parametrize("name", BAD)
def test_h32_h33_a_bad_file_is_refused_with_a_sentence(in_a_child, name):
    """Hazards H32, H33."""
    make, code = BAD[name]
    with pytest.raises(Refused) as refused:
        documents.read(make(), name)
    assert refused.value.code == code
    assert refused.value.sentence.endswith("。")
    assert "没有保存任何内容" in refused.value.advice


def test_an_old_file_is_converted_or_names_the_way_out(monkeypatch):
    """Without LibreOffice: save it as .docx; with it, what it makes is read (see bank/formats/test_office.py)."""
    old = b"\xd0\xcf\x11\xe0" + bytes(600)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Refused) as refused:
        documents.read(old, "条例.doc")
    assert (refused.value.code, "另存为.docx" in refused.value.sentence) == ("file_old", True)
    made = word(p("试验条例") + p("第一条 甲。"))
    monkeypatch.setitem(documents.readers, "old", lambda data, name: (made, "条例.docx"))
    assert [anchor for _, anchor, _, _ in tree(old, "条例.doc")] == ["1", "1.1"]


def read_or_refuse(data: bytes, name: str) -> None:
    refusal = None
    try:
        read(documents.read(data, name).text)
    except Refused as refused:
        refusal = refused
    assert refusal is None or (refusal.sentence.endswith("。") and "没有保存任何内容" in refusal.advice)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-16")),
    st.sampled_from(["甲.txt", "甲.md", "甲.docx", "甲.doc", "甲.wps", "甲", "甲.rtf", "甲.pdf"]),
)
def test_h30_any_bytes_under_any_name_are_refused_or_read(data, name):
    """Hazard H30."""
    read_or_refuse(data, name)


WHOLE = word(p("试验条例") + p("第一条 甲。") + table(["子", "丑"]) + item("乙。", 1), numbering=LEVELS)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, len(WHOLE)), st.integers(0, 200), st.binary(max_size=6), st.booleans())
def test_h29_h30_a_damaged_word_file_is_refused_or_read(in_a_child, start, length, put, cut):
    """Hazards H29, H30: cut off, bytes changed, a part doubled; in a child, as they come in."""
    end = len(WHOLE) if cut else start + length
    read_or_refuse(WHOLE[:start] + put + WHOLE[end:], "条例.docx")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(trees(), styles, st.data())
def test_h29_a_text_with_lines_lost_doubled_or_moved_is_read_with_doubts_or_without(one, style, data):
    """Hazard H29: nothing raises, and no two provisions share an anchor without a serious doubt."""
    lines = publish(one, style).splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, max(len(lines) - 1, 0)))
        lines[place : place + 1] = data.draw(
            st.sampled_from([[], lines[place : place + 1] * 2, ["第一条 又一条。"]])
        )
    edition = read("\n".join(lines))
    anchors = [provision.anchor for provision in edition.provisions]
    assert len(anchors) == len(set(anchors)) or any(doubt.serious for doubt in edition.doubts)
