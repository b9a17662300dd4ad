"""PDF: the same words as in Word, whatever they are, and no key on a candidate's paper."""

import io
import re

import pypdf
import pytest

from quizapp import typesetting
from quizapp.errors import Refused
from quizapp.exams.printing import paper_pdf
from quizapp.exams.printing.sheets import usual_notice
from quizapp.exams.printing.sizes import A3
from tests.exams.printing.conftest import many, paper
from tests.exams.printing.weird import WEIRD, weird_paper

pytestmark = pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:pypdf")


def pages_of(data: bytes) -> list[str]:
    """The text of each page, without blanks and line breaks."""
    return [
        re.sub(r"[\s\u200b]", "", page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(data)).pages
    ]


def without_blanks(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def words(small):
    return "".join(pages_of(paper_pdf.paper(small)))


def test_a_paper_has_head_notice_questions_and_options(words, small):
    for part in (small.title, "试卷（A卷）", small.facts, *small.notice, f"试卷标识：{small.mark}"):
        assert without_blanks(part) in words
    for one in small.questions:
        assert without_blanks(f"{one.number}．{one.asked}") in words
        assert all(f"{letter}．{text}" in words for letter, text in one.options)
    assert all(section.heading in words for section in small.sections)


def test_a_paper_tells_no_key(words):
    assert not any(word in words for word in ("解释1", "引文1", "【答案】"))


def test_the_same_paper_is_the_same_file(small):
    assert paper_pdf.paper(small) == paper_pdf.paper(small)


def test_a_paper_of_two_hundred_questions_has_them_all_and_counts_its_pages():
    pages = pages_of(paper_pdf.paper(paper(*many(100, 50, 50))))
    words = "".join(pages)
    assert all(f"{number}．第{number}道" in words for number in range(1, 201))
    for number, page in enumerate(pages, 1):
        assert f"第{number}页共{len(pages)}页" in page
    assert "密封线内不要答题）" in pages[0]
    assert not any("单位：" in page for page in pages[1:])


def test_a_question_stays_on_one_page():
    for page in pages_of(paper_pdf.paper(paper(*many(60, 0, 0)))):
        numbers = set(re.findall(r"第(\d+)道", page))
        assert numbers == set(re.findall(r"选项(\d+?)D", page))


def test_the_card_fits_a_hundred_questions_on_one_page():
    pages = pages_of(paper_pdf.answer_card(paper(*many(40, 20, 40)), ("A卷", "B卷")))
    assert len(pages) == 1
    assert "40ABCD" in pages[0]
    assert "100√×" in pages[0]
    assert "A卷B卷" in pages[0]


def test_the_key_tells_letters_quotes_and_explanations(small):
    words = "".join(pages_of(paper_pdf.answer_key(small)))
    for part in (
        "【答案】B．选项1B",
        "【依据】第二十四条第一款“引文4”",
        "【解析】解释6",
        "考试结束前不得外传",
    ):
        assert part in words


@pytest.mark.parametrize("write", [paper_pdf.paper, paper_pdf.answer_key])
def test_text_is_text_and_never_markup(write):
    """Nothing is evaluated, no question leaves the page, and what is longer than a page goes on."""
    found = "".join(pages_of(write(weird_paper())))
    for text in WEIRD[:4] + WEIRD[6:]:
        assert without_blanks(text) in found
    assert "野家" in found
    if write is paper_pdf.paper:
        assert found.count("很长的选项，") == 4 * 300


def test_a_second_page_of_a_card_asks_again_whose_it_is():
    pages = pages_of(paper_pdf.answer_card(paper(*many(100, 50, 50)), ("A卷", "B卷")))
    assert ["姓名：____" in page for page in pages] == [False, True]


def test_on_a3_the_paper_has_fewer_pages_and_every_question():
    large = paper(*many(60, 20, 20))
    on_a4, on_a3 = paper_pdf.paper(large), paper_pdf.paper(large, A3)
    pages = pages_of(on_a3)
    assert len(pages) < len(pages_of(on_a4))
    words = "".join(pages)
    assert all(f"{number}．第{number}道" in words for number in range(1, 101))
    box = pypdf.PdfReader(io.BytesIO(on_a3)).pages[0].mediabox
    assert (round(box.width / 72 * 25.4), round(box.height / 72 * 25.4)) == (420, 297)


def test_a_paper_answered_on_itself_says_so():
    plain = paper(
        *many(1, 0, 1), on_card=False, notice=usual_notice(60, 20, 10, open_book=True, on_card=False)
    )
    assert "答题卡" not in "".join(pages_of(paper_pdf.paper(plain)))


def test_one_font_stands_in_for_the_other_and_none_is_refused():
    assert typesetting.chosen(frozenset({"SimHei", "Arial"})) == (["SimHei"], ["SimHei"])
    assert typesetting.chosen(frozenset({"SimSun", "SimHei"})) == (["SimSun"], ["SimHei"])
    with pytest.raises(Refused) as refused:
        typesetting.chosen(frozenset({"Arial"}))
    assert refused.value.code == "no_font"
    assert "没有改动任何内容" in refused.value.sentence
