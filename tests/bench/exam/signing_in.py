"""Sign-ins with a password beside bare verifications of the same hash: what the rest of a sign-in costs."""

import json
import statistics
from collections.abc import Iterator
from itertools import pairwise

from sqlalchemy import select, update

from quizapp.db import db
from quizapp.people import passwords
from quizapp.people.models import Person
from tests.bench.exam import inside, sites
from tests.bench.exam.sites import WORKERS, Site
from tests.bench.load import median, request
from tests.bench.rows import Row, at_least
from tests.bench.servers import Server

GOAL, ROUNDS, PASSWORD = 0.8, 5, "Zhengque-2026"
PEOPLE, TIMES = 192, 5  # how often each signs in in a round


def rows(site: Site, server: Server) -> Iterator[Row]:
    """Rounds in turns with bare verifications, after one that warms up; of the ratios the median.

    A round is long, as bare verifications never pause: at its end the worker that happens to hold fewer connections is
    through early and stands still.
    """
    people = site.people[:PEOPLE]
    accounts = site.run(lambda: _give_passwords([one.person_id for one in people]))
    requests = [_sign_in(accounts[one.person_id], one.headers) for one in people]
    sites.send(server, requests, b'"code":"signed_in"')
    bare, done = [inside.hashes(dict(site.told), WORKERS)], []
    for _ in range(ROUNDS):
        done.append(sites.send(server, requests * TIMES, b'"code":"signed_in"'))
        bare.append(inside.hashes(dict(site.told), WORKERS))
    beside = [(before + after) / 2 for before, after in pairwise(bare)]
    ratios = [each.rate / hashes for each, hashes in zip(done, beside, strict=True)]
    rates = f"{median(done):.1f} sign-ins/s ÷ {statistics.median(beside):.1f} bare argon2 verifications/s"
    detail = f"{rates}, {WORKERS} at a time; rounds {', '.join(f'{ratio:.2f}' for ratio in ratios)}"
    yield at_least(f"sign-in-{site.dialect}", statistics.median(ratios), GOAL, detail)


def _give_passwords(person_ids: list[int]) -> dict[int, str]:
    """All of them the same, hashed as the product does; their accounts by id."""
    stored = passwords.hash_password(PASSWORD)
    db.session.execute(update(Person).where(Person.id.in_(person_ids)).values(password_hash=stored))
    return dict(db.session.execute(select(Person.id, Person.account).where(Person.id.in_(person_ids))).all())


def _sign_in(account: str, headers: dict[str, str]) -> bytes:
    body = json.dumps({"login": account, "password": PASSWORD, "keep": True}).encode()
    return request("POST", "/sign-in.json", headers, body)
