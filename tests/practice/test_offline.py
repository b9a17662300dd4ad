"""What a phone carries away, and when an answer that comes later was given: the rules alone."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp import clock
from quizapp.practice import offline, offline_taking
from quizapp.practice.drawing import Entry
from quizapp.practice.memory import Logged, Memory, fold

NOW = clock.from_local(clock.datetime(2026, 11, 27, 8, 0))
TODAY = date(2026, 11, 27)
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


def entry(number: int, article: str) -> Entry:
    return Entry(1000 + number, number, "single", 2, (("tiaoli", article),), "1")


def memory(days_ago: int, right: bool) -> Memory:
    at = NOW - timedelta(days=days_ago)
    return fold([Logged("client-id", right, clock.today(at), at, at)])


@st.composite
def practised(draw):
    """A pool, what is remembered of it, and the wrong-question book, the latest error first."""
    count = draw(st.integers(0, 260))
    articles = draw(st.lists(st.sampled_from("12345"), min_size=count, max_size=count))
    pool = [entry(number, article) for number, article in enumerate(articles)]
    rng = Random(draw(st.integers(0, 99)))
    known = {n: memory(rng.randrange(60), rng.random() < 0.6) for n in range(count) if rng.random() < 0.5}
    wrong = [1000 + n for n, one in known.items() if one.wrong_open]
    return pool, known, wrong


@given(practised(), st.integers(0, 9))
def test_the_most_needed_questions_are_carried(case, seed):
    pool, known, wrong = case
    chosen = offline.choose(pool, known, wrong, NOW, Random(seed))
    assert chosen == offline.choose(pool, known, wrong, NOW, Random(seed))
    assert len(chosen) == len(set(chosen)) == min(len(pool), offline.MOST_QUESTIONS)
    assert set(chosen) <= {one.revision_id for one in pool}
    book = wrong[: offline.MOST_WRONG]
    assert chosen[: len(book)] == book

    def rank(revision: int) -> int:
        of_person = known.get(revision - 1000)
        return 1 if of_person is None else (0 if of_person.due_at <= NOW else 2)

    ranks = [rank(revision) for revision in chosen[len(book) :]]
    assert ranks == sorted(ranks)  # due, never met, still known


@given(st.lists(st.sampled_from("123456"), max_size=60), st.integers(0, 9))
def test_every_article_comes_once_before_any_comes_again(articles, seed):
    pool = [entry(number, article) for number, article in enumerate(articles)]
    chosen = offline.choose(pool, {}, [], NOW, Random(seed))
    first = [articles[revision - 1000] for revision in chosen[: len(set(articles))]]
    assert sorted(first) == sorted(set(articles))


@given(st.lists(st.integers(0, 50)), st.integers(0, 200))
def test_no_more_is_carried_than_fits(lengths, limit):
    taken = offline.that_fit(range(len(lengths)), lambda one: lengths[one], limit)
    assert taken == sorted(taken)
    assert sum(lengths[one] for one in taken) <= limit
    left = set(range(len(lengths))) - set(taken)
    assert all(lengths[one] + sum(lengths[t] for t in taken if t < one) > limit for one in left)


@given(st.lists(st.lists(st.tuples(st.text(min_size=1, max_size=5), st.booleans()))))
def test_marked_stretches_are_the_marked_words(lines):
    texts = ["".join(text for text, _ in pieces) for pieces in lines]
    words = [text for pieces in lines for text, marked in pieces if marked]
    assert [texts[line][start:end] for line, start, end in offline.marks(lines)] == words


@pytest.mark.parametrize(
    ("claimed", "counted"),
    [
        (NOW, NOW),
        (NOW - timedelta(days=3), NOW - timedelta(days=3)),
        (NOW + timedelta(seconds=1), NOW),  # the phone's clock runs ahead
        (NOW - offline.OLDEST, NOW - offline.OLDEST),
        (NOW - offline.OLDEST - timedelta(seconds=1), NOW),  # the phone thinks it is 1970
    ],
)
def test_an_answer_was_given_when_the_phone_says_within_reason(claimed, counted):
    assert offline.moment(claimed, NOW) == counted


@pytest.mark.parametrize(
    ("revision", "claimed", "on", "source", "day"),
    [
        (7, TODAY, TODAY, "daily", TODAY),
        (7, TODAY, TOMORROW, "daily", TODAY),  # left open over midnight
        (7, TODAY, TOMORROW + timedelta(days=1), "self", TOMORROW + timedelta(days=1)),
        (7, TODAY, YESTERDAY, "self", YESTERDAY),  # the phone's clock is wrong
        (8, TODAY, TODAY, "self", TODAY),  # not in that quiz
        (7, YESTERDAY, YESTERDAY, "self", YESTERDAY),  # no quiz was drawn
        (7, None, TODAY, "self", TODAY),
    ],
)
def test_an_answer_counts_for_the_daily_quiz_that_has_its_question(revision, claimed, on, source, day):
    counted = offline.counts_for(revision, claimed, on, {TODAY: [5, 6, 7]})
    assert (counted.source, counted.day) == (source, day)


GOOD = {
    "id": "0123456789abcdef",
    "revision": 7,
    "chosen": "AC",
    "day": "2026-11-27",
    "at": "2026-11-27T00:15:00.000Z",
}


def test_a_queued_answer_is_read():
    person, [answer], misshapen = offline_taking.read({"person": "7-1", "answers": [GOOD]})
    assert (person, misshapen) == ("7-1", [])
    assert (answer.client_id, answer.revision_id, answer.chosen) == ("0123456789abcdef", 7, "AC")
    assert (answer.day, answer.answered_at) == (TODAY, NOW + timedelta(minutes=15))


@pytest.mark.parametrize(
    "wrong",
    [
        *({"id": "short"}, {"id": "带汉字的编号啊"}, {"chosen": ""}, {"chosen": "CA"}, {"chosen": "I"}),
        *({"chosen": ["A"]}, {"chosen": None}, {"revision": "7"}, {"revision": True}, {"revision": 0}),
        *({"revision": 2**31}, {"revision": None}, {"day": "heute"}, {"day": 5}, {"at": "8:15"}),
        *({"at": None}, {"at": "2026-11-27T00:15:00"}, {"at": 1}),
    ],
    ids=str,
)
def test_an_answer_without_shape_is_told_by_its_id_and_the_others_are_read(wrong):
    _, answers, misshapen = offline_taking.read({"person": "7-1", "answers": [GOOD | wrong, GOOD]})
    assert [answer.client_id for answer in answers] == [GOOD["id"]]
    assert misshapen == [(GOOD | wrong)["id"]]


@pytest.mark.parametrize(
    "body",
    [
        *(None, [], "answers", {}, {"person": "7-1"}, {"answers": []}, {"person": 7, "answers": []}),
        *({"person": "7-1", "answers": {}}, {"person": "7-1", "answers": ["A"]}),
        *({"person": "7-1", "answers": [{}]}, {"person": "7-1", "answers": [GOOD | {"id": 5}]}),
        {"person": "7-1", "answers": [GOOD] * (offline_taking.MOST + 1)},
    ],
    ids=lambda body: str(body)[:40],
)
def test_what_is_no_list_of_answers_is_refused_whole(body):
    with pytest.raises(offline_taking.WrongShape):
        offline_taking.read(body)


def test_a_key_that_a_later_script_adds_is_no_mistake():
    _, answers, _ = offline_taking.read({"person": "7-1", "answers": [GOOD | {"sure": 2}], "version": 9})
    assert len(answers) == 1
