"""The number, the mask, the signed text, the signature and the standing of a certificate: rules without any table."""

import random
import string
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.attempts.certificates import claims, masking, numbers, signing, standing
from quizapp.attempts.certificates.claims import Claim, Printed

SAID = Claim("合格证书", "江映雪", "县信访局", "2026年度考试", "合格", "青石县法治办")
PRINTED = Printed("XF-2026-7K3M9-QPD4C", SAID, date(2026, 12, 25), date(2026, 12, 26))
KEY, OTHER = signing.new(), signing.new()
KEYS = {KEY.key_id: KEY.public}

# The number -------------------------------------------------------------------------------------------------

seeds = st.integers(0, 2**32)
years = st.integers(1000, 9999)


def made(year, seed):
    return numbers.new(year, random.Random(seed).choice)


@given(years, seeds)
def test_a_number_is_read_as_it_is_printed(year, seed):
    number = made(year, seed)
    assert numbers.read(number) == number
    assert number[3:7] == str(year)


@given(years, seeds, st.integers(0, 13), st.data())
def test_no_single_wrong_sign_gets_by(year, seed, place, data):
    plain = made(year, seed).replace("-", "")
    at = 2 + place
    others = string.digits if place < 4 else numbers.LETTERS
    wrong = data.draw(st.sampled_from([sign for sign in others if sign != plain[at]]))
    assert numbers.read(plain[:at] + wrong + plain[at + 1 :]) is None


@given(years, seeds, st.integers(0, 12))
def test_no_two_neighbours_that_changed_places_get_by(year, seed, place):
    plain = made(year, seed).replace("-", "")
    at = 2 + place
    swapped = plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]
    assert numbers.read(swapped) == (None if swapped != plain else made(year, seed))


@pytest.mark.parametrize(
    "change",
    [str.lower, lambda n: n.replace("-", ""), lambda n: f"  {n.replace('-', ' ')} ", lambda n: full_width(n)],
)
def test_a_number_is_read_however_it_was_typed(change):
    number = made(2026, 7)
    assert numbers.read(change(number)) == number


def full_width(text):
    return "".join(chr(ord(sign) + 0xFEE0) if sign != " " else sign for sign in text)


@pytest.mark.parametrize(
    "typed", ["", "XF", "XF-2026", "江映雪", "XF-2026-00000-00000", "XF-²026-7K3M9-QPD4C", "A" * 5000]
)
def test_what_is_no_number_is_none(typed):
    assert numbers.read(typed) is None


def test_numbers_that_follow_one_another_have_nothing_in_common():
    drawn = [numbers.new(2026)[8:] for _ in range(200)]
    assert len(set(drawn)) == 200
    assert len({number[:3] for number in drawn}) > 150  # of 24,389 beginnings


# The mask ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张伟", "张＊"),
        ("江映雪", "江＊＊"),
        ("欧阳修文", "欧阳＊＊"),
        ("欧阳修", "欧阳＊"),
        ("欧阳", "欧＊"),  # 欧 with the name 阳
        ("司马", "司＊"),
        ("张王丽华", "张＊＊＊"),
        ("歐陽文忠", "歐陽＊＊"),
        ("买买提·吐尔逊", "买＊＊·＊＊＊"),
        ("𠮷田", "𠮷＊"),  # beyond the BMP
        ("葛\U000e0100伟", "葛＊"),  # a variation selector is no character
        ("John Smith", "J＊＊＊ ＊＊＊＊＊"),
        ("王", "＊"),
        ("", ""),
    ],
)
def test_only_the_surname_of_a_name_shows(name, shown):
    assert masking.masked(name) == shown


@given(st.text(st.sampled_from("张欧阳伟国𠮷·华"), min_size=2, max_size=12))
def test_a_mask_keeps_at_most_two_characters(name):
    hidden = masking.masked(name)
    assert len(hidden) == len(name)
    assert sum(sign not in "＊·" for sign in hidden) <= 2


# The signed text --------------------------------------------------------------------------------------------


def test_a_signed_text_reads_as_it_was_written():
    signed = KEY.sign(PRINTED)
    assert claims.read(claims.text(signed)) == signed
    assert claims.read("\r\n".join(claims.text(signed).split("\n")) + "\n") == signed
    assert signing.problem(signed, KEYS) == ""


def test_what_is_signed_stands_fixed():
    """Whoever checks certificates by a program of their own relies on these lines: docs/formats.md."""
    assert claims.message(PRINTED, "0a1b2c3d") == (
        "XFZ1\nXF-2026-7K3M9-QPD4C\n合格证书\n江映雪\n县信访局\n2026年度考试\n合格\n2026-12-25\n青石县法治办\n"
        "2026-12-26\n0a1b2c3d"
    )


