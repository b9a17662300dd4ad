"""What the pages of exams read. Every function costs a constant number of statements."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, not_, or_, select, true

from quizapp.bank import lending
from quizapp.bank import queries as bank
from quizapp.bank.models import Bank, Citation, Question, Revision
from quizapp.clock import today
from quizapp.db import db
from quizapp.exams import (
    assembling,
    audience_queries,
    drawing,
    holiday_tables,
    lifecycle,
    makeup_queries,
    slot_queries,
)
from quizapp.exams.access import DRAWERS, READERS, within_reach
from quizapp.exams.assembling import PaperForm
from quizapp.exams.checks import Check, Facts
from quizapp.exams.counting import COUNTERS
from quizapp.exams.drawing import Place, PoolSlot
from quizapp.exams.models import (
    Candidate,
    Exam,
    ExamAudience,
    ExamUnit,
    ExcuseRequest,
    Form,
    Slot,
    Tally,
)
from quizapp.exams.windows import is_over, window_of
from quizapp.people import access
from quizapp.people import queries as people
from quizapp.people.models import Person, Unit
from quizapp.regulations.citing import Chapter
from quizapp.regulations.models import Regulation
from quizapp.regulations.queries import law_in_force
from quizapp.remembered import Remembered

PAGE = 50  # candidates on one page
STATUSES = ("未开始", "进行中", "已交卷", "缺考", "免考", "缓考")


# The list of exams and their papers -------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """One exam in the list of its makers."""

    exam: Exam
    unit: str
    expected: int  # 应考人数; 0 before publishing
    submitted: int  # 实考


def exams() -> list[Listed]:
    """Every exam in the reach of the signed-in person, the latest window first."""
    return _listed(within_reach())


def all_exams() -> list[Listed]:
    """Every exam there is, for the command line."""
    return _listed(true())


def _listed(condition: ColumnElement[bool]) -> list[Listed]:
    counted = (
        select(
            Tally.exam_id,
            func.sum(Tally.expected).label("expected"),
            func.sum(Tally.submitted).label("submitted"),
        )
        .group_by(Tally.exam_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Exam, Unit.name, counted.c.expected, counted.c.submitted)
        .join(Unit, Unit.id == Exam.unit_id)
        .outerjoin(counted, counted.c.exam_id == Exam.id)
        .where(condition)
        .order_by(Exam.closes_at.desc().nulls_first(), Exam.id.desc())
    )
    return [
        Listed(exam, unit, int(expected or 0), int(submitted or 0))
        for exam, unit, expected, submitted in rows
    ]


@dataclass(frozen=True)
class PaperSource:
    """Everything from which the paper of any person is made again."""

    exam: Exam
    forms: Sequence[PaperForm]
    options_of: dict[int, int]  # revision → number of options

    @property
    def slots(self) -> list[PoolSlot]:
        """Every question that stands on some paper or may be drawn, once, form by form."""
        found = {slot.revision_id: slot for form in reversed(self.forms) for slot in reversed(form.slots)}
        return list(reversed(found.values()))

    def paper(
        self,
        who: int | str,
        number: int,
        *,
        seed: str | None = None,
        form: int | None = None,
        avoid: Collection[int] = frozenset(),
    ) -> list[Place]:
        """The paper of candidate `who` for attempt `number`. seed: another one for previews and trials.

        form: a certain one (from 0) instead of the one that falls to this person. avoid: revisions that are drawn
        last, of a makeup those that this person has met. Raises ValueError without forms.
        """
        if not self.forms:
            raise ValueError("this exam has no papers yet")
        seed = self.exam.seed if seed is None else seed
        if form is None:
            form = drawing.form_for(seed, who, number, len(self.forms))
        return drawing.layout(
            self.forms[form].slots,
            self.forms[form].plan,
            seed=seed,
            candidate_id=who,
            number=number,
            shuffle_questions=self.exam.shuffle_questions,
            shuffle_options=self.exam.shuffle_options,
            options_of=self.options_of,
            avoid=avoid,
        )


Frozen = tuple[Sequence[PaperForm], dict[int, int]]  # forms, and the number of options by revision
_frozen: Remembered[tuple[str, datetime | None, int], Frozen] = Remembered("frozen_papers", 32)


def frozen_source(exam: Exam) -> PaperSource:
    """What publishing froze, read once a process. An exam that is not published has nothing yet: see `draft_source`."""
    key = (exam.seed, exam.published_at, exam.id)
    return PaperSource(exam, *_frozen.get([key], _read_frozen)[key])


def _read_frozen(
    wanted: list[tuple[str, datetime | None, int]],
) -> dict[tuple[str, datetime | None, int], Frozen]:
    return {key: frozen_forms(key[2]) for key in wanted}


def frozen_forms(exam_id: int) -> Frozen:
    """The forms of a published exam as they are stored."""
    rows = db.session.execute(
        select(Form.number, Form.plan, Slot, Revision.options)
        .join(Slot, Slot.form_id == Form.id)
        .join(Revision, Revision.id == Slot.revision_id)
        .where(Form.exam_id == exam_id)
        .order_by(Form.number, Slot.position)
    ).all()
    slots: dict[int, list[PoolSlot]] = defaultdict(list)
    for number, _, slot, _options in rows:
        place = PoolSlot(slot.position, slot.revision_id, slot.section, slot.cell, slot.points)
        slots[number].append(place)
    plans = {number: plan for number, plan, _, _ in rows}
    forms = [PaperForm(number, own, plans[number]) for number, own in slots.items()]
    return forms, {slot.revision_id: len(options) for _, _, slot, options in rows}


def altered_forms(exam: Exam) -> list[int]:
    """The numbers of frozen forms whose slots do not give the hash that publishing wrote."""
    stored = dict(db.session.execute(select(Form.number, Form.hash).where(Form.exam_id == exam.id)).all())
    return [
        form.number
        for form in frozen_forms(exam.id)[0]
        if drawing.fingerprint(form.slots) != stored[form.number]
    ]


def draft_source(exam: Exam) -> PaperSource:
    """What publishing would freeze now."""
    forms = assembling.forms(exam, assembling.pool(exam))
    faces = bank.faces({slot.revision_id for form in forms for slot in form.slots})
    return PaperSource(exam, forms, {revision_id: len(face.options) for revision_id, face in faces.items()})


def source(exam: Exam) -> PaperSource:
    """The frozen forms of a published exam, the present ones of a draft."""
    return draft_source(exam) if exam.published_at is None else frozen_source(exam)


def cited(revision_ids: Sequence[int]) -> ColumnElement[bool]:
    """SQL, for `bank.queries.citations`: the citations of these revisions."""
    return Citation.revision_id.in_(revision_ids)


# What an exam draws from ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offered:
    """A bank that may be chosen. state: own (or shipped, or maintained together), compose, or barred."""

    id: int
    title: str
    state: str

    @property
    def label(self) -> str:
        """The title, and what is special: 云岭镇题库（组卷可用，不显示答案）."""
        return (
            self.title
            + {"own": "", "compose": "（组卷可用，不显示答案）", "barred": "（不能再用）"}[self.state]
        )


def banks(chosen: Sequence[int]) -> list[Offered]:
    """The banks that may be chosen: those that ship with the app, those in reach, those lent for 组卷 to a unit in
    reach or above, and those chosen before.
    """
    held = [(grant.lft, grant.rgt) for grant in access.reach(*DRAWERS)]
    readers = [(grant.lft, grant.rgt) for grant in access.reach(*READERS)]
    drawn = lending.usable("compose", held)
    state = case(
        (and_(drawn, lending.usable("maintain", readers)), "own"), (drawn, "compose"), else_="barred"
    )
    rows = db.session.execute(
        select(Bank.id, Bank.title, state)
        .where(or_(drawn, Bank.id.in_(chosen)))
        .order_by(Bank.title, Bank.id)
    )
    return [Offered(*row) for row in rows]


def hidden(revision_ids: Sequence[int], exam: Exam, person_id: int) -> set[int]:
    """Those of an exam's revisions whose keys the person may not see: of banks that are lent for 组卷 only."""
    closed = lending.barred(person_id, exam.bank_ids, "maintain", *READERS)
    return set(
        db.session.scalars(
            select(Revision.id)
            .join(Question, Question.id == Revision.question_id)
            .where(Revision.id.in_(revision_ids), Question.bank_id.in_(closed))
        )
    )


