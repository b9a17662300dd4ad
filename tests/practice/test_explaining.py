"""An explanation taken apart by options."""

from hypothesis import given
from hypothesis import strategies as st

from quizapp.bank import queries as questions
from quizapp.practice import queries
from quizapp.practice.explaining import why

OPTIONS = [("A", "规范信访秩序"), ("B", "改进工作作风"), ("C", "维护群众合法权益"), ("D", "其他")]


def test_sentences_stand_beside_the_option_whose_words_they_repeat():
    told = why("原文是“维护群众合法权益”。“规范信访秩序”出自第五条；“改进工作作风”出自第三条。", OPTIONS, "C")
    assert told.text == "原文是“维护群众合法权益”。"
    assert told.items == [("A", "“规范信访秩序”出自第五条。"), ("B", "“改进工作作风”出自第三条。")]


def test_letters_are_understood_and_several_options_share_a_sentence():
    told = why("A项与条文不符。改进工作作风和规范信访秩序都不是本条的内容。", OPTIONS, "C")
    assert told.items == [("A", "A项与条文不符。"), ("A、B", "改进工作作风和规范信访秩序都不是本条的内容。")]


def test_what_speaks_of_a_right_option_too_stays_in_the_text():
    text = "维护群众合法权益与改进工作作风不是一回事。"
    assert (why(text, OPTIONS, "C").text, why(text, OPTIONS, "C").items) == (text, [])


def test_an_empty_explanation_says_nothing():
    assert (why("", OPTIONS, "C").text, why("", OPTIONS, "C").items) == ("", [])


SENTENCES = st.lists(
    st.sampled_from(["规范信访秩序出自别处", "B项不对", "原文如此", "维护群众合法权益", "改进工作作风"]),
    max_size=6,
)


@given(SENTENCES, st.sampled_from("；。"))
def test_nothing_is_lost_and_nothing_is_said_twice(sentences, mark):
    told = why(mark.join(sentences), OPTIONS, "C")
    said = told.text + "".join(text for _, text in told.items)
    for sentence in set(sentences):
        assert said.count(sentence) == sentences.count(sentence)


def test_the_shipped_explanations_speak_of_many_options_and_never_of_a_right_one(bank):
    fulls = questions.full(e.revision_id for e in queries.practice_pool() if e.kind != "judge")
    told = {one.revision_id: why(one.explanation, one.lettered, one.key) for one in fulls.values()}
    for revision, full in fulls.items():
        heads = {letter for head, _ in told[revision].items for letter in head.split("、")}
        assert not heads & set(full.key)
        assert told[revision].text or told[revision].items
    assert sum(bool(one.items) for one in told.values()) > len(told) / 2
