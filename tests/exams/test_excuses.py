"""When 免考 or 缓考 can be asked for and decided, person by person."""

from datetime import UTC, datetime, timedelta

import pytest

from quizapp.exams.excuses import OTHER, REASONS, bars_asking, bars_deciding, reason_of

NOW = datetime(2026, 12, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, None),
        ({"sat": True}, "江映雪已经交卷"),
        ({"sat": True, "pending": True}, "江映雪已经交卷"),
        ({"pending": True}, "江映雪已有待批的申请"),
        ({"status": "exempt"}, "江映雪已经免考"),
        ({"status": "deferred"}, "江映雪已经缓考"),
    ],
)
def test_who_can_be_asked_for(given, sentence):
    facts = {"status": "expected", "sat": False, "pending": False} | given
    assert bars_asking("江映雪", **facts) == sentence


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, None),
        ({"until": NOW + SECOND}, None),
        ({"until": NOW}, "江映雪的申请已过到期日"),
        ({"until": NOW, "granting": False}, None),
        ({"sat": True}, "江映雪已经交卷"),
        ({"sat": True, "granting": False}, None),
        ({"state": "granted"}, "江映雪的申请已经处理或撤回"),
        ({"state": "refused"}, "江映雪的申请已经处理或撤回"),
        ({"state": "withdrawn", "granting": False}, "江映雪的申请已经处理或撤回"),
    ],
)
def test_what_can_be_decided(given, sentence):
    facts = {"state": "asked", "sat": False, "granting": True, "until": None, "now": NOW} | given
    assert bars_deciding("江映雪", **facts) == sentence


@pytest.mark.parametrize(
    ("cause", "detail", "stored"),
    [
        ("借调", "市委组织部", "借调：市委组织部"),
        ("产假", "", "产假"),
        (OTHER, "参加抗洪抢险", "参加抗洪抢险"),
    ],
)
def test_a_reason_is_stored_in_words(cause, detail, stored):
    assert reason_of(cause, detail) == stored


@pytest.mark.parametrize(("cause", "detail"), [("", "市委组织部"), ("感冒", ""), (OTHER, "")])
def test_a_reason_that_says_nothing_is_refused(cause, detail):
    with pytest.raises(ValueError, match="请"):
        reason_of(cause, detail)


def test_the_reasons_ask_for_no_diagnosis():
    assert REASONS[-1] == OTHER
    assert not any("病" in reason and reason != "长病假" for reason in REASONS)
