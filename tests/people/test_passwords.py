"""What a new password must be like, and how secrets are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.people import passwords

OWN = ["10000017", "江映雪", "XF-7", "13800000017"]


def refused(password, policy="gb", minimum=10):
    return passwords.complaint(password, policy=policy, minimum=minimum, own=OWN)


@pytest.mark.parametrize("good", ["Qingshan-2026", "青石县abc-1号口令", "aB3aB3aB3x", "long enough 1 word"])
def test_gb_takes_three_of_four_classes(good):
    assert refused(good) is None


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("Ab3-", "至少10个字符"),
        ("alllowercase", "至少三类"),
        ("lower and blanks", "至少三类"),
        ("P@ssw0rd123", "太常见"),
        ("Admin@123456", "太常见"),
        ("aaaaaaaaA1", "太常见"),
        ("x10000017Y-", "姓名、账号"),
        ("江映雪Abcd-12", "姓名、账号"),
        ("my-xf-7-Number", "姓名、账号"),
        ("A1-" + "x" * 200, "不能超过"),
    ],
)
def test_gb_says_what_is_wrong(bad, why):
    assert why in refused(bad)


def test_modern_asks_for_length_but_still_refuses_the_common_ones():
    assert refused("correct horse battery", policy="modern") is None
    assert refused("password123", policy="modern")
    assert refused("short", policy="modern")


@given(st.text(max_size=140))
def test_any_text_gets_an_answer(text):
    answer = refused(text)
    assert answer is None or answer.endswith("。")


def test_a_password_verifies_and_nothing_else_does(app):
    stored = passwords.hash_password("Qingshan-2026")
    assert stored.startswith("$argon2id$")
    assert passwords.verify(stored, "Qingshan-2026")
    for other in ("qingshan-2026", "", "Qingshan-2026 ", "Qingshan-2026" + "x" * 200):
        assert not passwords.verify(stored, other)
    assert not passwords.verify(None, "Qingshan-2026")
    assert not passwords.verify("not a hash", "Qingshan-2026")


def test_a_long_password_is_not_cut_silently(app):
    longest = "Ab3-" + "x" * (passwords.LONGEST - 4)
    stored = passwords.hash_password(longest)
    assert passwords.verify(stored, longest)
    assert not passwords.verify(stored, longest + "y")


def test_a_one_time_password_never_verifies_by_its_own_stored_form(app):
    stored = passwords.digest_of_one_time("abcde-fghjk")
    assert not passwords.verify(stored, stored)
    assert passwords.verify(stored, "ABCDE FGHJK")


def test_printed_secrets_have_no_letters_that_look_alike():
    drawn = "".join(passwords.one_time() for _ in range(200))
    assert not set(drawn) & set("01lioaeuO")
    assert len({passwords.one_time() for _ in range(200)}) == 200


def test_a_code_is_kept_differently_for_each_person(app):
    assert passwords.digest_of_code(1, "abcde-fghjk") != passwords.digest_of_code(2, "abcde-fghjk")
    assert passwords.matching_code(1, [(7, passwords.digest_of_code(1, "abcde-fghjk"))], "ABCDEFGHJK") == 7
