"""Sign-ins with a password beside bare verifications of the same hash: what the rest of a sign-in costs."""

import json
from collections.abc import Iterator

from sqlalchemy import select, update

from quizapp.db import db
from quizapp.people import passwords
from quizapp.people.models import Person
from tests.bench.exam import inside, sites
from tests.bench.exam.sites import WORKERS, Site
from tests.bench.load import request
from tests.bench.rows import Row, at_least
from tests.bench.servers import Server

GOAL, SIGN_INS, PASSWORD = 0.8, 192, "Zhengque-2026"


def rows(site: Site, server: Server) -> Iterator[Row]:
    people = site.people[:SIGN_INS]
    accounts = site.run(lambda: _give_passwords([one.person_id for one in people]))
    before = inside.hashes(dict(site.told), WORKERS)
    requests = [_sign_in(accounts[one.person_id], one.headers) for one in people]
    sites.send(server, requests[: 2 * WORKERS], b'"code":"signed_in"')
    done = sites.send(server, requests, b'"code":"signed_in"')
    bare = (before + inside.hashes(dict(site.told), WORKERS)) / 2
    detail = f"{done.rate:.1f} sign-ins/s ÷ {bare:.1f} bare argon2 verifications/s, {WORKERS} at a time"
    yield at_least(f"sign-in-{site.dialect}", done.rate / bare, GOAL, detail)


def _give_passwords(person_ids: list[int]) -> dict[int, str]:
    """All of them the same, hashed as the product does; their accounts by id."""
    stored = passwords.hash_password(PASSWORD)
    db.session.execute(update(Person).where(Person.id.in_(person_ids)).values(password_hash=stored))
    return dict(db.session.execute(select(Person.id, Person.account).where(Person.id.in_(person_ids))).all())


def _sign_in(account: str, headers: dict[str, str]) -> bytes:
    body = json.dumps({"login": account, "password": PASSWORD, "keep": True}).encode()
    return request("POST", "/sign-in.json", headers, body)
