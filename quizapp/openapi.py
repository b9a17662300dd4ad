"""The JSON API described once: a field gives both its value in a reply and its schema in the OpenAPI document. Pure.

Source: OpenAPI 3.1.0. What the document says is read from the records by which replies are made, so that neither can
go stale beside the other.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from quizapp import figures
from quizapp.clock import CHINA

Schema = dict[str, Any]
MOST = 1000  # entries in one reply
DEFAULT = 100
ERRORS = {  # status: when
    400: "请求参数不正确",
    401: "没有令牌，或令牌错误、过期、已撤销",
    403: "令牌没有所需的权限",
    404: "没有该内容，或不在令牌的单位范围内",
    409: "该内容目前不能提供，例如成绩尚未公布",
    429: "该令牌请求过于频繁，请按Retry-After所给的秒数稍后再取",
    503: "系统繁忙，请按Retry-After所给的秒数稍后再取",
}
RETRY = {429, 503}  # say when to come back


@dataclass(frozen=True)
class Kind:
    """How a value stands in JSON. schema: what readers are told; write: the value as JSON takes it."""

    schema: Schema
    write: Callable[[Any], Any] = lambda value: value


def moment(value: datetime) -> str:
    """2026-12-25T09:00:00+08:00"""
    return value.astimezone(CHINA).isoformat(timespec="seconds")


TEXT = Kind({"type": "string"})
NUMBER = Kind({"type": "integer"})
FLAG = Kind({"type": "boolean"})
DAY = Kind({"type": "string", "format": "date"}, date.isoformat)
MOMENT = Kind({"type": "string", "format": "date-time"}, moment)
POINTS = Kind({"type": "string", "pattern": r"^[0-9]+(\.[0-9])?$"}, figures.points)  # from tenths of a 分
DECIMAL = Kind({"type": "string", "pattern": r"^[0-9]+\.[0-9]$"}, str)  # from a Decimal with one place


def one_of(words: Mapping[str, str]) -> Kind:
    """One of these codes. words: code → what it means."""
    told = "，".join(f"{code}：{meaning}" for code, meaning in words.items())
    return Kind({"type": "string", "enum": list(words), "description": told})


@dataclass(frozen=True)
class Field:
    """One name in a record. value: from the row; maybe: null is possible; scope: only for tokens that have it."""

    name: str
    kind: Kind
    says: str
    value: Callable[[Any], Any]
    maybe: bool = False
    scope: str = ""

    @property
    def schema(self) -> Schema:
        own = self.kind.schema
        meaning = "；".join(part for part in (self.says, own.get("description", "")) if part)
        if self.maybe:
            return {"description": meaning, "anyOf": [own, {"type": "null"}]}
        return own | {"description": meaning}

    def of(self, row: Any) -> Any:
        """The value as it stands in JSON."""
        found = self.value(row)
        return None if found is None else self.kind.write(found)


@dataclass(frozen=True)
class Record:
    """An entry of a list. name: of its schema."""

    name: str
    says: str
    fields: tuple[Field, ...]

    def of(self, row: Any, scopes: Collection[str]) -> dict[str, Any]:
        """The entry of a row, as far as these scopes go."""
        return {one.name: one.of(row) for one in self.fields if not one.scope or one.scope in scopes}

    @property
    def schema(self) -> Schema:
        return {
            "type": "object",
            "description": self.says,
            "properties": {one.name: one.schema for one in self.fields},
            "required": [one.name for one in self.fields if not one.scope],
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class Operation:
    """What one address gives. scopes: any one of them opens it. named: parts of the address → what they are."""

    name: str
    summary: str
    record: Record
    scopes: tuple[str, ...]
    named: Mapping[str, str] = field(default_factory=dict)

    @property
    def schema(self) -> Schema:
        """A page of entries and the address of the next one."""
        entries = {"type": "array", "items": _ref(self.record.name)}
        following = {"type": ["string", "null"], "description": "下一页的地址；没有下一页时为null"}
        return {
            "type": "object",
            "properties": {"data": entries, "next": following},
            "required": ["data", "next"],
            "additionalProperties": False,
        }

    @property
    def described(self) -> dict[str, Any]:
        """The operation as the document gives it."""
        in_path = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "integer"}, "description": says}
            for name, says in self.named.items()
        ]
        return {
            "operationId": self.name,
            "summary": self.summary,
            "security": [{"token": [scope]} for scope in self.scopes],
            "parameters": [*in_path, *({"$ref": f"#/components/parameters/{p}"} for p in PARAMETERS)],
            "responses": {
                "200": {
                    "description": "成功",
                    "headers": {"ETag": {"schema": {"type": "string"}, "description": "内容的标识"}},
                    "content": {"application/json": {"schema": self.schema}},
                },
                "304": {"description": "内容与If-None-Match所给的标识相同，没有变化"},
                **{str(status): {"$ref": f"#/components/responses/{status}"} for status in ERRORS},
            },
        }


PARAMETERS: dict[str, Any] = {
    "limit": {
        "name": "limit",
        "in": "query",
        "description": "每页最多几项",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT},
    },
    "cursor": {
        "name": "cursor",
        "in": "query",
        "description": "从哪里接着取：只能使用上一页的next所给的值",
        "schema": {"type": "string"},
    },
    "etag": {
        "name": "If-None-Match",
        "in": "header",
        "description": "上次取得的ETag；内容没有变化时返回304",
        "schema": {"type": "string"},
    },
}
ERROR: Schema = {
    "type": "object",
    "description": "没有取得内容的原因",
    "properties": {
        "code": {"type": "string", "description": "供程序判断的代码"},
        "sentence": {"type": "string", "description": "出了什么事"},
        "advice": {"type": "string", "description": "怎么办"},
        "reference": {"type": "string", "description": "系统出错时的编号"},
    },
    "required": ["code", "sentence"],
}


def _waiting(status: int) -> dict[str, Any]:
    """The header of a reply that says when to come back."""
    if status not in RETRY:
        return {}
    seconds = {"schema": {"type": "integer"}, "description": "过多少秒再取"}
    return {"headers": {"Retry-After": seconds}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def document(
    title: str, about: str, server: str, operations: Iterable[tuple[str, Operation]]
) -> dict[str, Any]:
    """The OpenAPI document. server: what stands before every address; operations: (address, operation)."""
    found = sorted(operations, key=lambda pair: pair[0])
    records = {operation.record.name: operation.record.schema for _, operation in found}
    failed = {"application/json": {"schema": _ref("Error")}}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1", "description": about},
        "servers": [{"url": server}],
        "paths": {address: {"get": operation.described} for address, operation in found},
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "接口令牌，由系统管理员制作"}
            },
            "parameters": PARAMETERS,
            "schemas": {**records, "Error": ERROR},
            "responses": {
                str(status): {"description": says, "content": failed} | _waiting(status)
                for status, says in ERRORS.items()
            },
        },
    }
