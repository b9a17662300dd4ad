"""What a question's key can be turned into: the rules, by tables and properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.attempts import layout as layouts
from quizapp.attempts.corrections import treatments
from quizapp.attempts.marks import (
    ALTERNATIVES,
    Key,
    Keys,
    Marker,
    corrected,
    keys_from_json,
    keys_to_json,
    marks_of,
    told_of,
)
from quizapp.bank.marking import LEFT_OUT, TREATMENTS, full_marks, total
from quizapp.exams.drawing import Place

LAYOUT = (Place(1, "BACD", 20), Place(2, "ABCDE", 40), Place(3, "AB", 10))
KEYS = {
    1: Key("single", (frozenset("A"),)),
    2: Key("multiple", (frozenset("ACE"),)),
    3: Key("judge", (frozenset("B"),)),
}
SETS = st.frozensets(st.sampled_from("ABCDE"), min_size=1, max_size=3)
KEY = st.builds(
    Key,
    st.sampled_from(["single", "multiple"]),
    st.lists(SETS, min_size=1, max_size=2).map(tuple),
    st.sampled_from(TREATMENTS + LEFT_OUT),
)
PLAIN = st.builds(Key, st.sampled_from(["single", "multiple"]), st.tuples(SETS))
RULE = st.sampled_from(["all", "half", "per_letter", "fixed:15"])


@st.composite
def papers(draw):
    """A layout of revisions 1…5 and a sheet for it."""
    places = draw(
        st.lists(
            st.builds(
                Place,
                st.integers(1, 5),
                st.permutations("ABCDE").map(lambda order: "".join(order)),
                st.sampled_from([5, 10, 15, 20, 100]),
            ),
            min_size=1,
            max_size=8,
        )
    )
    letters = st.frozensets(st.sampled_from("ABCDEFGH"), max_size=4).map(
        lambda chosen: "".join(sorted(chosen))
    )
    sheet = ".".join(draw(letters) for _ in places)
    return tuple(places), sheet


def keys_of(strategy):
    return st.tuples(*[strategy] * 5).map(lambda keys: dict(enumerate(keys, 1)))


def perfect(layout, keys):
    """The sheet that has every question right by the first accepted answer."""
    return ".".join(layouts.displayed_letters(p, keys[p.revision_id].accepted[0]) for p in layout)


@pytest.mark.parametrize(
    ("changed", "sheet", "tenths", "full"),
    [
        ({}, "B.AC.B", 50, 70),
        ({1: Key("single", (frozenset("C"),))}, "B.AC.B", 30, 70),  # a new key
        ({1: Key("single", (frozenset("A"), frozenset("C")))}, "B.AC.B", 50, 70),  # both are right
        ({1: Key("single", (frozenset("A"),), "full")}, ".AC.B", 50, 70),  # 送分
        ({1: Key("single", (frozenset("A"),), "drop")}, "B.AC.B", 30, 50),  # 作废: 20 fall away
        ({1: Key("single", (frozenset("A"),), "rescale")}, "B.AC.B", 42, 70),  # 30 × 70 ÷ 50
        ({3: Key("judge", (frozenset("B"),), "rescale")}, "B.AC.B", 46, 70),  # 40 × 70 ÷ 60 = 46.6…, down
        ({1: Key("single", (frozenset("A"),), "rescale")}, "B.ACE.B", 70, 70),  # all else right: everything
    ],
)
def test_what_a_sheet_earns_by_a_corrected_key(changed, sheet, tenths, full):
    told = told_of(LAYOUT, KEYS | changed, sheet, "half")
    assert (told.marks.total, told.full) == (tenths, full)


@pytest.mark.parametrize(
    ("earned", "points", "treatments_of", "tenths"),
    [
        ([20, 20], [20, 20], ["normal", "normal"], 40),
        ([20, 0], [20, 20], ["normal", "rescale"], 40),
        ([10, 0, 0], [20, 20, 20], ["normal", "rescale", "drop"], 20),  # of 40: what fell away is not scaled
        ([0, 0], [20, 10], ["rescale", "rescale"], 30),  # nothing left: nobody loses by it
        ([0], [20], ["drop"], 0),
        ([], [], [], 0),
    ],
)
def test_what_a_paper_comes_to(earned, points, treatments_of, tenths):
    assert total(earned, points, treatments_of) == tenths


@given(papers(), keys_of(KEY), RULE)
def test_a_paper_never_comes_to_more_than_its_full_marks_and_a_perfect_one_to_all_of_them(paper, keys, rule):
    layout, sheet = paper
    points = [place.points for place in layout]
    full = full_marks(points, [keys[place.revision_id].treatment for place in layout])
    assert 0 <= marks_of(layout, keys, sheet, rule).total <= full
    best = told_of(layout, keys, perfect(layout, keys), rule)
    assert best.marks.total == best.full == full


@given(papers(), keys_of(PLAIN), st.sets(st.integers(1, 5)), RULE)
def test_scaling_keeps_the_full_marks_and_never_costs_who_had_the_question_wrong(paper, keys, voided, rule):
    layout, sheet = paper
    after = {
        one: Key(key.kind, key.accepted, "rescale" if one in voided else "normal")
        for one, key in keys.items()
    }
    before, scaled = told_of(layout, keys, sheet, rule), told_of(layout, after, sheet, rule)
    assert scaled.full == before.full
    lost = sum(
        tenths
        for place, tenths in zip(layout, before.marks.slots, strict=True)
        if place.revision_id in voided
    )
    if lost == 0:
        assert scaled.marks.total >= before.marks.total
    else:
        assert scaled.marks.total >= before.marks.total - lost


@given(papers(), keys_of(PLAIN), st.sets(st.integers(1, 5)), RULE, st.sampled_from(["full", "void"]))
def test_giving_a_question_to_all_lowers_nobody(paper, keys, given_away, rule, treatment):
    layout, sheet = paper
    after = {
        one: Key(key.kind, key.accepted, treatment if one in given_away else "normal")
        for one, key in keys.items()
    }
    assert marks_of(layout, after, sheet, rule).total >= marks_of(layout, keys, sheet, rule).total


@given(papers(), keys_of(KEY), st.dictionaries(st.integers(1, 5), KEY), RULE)
def test_the_better_of_both_lowers_nobody_and_gives_the_new_total_where_that_is_higher(
    paper, keys, changes, rule
):
    layout, sheet = paper
    before = marks_of(layout, keys, sheet, rule).total
    new = marks_of(layout, corrected(keys, changes, "new"), sheet, rule).total
    assert marks_of(layout, corrected(keys, changes, "better"), sheet, rule).total == max(before, new)


@given(
    papers(),
    keys_of(KEY),
    st.lists(
        st.tuples(st.dictionaries(st.integers(1, 5), KEY), st.sampled_from(["new", "better"])), max_size=4
    ),
    RULE,
)
def test_a_marker_gives_what_the_definition_gives_after_any_corrections(paper, keys, corrections, rule):
    layout, sheet = paper
    for changes, policy in corrections:
        keys = corrected(keys, changes, policy)
    stored = keys_from_json(keys_to_json(keys))
    assert stored == keys
    expected = marks_of(layout, keys, sheet, rule)
    assert Marker(stored, rule).marks(layouts.to_text(layout), sheet) == expected
    assert Marker(stored, rule).marks(layouts.to_text(layout), sheet) == expected


def test_a_promise_stays_when_another_question_is_corrected_later():
    """Who had question 1 right by the old key keeps it, and gains question 3 like everybody."""
    kept = corrected(KEYS, {1: Key("single", (frozenset("C"),))}, "better")
    later = corrected(kept, {3: Key("judge", (frozenset("A"),))}, "new")
    assert marks_of(LAYOUT, kept, "B..A", "all").total == 20
    assert marks_of(LAYOUT, later, "B..A", "all").total == 30


def test_equal_totals_count_by_the_newest_key():
    both = corrected(KEYS, {1: Key("single", (frozenset("C"),))}, "better")
    assert not told_of(LAYOUT, both, "..", "all").kept
    assert told_of(LAYOUT, both, "B..", "all").kept
    assert told_of(LAYOUT, both, "B..", "all").newest[1].accepted == (frozenset("C"),)


def test_alternatives_do_not_grow_without_end():
    keys = KEYS
    for letter in "BCDE":
        keys = corrected(keys, {1: Key("single", (frozenset(letter),))}, "better")
    assert len(Keys.every.fget(keys)) == 5  # of one question only as many as it had keys
    assert ALTERNATIVES == 16
    many = {n: Key("single", (frozenset("A"),)) for n in range(9)}
    for n in range(4):
        many = corrected(many, {n: Key("single", (frozenset("B"),))}, "better")
    with pytest.raises(ValueError, match="alternatives"):
        corrected(many, {8: Key("single", (frozenset("B"),))}, "better")


def test_a_run_stored_before_there_were_alternatives_is_read_as_ever():
    stored = {"1": ["single", ["A"], "normal"], "2": ["multiple", ["AC", "E"], "full"]}
    keys = keys_from_json(stored)
    assert keys == {
        1: Key("single", (frozenset("A"),)),
        2: Key("multiple", (frozenset("AC"), frozenset("E")), "full"),
    }
    assert keys_to_json(keys) == stored


def test_only_questions_that_the_run_knows_and_policies_that_there_are():
    with pytest.raises(KeyError):
        corrected(KEYS, {9: KEYS[1]}, "new")
    with pytest.raises(ValueError, match="policy"):
        corrected(KEYS, {1: KEYS[1]}, "worse")


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("C", "single", ["C"]),
        (" c ", "single", ["C"]),
        ("A、C", "single", ["A", "C"]),
        ("A或C", "single", ["A", "C"]),
        ("AC、acd", "multiple", ["AC", "ACD"]),
        ("ＣＡ", "multiple", ["AC"]),  # noqa: RUF001 - full-width letters
        ("正确", "judge", ["A"]),
        ("错", "judge", ["B"]),
        ("A, A", "single", ["A"]),
    ],
)
def test_answers_are_read_as_people_type_them(text, kind, expected):
    offered = "AB" if kind == "judge" else "ABCD"
    assert ["".join(sorted(one)) for one in treatments.accepted(text, kind, offered)] == expected


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        ("", "single", "请填写正确答案"),
        ("E", "single", "不是本题的选项"),
        ("AC", "single", "只选一项"),
        ("甲", "multiple", "不是本题的选项"),
    ],
)
def test_a_wrong_answer_is_said_in_words(text, kind, sentence):
    with pytest.raises(ValueError, match=sentence):
        treatments.accepted(text, kind, "ABCD")


def test_a_scaled_total_is_explained_by_its_sum():
    keys = KEYS | {1: Key("single", (frozenset("A"),), "rescale")}
    [said] = treatments.explained(told_of(LAYOUT, keys, "B.AC.B", "half"))
    assert said == (
        "作废试题2分，其余试题得3分，按满分折算：3×7÷5，舍去不足0.1分的部分，得4.2分。"  # noqa: RUF001
    )
    assert treatments.explained(told_of(LAYOUT, KEYS, "B.AC.B", "half")) == []
