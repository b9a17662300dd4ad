"""A unit's bank with a few questions, and loans of it: for tests of whom a bank reaches."""

from quizapp import clock
from quizapp.bank.models import Bank, Citation, Loan, Question, Revision
from quizapp.db import db
from quizapp.people.models import Grant, Unit
from quizapp.regulations.models import Edition

SECRET = "只有出题人知道的解析"


def make_bank(unit_id: int, *, slug: str = "xinfangju", sealed: bool = False, count: int = 6) -> Bank:
    """A bank of a unit: published judge questions on 第二十四条 for daily use and exams; the key of all is B, 错误."""
    edition = db.session.query(Edition).filter_by(in_force=True).first()
    bank = Bank(
        slug=slug,
        title=f"{slug}题库",
        unit_id=unit_id,
        sealed=sealed,
        regulation_id=edition.regulation_id if edition else None,
        created_at=clock.now(),
    )
    db.session.add(bank)
    db.session.flush()
    for number in range(1, count + 1):
        question = Question(bank_id=bank.id, code=f"{slug}-{number}", created_at=clock.now())
        db.session.add(question)
        db.session.flush()
        revision = Revision(
            question_id=question.id,
            number=1,
            kind="judge",
            stem=f"{slug}的第{number}道题干。",
            options=["正确", "错误"],
            key="B",
            explanation=SECRET,
            content_hash=f"{slug}{number}",
            status="published",
            published_at=clock.now(),
            created_at=clock.now(),
        )
        db.session.add(revision)
        db.session.flush()
        if edition:
            db.session.add(
                Citation(
                    revision_id=revision.id,
                    position=1,
                    regulation_id=edition.regulation_id,
                    edition_id=edition.id,
                    article="24",
                    anchor="24.1",
                    quote="由所涉及的机关、单位协商受理",
                )
            )
    db.session.commit()
    return bank


def lend(bank: Bank, unit_id: int, level: str) -> Loan:
    loan = Loan(bank_id=bank.id, unit_id=unit_id, level=level, lent_at=clock.now())
    db.session.add(loan)
    db.session.commit()
    return loan


def grant(person_id: int, unit_id: int, *roles: str) -> None:
    for role in roles:
        db.session.add(Grant(person_id=person_id, role=role, unit_id=unit_id, granted_at=clock.now()))
    db.session.commit()


def village_of(town_id: int) -> Unit:
    """A unit below the town of the cast."""
    town = db.session.get_one(Unit, town_id)
    village = Unit(
        code="QS-YL-1", name="石桥村", parent_id=town.id, lft=town.lft + 10, rgt=town.lft + 20, sort=1
    )
    db.session.add(village)
    db.session.commit()
    return village


def revisions_of(bank: Bank) -> set[int]:
    rows = db.session.query(Revision.id).join(Question, Question.id == Revision.question_id)
    return {row.id for row in rows.filter(Question.bank_id == bank.id)}
