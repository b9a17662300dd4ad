"""What holds for all three QTI formats: nothing is lost on the way out and in, and no file makes them fall over."""

import io
import random
import re
import time
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.bank.drafts import CitationDraft, Draft, tidied
from quizapp.bank.formats import qti, qti2, qti3, qti12
from quizapp.errors import Refused
from tests.bank.formats.strategies import drafts, kept
from tests.linear import assert_linear

FORMATS = {"qti12": qti12, "qti21": qti2, "qti30": qti3}
every_format = pytest.mark.parametrize(("version", "form"), FORMATS.items(), ids=FORMATS)

QUESTION = tidied(
    Draft(
        "multiple",
        "下列说法，A&B <b>正确</b>的是（　　）。\n  第二行  空两格\n\n第四行",
        ["共同“受理”", "a < b && c > d", "第一行\n第二行", "<!-- 不是注释 -->"],
        "BD",
        "第一段。\n\n第二段：&nbsp;是四个字符以上。",
        5,
        [CitationDraft("第六条", "受理“60日”"), CitationDraft(kind="none")],
        "2024-01",
        ("mock",),
        ["情景", "a,b"],
        any_number=True,
    )
)


def xml_in(form, questions):
    """The first file of questions out of a package."""
    with zipfile.ZipFile(io.BytesIO(form.write(questions))) as archive:
        return archive.read(archive.namelist()[1])


@every_format
@given(st.data())
@settings(max_examples=25, deadline=None)
def test_what_is_written_is_read_back_without_loss(version, form, data):
    questions = data.draw(st.lists(drafts(), min_size=1, max_size=3))
    again = form.read(form.write(questions, "标题 & <题库>"), "题.zip")
    assert [kept(one, form.CARRIES) for one in again.drafts] == [kept(one, form.CARRIES) for one in questions]
    assert again.all_problems() == []
    assert [(one.line, one.source) for one in again.drafts] == [
        (place, "题.zip") for place in range(1, len(questions) + 1)
    ]


@every_format
def test_blank_lines_indents_and_signs_of_xml_survive(version, form):
    [again] = form.read(form.write([QUESTION]), "题.zip").drafts
    assert replace(again, line=0, source="") == QUESTION


@every_format
def test_a_question_without_key_or_explanation_is_written_and_read(version, form):
    bare = Draft("single", "甲（　　）。", ["一", "二"])
    [again] = form.read(form.write([bare]), "题.zip").drafts
    assert replace(again, line=0, source="") == bare


@every_format
def test_signs_that_xml_cannot_hold_are_left_out(version, form):
    question = Draft("judge", "甲\x0c\ufffe\ud800乙。", ["正确", "错误"], "A", explanation="丙\x1f")
    [again] = form.read(form.write([question]), "题.zip").drafts
    assert (again.stem, again.explanation) == ("甲乙。", "丙")


@every_format
def test_the_same_questions_give_the_same_bytes(version, form, monkeypatch):
    first = form.write([QUESTION], "题库")
    monkeypatch.setattr(time, "time", lambda: 2e9)
    assert form.write([QUESTION], "题库") == first


@every_format
def test_two_questions_with_one_code_have_two_identifiers(version, form):
    data = form.write([replace(QUESTION, code="XF-1"), replace(QUESTION, code="XF-1", stem="乙？")])
    assert [one.code for one in form.read(data, "题.zip").drafts] == ["XF-1", "XF-1"]


@every_format
def test_an_item_is_called_by_its_code_so_that_two_banks_do_not_meet(version, form):
    """A number alone is the same in every package: Canvas may overwrite the question that it has by that name."""
    package = form.write([replace(QUESTION, code="XF-024-01"), replace(QUESTION, code="示例-01")], "题库")
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        items = "".join(
            archive.read(name).decode() for name in archive.namelist() if name != "imsmanifest.xml"
        )
    assert re.findall(r'<(?:qti-)?(?:item|assessment-?[Ii]tem) ident(?:ifier)?="([^"]*)"', items) == [
        *("XF-024-01", "item-0002"),
    ]