def hides_keys(exam: Exam, person_id: int) -> bool:
    """Whether the exam draws from a bank whose keys the person may not see."""
    return bool(lending.barred(person_id, exam.bank_ids, "maintain", *READERS))


def chapters(bank_ids: Sequence[int]) -> dict[str, list[Chapter]]:
    """The chapters by which the questions of these banks can be asked for: regulation's slug → chapters in force."""
    slugs = db.session.scalars(
        select(Regulation.slug)
        .distinct()
        .join(Bank, Bank.regulation_id == Regulation.id)
        .where(Bank.id.in_(bank_ids))
        .order_by(Regulation.slug)
    ).all()
    return {slug: list(law_in_force(slug)[2].chapters) for slug in slugs}


# For whom it is ---------------------------------------------------------------------------------------------


def units_of(holder: Unit, *, closed: bool = False) -> list[Unit]:
    """The holding unit and all below it, in tree order. closed: those too that are closed; they are offered nowhere."""
    return people.units_below([(holder.lft, holder.rgt)], closed=closed)


def audience(exam_id: int) -> list[tuple[Unit, bool]]:
    """The invited units in tree order, each with whether all below it are invited too."""
    return [
        (unit, with_below)
        for unit, with_below in db.session.execute(
            select(Unit, ExamAudience.with_below)
            .join(ExamAudience, ExamAudience.unit_id == Unit.id)
            .where(ExamAudience.exam_id == exam_id, ExamAudience.excluded.is_(False))
            .order_by(Unit.lft)
        )
    ]


