"""What a token opens, and until when."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.people.tokens import rules

NOW = datetime(2026, 12, 10, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Token:
    expires_at: datetime
    revoked_at: datetime | None = None


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (Token(NOW + HOUR), ""),
        (Token(NOW), "token_expired"),  # the moment itself belongs to what comes after
        (Token(NOW + HOUR, NOW - HOUR), "token_revoked"),
        (Token(NOW - HOUR, NOW - HOUR), "token_revoked"),
        (None, "token_wrong"),
    ],
)
def test_a_token_opens_until_it_ends_or_is_revoked(token, code):
    assert rules.refusal(token, NOW) == code
    assert not code or rules.REASONS[code]


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer xuekao_a", "xuekao_a"),
        ("bearer   xuekao_a ", "xuekao_a"),
        ("Basic xuekao_a", ""),
        ("xuekao_a", ""),
        ("Bearer", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_token_is_read_from_a_bearer_header_alone(header, token):
    assert rules.bearer(header) == token


def test_a_token_has_256_random_bits_and_only_its_digest_is_kept():
    first, second = rules.new_token(), rules.new_token()
    assert first != second
    assert len(first.removeprefix(rules.MARK)) == 43  # 32 bytes in base64
    assert rules.digest(first) != rules.digest(second)
    assert first not in rules.digest(first)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, rules.LONGEST))
def test_a_token_lasts_so_many_days_the_first_included_and_ends_at_midnight(first, days):
    until = rules.expiry(first, days)
    assert (until + timedelta(hours=8)).date() == first + timedelta(days=days)
    assert (until + timedelta(hours=8)).time() == datetime.min.time()


@pytest.mark.parametrize("days", [0, -1, 366])
def test_no_token_lasts_longer_than_a_year(days):
    with pytest.raises(ValueError, match="lasts 1 to 365 days"):
        rules.expiry(date(2026, 12, 10), days)


def test_phone_numbers_alone_open_nothing():
    assert rules.lacking(["people.phone:read"]) == "people:read"
    assert rules.lacking(["people.phone:read", "people:read"]) == ""
    assert rules.lacking(["units:read", "results:read"]) == ""


def test_scopes_are_told_in_one_order():
    assert rules.in_words(["results:read", "units:read"]) == "单位、已公布考试的成绩"
