"""Word: what stands on paper, card and key, and what must not."""

import io
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import docx
import pytest
from docx.oxml.ns import qn

from quizapp.bank.drafts import BLANK
from quizapp.exams.printing import card_docx, key_docx, paper_docx, seal
from quizapp.exams.printing.sizes import A3
from quizapp.exams.printing.word import UNBROKEN
from tests.exams.printing.conftest import many, paper, question
from tests.exams.printing.weird import WEIRD, weird_paper


def opened(data: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(data))


def words_of(data: bytes) -> str:
    """Every text of every part: body, text boxes, headers, footers."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [name for name in archive.namelist() if re.match(r"word/(document|header|footer)", name)]
        trees = [ElementTree.fromstring(archive.read(name)) for name in parts]  # noqa: S314 - written by us
    words = "\n".join("".join(p.itertext()) for tree in trees for p in tree.iter(qn("w:p")))
    return words.replace(UNBROKEN, BLANK)


@pytest.fixture(scope="module")
def written(small):
    return paper_docx.write(small)


def test_a_paper_has_seal_line_head_notice_and_table_of_marks(written, small):
    words, table = words_of(written), opened(written).tables[0]
    for part in (small.title, "试卷（A卷）", small.facts, "注意事项：", seal.WORDS, *small.notice):
        assert part in words
    for name, _ in seal.FIELDS:
        assert f"{name}：" in words
    assert [cell.text for cell in table.rows[0].cells] == ["题号", "一", "二", "三", "总分"]
    assert [row.cells[0].text for row in table.rows] == ["题号", "得分", "阅卷人"]


def test_the_seal_line_stands_upright_at_the_left_edge(written):
    body = opened(written).element.body
    box = body.find(f".//{{{'http://schemas.microsoft.com/office/word/2010/wordprocessingShape'}}}bodyPr")
    assert box.get("vert") == "vert270"


def test_a_paper_has_every_question_and_option(written, small):
    words = words_of(written)
    for one in small.questions:
        assert f"{one.number}．{one.asked}" in words
        assert all(f"{letter}．{text}" in words for letter, text in one.options)
    assert all(section.heading in words for section in small.sections)


def test_a_paper_tells_no_key(written, small):
    """Another key, explanation and citation make the very same paper."""
    other = [replace(one, key="A", explanation="另一个", citations=()) for one in small.questions]
    with zipfile.ZipFile(io.BytesIO(written)) as here:
        with zipfile.ZipFile(io.BytesIO(paper_docx.write(paper(*other)))) as there:
            assert here.read("word/document.xml") == there.read("word/document.xml")
    assert not any(word in words_of(written) for word in ("解释1", "引文1", "答案："))


def test_a_question_is_never_split_between_pages(written, small):
    """Its paragraphs hold together, and each but the last stays with the next."""
    paragraphs = opened(written).paragraphs
    start = next(i for i, p in enumerate(paragraphs) if p.text.startswith("1．第1道"))
    stem, options, following = paragraphs[start : start + 3]
    assert stem.paragraph_format.keep_with_next
    assert options.text.count("\t") == 3
    assert not options.paragraph_format.keep_with_next
    assert following.text.startswith("2．")
    assert all(p.paragraph_format.keep_together for p in (stem, options, following))


def test_pages_are_counted_and_marked(written, small):
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        footers = [archive.read(name).decode() for name in archive.namelist() if "footer" in name]
    assert len(footers) == 2  # the first page has its own
    for footer in footers:
        assert "PAGE" in footer
        assert "NUMPAGES" in footer
        assert small.mark in footer


def test_fonts_are_named_in_chinese_for_han_characters(written):
    styles = opened(written).styles
    for name, font in (("Normal", "宋体"), ("Title", "黑体")):
        assert styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) == font


def test_the_card_has_a_box_for_everything_that_can_be_ticked(small):
    words = words_of(card_docx.write(small, ("A卷", "B卷")))
    assert "  1 [A][B][C][D]" in words
    assert "  6 [√][×]" in words
    assert "■A卷　□B卷" in words
    assert "□" * 8 in words


def test_a_card_of_the_only_form_asks_for_no_form():
    assert "卷别\n" not in words_of(card_docx.write(paper(*many(1, 0, 0), form=""), ("",)))


def test_the_key_tells_letters_quotes_and_explanations(small):
    data = key_docx.write(small)
    words, tables = words_of(data), opened(data).tables
    assert [cell.text for cell in tables[1].rows[1].cells][:3] == ["答案", "ACD", "ACD"]
    assert "【答案】B．选项1B" in words
    assert "【答案】ACD　A．选项4A；C．选项4C；D．选项4D" in words
    assert "【答案】×（错误）" in words
    assert "【依据】第二十四条第一款 “引文1”" in words
    assert "【解析】解释6" in words


@pytest.mark.parametrize("write", [paper_docx.write, card_docx.write, key_docx.write])
def test_every_text_survives_word(write):
    words = words_of(write(weird_paper()))
    if write is not card_docx.write:
        assert all(text in words for text in WEIRD)


def test_two_hundred_questions_are_all_there():
    words = words_of(paper_docx.write(paper(*many(100, 50, 50))))
    assert all(f"{number}．第{number}道" in words for number in range(1, 201))


def test_marks_stand_behind_questions_of_unequal_worth():
    words = words_of(paper_docx.write(paper(question(1, points=15), question(2))))
    assert "1．第1道关于受理的题目（　　）（1.5分）" in words


def test_on_a3_the_paper_has_two_columns(small):
    section = opened(paper_docx.write(small, A3)).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (420, 297)
    assert section._sectPr.find(qn("w:cols")).get(qn("w:num")) == "2"


def test_no_line_ends_within_the_place_for_an_answer(small):
    stem = next(p for p in opened(paper_docx.write(small)).paragraphs if p.text.startswith("1．第"))
    assert stem.text.endswith("（\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0）")


def test_a_second_page_of_a_card_asks_again_whose_it_is():
    words = words_of(card_docx.write(paper(*many(100, 50, 50)), ("A卷", "B卷")))
    assert "青石县2026年度学法考试（A卷）答题卡　　姓名：____" in words
