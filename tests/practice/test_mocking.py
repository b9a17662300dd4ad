"""A mock exam's paper, and what it earns."""

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from quizapp.bank.marking import earned
from quizapp.exams.blueprint import Item, Row, kept
from quizapp.practice.mocking import marked, paper

KINDS = ("single", "multiple", "judge")


def item(number: int) -> Item:
    kind, chapter = KINDS[number % 3], str(number % 4 + 1)
    return Item(
        number, number, kind, "law", chapter, f"{chapter}", frozenset({"情景"} if number % 5 else ()), 3, 0.7
    )


POOL = [item(number) for number in range(60)]
ROWS = [
    Row("single", least=5, most=5),
    Row("multiple", least=3, most=3),
    Row("judge", least=2, most=2),
    Row("single", chapter="2", least=2, most=3),
    Row(tag="情景", least=4),
]


@given(st.integers())
def test_a_paper_keeps_every_row_and_goes_by_type(seed):
    made = paper(ROWS, POOL, Random(seed))
    by_id = {one.revision_id: one for one in POOL}
    assert made.whole
    assert kept(ROWS, [by_id[one] for one in made.revisions])
    places = [KINDS.index(by_id[one].kind) for one in made.revisions]
    assert places == sorted(places)


def test_where_practice_has_too_few_each_type_gives_what_it_has():
    few = [one for one in POOL if one.kind != "multiple"] + [one for one in POOL if one.kind == "multiple"][
        :1
    ]
    made = paper(ROWS, few, Random(1))
    kinds = Counter(
        next(one.kind for one in few if one.revision_id == revision) for revision in made.revisions
    )
    assert (made.whole, kinds) == (False, {"single": 5, "multiple": 1, "judge": 2})
    assert paper(ROWS, [], Random(1)).revisions == []


def test_the_points_are_those_of_the_exam():
    asked = [("single", "A"), ("multiple", "AB"), ("multiple", "CD"), ("judge", "B")]
    result = marked(asked, {1: "A", 2: "A", 3: "CD"}, {"single": 20, "multiple": 30, "judge": 10}, "half")
    assert (result.tenths, result.of) == (20 + 15 + 30, 90)
    assert result.parts == {"single": (1, 1, 20, 20), "multiple": (2, 1, 45, 60), "judge": (1, 0, 0, 10)}


LETTERS = st.sets(st.sampled_from("ABCD"), min_size=1).map(lambda chosen: "".join(sorted(chosen)))


@given(
    st.lists(st.tuples(LETTERS, LETTERS), min_size=1, max_size=9), st.sampled_from(["all", "half", "fixed:5"])
)
def test_every_question_earns_what_the_one_rule_of_marking_says(pairs, rule):
    asked = [("multiple", key) for key, _ in pairs]
    sheet = {n: chosen for n, (_, chosen) in enumerate(pairs, 1)}
    wanted = sum(earned(frozenset(key), frozenset(chosen), 20, rule=rule) for key, chosen in pairs)
    assert marked(asked, sheet, {"multiple": 20}, rule).tenths == wanted
