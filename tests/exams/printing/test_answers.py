"""What a person types for the answers of one sheet, and what is never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exams.printing.answers import Asked, Unclear, read

SINGLE, MULTIPLE, JUDGE = Asked("single", "ABCD"), Asked("multiple", "ABCDE"), Asked("judge", "AB")
FORM = (SINGLE, SINGLE, SINGLE, MULTIPLE, MULTIPLE, JUDGE, JUDGE)
READ = ("B", "D", "A", "AC", "ABD", "A", "B")


@pytest.mark.parametrize(
    "text",
    [
        "B、D、A、AC、ABD、√、×",
        "B,D,A,AC,ABD,A,B,",
        "b，d，a，c a，(a b d)，对，错。",
        "Ｂ　Ｄ　Ａ　ＡＣ　ＡＢＤ　✓　✗",
        "BDA(AC)(ABD)√×",
        "BDA（A、C）【ABD】正确错误",
        "B D A AC ABD √ X",
        "BDA AC ABD √×",
        "BD A (AC)(ABD) √×",
        "B;D;A;CA;DBA;√;×",
        "\n BDA\nAC\nABD\n√×\n",
    ],
)
def test_one_sheet_written_in_many_ways(text):
    assert read(text, FORM) == READ


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("B、、A、-、空、√、．", ("B", "", "A", "", "", "A", "")),
        ("B-A()(ABD)-×", ("B", "", "A", "", "ABD", "", "B")),
        ("白卷", ("",) * 7),
        ("-------", ("",) * 7),
        ("B-- - ABD √×", ("B", "", "", "", "ABD", "A", "B")),
        ("BDA --√×", ("B", "D", "A", "", "", "A", "B")),
        ("(AB)DA(AC)B√×", ("AB", "D", "A", "AC", "B", "A", "B")),
        ("AB、D、A、AC、B、√、×", ("AB", "D", "A", "AC", "B", "A", "B")),
    ],
)
def test_blanks_and_several_letters(text, answers):
    assert read(text, FORM) == answers


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("B、D、A、AC、ABD、√", "共7题，只有6个答案"),
        ("B、D、A、AC、ABD、√、", "共7题，只有6个答案"),  # a comma at the end is no answer
        ("B、D、A、AC、ABD、√、×、A", "共7题，却有8个答案"),
        ("BDA(AC)(ABD)√", "共7题，只有6个答案"),
        ("BDA(AC)(ABD)√××", "共7题，却有8个答案"),
        ("BDE(AC)(ABD)√×", "第3题没有选项“E”"),
        ("BD√(AC)(ABD)√×", "第3题是单选题，不能填“√”"),
        ("BDA(AC)(AA)√×", "第5题的答案“AA”有重复"),
        ("BDAACABD√×", "第4题是多选题，答案须加括号或用顿号隔开"),
        ("BD AC ABD √×", "第4题是多选题，答案须加括号或用顿号隔开"),
        ("BDA(AC(ABD)√×", "括号不成对"),
        ("1.B 2.D", "“1”不是答案"),
        ("BDA(AC)(ABD)√C", "第7题没有选项“C”"),
        ("甲", "“甲”不是答案"),
        ("A" * 6000, "超过5000个字符"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text, words):
    with pytest.raises(Unclear, match="^" + words.replace("(", r"\(") + "$"):
        read(text, FORM)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("ABCDA BCDA BCDAB CDABC D", "从第6题起的一组有4个答案，前面的组有5个"),
        ("A B C AB D A B C D A B C D A B C D A B", "从第4题起的一组有2个答案，前面的组有1个"),
        ("ABCDA ABCDAB CDABCDABC", "从第6题起的一组有6个答案，前面的组有5个"),
    ],
)
def test_groups_of_unequal_length_are_never_shifted_into_place(text, place):
    """A letter left out and one typed twice make the right number of letters, each in a wrong place."""
    assert len(text.replace(" ", "")) == 20
    with pytest.raises(Unclear, match=f"^{place}，可能漏填或多填$"):
        read(text, (SINGLE,) * 20)


def test_a_missing_single_never_borrows_a_letter_of_a_multiple():
    form = (SINGLE,) * 3 + (MULTIPLE,) * 2
    with pytest.raises(Unclear):
        read("B D AC ABD", form)


sheets = st.lists(
    st.one_of(
        st.tuples(st.just(SINGLE), st.sampled_from(["", *"ABCD"])),
        st.tuples(st.just(MULTIPLE), st.sets(st.sampled_from("ABCDE")).map(lambda s: "".join(sorted(s)))),
        st.tuples(st.just(JUDGE), st.sampled_from(["", "A", "B"])),
    ),
    min_size=2,
    max_size=60,
)


@given(sheets)
def test_both_ways_of_writing_say_the_same(sheet):
    """Whatever was answered, in a row with brackets or one by one, it is read as it was."""
    asked, answers = zip(*sheet, strict=True)
    one_by_one = "、".join(letters or "-" for letters in answers)
    in_a_row = "".join(
        f"({letters})" if question is MULTIPLE else letters or "-" for question, letters in sheet
    )
    assert read(one_by_one, asked) == answers
    assert read(in_a_row, asked) == answers


@given(sheets, st.data())
def test_a_sheet_with_an_answer_left_out_is_never_read(sheet, data):
    asked, answers = zip(*sheet, strict=True)
    gone = data.draw(st.integers(0, len(sheet) - 1))
    left = [letters or "-" for place, letters in enumerate(answers) if place != gone]
    with pytest.raises(Unclear):
        read("、".join(left) + "、", asked)
