"""What the law says to a question: words that could decide it, and keys that it contradicts."""

from dataclasses import replace

import pytest

from quizapp.bank import folders
from quizapp.bank.checking import CONTRADICTED, check, contradicts_law
from quizapp.bank.drafts import JUDGE_OPTIONS, Draft
from quizapp.bank.proving import Prover
from tests.bank.conftest import SHIPPED, shipped_law


@pytest.fixture(scope="module")
def prover():
    return Prover(shipped_law())


@pytest.mark.parametrize(
    ("stem", "options", "key", "words", "quote"),
    [
        (
            "涉及两个以上机关、单位的信访事项，由所涉及的机关、单位（　　）。",
            ["共同受理", "协商受理"],
            "B",
            "第二十四条第一款",
            "涉及两个或者两个以上机关、单位的信访事项，由所涉及的机关、单位协商受理",
        ),
        (
            "依照《信访工作条例》，多人走访提出共同的信访事项，推选代表不得超过（　　）。",
            ["3人", "5人"],
            "B",
            "第二十条第三款",
            "多人采用走访形式提出共同的信访事项的，应当推选代表，代表人数不得超过5人",
        ),
    ],
)
def test_the_clause_that_decides_is_suggested_with_its_address(prover, stem, options, key, words, quote):
    suggestion = prover.suggest(Draft("single", stem, options, key))
    assert (suggestion.citation.words, suggestion.citation.quote) == (words, quote)
    assert suggestion.likely


def test_a_suggested_quote_stands_in_the_law_and_most_suggestions_are_right(prover):
    law, right, told = shipped_law(), 0, 0
    for draft in folders.read_questions(SHIPPED).drafts:
        suggestion = prover.suggest(replace(draft, citations=[]))
        if suggestion is None:
            continue
        told += 1
        anchor = law.anchor_of(suggestion.citation.words)
        assert law.quote_stands(anchor, suggestion.citation.quote)
        cited = {law.anchor_of(c.words).partition(".")[0] for c in draft.citations}
        right += anchor.partition(".")[0] in cited
    assert right / told > 0.9


def test_nothing_is_suggested_for_a_question_about_something_else(prover):
    assert prover.suggest(Draft("single", "水的沸点是（　　）。", ["90度", "100度"], "B")) is None
    assert prover.suggest(Draft("single", "", [], "")) is None
    meals = Draft(
        "single",
        "食堂每周的菜谱由采购小组和厨师长商量以后张贴在单位走廊，时间是（　　）。",
        ["周一", "周五"],
        "B",
    )
    assert prover.suggest(meals) is None  # a few words that the law has as well are not enough


PERIOD = Draft(
    "single",
    "有关机关、单位应当自收到信访事项之日起（　　）内书面告知信访人。",
    ["7日", "15日", "30日"],
    "B",
    "",
)


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (PERIOD, ""),
        (replace(PERIOD, key="A"), "答案为A，但第二十三条写的是“15日”（选项B）。"),
        (replace(PERIOD, options=["7日", "10日"], key="A"), ""),  # the law's own words are no option
        (replace(PERIOD, stem="期限是（　　）。", key="A"), ""),  # too little stands around the blank
        (
            Draft("judge", "多人采用走访形式提出共同的信访事项的，应当推选代表。", list(JUDGE_OPTIONS), "B"),
            "答案为错误，但第二十条原文就是这样规定的。",
        ),
        (Draft("judge", "信访人应当到任何一级机关提出信访事项。", list(JUDGE_OPTIONS), "B"), ""),
        (Draft("judge", "信访人可以走访。", list(JUDGE_OPTIONS), "B"), ""),
    ],
)
def test_a_key_that_the_law_contradicts_is_told_with_its_words(prover, draft, words):
    assert prover.contradiction(draft) == words


def test_no_key_of_the_shipped_bank_is_contradicted_and_planted_ones_are_found(prover):
    drafts = folders.read_questions(SHIPPED).drafts
    assert [draft.code for draft in drafts if prover.contradiction(draft)] == []
    wrong = [
        replace(draft, key=next(k for k in "AB" if k != draft.key))
        for draft in drafts
        if draft.kind == "single" or (draft.kind == "judge" and draft.key == "A")
    ]
    assert sum(bool(prover.contradiction(draft)) for draft in wrong) > len(wrong) / 6


def test_checking_calls_it_a_doubt_and_counts_it(law):
    [checked] = check([replace(PERIOD, key="A", explanation="略")], {"": law})
    assert checked.verdict == "doubt"
    assert contradicts_law(checked)
    assert any(p.column == "答案" and p.message.startswith(CONTRADICTED) for p in checked.problems)
