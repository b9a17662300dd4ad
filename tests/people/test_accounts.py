"""学法账号: no single wrong digit and no swap of neighbours passes for another account."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from quizapp.people import accounts

made = st.integers(0, 2**32).map(lambda seed: accounts.make(Random(seed)))


@given(made)
def test_an_account_has_eight_digits_none_leading_zero_and_is_valid(account):
    assert len(account) == 8
    assert account.isdigit()
    assert account[0] != "0"
    assert accounts.is_valid(account)


@given(made, st.integers(0, 7), st.integers(1, 9))
def test_every_single_wrong_digit_is_caught(account, place, shift):
    wrong = str((int(account[place]) + shift) % 10)
    assert not accounts.is_valid(account[:place] + wrong + account[place + 1 :])


@given(made, st.integers(0, 6))
def test_every_swap_of_neighbours_is_caught(account, place):
    first, second = account[place], account[place + 1]
    swapped = account[:place] + second + first + account[place + 2 :]
    assert accounts.is_valid(swapped) is (first == second)


def test_accounts_are_random_and_not_one_after_another():
    drawn = accounts.make_many(1000, set(), Random(7))
    assert len(set(drawn)) == 1000
    steps = [int(b[:-1]) - int(a[:-1]) for a, b in zip(drawn, drawn[1:], strict=False)]
    assert sum(abs(step) == 1 for step in steps) == 0


def test_what_is_taken_is_not_drawn_again():
    first = accounts.make_many(50, set(), Random(3))
    assert not set(accounts.make_many(50, set(first), Random(3))) & set(first)


def test_other_texts_are_no_accounts():
    for text in ("", "1234567", "123456789", "１２３４５６７８", "1234567a", "0" * 8):  # noqa: RUF001
        assert not accounts.is_valid(text)
