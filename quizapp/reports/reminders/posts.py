"""Posts to the robots of work groups: addresses, signatures, replies. Pure.

Source: the makers: 企业微信“群机器人配置说明” and 钉钉“自定义机器人接入”: a JSON post of msgtype text, at most 20
a minute to one robot, answered by {"errcode": 0, …}; 钉钉 signs by HMAC-SHA256 over the milliseconds and the secret.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, quote, urlsplit

A_MINUTE = 20  # posts to one robot within a minute
LONGEST = 2048  # bytes of a text that 企业微信 takes
LONGEST_ADDRESS = 400


@dataclass(frozen=True)
class Maker:
    """How the robots of one product are addressed."""

    name: str
    path: str
    key: str  # the parameter that is the secret


MAKERS = {
    "wecom": Maker("企业微信", "/cgi-bin/webhook/send", "key"),
    "dingtalk": Maker("钉钉", "/robot/send", "access_token"),
}
PLAIN = re.compile(r"[!-~]+")  # visible ASCII: what urlsplit would drop in silence is refused


def maker_of(address: str) -> str:
    """A key of MAKERS by the path of the address; "" for none."""
    parts = urlsplit(address)
    return next(
        (name for name, one in MAKERS.items() if parts.path == one.path and one.key in parse_qs(parts.query)),
        "",
    )


def problem(address: str, hosts: Collection[str], schemes: Collection[str] = ("https",)) -> str:
    """What is wrong with an address, in Chinese; "" for a good one.

    Only named hosts are ever asked, so that no address leads into the inner network. hosts: names, with a port where it
    is not the usual one.
    """
    if not PLAIN.fullmatch(address) or len(address) > LONGEST_ADDRESS:
        return "地址中有空格、汉字或其他不能识别的字符，请从群机器人页面重新复制"
    try:
        parts = urlsplit(address)
    except ValueError:
        return "地址不能识别，请从群机器人页面重新复制"
    if parts.scheme not in schemes:
        return "地址应以https://开头"
    if parts.netloc.lower() not in hosts:
        return f"只能填写{'、'.join(sorted(hosts))}的地址"
    if parts.fragment or not maker_of(address):
        return "这不是企业微信或钉钉群机器人的完整地址，请从群机器人页面重新复制"
    return ""


def masked(address: str) -> str:
    """What a page may show of an address: its host and the last four characters of the key."""
    parts = urlsplit(address)
    key = next(iter(parse_qs(parts.query).get(MAKERS[maker_of(address)].key, [""])))
    return f"{parts.hostname}，密钥末四位{key[-4:]}" if len(key) >= 12 else f"{parts.hostname}"


def signed(address: str, secret: str, now: datetime) -> str:
    """The address to post to now. secret: of a 钉钉 robot with 加签, else ""."""
    if not secret:
        return address
    stamp = round(now.timestamp() * 1000)
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return f"{address}&timestamp={stamp}&sign={quote(base64.b64encode(digest), safe='')}"


def body(text: str) -> bytes:
    """The post of a text, alike for both makers."""
    return json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False).encode()


def fits(text: str) -> bool:
    """Whether a robot takes a text of this length."""
    return len(text.encode()) <= LONGEST


def refusal(status: int, reply: bytes) -> str:
    """Why a post was not taken, in Chinese; "" when it was. status: of HTTP."""
    if status != 200:
        return f"对方返回HTTP状态{status}"
    try:
        answer = json.loads(reply)
        code = int(answer["errcode"])
    except (ValueError, TypeError, KeyError):
        return "对方的答复不能识别"
    return "" if code == 0 else f"对方没有接收，错误码{code}{CODES.get(code, '')}"


CODES = {  # the ones that people can do something about
    93000: "（地址无效或机器人已被移出群聊）",
    45009: "（发送过于频繁）",
    300001: "（地址无效或机器人已停用）",
    310000: "（加签密钥、关键词或来源地址不符）",
    400013: "（群已解散）",
    400101: "（地址无效）",
    410100: "（发送过于频繁）",
}
