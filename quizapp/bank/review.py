"""The life of a revision: draft → in_review → published → retired; suspended when the law changed under it.

Everything here takes a set of revisions and runs a constant number of statements. Nobody publishes what they wrote
or imported; what is published quotes the law in force verbatim.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from quizapp import audit
from quizapp.bank import checking, discussion
from quizapp.bank.drafts import CitationDraft
from quizapp.bank.models import STATUSES, Bank, Citation, ImportBatch, Question, Revision
from quizapp.bank.queries import CitationView, citations
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.regulations.citing import Law
from quizapp.regulations.models import Edition
from quizapp.regulations.queries import laws


@dataclass
class Outcome:
    """Which revisions were changed, and why others were not: (code, sentence)."""

    done: list[int] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)

    def or_refuse(self) -> "Outcome":
        """For one question: what kept it becomes the refusal."""
        if self.left:
            raise Refused("not_now", self.left[0][1], "没有改动任何内容。")
        return self


def _rows(revision_ids: Iterable[int]) -> Sequence[Any]:
    """(revision, code, importer) of these revisions, their questions locked against others, the newest first."""
    statement = (
        select(Revision, Question.code, ImportBatch.by_id)
        .join(Question, Question.id == Revision.question_id)
        .outerjoin(ImportBatch, ImportBatch.id == Revision.batch_id)
        .where(Revision.id.in_(list(revision_ids)))
        .order_by(Question.id, Revision.number.desc())
        .with_for_update(of=Question)
    )
    return db.session.execute(statement).all()


def _move(
    revision_ids: Iterable[int],
    origins: Sequence[str],
    bank: Bank,
    action: str,
    *,
    actor_id: int | None,
    **values: Any,
) -> Outcome:
    """Give the revisions that are in one of the original states new values; say of the others what they are."""
    outcome, codes = Outcome(), []
    for revision, code, _ in _rows(revision_ids):
        if revision.status in origins:
            outcome.done.append(revision.id)
            codes.append(code)
        else:
            outcome.left.append((code, _not_from(revision.status)))
    if outcome.done:
        db.session.execute(update(Revision).where(Revision.id.in_(outcome.done)).values(**values))
        audit.record(action, bank, actor_id=actor_id, codes=codes, reason=values.get("status_reason", ""))
    return outcome


def _not_from(status: str) -> str:
    return f"试题的状态是“{STATUSES[status]}”，不能进行这项操作。"


def of_batch(batch: ImportBatch, status: str) -> list[int]:
    """The revisions of an import that are in this state."""
    return list(
        db.session.scalars(
            select(Revision.id).where(Revision.batch_id == batch.id, Revision.status == status)
        )
    )


def submit(revision_ids: Iterable[int], bank: Bank, *, actor_id: int) -> Outcome:
    """Drafts go to a reviewer; so does a suspended question whose words stand in the law again: publishing checks
    that. The caller commits."""
    return _move(
        revision_ids,
        ("draft", "suspended"),
        bank,
        "bank.submitted",
        actor_id=actor_id,
        status="in_review",
        status_reason="",
    )


def send_back(
    revision_ids: Iterable[int], bank: Bank, *, actor_id: int, now: datetime, reason: str
) -> Outcome:
    """Questions in review go back to their author with a reason, which stays as a comment. The caller commits."""
    outcome = _move(
        revision_ids,
        ("in_review",),
        bank,
        "bank.sent_back",
        actor_id=actor_id,
        status="draft",
        status_reason=_reason(reason),
        reviewed_by_id=actor_id,
    )
    discussion.say(outcome.done, discussion.SENT_BACK + _reason(reason), by_id=actor_id, now=now)
    return outcome


def retire(revision_ids: Iterable[int], bank: Bank, *, actor_id: int, reason: str) -> Outcome:
    """Questions are drawn no more. Papers and answers that hold them keep them. The caller commits."""
    return _move(
        revision_ids,
        ("draft", "in_review", "published", "suspended"),
        bank,
        "bank.retired",
        actor_id=actor_id,
        status="retired",
        status_reason=_reason(reason),
    )


def suspend(revision_ids: Iterable[int], bank: Bank, *, actor_id: int | None, reason: str) -> Outcome:
    """Published questions are practised and drawn no more until somebody has looked: 待复核. The caller commits."""
    return _move(
        revision_ids,
        ("published",),
        bank,
        "bank.suspended",
        actor_id=actor_id,
        status="suspended",
        status_reason=_reason(reason),
    )


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Refused("reason", "请写明理由。")
    return reason.strip()


# Publishing -----------------------------------------------------------------------------------------------------


def approve(
    revision_ids: Iterable[int], bank: Bank, *, actor_id: int, now: datetime, reason: str = ""
) -> Outcome:
    """Publish questions in review; what each question had published before is retired. The caller commits.

    Left alone, each with its sentence: one's own, what is not in review, what does not quote the law in force
    verbatim, what a newer published revision has overtaken. reason: why 暂无依据 is published all the same.
    """
    rows = _rows(revision_ids)
    cited = citations(Citation.revision_id.in_([row.Revision.id for row in rows]))
    law = _laws_in_force({view.regulation_id for views in cited.values() for view in views})
    overtaken = _newest_published([row.Revision.question_id for row in rows])
    outcome, codes = Outcome(), []
    seen: set[int] = set()
    for revision, code, importer_id in rows:
        sentence = (
            _why_not(revision, importer_id, actor_id)
            or _outdated(revision, seen, overtaken)
            or _unlawful(cited.get(revision.id, []), law, reason)
        )
        if sentence:
            outcome.left.append((code, sentence))
        else:
            seen.add(revision.question_id)
            outcome.done.append(revision.id)
            codes.append(code)
    if outcome.done:
        _publish(outcome.done, actor_id, now, reason)
        audit.record("bank.published", bank, actor_id=actor_id, codes=codes, reason=reason)
    return outcome


def _why_not(revision: Revision, importer_id: int | None, actor_id: int) -> str:
    if revision.status != "in_review":
        return _not_from(revision.status)
    if actor_id in (revision.author_id, importer_id):
        return "不能审核自己编写或导入的试题，请由其他审题人员审核。"
    return ""


def _outdated(revision: Revision, seen: set[int], overtaken: dict[int, int]) -> str:
    if revision.question_id in seen or overtaken.get(revision.question_id, 0) > revision.number:
        return "该题已有更新的版本。"
    return ""


def _unlawful(views: Sequence[CitationView], law: dict[int, Law], reason: str) -> str:
    """Why these citations may not be published now, "" when they may."""
    drafts = [
        CitationDraft(view.in_words, view.quote, view.kind, str(view.regulation_id or ""), view.source)
        for view in views
    ]
    by_name = {str(regulation_id): text for regulation_id, text in law.items()}
    return checking.unpublishable(drafts, by_name, reason=reason)


def _laws_in_force(regulation_ids: Iterable[int | None]) -> dict[int, Law]:
    wanted = {regulation_id for regulation_id in regulation_ids if regulation_id is not None}
    editions = dict(
        db.session.execute(
            select(Edition.id, Edition.regulation_id).where(
                Edition.regulation_id.in_(wanted), Edition.in_force
            )
        ).all()
    )
    texts = laws(editions)
    return {regulation_id: texts[edition_id] for edition_id, regulation_id in editions.items()}


def _newest_published(question_ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Revision.question_id, Revision.number).where(
            Revision.question_id.in_(question_ids), Revision.status == "published"
        )
    )
    return dict(rows.all())


def _publish(revision_ids: Sequence[int], actor_id: int, now: datetime, reason: str) -> None:
    """Retire what these revisions replace, then publish them: never two published at a time."""
    newer = aliased(Revision)
    overtaken = (
        select(newer.id)
        .where(newer.id.in_(revision_ids))
        .where(newer.question_id == Revision.question_id, newer.number > Revision.number)
    )
    db.session.execute(
        update(Revision)
        .where(overtaken.exists(), Revision.status != "retired")
        .values(status="retired", status_reason="已有新版本")
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(Revision)
        .where(Revision.id.in_(revision_ids))
        .values(status="published", status_reason=reason, reviewed_by_id=actor_id, published_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()


# A new edition of the law ---------------------------------------------------------------------------------------


def recheck(edition_ids: Iterable[int], now: datetime) -> int:
    """Suspend the published questions whose quoted words no longer stand where they were quoted from.

    edition_ids: editions that have just come into force. Returns how many were suspended. The caller commits.
    """
    editions = dict(
        db.session.execute(
            select(Edition.regulation_id, Edition.id).where(Edition.id.in_(list(edition_ids)))
        ).all()
    )
    texts = laws(editions.values())
    touched = _without_their_words({regulation_id: texts[one] for regulation_id, one in editions.items()})
    if touched:
        db.session.execute(
            update(Revision)
            .where(Revision.id.in_(touched))
            .values(status="suspended", status_reason="新版本中引用的条文有改动")
        )
        for_audit = ("edition", ",".join(str(edition_id) for edition_id in editions.values()))
        audit.record("bank.suspended", for_audit, actor_id=None, revisions=sorted(touched))
    return len(touched)


def would_suspend(regulation_id: int, law: Law) -> int:
    """How many published questions a text would suspend if it came into force now."""
    return len(_without_their_words({regulation_id: law}))


def _without_their_words(texts: Mapping[int, Law]) -> set[int]:
    """The published revisions that quote these regulations, but not as these texts of them say."""
    rows = db.session.execute(
        select(Revision.id, Citation.regulation_id, Citation.anchor, Citation.quote)
        .join(Citation, Citation.revision_id == Revision.id)
        .where(Revision.status == "published", Citation.kind == "law")
        .where(Citation.regulation_id.in_(texts))
    )
    return {
        revision_id
        for revision_id, regulation_id, anchor, quote in rows
        if regulation_id is not None and not _stands(texts[regulation_id], anchor, quote)
    }


def _stands(law: Law, anchor: str, quote: str) -> bool:
    return anchor in law.anchors and law.quote_stands(anchor, quote)
