"""What all lists of the JSON API share: pages by cursor, the envelope, ETag, and the document that describes them.

A cursor names the key of the last entry given, and keys never change: whoever follows `next` to its end meets every
entry that was there at the beginning, none of them twice, whatever is added meanwhile.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, jsonify, request, url_for

from quizapp import openapi
from quizapp.asked import LARGEST
from quizapp.errors import Refused

PREFIX = "/api/v1"
ABOUT = (
    "供上级系统读取单位、人员、考试完成情况和成绩。只能读取，不能改动。时间为ISO 8601格式，带时区；"
    "分数和百分数为十进制文本，单位为分和百分点。单位用单位编码、人员用学法账号识别。"
)


@dataclass(frozen=True)
class Asked:
    """Which part of a list is wanted: at most `limit` entries whose key comes after `after`."""

    after: int
    limit: int


def asked() -> Asked:
    """What this request asks for. Raises Refused for a limit, cursor or further parameter that is none."""
    unknown = sorted(set(request.args) - {"limit", "cursor"})
    if unknown:
        raise _wrong("parameter", f"不支持参数{'、'.join(unknown)}。", "可用的参数为limit和cursor。")
    cursor = request.args.get("cursor")
    return Asked(_key_of(cursor) if cursor is not None else 0, _limit(request.args.get("limit")))


def _wrong(code: str, sentence: str, advice: str) -> Refused:
    return Refused(code, sentence, advice, status=400)


def _limit(text: str | None) -> int:
    if text is None:
        return openapi.DEFAULT
    limit = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 1 <= limit <= openapi.MOST:
        raise _wrong("limit", "参数limit不正确。", f"请填写1至{openapi.MOST}的整数。")
    return limit


def _cursor(key: int) -> str:
    """Opaque to readers; good for this list alone."""
    return base64.urlsafe_b64encode(f"{request.path}:{key}".encode()).decode().rstrip("=")


def _key_of(cursor: str) -> int:
    try:
        plain = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        path, _, key = plain.rpartition(":")
        if path == request.path and key.isascii() and key.isdigit() and int(key) <= LARGEST:
            return int(key)
    except (binascii.Error, ValueError):
        pass
    raise _wrong("cursor", "参数cursor不正确。", "请使用上一页的next所给的地址，或从第一页重新读取。")


def page(
    rows: Sequence[Any],
    wanted: Asked,
    record: openapi.Record,
    key: Callable[[Any], int],
    scopes: Collection[str],
) -> Response:
    """The reply: these entries and the address of the next page; 304 to whoever has it already.

    rows: one more than wanted, where there are more.
    """
    given, following = rows[: wanted.limit], None
    if len(rows) > wanted.limit:
        values = {**(request.view_args or {}), "cursor": _cursor(key(given[-1])), "limit": wanted.limit}
        following = url_for(str(request.endpoint), **values)
    response = jsonify(data=[record.of(row, scopes) for row in given], next=following)
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return with_etag(response)


def with_etag(response: Response) -> Response:
    """Name the content by its hash, and leave it out where the caller has it."""
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.make_conditional(request)
    return response


def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI document of every address of this application that describes itself."""
    found = []
    for rule in app.url_map.iter_rules():
        operation = getattr(app.view_functions[rule.endpoint], "operation", None)
        if operation is not None:
            address = rule.rule.removeprefix(PREFIX).replace("<int:", "{").replace(">", "}")
            found.append((address, operation))
    return openapi.document("条例学考数据接口", ABOUT, request.script_root + PREFIX, found)
