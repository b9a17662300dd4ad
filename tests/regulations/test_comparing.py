"""Two editions side by side: articles are paired by their words, and nothing is lost on either side."""

from hypothesis import given
from hypothesis import strategies as st

from quizapp.regulations.citing import Law
from quizapp.regulations.comparing import compared, pairs
from quizapp.regulations.structure import read
from tests.regulations.test_citing import LAW

BODIES = [LAW.article(str(n)).lines[0].text for n in (1, 2, 3, 6, 7, 10, 48, 49)]


def law_of(bodies: list[str]) -> Law:
    articles = "\n".join(f"第{n}条 {body}" for n, body in enumerate(bodies, 1))
    parsed = read(f"试验规定\n施行日期：2024-01-01\n{articles}")
    return Law(parsed.title, parsed.provisions)


def changes(old: Law, new: Law) -> list[tuple[str, str, str]]:
    return [(row.old, row.new, row.change) for row in compared(old, new)]


def test_an_edition_beside_itself_has_no_differences():
    assert {row.change for row in compared(LAW, LAW)} == {"same"}


def test_what_was_changed_put_in_and_left_out_is_told():
    old = law_of(["甲方应当在15日内办结。", "乙方负责解释。", "丙方可以复查。", "丁方应当备案。"])
    new = law_of(
        ["甲方应当在20日内办结。", "戊方新设机构并报告有关情况。", "乙方负责解释。", "丁方应当备案。"]
    )
    assert changes(old, new) == [
        ("1", "1", "changed"),
        ("", "2", "added"),
        ("2", "3", "moved"),
        ("3", "", "removed"),
        ("4", "4", "same"),
    ]
    first = compared(old, new)[0].lines[0]
    assert [piece.text for piece in first.old if piece.change] == ["15"]
    assert [piece.text for piece in first.new if piece.change] == ["20"]


def test_an_article_changed_and_moved_is_still_the_same_article():
    old, new = (
        law_of(BODIES),
        law_of(["新增的第一条另有内容。", *BODIES[:3], BODIES[3].replace("畅通", "保障"), *BODIES[4:]]),
    )
    assert pairs(old, new) == {str(n): str(n + 1) for n in range(1, 9)}
    assert [row for row in changes(old, new) if row[2] == "changed"] == [("4", "5", "changed")]


@given(
    st.lists(st.sampled_from(BODIES), min_size=1, max_size=6),
    st.lists(st.sampled_from(BODIES), min_size=1, max_size=6),
)
def test_every_article_of_both_editions_stands_there_once_with_all_its_words(left, right):
    old, new = law_of(left), law_of(right)
    rows = compared(old, new)
    assert sorted(int(row.old) for row in rows if row.old) == list(range(1, len(left) + 1))
    assert [int(row.new) for row in rows if row.new] == list(range(1, len(right) + 1))
    for row in rows:
        for number, bodies, side in ((row.old, left, "old"), (row.new, right, "new")):
            said = "".join(piece.text for line in row.lines for piece in getattr(line, side))
            assert said == (bodies[int(number) - 1] if number else "")
