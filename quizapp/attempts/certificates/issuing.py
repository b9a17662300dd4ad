"""Making certificates: on demand, once for each thing that is to be said of somebody."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from quizapp import audit, clock
from quizapp.attempts import dialects
from quizapp.attempts.certificates import keys, numbers, queries
from quizapp.attempts.certificates.claims import Printed, Signed
from quizapp.attempts.certificates.models import Certificate
from quizapp.attempts.certificates.queries import Result
from quizapp.db import db
from quizapp.errors import Refused

SENTENCES = {
    "off": "本次考试不颁发合格证。",
    "voided": "考试已作废或取消，不颁发合格证。",
    "hidden": "成绩还没有公布，暂时不能领取合格证。",
    "failed": "没有达到合格线，不能领取合格证。",
    "later": "本次考试以最后一次成绩为准，考试结束后才能领取合格证。",
}


def issue(results: Sequence[Result], now: datetime, *, actor_id: int | None) -> int:
    """Make the certificates that these candidates lack; how many. Who may have none now is passed over.

    A certificate that says the same as would be said today is there already, also one that did not stand meanwhile.
    """
    due = {one.candidate.id: one for one in results if one.claim is not None and not one.hindrance(now)}
    for candidate_id, claim_key in _made(list(due)):
        claim = due[candidate_id].claim if candidate_id in due else None
        if claim is not None and claim.key == claim_key:
            del due[candidate_id]
    if not due:
        return 0
    signer = keys.signer(now)
    rows = [_row(signer.sign(_printed(one, now)), one, now) for _, one in sorted(due.items())]
    made = dialects.insert_once(Certificate).returning(Certificate.number)  # another may be as quick
    numbers_made = list(db.session.scalars(made, rows))
    audit.record_many(
        "certificate.issued", "certificate", [(number, {}) for number in numbers_made], actor_id=actor_id
    )
    return len(numbers_made)


def issue_one(result: Result, now: datetime, *, actor_id: int | None) -> Certificate:
    """The certificate that stands for this candidate, made now where there is none. Raises Refused with the reason."""
    if reason := result.hindrance(now):
        raise Refused(reason, SENTENCES[reason])
    issue([result], now, actor_id=actor_id)
    one = queries.standing_one(queries.of_candidates([result.candidate.id])[result.candidate.id])
    if one is None:
        raise LookupError("a certificate that was just made stands")
    return one.certificate


def _made(candidate_ids: list[int]) -> list[tuple[int, str]]:
    rows = db.session.execute(
        select(Certificate.candidate_id, Certificate.claim_key).where(
            Certificate.candidate_id.in_(candidate_ids)
        )
    )
    return [(row.candidate_id, row.claim_key) for row in rows]


def _printed(one: Result, now: datetime) -> Printed:
    if one.claim is None:
        raise ValueError("nothing can be said of who has not passed")
    return Printed(numbers.new(one.examined_on.year), one.claim, one.examined_on, clock.today(now))


def _row(signed: Signed, one: Result, now: datetime) -> dict[str, object]:
    printed, said = signed.printed, signed.printed.claim
    return {
        "number": printed.number,
        "candidate_id": one.candidate.id,
        "claim_key": said.key,
        **{name: getattr(said, name) for name in ("title", "name", "unit", "exam", "level", "issuer")},
        "examined_on": printed.examined_on,
        "issued_on": printed.issued_on,
        "issued_at": now,
        "key_id": signed.key_id,
        "signature": signed.signature,
    }