@every_format
def test_a_version_is_known_by_its_content(version, form):
    assert qti.version_of(form.write([QUESTION])) == version
    assert qti.version_of(xml_in(form, [QUESTION])) == version
    assert len(form.read(xml_in(form, [QUESTION]), "题.xml").drafts) == 1


@every_format
def test_another_version_is_refused_with_its_name(version, form):
    for other in FORMATS.values():
        if other is not form:
            with pytest.raises(Refused, match="QTI"):
                form.read(other.write([QUESTION]), "题.zip")


# Damaged and hostile files --------------------------------------------------------------------------------------


def mutants(data, times, seed):
    """Copies that are cut, have a byte changed, or a piece doubled."""
    dice = random.Random(seed)
    for _ in range(times):
        copy = bytearray(data)
        at = dice.randrange(len(copy))
        change = dice.randrange(3)
        if change == 0:
            del copy[at:]
        elif change == 1:
            copy[at] = dice.randrange(256)
        else:
            copy[at:at] = copy[at : at + 100]
        yield bytes(copy)


def said(form, data):
    """Every sentence that reading a file says; anything but Refused comes through."""
    try:
        return [problem.message for problem in form.read(data, "题.zip").all_problems()]
    except Refused as refused:
        return [refused.sentence, refused.advice]


@every_format
def test_a_damaged_file_is_read_or_refused_with_sentences(version, form):
    package = form.write([QUESTION, Draft("judge", "乙。", ["正确", "错误"], "B", "丙")])
    for whole in (package, xml_in(form, [QUESTION])):
        for data in mutants(whole, 120, seed=len(whole)):
            qti.version_of(data)
            assert all(sentence.endswith("。") for sentence in said(form, data))


@every_format
@given(st.binary(max_size=300))
@settings(max_examples=50)
def test_any_bytes_are_refused_with_a_sentence(version, form, data):
    qti.version_of(data)
    with pytest.raises(Refused):
        form.read(data, "题.xml")


BOMB = '<!DOCTYPE a [<!ENTITY b "哈哈"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@every_format
@pytest.mark.parametrize("doctype", [BOMB, OUTSIDE, "<!DOCTYPE a>"])
def test_a_document_type_is_refused(version, form, doctype):
    xml = xml_in(form, [QUESTION]).decode().replace("?>\n", "?>\n" + doctype, 1).encode()
    assert qti.version_of(xml) is None
    with pytest.raises(Refused) as refused:
        form.read(xml, "题.xml")
    assert refused.value.code == "file_dtd"


@every_format
def test_elements_nested_without_end_are_no_recursion(version, form):
    xml = xml_in(form, [QUESTION]).decode()
    tag = {"qti12": "flow", "qti21": "div", "qti30": "div"}[version]
    body = {"qti12": "<presentation>", "qti21": "<itemBody>", "qti30": "<qti-item-body>"}[version]
    deep = xml.replace(body, body + f"<{tag}>" * 20_000 + "深" + f"</{tag}>" * 20_000)
    [draft] = form.read(deep.encode(), "题.xml").drafts
    assert draft.key == "BD"


PIECES = ["<a ", "<!--", "</", "<?", "<![CDATA[", "<a b='", "&", "<p>", "<script>", "（", "( ", "“", "依据："]


@every_format
@pytest.mark.parametrize("piece", PIECES)
def test_ten_times_the_text_takes_about_ten_times_as_long(version, form, piece):
    def file(length):
        question = Draft("single", "甲<p>" + piece * (length // len(piece)), ["一", "二"], "A", "解析")
        return xml_in(form, [question]).replace(b"text/plain", b"text/html")

    assert_linear(file, lambda data: form.read(data, "题.zip"), 10_000)


@every_format
def test_ten_times_the_questions_take_about_ten_times_as_long(version, form):
    assert len(form.read(form.write([QUESTION] * 300), "题.zip").drafts) == 300
    assert_linear(lambda count: form.write([QUESTION] * count), lambda data: form.read(data, "题.zip"), 30)
