"""何 after two exams: a key that the best contradict, beside the words of the law, on to rehearsing its correction; and
a difficulty that the sheets contradict, taken over. On a desktop and, with the window made small, as on a phone."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import exp
from random import Random

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select, update

from quizapp import clock
from quizapp.db import db
from tests.browser.conftest import SCREENS, Live
from tests.browser.sitting import open_exam, sign_in

Shot = Callable[..., None]
Axe = Callable[[Page], None]
PEOPLE, QUESTIONS = 150, 10
COMMON = 8  # of both exams


@dataclass(frozen=True)
class Over:
    """The second exam, sat and computed; the question whose key is wrong, and the letter that the law says."""

    exam: int
    suspect: int
    letter: str
    hard: str  # code of the question that proved harder than rated


def two_exams(first: int) -> Over:
    """The exam that is open becomes one that is over, and another follows it; both sat by many, both computed."""
    from quizapp.analysis import refreshing
    from quizapp.bank.models import Bank, Question, Revision
    from quizapp.exams.models import Exam, Form, Slot
    from tests.analysis.sat import sit

    exam = db.session.get_one(Exam, first)
    db.session.execute(update(Bank).values(unit_id=exam.unit_id))
    rows = db.session.execute(
        select(Slot, Revision, Question.code)
        .join(Form, Form.id == Slot.form_id)
        .join(Revision, Revision.id == Slot.revision_id)
        .join(Question, Question.id == Revision.question_id)
        .where(Form.exam_id == first, Revision.kind == "single")
        .order_by(Slot.position)
    )
    asked = [row for row in rows if len(row.Revision.options) == 4][: QUESTIONS * 2 - COMMON]
    wrong, hard = asked[-1], next(row for row in asked[:-1][::-1] if row.Revision.difficulty <= 3)
    letter = wrong.Revision.key
    false = "ABCD"[("ABCD".index(letter) + 1) % 4]
    db.session.execute(update(Revision).where(Revision.id == wrong.Revision.id).values(key=false))
    second = other_exam(exam)
    for exam_id, part, ability in [(first, asked[:QUESTIONS], -0.5), (second, asked[-QUESTIONS:], 0.5)]:
        chance = Random(exam_id)

        def answers(_place: int, _people: int, part=part, ability=ability, chance=chance) -> list[str]:
            person = chance.gauss(ability, 1)
            return [answer(row, person, chance) for row in part]

        def answer(row, person: float, chance: Random) -> str:
            key = row.Revision.key
            if row is wrong:
                return letter if person > 0.5 else false
            depth = 2.5 if row is hard else 0.0
            right = chance.random() < 1 / (1 + exp(depth - person))
            return key if right else "ABCD"[("ABCD".index(key) + 1) % 4]

        slots = [row.Slot for row in part]
        sit(db.session.get_one(Exam, exam_id), PEOPLE, answers, slots=slots, lft=place_in(exam_id))
        refreshing.refresh(exam_id, clock.now(), lambda *_: None)
        db.session.commit()
    return Over(second, wrong.Revision.id, letter, hard.code)


def other_exam(first):
    """One with the rules, people and questions of the first, which now ended three days before it."""
    from quizapp.exams import actions
    from quizapp.exams.models import Candidate, Exam

    now = clock.now()
    rules = ("purpose", "bank_ids", "blueprint", "points", "minutes", "pledge")
    values = {name: getattr(first, name) for name in rules} | {
        "title": "2026年度第二次条例考试",
        "opens_at": now - timedelta(hours=5),
        "closes_at": now + timedelta(hours=1),
    }
    audience = [
        (db.session.scalars(select(Candidate.unit_id).where(Candidate.exam_id == first.id)).first(), True)
    ]
    exam = actions.create(
        unit_id=first.unit_id, values=values, audience=audience, now=now, actor_id=first.created_by_id
    )
    actions.publish(exam, now, actor_id=first.created_by_id)
    for one, ended in ((first, 72), (exam, 1)):
        ends = {"opens_at": now - timedelta(hours=ended + 4), "closes_at": now - timedelta(hours=ended)}
        db.session.execute(update(Exam).where(Exam.id == one.id).values(**ends))
    db.session.commit()
    return exam.id


def place_in(exam_id):
    """Where 江's unit stands in the exam's own tree."""
    from quizapp.exams.models import Candidate

    return db.session.scalars(select(Candidate.lft).where(Candidate.exam_id == exam_id)).first()


def test_the_way_from_a_suspicion_to_a_correction_and_of_a_measured_difficulty(
    live: Live, desktop: BrowserContext, shot: Shot, axe: Axe
) -> None:
    sitting = open_exam(live)
    over = live.run(lambda: two_exams(sitting.exam))
    page = desktop.new_page()
    sign_in(page, "he")
    page.goto(f"/exams/{over.exam}/analysis")
    expect(page.get_by_text(f"已与题库衔接，共同试题{COMMON}道")).to_be_visible()
    on_both_sizes(page, shot, axe, "figures")
    measured_difficulty(page, over, shot, axe)
    page.goto(f"/exams/{over.exam}/analysis")
    page.get_by_role("link", name="疑似错误答案（1题）").click()
    suspicion(page, over, shot, axe)
    correction(page, over, shot, axe)


def suspicion(page: Page, over: Over, shot: Shot, axe: Axe) -> None:
    expect(page.get_by_role("heading", name="疑似错误答案")).to_be_visible()
    suspect = page.locator("section.suspect")
    expect(suspect).to_have_count(1)
    expect(suspect.get_by_text(re.compile(r"区分度为−"))).to_be_visible()
    expect(suspect.get_by_text(re.compile(f"最高分的五分之一中.*选{over.letter}"))).to_be_visible()
    expect(suspect.get_by_text(re.compile("^第.+条"))).to_have_count(1)
    on_both_sizes(page, shot, axe, "suspicion")


def correction(page: Page, over: Over, shot: Shot, axe: Axe) -> None:
    page.get_by_role("link", name="更正答案").click()
    expect(page.locator(f"input[name='question'][value='{over.suspect}']")).to_have_count(1)
    page.get_by_label("更正后的标准答案").fill(over.letter)
    page.get_by_label("原因").fill("与条文不符，按条文更正")
    page.get_by_role("button", name="试算").click()
    expect(page.get_by_role("heading", name="谁的成绩变化")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("成绩还没有改动")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="考生").first).to_be_visible()
    on_both_sizes(page, shot, axe, "rehearsed")


def measured_difficulty(page: Page, over: Over, shot: Shot, axe: Axe) -> None:
    page.get_by_role("link", name="按实测难度修改", exact=True).click()
    row = page.get_by_role("row").filter(has_text=over.hard)
    row.get_by_role("checkbox").check()
    expect(row.get_by_text("先核对答案")).to_have_count(0)
    expect(page.get_by_role("row").get_by_text("先核对答案")).to_have_count(1)
    on_both_sizes(page, shot, axe, "difficulty")
    page.get_by_role("button", name="按实测难度修改").click()
    expect(page.get_by_text("1题已产生新的草稿，难度为实测难度")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=over.hard)).to_have_count(0)


def on_both_sizes(page: Page, shot: Shot, axe: Axe, name: str) -> None:
    """Look at it on the desktop and as small as a phone; it is left on the desktop."""
    shot(page, name)
    axe(page)
    page.set_viewport_size(SCREENS["narrow"]["viewport"])
    shot(page, name)
    axe(page)
    page.set_viewport_size(SCREENS["desktop"]["viewport"])
