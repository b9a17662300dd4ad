"""Headings, counts and marks of a paper, and how its options are laid out."""

import pytest

from quizapp.exams.printing import sheets, widths
from tests.exams.printing.conftest import many, paper, question


@pytest.mark.parametrize(
    ("kind", "count", "rule", "words"),
    [
        ("single", 40, "", "一、单选题（共40题，每题1分，共40分。每题只有一个正确答案）"),
        (
            "multiple",
            20,
            "少选、多选、错选均不得分。",
            "一、多选题（共20题，每题1分，共20分。每题有两个或两个以上正确答案，少选、多选、错选均不得分）",
        ),
        ("judge", 1, "", "一、判断题（共1题，共1分。正确的选“√”，错误的选“×”）"),
    ],
)
def test_a_heading_tells_count_and_marks(kind, count, rule, words):
    assert sheets.heading(1, [question(number, kind) for number in range(count)], rule) == words


def test_half_marks_and_unequal_marks_are_told():
    uneven = [question(1, points=15), question(2, points=10)]
    section = sheets.sections(uneven)[0]
    assert section.heading == "一、单选题（共2题，共2.5分，每题分值见题后。每题只有一个正确答案）"
    assert section.words_of(uneven[0]).endswith("（　　）（1.5分）")


def test_sections_are_numbered_in_the_order_of_the_paper():
    found = sheets.sections(many(2, 1, 1))
    assert [section.heading[:5] for section in found] == ["一、单选题", "二、多选题", "三、判断题"]


def test_a_section_of_questions_with_any_number_of_right_letters_says_so():
    loose = [question(1, "multiple", any_number=True)]
    assert sheets.heading(2, loose).startswith("二、不定项选择题（共1题，共1分。每题有一个或一个以上正确答案")
    assert sheets.sections(loose)[0].words_of(loose[0]).startswith("（不定项）")


def test_a_section_without_questions_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="has questions"):
        sheets.heading(1, [])


def test_a_stem_without_a_blank_gets_a_place_for_the_answer():
    assert question(1, stem="信访工作应当").asked == "信访工作应当（　　）"
    assert question(1, stem="由（　　）受理。").asked == "由（　　）受理。"
    assert question(1, stem="由____受理。").asked == "由____受理。"


def test_the_mark_traces_a_sheet_to_its_form_and_seed():
    mark = sheets.mark_of("ab" * 32, "1")
    assert mark == sheets.mark_of("ab" * 32, "1")
    assert len({mark, sheets.mark_of("ab" * 32, "2"), sheets.mark_of("ac" * 32, "1")}) == 3
    assert len(mark) == 14


def test_the_name_and_facts_of_a_paper(small):
    assert small.name == "青石县2026年度学法考试（A卷）"
    assert paper(*many(1, 0, 0), form="").name == "青石县2026年度学法考试"
    assert small.facts == "考试时间：60分钟　　满分：6分　　闭卷"


def test_the_usual_notice_says_where_answers_go():
    card = sheets.usual_notice(60, 1000, 600, open_book=False)
    assert "考试时间60分钟，满分100分，60分及以上为合格。" in card
    assert any("答题卡" in line for line in card)
    plain = sheets.usual_notice(60, 1000, 600, open_book=True, on_card=False)
    assert not any("答题卡" in line for line in plain)
    assert any("开卷" in line for line in plain)


@pytest.mark.parametrize(
    ("texts", "count"),
    [
        (("15日", "30日", "60日", "90日"), 4),
        (("县自然资源部门的接待场所", "市自然资源部门", "省", "部"), 2),
        (("很长" * 15, "短", "短", "短"), 1),
        (("一\n二", "短", "短", "短"), 1),
    ],
)
def test_options_share_a_line_as_the_longest_allows(texts, count):
    assert widths.per_line(tuple(zip("ABCD", texts, strict=True)), 80) == count


def test_a_han_character_is_two_latin_letters_wide():
    assert widths.width("信访ab") == 6
    assert widths.width("e\u0301") == 1


def test_printable_text_has_nothing_that_xml_refuses():
    assert sheets.printable("a\x00\tb\ufffe\ud800\r\nc") == "a b\nc"
