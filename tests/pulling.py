"""A program that pulls from the JSON API: every reply is held against the OpenAPI document that the app serves."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from quizapp import clock
from quizapp.db import db
from quizapp.people.models import Unit
from quizapp.people.tokens import actions

FORMATS = FormatChecker(["date"])
ADDRESS = "/api/v1"


@FORMATS.checks("date-time", raises=ValueError)
def _has_an_offset(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def make_token(unit_id: int, *scopes: str, days: int = 30) -> str:
    """A token of a unit, committed."""
    unit = db.session.get_one(Unit, unit_id)
    _, secret = actions.make(unit, "省平台", scopes, days, now=clock.now(), actor_id=None)
    db.session.commit()
    return secret


class Puller:
    """`Puller(client, token).get("/units")`: the reply, once it fits the document."""

    def __init__(self, client: Any, token: str = "", *, prefix: str = "") -> None:
        self.client, self.prefix = client, prefix
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    @cached_property
    def document(self) -> dict[str, Any]:
        reply = self.client.get(f"{self.prefix}{ADDRESS}/openapi.json")
        assert reply.status_code == 200
        return dict(reply.json)

    def get(self, address: str, **headers: str) -> Any:
        """address: below /api/v1, or as `next` gives it."""
        whole = address if ADDRESS in address else f"{self.prefix}{ADDRESS}{address}"
        reply = self.client.get(whole, headers=self.headers | headers)
        self.check(whole.partition(ADDRESS)[2].partition("?")[0], reply)
        return reply

    def check(self, path: str, reply: Any) -> None:
        [operation] = [
            found["get"] for known, found in self.document["paths"].items() if _is(known.split("/"), path)
        ]
        told = operation["responses"][str(reply.status_code)]
        if reply.status_code == 304:
            assert not reply.data
            return
        if "$ref" in told:
            told = self.document["components"]["responses"][told["$ref"].rpartition("/")[2]]
        assert reply.mimetype == "application/json"
        schema = told["content"]["application/json"]["schema"]
        Draft202012Validator(
            schema | {"components": self.document["components"]}, format_checker=FORMATS
        ).validate(reply.json)

    def pages(self, address: str) -> Iterator[list[dict[str, Any]]]:
        """Page after page, following `next`."""
        following: str | None = address
        while following:
            reply = self.get(following)
            assert reply.status_code == 200, reply.json
            yield reply.json["data"]
            following = reply.json["next"]

    def all(self, address: str) -> list[dict[str, Any]]:
        return [entry for page in self.pages(address) for entry in page]


def _is(known: list[str], path: str) -> bool:
    parts = path.split("/")
    return len(known) == len(parts) and all(
        name == part or name.startswith("{") for name, part in zip(known, parts, strict=True)
    )