def invited(exam: Exam, day: date) -> list[people.MemberRow]:
    """Who would be on the list if it were frozen on this day: see `audience`."""
    return audience_queries.invited(exam, day)


def facts(exam: Exam, now: datetime, *, by_id: int | None, listed: int | None = None) -> Facts:
    """What `checks` needs. listed: the number of people where the caller has the list already. by_id: who publishes."""
    titles = db.session.scalars(
        select(Bank.title).where(Bank.id.in_(exam.bank_ids), Bank.sealed.is_(False)).order_by(Bank.title)
    )
    found = assembling.pool(exam)
    barred = lending.barred(by_id, exam.bank_ids, "compose", *DRAWERS) if by_id is not None else {}
    hidden = lending.barred(by_id, exam.bank_ids, "maintain", *READERS) if by_id is not None else {}
    return Facts(
        pool=found.items,
        forms=assembling.forms(exam, found),
        people=len(invited(exam, today(now))) if listed is None else listed,
        open_banks=list(titles),
        regulations=regulations(exam.bank_ids),
        barred=list(barred.values()),
        hidden=list(hidden.values()),
        outsiders=makeup_queries.outsiders(exam, today(now)),
        again=len(found.again),
        avoided=found.avoided,
        holidays=holiday_tables.table(today(exam.opens_at or now), today(exam.closes_at or now)),
        slots=slot_queries.slots_of(exam.id),
        practisable=_practisable(exam) if exam.gate else 0,
    )


def _practisable(exam: Exam) -> int:
    """How many questions the people of the holding unit may practise of what an exam is about: see `about`."""
    holder = select(Unit.lft).where(Unit.id == exam.unit_id).scalar_subquery()
    return int(
        db.session.scalar(
            select(func.count(Revision.id))
            .join(Question, Question.id == Revision.question_id)
            .join(Bank, Bank.id == Question.bank_id)
            .where(lending.practised_at(holder), Revision.status == "published", bank.has_use("daily"))
            .where(about(exam))
        )
        or 0
    )


def about(exam: Exam) -> ColumnElement[bool]:
    """SQL over Question and Revision: a question of the exam's banks, or one on the same regulations.

    An exam from a sealed bank, which nobody practises, can be prepared for from the open ones.
    """
    regulations = select(Bank.regulation_id).where(
        Bank.id.in_(exam.bank_ids), Bank.regulation_id.is_not(None)
    )
    cites = select(Citation.id).where(
        Citation.revision_id == Revision.id, Citation.kind == "law", Citation.regulation_id.in_(regulations)
    )
    return or_(Question.bank_id.in_(exam.bank_ids), cites.exists())


def regulations(bank_ids: Sequence[int]) -> dict[str, str]:
    """The regulations of these banks, slug → 《信访工作条例》; empty where there is only one, which needs no name."""
    rows = db.session.execute(
        select(Regulation.slug, Regulation.title)
        .distinct()
        .join(Bank, Bank.regulation_id == Regulation.id)
        .where(Bank.id.in_(bank_ids))
    ).all()
    return {slug: f"《{title}》" for slug, title in rows} if len(rows) > 1 else {}


# Candidates -------------------------------------------------------------------------------------------------


def latest_personal(exam_id: int) -> datetime | None:
    """The latest end of the window that some candidate was given, if any."""
    return db.session.scalar(
        select(func.max(Candidate.personal_closes_at)).where(Candidate.exam_id == exam_id)
    )


@dataclass(frozen=True)
class CandidateRow:
    """A candidate as the list shows one."""

    candidate: Candidate
    unit: str
    status: str  # one of STATUSES


