"""What changes regulations: a new edition is put beside the others, and the calendar decides which is in force."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import insert, select, update

from quizapp import audit, clock
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.regulations import finding
from quizapp.regulations.importing import Said, confirmed
from quizapp.regulations.initials import initials
from quizapp.regulations.models import Edition, Provision, Regulation
from quizapp.regulations.structure import Doubt, ParsedEdition, read

# What areas to the right do in the same transaction when editions (ids) come into force: questions are rechecked.
on_in_force: list[Callable[[list[int], datetime], object]] = []


def import_edition(
    text: str,
    *,
    slug: str,
    now: datetime,
    actor_id: int | None,
    despite_doubts: bool = False,
    said: Said | None = None,
    told: Sequence[Doubt] = (),
) -> Edition:
    """Store a regulation's text as an edition. The same text again changes nothing and gives the stored edition.

    said: what a person says of it in place of the text; told: doubts on the file that the text came from.
    Refused: what is not understood (serious doubts), doubts that nobody has accepted, another text for the same
    day, a slug that belongs to another regulation. Nothing is stored then.
    """
    parsed = confirmed(read(text), said) if said else read(text)
    doubts = [*told, *parsed.doubts]
    _check(doubts, despite_doubts)
    regulation = _regulation(slug, parsed.title)
    known = db.session.scalars(
        select(Edition).where(Edition.regulation_id == regulation.id, Edition.source_hash == digest(text))
    ).first()
    if known is not None:
        return known
    edition = _add_edition(regulation, parsed, text, now)
    _add_provisions(edition.id, parsed)
    put_in_force(now)
    db.session.refresh(edition)
    audit.record(
        "regulation.imported",
        edition,
        actor_id=actor_id,
        slug=slug,
        effective_on=edition.effective_on.isoformat(),
        articles=sum(p.kind == "article" for p in parsed.provisions),
        doubts=[doubt.code for doubt in doubts],
    )
    return edition


def digest(text: str) -> str:
    """By it the same text is recognised when it comes again, however its lines end."""
    return hashlib.sha256("\n".join(text.lstrip("\ufeff").splitlines()).strip().encode()).hexdigest()


def _check(doubts: list[Doubt], despite_doubts: bool) -> None:
    serious = [doubt for doubt in doubts if doubt.serious]
    if serious or (doubts and not despite_doubts):
        shown = serious or doubts
        lines = "；".join(f"第{doubt.line}行：{doubt.sentence.rstrip('。')}" for doubt in shown[:5])
        more = f"；另有{len(shown) - 5}处" if len(shown) > 5 else ""
        raise Refused(
            "doubts", f"法规文本有{len(shown)}处疑问，未导入。{lines}{more}。", "请修改文本后重新导入。"
        )


def _regulation(slug: str, title: str) -> Regulation:
    regulation = db.session.scalars(select(Regulation).where(Regulation.slug == slug)).one_or_none()
    if regulation is None:
        regulation = Regulation(slug=slug, title=title)
        db.session.add(regulation)
        db.session.flush()
    elif regulation.title != title:
        raise Refused("other_title", f"“{slug}”是《{regulation.title}》的标识，不能导入《{title}》。")
    return regulation


def _add_edition(regulation: Regulation, parsed: ParsedEdition, text: str, now: datetime) -> Edition:
    day = parsed.effective_on
    if day is None:
        raise ValueError("an edition without a day has a serious doubt")
    same_day = select(Edition.id).where(Edition.regulation_id == regulation.id, Edition.effective_on == day)
    if db.session.scalars(same_day).first() is not None:
        raise Refused(
            "same_day",
            f"《{regulation.title}》已有{day.year}年{day.month}月{day.day}日施行的版本，内容与本次不同，未导入。",
            "已导入的版本不能改动，请核对施行日期和文本。",
        )
    edition = Edition(
        regulation_id=regulation.id,
        issued_by=parsed.facts.get("制定机关", ""),
        approved=parsed.facts.get("审议批准", ""),
        published_on=parsed.published_on,
        effective_on=day,
        in_force=False,
        source=text,
        source_hash=digest(text),
        imported_at=now,
    )
    db.session.add(edition)
    db.session.flush()
    return edition


def _add_provisions(edition_id: int, parsed: ParsedEdition) -> None:
    rows = [
        {
            "edition_id": edition_id,
            "kind": provision.kind,
            "number": provision.number,
            "position": position,
            "anchor": provision.anchor,
            "heading": provision.heading,
            "text": provision.text,
            "text_hash": hashlib.sha256(provision.text.encode()).hexdigest()
            if provision.kind == "article"
            else "",
            "initials": initials(provision.text) if provision.kind == "article" else "",
        }
        for position, provision in enumerate(parsed.provisions)
    ]
    stored = db.session.execute(insert(Provision).returning(Provision.id, Provision.anchor), rows)
    ids = {anchor: identity for identity, anchor in stored}
    below = [{"id": ids[p.anchor], "parent_id": ids[p.parent]} for p in parsed.provisions if p.parent]
    db.session.execute(update(Provision), below)
    finding.add([(ids[p.anchor], p.text) for p in parsed.provisions if p.kind == "article"])


def put_in_force(now: datetime) -> list[int]:
    """Let the calendar decide: of each regulation the newest edition whose day has come is in force.

    Where no day has come yet, the first edition stands in. Gives the ids of editions that came into force.
    """
    today = clock.today(now)
    rows = db.session.execute(
        select(Edition.id, Edition.regulation_id, Edition.effective_on, Edition.in_force).order_by(
            Edition.effective_on
        )
    ).all()
    wanted: dict[int, tuple[date, int]] = {}
    for row in rows:
        if row.regulation_id not in wanted or row.effective_on <= today:
            wanted[row.regulation_id] = (row.effective_on, row.id)
    right = {identity for _, identity in wanted.values()}
    leaving = [row.id for row in rows if row.in_force and row.id not in right]
    coming = [row.id for row in rows if not row.in_force and row.id in right]
    if leaving:
        db.session.execute(update(Edition).where(Edition.id.in_(leaving)).values(in_force=False))
    if coming:
        db.session.execute(update(Edition).where(Edition.id.in_(coming)).values(in_force=True))
        for follow in on_in_force:
            follow(coming, now)
    return coming
