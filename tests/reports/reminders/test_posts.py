"""Addresses of robots that lead nowhere else, signatures, and what their replies mean."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.reports.completion import Counts, UnitRow
from quizapp.reports.reminders import posts, wording

HOSTS = ["qyapi.weixin.qq.com", "oapi.dingtalk.com"]
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=566cc69da782ec55fbd8d8b0d8d8d8d8"


@pytest.mark.parametrize(("address", "maker"), [(WECOM, "wecom"), (DINGTALK, "dingtalk")])
def test_the_makers_own_addresses_are_taken(address, maker):
    assert posts.problem(address, HOSTS) == ""
    assert posts.maker_of(address) == maker


@pytest.mark.parametrize(
    "address",
    [
        "",
        "qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
        WECOM.replace("https", "http"),
        WECOM.replace("https://", "https://127.0.0.1@"),
        WECOM.replace("https://", "https://user:word@"),
        WECOM.replace("qq.com", "qq.com.evil.cn"),
        WECOM.replace("qyapi.weixin.qq.com", "10.0.0.5"),
        WECOM.replace("qyapi.weixin.qq.com", "[::1]"),
        WECOM.replace("qyapi.weixin.qq.com", "qyapi.weixin.qq.com:8443"),
        WECOM.replace("qyapi.weixin.qq.com", "qyapi.weixin.qq.com\\@10.0.0.5"),
        WECOM.replace("qyapi.weixin.qq.com", "qyapi.weixin.qq.com."),
        WECOM.replace("https://", "https:/\t/"),
        WECOM.replace("https://", "https:///"),
        WECOM.replace("qyapi", "ｑyapi"),
        f"{WECOM}\r\nHost: 10.0.0.5",
        f" {WECOM}",
        f"{WECOM}#x",
        WECOM.replace("?key=", "?other="),
        WECOM.replace("/send", "/upload_media"),
        "file:///etc/passwd",
        "https://[",
        f"{WECOM}{'a' * 500}",
    ],
)
def test_every_other_address_is_refused(address):
    assert posts.problem(address, HOSTS)


@given(st.text(max_size=60), st.integers(0, 90))
def test_an_address_that_passes_goes_to_an_allowed_host(words, place):
    """Whatever is put into a good address: refused, or still the host that was allowed."""
    changed = WECOM[:place] + words + WECOM[place:]
    if not posts.problem(changed, HOSTS):
        parts = urlsplit(changed)
        assert (parts.scheme, parts.hostname, parts.port, parts.username) == ("https", HOSTS[0], None, None)


def test_pages_show_no_more_than_the_last_four_characters():
    assert posts.masked(WECOM) == "qyapi.weixin.qq.com，密钥末四位5aaa"
    assert posts.masked(f"{WECOM.partition('=')[0]}=abc") == "qyapi.weixin.qq.com"


def test_dingtalk_is_signed_over_the_milliseconds_and_the_secret():
    """Timestamp and secret divided by a line break, HMAC-SHA256 with the secret, Base64, then escaped."""
    now = datetime(2026, 12, 14, 1, 0, 0, 123_000, tzinfo=UTC)
    query = parse_qs(urlsplit(posts.signed(DINGTALK, "SEC000000", now)).query)
    told = f"{round(now.timestamp() * 1000)}\nSEC000000"
    digest = hmac.new(b"SEC000000", told.encode(), hashlib.sha256).digest()
    assert query["timestamp"] == ["1797210000123"]
    assert query["sign"] == [base64.b64encode(digest).decode()]
    assert query["access_token"] == ["566cc69da782ec55fbd8d8b0d8d8d8d8"]
    assert posts.signed(WECOM, "", now) == WECOM


def test_the_post_is_the_text_message_of_both_makers():
    assert json.loads(posts.body("还有3人未考")) == {"msgtype": "text", "text": {"content": "还有3人未考"}}


@pytest.mark.parametrize(
    ("status", "reply", "words"),
    [
        (200, b'{"errcode": 0, "errmsg": "ok"}', ""),
        (200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}', "错误码93000（地址无效"),
        (200, b'{"errcode": 310000}', "加签密钥"),
        (200, b'{"errcode": 7}', "错误码7"),
        (302, b"", "HTTP状态302"),
        (500, b"", "HTTP状态500"),
        (200, b"<html>", "不能识别"),
        (200, b"[]", "不能识别"),
        (200, b'{"errcode": null}', "不能识别"),
    ],
)
def test_what_a_reply_means(status, reply, words):
    said = posts.refusal(status, reply)
    assert words in said
    assert bool(words) == bool(said)


def test_a_text_that_would_be_too_long_leaves_out_the_units_below():
    parts = [
        UnitRow(
            n,
            f"第{n}某某某某某某某某某某某某某某某某某某某某某某某某某某局",
            False,
            False,
            Counts(expected=2),
        )
        for n in range(40)
    ]
    when = {
        "closes_at": datetime(2026, 12, 25, 16, tzinfo=UTC),
        "now": datetime(2026, 12, 14, 1, tzinfo=UTC),
    }
    text = wording.post("2026年度考试", "青石县", Counts(expected=80), parts, **when)
    assert posts.fits(text)
    assert "还有80人未考" in text
    assert "某局" not in text
    assert "某局" in wording.post("2026年度考试", "青石县", Counts(expected=80), parts[:3], **when)