def status_of(candidate: Candidate, exam: Exam, now: datetime) -> str:
    """未开始, 进行中, 已交卷, 缺考, 免考 or 缓考. Who opened and never answered is absent once the window ends."""
    if candidate.status != "expected":
        return "免考" if candidate.status == "exempt" else "缓考"
    if candidate.sat:
        return "已交卷"
    if exam.closes_at is not None and now >= window_of(exam, candidate).ends:
        return "缺考"
    return "进行中" if candidate.started else "未开始"


def _is(status: str, exam: Exam, now: datetime) -> ColumnElement[bool]:
    """SQL: the candidate's status is this one; says the same as `status_of`."""
    if status in ("免考", "缓考"):
        return Candidate.status == ("exempt" if status == "免考" else "deferred")
    expected = Candidate.status == "expected"
    if status == "已交卷":
        return and_(expected, Candidate.sat)
    own_end, slot_end = Candidate.personal_closes_at, Candidate.slot_closes_at
    ended = true() if exam.closes_at is not None and now >= exam.closes_at else false()
    own_window = or_(and_(slot_end.is_(None), ended), and_(slot_end.is_not(None), slot_end <= now))
    past = and_(own_window, or_(own_end.is_(None), own_end <= now))
    waiting = and_(expected, not_(Candidate.sat))
    if status == "缺考":
        return and_(waiting, past)
    return and_(waiting, not_(past), Candidate.started if status == "进行中" else not_(Candidate.started))


def _searched(exam: Exam, now: datetime, words: str, status: str) -> Select[Any]:
    found = select(Candidate).where(Candidate.exam_id == exam.id)
    if words.strip():
        found = found.join(Person, Person.id == Candidate.person_id).where(people.found_by(words))
    return found.where(_is(status, exam, now)) if status in STATUSES else found


def candidates(
    exam: Exam, now: datetime, *, words: str = "", status: str = "", page: int = 1
) -> tuple[list[CandidateRow], int]:
    """One page of candidates in the order of units and posts, and how many there are in all.

    words: see `people.queries.found_by`. status: one of STATUSES.
    """
    found = _searched(exam, now, words, status)
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    rows = db.session.execute(
        found.add_columns(Unit.name)
        .join(Unit, Unit.id == Candidate.unit_id)
        .order_by(Candidate.lft, Candidate.post_sort, Candidate.name_key, Candidate.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [CandidateRow(row, unit, status_of(row, exam, now)) for row, unit in rows], total


def numbers(exam: Exam, now: datetime) -> dict[str, int]:
    """How many candidates stand in each status."""
    counted = [func.count().filter(_is(status, exam, now)) for status in STATUSES]
    row = db.session.execute(select(*counted).where(Candidate.exam_id == exam.id)).one()
    return dict(zip(STATUSES, row, strict=True))


def sums(exam_id: int, interval: tuple[int, int] | None = None) -> dict[str, int]:
    """The counters (see `counting.COUNTERS`) of a unit and all below it; without an interval of the whole exam."""
    found = select(*(func.coalesce(func.sum(getattr(Tally, name)), 0) for name in COUNTERS))
    found = found.where(Tally.exam_id == exam_id)
    if interval is not None:
        found = found.where(Tally.lft.between(*interval))
    return {name: int(value) for name, value in zip(COUNTERS, db.session.execute(found).one(), strict=True)}


def frozen_units(exam_id: int) -> list[ExamUnit]:
    """The exam's own tree, in its order."""
    return list(
        db.session.scalars(select(ExamUnit).where(ExamUnit.exam_id == exam_id).order_by(ExamUnit.lft))
    )


def life(exam: Exam, found: Sequence[Check], now: datetime) -> lifecycle.Facts:
    """What the list of an exam's steps needs. found: the checks of a draft, none for others. Three statements."""
    waiting = db.session.scalar(
        select(func.count())
        .select_from(ExcuseRequest)
        .join(Candidate, Candidate.id == ExcuseRequest.candidate_id)
        .where(Candidate.exam_id == exam.id, ExcuseRequest.state == "asked")
    )
    counted, latest = sums(exam.id), latest_personal(exam.id)
    shown = (exam.show_score, exam.show_right, exam.show_key, exam.show_explanation)
    return lifecycle.Facts(
        hindrances=[check.text for check in found if check.tone == "bad"],
        warnings=[check.text for check in found if check.tone == "warn"],
        candidates=counted["listed"],
        started=counted["started"],
        submitted=counted["submitted"],
        waiting=waiting or 0,
        over=exam.closes_at is not None
        and is_over(now, closes_at=exam.closes_at, latest_personal=latest, grace_s=exam.grace_s),
        shows_later="released" in shown,
    )
