"""免考 and 缓考: asked for by a unit administrator, decided by another person, over when their day has passed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, or_, select, update

from quizapp import audit
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import excuses, extra_time, preconditions, tallies
from quizapp.exams.models import Candidate, Exam, ExcuseRequest

BATCH = 500  # candidates that one transaction of the minute's job brings back
EXPIRED = "到期后自动恢复应考"


def ask(
    exam: Exam,
    candidate_ids: Sequence[int],
    kind: str,
    *,
    reason: str,
    proof: str = "",
    until: datetime | None = None,
    now: datetime,
    actor_id: int,
) -> int:
    """Ask for 免考 (exempt) or 缓考 (deferred) of these candidates: for all of them, or for none. Gives how many.

    proof: what proves it, in words. until: when they are 应考 again; none: for the whole exam. Raises Refused with
    everybody who stands in the way. A constant number of statements.
    """
    preconditions.published(exam)
    preconditions.reason_given(reason)
    if exam.released_at is not None:
        raise Refused("released", "答案已经公布，不能再申请免考、缓考，没有保存任何内容。")
    if until is not None and until <= now:
        raise Refused("until", "到期日应为今天或以后，没有保存任何内容。", status=422)
    rows = extra_time.locked(
        select(Candidate.id).where(Candidate.exam_id == exam.id, Candidate.id.in_(candidate_ids))
    )
    ids = [row.id for row in rows]
    pending = set(
        db.session.scalars(
            select(ExcuseRequest.candidate_id).where(
                ExcuseRequest.candidate_id.in_(ids), ExcuseRequest.state == "asked"
            )
        )
    )
    _refuse_all(
        [
            excuses.bars_asking(row.name, status=row.status, sat=row.sat, pending=row.id in pending)
            for row in rows
        ],
        "没有提交任何申请",
    )
    if not rows:
        raise Refused("nobody", "没有选择考生，没有提交任何申请。", "请勾选考生后再提交。", status=422)
    common = {
        **{"kind": kind, "reason": reason, "proof": proof, "until": until},
        **{"asked_by_id": actor_id, "asked_at": now},
    }
    db.session.execute(insert(ExcuseRequest), [{**common, "candidate_id": each} for each in ids])
    told = {"exam_id": exam.id, "kind": kind, "reason": reason, "until": _iso(until)}
    audit.record_many(
        "candidate.excuse_asked", "candidate", [(each, told) for each in ids], actor_id=actor_id
    )
    return len(ids)


def withdraw(request: ExcuseRequest, *, now: datetime, actor_id: int) -> None:
    """Take a request back that nobody has decided yet. Raises Refused."""
    done = db.session.scalar(
        update(ExcuseRequest)
        .where(ExcuseRequest.id == request.id, ExcuseRequest.state == "asked")
        .values(state="withdrawn", decided_by_id=actor_id, decided_at=now)
        .returning(ExcuseRequest.id)
    )
    if done is None:
        raise Refused("decided", "这项申请已经处理，没有撤回。", "请刷新页面查看结果。")
    exam_id = db.session.scalar(select(Candidate.exam_id).where(Candidate.id == request.candidate_id))
    target = ("candidate", request.candidate_id)
    audit.record("candidate.excuse_withdrawn", target, actor_id=actor_id, exam_id=exam_id, kind=request.kind)


def decide(
    request_ids: Sequence[int], *, granting: bool, answer: str, now: datetime, actor_id: int
) -> list[ExcuseRequest]:
    """Grant or refuse requests, of whatever exams: all of them, or none. answer: needed for a refusal.

    Nobody decides what the same person asked for. Counters follow. A constant number of statements. Raises Refused.
    """
    if not granting and not answer:
        raise Refused("answer", "不批准时请填写理由，没有处理任何申请。", status=422)
    wanted = select(ExcuseRequest.candidate_id).where(ExcuseRequest.id.in_(request_ids))
    candidates = {row.id: row for row in extra_time.locked(wanted)}
    exams = select(Exam.id).where(Exam.id.in_({row.exam_id for row in candidates.values()}))
    open_exams = set(db.session.scalars(exams.where(Exam.state == "published")))
    rows = _locked(request_ids)
    if not rows:
        raise Refused("nobody", "没有选择申请，没有处理任何申请。", "请勾选申请后再处理。", status=422)
    if any(candidates[row.candidate_id].exam_id not in open_exams for row in rows):
        raise Refused("not_published", "其中有考试已经取消或作废，没有处理任何申请。")
    if any(row.asked_by_id == actor_id for row in rows):
        raise Refused("same_person", "本人提出的申请须由另一人批准，没有处理任何申请。")
    _refuse_all(
        [
            excuses.bars_deciding(
                candidates[row.candidate_id].name,
                state=row.state,
                sat=candidates[row.candidate_id].sat,
                granting=granting,
                until=row.until,
                now=now,
            )
            for row in rows
        ],
        "没有处理任何申请",
    )
    if granting:
        _excuse(rows, candidates, actor_id)
    else:
        told = [
            (row.candidate_id, {**_told(row, candidates), "kind": row.kind, "reason": answer}) for row in rows
        ]
        audit.record_many("candidate.excuse_refused", "candidate", told, actor_id=actor_id)
    db.session.execute(
        update(ExcuseRequest)
        .where(ExcuseRequest.id.in_([row.id for row in rows]))
        .values(
            state="granted" if granting else "refused", decided_by_id=actor_id, decided_at=now, answer=answer
        )
    )
    return rows


def _locked(request_ids: Sequence[int]) -> list[ExcuseRequest]:
    return list(
        db.session.scalars(
            select(ExcuseRequest)
            .where(ExcuseRequest.id.in_(request_ids))
            .order_by(ExcuseRequest.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _excuse(rows: Sequence[ExcuseRequest], candidates: dict[int, Candidate], actor_id: int) -> None:
    before = {row.candidate_id: candidates[row.candidate_id].status for row in rows}
    told = [
        (
            row.candidate_id,
            {
                **_told(row, candidates),
                **{"before": before[row.candidate_id], "after": row.kind, "until": _iso(row.until)},
                **{"reason": row.reason, "asked_by": row.asked_by_id},
            },
        )
        for row in rows
    ]
    tallies.set_statuses({row.candidate_id: row.kind for row in rows})
    table = Candidate.__table__
    db.session.connection().execute(
        update(table)
        .where(table.c.id == bindparam("of"))
        .values(excused_until=bindparam("until", type_=table.c.excused_until.type)),
        [{"of": row.candidate_id, "until": row.until} for row in rows],
    )
    for row in rows:
        db.session.expire(candidates[row.candidate_id])
    audit.record_many("candidate.status", "candidate", told, actor_id=actor_id)


def expire(now: datetime) -> int:
    """Make candidates 应考 again whose 免考 or 缓考 has ended while their exam still runs: a batch. Gives how many.

    Two workers at once do it once: the second finds nothing left once it gets the rows.
    """
    own_end = or_(Candidate.slot_closes_at.is_(None), Candidate.slot_closes_at > now)
    rows = db.session.execute(
        select(Candidate.id, Candidate.exam_id, Candidate.status)
        .join(Exam, Exam.id == Candidate.exam_id)
        .where(Candidate.excused_until <= now, Candidate.status != "expected", Candidate.sat.is_(False))
        .where(Exam.state == "published", Exam.released_at.is_(None))
        .where(or_((Exam.closes_at > now) & own_end, Candidate.personal_closes_at > now))
        .order_by(Candidate.id)
        .limit(BATCH)
        .with_for_update(of=Candidate)
    ).all()
    if not rows:
        return 0
    tallies.set_statuses({row.id: "expected" for row in rows})
    ids = [row.id for row in rows]
    db.session.execute(update(Candidate).where(Candidate.id.in_(ids)).values(excused_until=None))
    audit.record_many(
        "candidate.status",
        "candidate",
        [
            (
                row.id,
                {"exam_id": row.exam_id, "before": row.status, "after": "expected", "reason": EXPIRED},
            )
            for row in rows
        ],
        actor_id=None,
    )
    return len(rows)


def _told(row: ExcuseRequest, candidates: dict[int, Candidate]) -> dict[str, int]:
    return {"exam_id": candidates[row.candidate_id].exam_id, "request": row.id}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _refuse_all(found: Sequence[str | None], nothing_done: str) -> None:
    """Everything that stands in the way, in one refusal."""
    sentences = [sentence for sentence in found if sentence]
    if sentences:
        raise Refused("barred", f"{'；'.join(sentences)}，{nothing_done}。", "请取消这些人员后重新提交。")