@given(st.integers(0, 11), st.data())
def test_a_text_that_was_tampered_with_anywhere_is_refused(line, data):
    lines = claims.text(KEY.sign(PRINTED)).split("\n")
    place = data.draw(st.integers(0, len(lines[line]) - 1))
    sign = data.draw(st.sampled_from([one for one in "A2甲-" if one != lines[line][place]]))
    lines[line] = lines[line][:place] + sign + lines[line][place + 1 :]
    try:
        signed = claims.read("\n".join(lines))
    except ValueError:
        return  # not even the shape of one
    assert signing.problem(signed, KEYS) != ""


def test_a_blank_line_or_a_missing_one_is_no_signed_text():
    lines = claims.text(KEY.sign(PRINTED)).split("\n")
    with pytest.raises(ValueError, match="12行"):
        claims.read("\n".join(lines[:-1]))
    assert claims.read("\n\n".join(lines)) == KEY.sign(PRINTED)


def test_another_key_under_the_same_id_does_not_verify():
    signed = KEY.sign(PRINTED)
    assert "签名不符" in signing.problem(signed, {KEY.key_id: OTHER.public})
    assert "签名不符" in signing.problem(signed, {KEY.key_id: "AAAA"})


def test_a_key_that_is_not_known_is_said_so():
    assert KEY.key_id in signing.problem(KEY.sign(PRINTED), {OTHER.key_id: OTHER.public})


def test_what_an_older_key_signed_is_verified_beside_the_newer_one():
    keys = {KEY.key_id: KEY.public, OTHER.key_id: OTHER.public}
    assert [signing.problem(key.sign(PRINTED), keys) for key in (KEY, OTHER)] == ["", ""]


def test_somebody_elses_key_cannot_sign_under_ours():
    forged = replace(OTHER.sign(PRINTED), key_id=KEY.key_id)
    assert "签名不符" in signing.problem(forged, KEYS)


def test_published_keys_are_read_and_a_wrong_one_is_refused():
    page = f"# 公钥\n{KEY.key_id} {KEY.public} 2026年12月25日起\n\n{OTHER.key_id} {OTHER.public}\n"
    assert signing.keys_in(page) == {KEY.key_id: KEY.public, OTHER.key_id: OTHER.public}
    with pytest.raises(ValueError, match="与编号不符"):
        signing.keys_in(f"{KEY.key_id} {OTHER.public}")


def test_a_key_is_the_same_after_it_was_written_down():
    again = signing.from_private(f"{KEY.private}\n")
    assert (again.key_id, again.sign(PRINTED)) == (KEY.key_id, KEY.sign(PRINTED))


@given(st.text(max_size=30))
def test_a_line_of_a_signed_text_has_no_break(text):
    assert len(claims.line(f"甲{text}乙").splitlines()) == 1


# The standing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "voided", "word", "reason"),
    [
        (SAID, False, "有效", ""),
        (None, False, "已撤销", "成绩更正后，没有达到合格线。"),
        (SAID, True, "已撤销", "考试已作废，成绩无效。"),
        (replace(SAID, level="优秀"), False, "已更正", "成绩等级已更正，以新的证书为准。"),
        (replace(SAID, name="江映学"), False, "已更正", "姓名已更正，以新的证书为准。"),
        (replace(SAID, unit="县委", level="优秀"), False, "已更正", "单位、成绩等级已更正，以新的证书为准。"),
    ],
)
def test_whether_a_certificate_stands_follows_from_what_would_be_said_today(now, voided, word, reason):
    found = standing.standing(SAID, now, voided=voided)
    assert (found.word, found.reason, found.is_valid) == (word, reason, word == "有效")


FINE = {
    "issues": True,
    "voided": False,
    "passed": True,
    "score_shown": True,
    "may_fall": False,
    "over": False,
}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, ""),
        ({"issues": False}, "off"),
        ({"voided": True}, "voided"),
        ({"score_shown": False}, "hidden"),
        ({"score_shown": False, "passed": False}, "hidden"),  # or the refusal would tell the result
        ({"passed": False}, "failed"),
        ({"may_fall": True}, "later"),
        ({"may_fall": True, "over": True}, ""),
    ],
)
def test_who_gets_a_certificate_now(changed, reason):
    assert standing.hindrance(**(FINE | changed)) == reason


@pytest.mark.parametrize(
    ("counts", "tries", "falls"), [("best", 3, False), ("last", 1, False), ("last", 2, True)]
)
def test_only_a_last_of_several_attempts_can_take_a_pass_away(counts, tries, falls):
    assert standing.may_fall(counts=counts, tries=tries) is falls
