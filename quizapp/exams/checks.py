"""What must hold before an exam is published and what its makers should know: one list for page and publishing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from quizapp.clock import today
from quizapp.exams import blueprint, gate, marking_rules, release
from quizapp.exams.assembling import PaperForm
from quizapp.exams.assembly.feasibility import conflict
from quizapp.exams.blueprint import Item
from quizapp.exams.holidays import Table, is_working_day
from quizapp.exams.models import Exam
from quizapp.exams.slots import Slot, shortened
from quizapp.exams.windows import INSTANT, hours_in_words, window_of
from quizapp.figures import points

FULL_MARKS = 1000  # tenths: what people expect a paper to be worth


@dataclass(frozen=True)
class Check:
    """One line of the list. tone: ok, warn (may be published) or bad (may not). code: for tests and scripts."""

    code: str
    tone: str
    text: str


@dataclass(frozen=True)
class Facts:
    """What the list needs to know beyond the exam's own columns."""

    pool: Sequence[Item]  # published questions of the chosen banks for this purpose
    forms: Sequence[PaperForm]  # what publishing would freeze
    people: int  # who would become a candidate today
    open_banks: Sequence[str]  # titles of chosen banks whose keys are public
    regulations: Mapping[str, str]  # slug → 《信访工作条例》, where there are several
    barred: Sequence[str] = ()  # titles of chosen banks from which whoever publishes may not draw
    hidden: Sequence[str] = ()  # titles of chosen banks whose keys whoever publishes may not see
    outsiders: Sequence[str] = ()  # of a makeup: names of those who may not sit it
    again: int = 0  # of a makeup: questions of the first exam that may come up again
    avoided: int = 0  # of a makeup: questions of the first exam that cannot
    holidays: Table = field(default_factory=dict)
    slots: Sequence[Slot] = ()  # of units, in tree order
    practisable: int = 0  # questions from which the self-test of the gate may draw, where there is a gate


def checks(exam: Exam, facts: Facts, now: datetime) -> list[Check]:
    """All lines, in the order of the form."""
    return [
        *_window(exam, now),
        *_hours(exam),
        *_slots(exam, facts),
        *_days(exam, facts),
        *_paper(exam, facts),
        *_points(exam),
        *_pool(exam, facts),
        *_barred(facts),
        *_openness(exam, facts),
        *_order(exam),
        *_gate(exam, facts),
        *_people(facts),
        *_makeup(exam, facts),
        *_words(exam),
    ]


def hindrances(found: Sequence[Check]) -> list[str]:
    """Why the exam cannot be published; empty when it can."""
    return [check.text for check in found if check.tone == "bad"]


def _window(exam: Exam, now: datetime) -> list[Check]:
    if exam.opens_at is None or exam.closes_at is None:
        return [Check("window", "bad", "还没有设置考试起止时间")]
    if exam.closes_at <= now:
        return [Check("window", "bad", "考试结束时间已过")]
    found = []
    if exam.opens_at <= now:
        found.append(Check("open_already", "warn", "考试开始时间已到，发布后考生即可进入"))
    if exam.closes_at - max(exam.opens_at, now) < timedelta(minutes=exam.minutes):
        found.append(
            Check("short_window", "warn", f"考试起止时间不足{exam.minutes}分钟，考生到结束时间即自动交卷")
        )
    return found or [Check("window", "ok", f"考试起止时间已设置，每人作答{exam.minutes}分钟")]


def _hours(exam: Exam) -> list[Check]:
    """The hours of every day, and the last start."""
    if exam.opens_at is None or exam.closes_at is None:
        return []
    found = []
    if exam.last_start_at is not None and not exam.opens_at < exam.last_start_at <= exam.closes_at:
        found.append(Check("last_start", "bad", "最晚开始时间不在考试起止时间内"))
    if exam.daily_from is None or exam.daily_until is None:
        return found
    words = hours_in_words(exam.daily_from, exam.daily_until)
    if window_of(exam).next_start(exam.opens_at) is None:
        return [*found, Check("hours", "bad", f"考试起止时间内没有每天{words}的作答时间")]
    if exam.daily_until - exam.daily_from < exam.minutes:
        text = f"每天{words}不足{exam.minutes}分钟，考生到当天结束时间即自动交卷"
        found.append(Check("hours", "warn", text))
    return found or [Check("hours", "ok", f"每天{words}可以作答")]


def _slots(exam: Exam, facts: Facts) -> list[Check]:
    """The units' own times."""
    if not facts.slots or exam.opens_at is None or exam.closes_at is None:
        return []
    found = [
        Check("slots", "bad", f"{slot.name}的场次不在考试起止时间内")
        for slot in facts.slots
        if not (exam.opens_at <= slot.opens_at < slot.closes_at <= exam.closes_at)
    ]
    found += [
        Check("slots", "bad", f"{slot.name}的场次内没有每天可以作答的时间")
        for slot in facts.slots
        if not found and slot.window(exam).next_start(slot.opens_at) is None
    ]
    short = [
        slot.name for slot in facts.slots if slot.closes_at - slot.opens_at < timedelta(minutes=exam.minutes)
    ]
    if short:
        text = f"{shortened(short)}的场次不足{exam.minutes}分钟，考生到场次结束时间即自动交卷"
        found.append(Check("slots", "warn", text))
    return found or [Check("slots", "ok", f"已为{len(facts.slots)}个单位安排场次")]


def _days(exam: Exam, facts: Facts) -> list[Check]:
    """Whether the exam begins or ends on a day off."""
    if exam.opens_at is None or exam.closes_at is None:
        return []
    named = (("开始", today(exam.opens_at)), ("结束", today(exam.closes_at - INSTANT)))
    return [
        Check("day_off", "warn", f"考试{word}日{on.month}月{on.day}日是休息日")
        for word, on in named
        if not is_working_day(on, facts.holidays)
    ]


def _paper(exam: Exam, facts: Facts) -> list[Check]:
    rows = blueprint.read(exam.blueprint)
    numbers = blueprint.sections(rows)
    count = sum(numbers.values())
    if not exam.bank_ids:
        return [Check("banks", "bad", "还没有选择题库")]
    if not count:
        return [Check("blueprint", "bad", "还没有设置题数")]
    if not blueprint.FEWEST <= count <= blueprint.MOST:
        text = f"每份试卷应为{blueprint.FEWEST}至{blueprint.MOST}题，现为{count}题"
        return [Check("questions", "bad", text)]
    wanted = exam.forms_wanted if exam.mode == "forms" else 1
    conflicts = conflict(rows, facts.pool, forms=wanted, common=exam.overlap)
    if conflicts:
        return [Check("feasible", "bad", one.in_words(rows, facts.regulations)) for one in conflicts]
    kinds = "、".join(f"{blueprint.WORDS[kind]}{n}题" for kind, n in numbers.items())
    return [Check("feasible", "ok", f"每份试卷{count}题：{kinds}，题库能够满足"), *_forms(exam, facts)]


def _forms(exam: Exam, facts: Facts) -> list[Check]:
    """Whether the papers of the chosen way are there and keep the blueprint."""
    if exam.mode == "draw":
        return []
    if not facts.forms or (exam.mode == "forms" and len(facts.forms) != exam.forms_wanted):
        word = "还没有组卷" if exam.mode == "forms" else "还没有选题"
        return [Check("forms", "bad", f"{word}，或试卷中的试题已停用、已修改")]
    rows, items = blueprint.read(exam.blueprint), {item.revision_id: item for item in facts.pool}
    broken = [
        form.number
        for form in facts.forms
        if not blueprint.kept(rows, [items[slot.revision_id] for slot in form.slots])
    ]
    if broken:
        return [Check("forms", "bad", "试卷与双向细目表不符，请重新组卷或修改选题")]
    return [Check("forms", "ok", f"已组卷{len(facts.forms)}套")] if exam.mode == "forms" else []


def _points(exam: Exam) -> list[Check]:
    rows = blueprint.read(exam.blueprint)
    used = blueprint.sections(rows)
    unpaid = [blueprint.WORDS[kind] for kind in used if exam.points.get(kind, 0) <= 0]
    if unpaid:
        return [Check("points", "bad", f"{'、'.join(unpaid)}还没有设置每题分值")]
    total = blueprint.total(rows, exam.points)
    if not total:
        return []
    if "multiple" in used and (wrong := marking_rules.problem(exam.multiple_rule, exam.points["multiple"])):
        return [Check("rule", "bad", wrong)]
    marks = {
        "合格线": exam.pass_mark,
        "优秀线": exam.excellent_mark,
        **{f"“{n}”等级": m for n, m in exam.bands},
    }
    found = [
        Check("marks", "bad", f"{name}{points(mark)}分高于总分{points(total)}分")
        for name, mark in marks.items()
        if mark > total
    ]
    if exam.excellent_mark < exam.pass_mark:
        found.append(Check("marks", "bad", "优秀线低于合格线"))
    if total != FULL_MARKS:
        found.append(Check("total", "warn", f"总分为{points(total)}分，不是100分"))
    return found or [Check("total", "ok", f"总分{points(total)}分，{points(exam.pass_mark)}分合格（含本数）")]


def _pool(exam: Exam, facts: Facts) -> list[Check]:
    in_reach = {slot.revision_id for form in facts.forms for slot in form.slots}
    if not in_reach:
        return []
    word = "可抽试题" if exam.mode == "draw" else "试卷试题"
    found = []
    unfounded = sum(1 for item in facts.pool if item.revision_id in in_reach and not item.article)
    if unfounded:
        text = f"{word}中有{unfounded}题没有条文依据，考生有异议时须另行说明"
        found.append(Check("citations", "warn", text))
    else:
        found.append(Check("citations", "ok", f"{word}{len(in_reach)}题，均有条文依据"))
    if exam.mode == "draw" and len(in_reach) == blueprint.questions(blueprint.read(exam.blueprint)):
        found.append(Check("variety", "warn", "可抽试题数等于试卷题数，每名考生的试题相同"))
    return found


def _barred(facts: Facts) -> list[Check]:
    if not facts.barred:
        return []
    names = "、".join(f"“{title}”" for title in facts.barred)
    return [Check("barred", "bad", f"{names}没有出借给您的单位或出借已结束，不能从中组卷")]


def _openness(exam: Exam, facts: Facts) -> list[Check]:
    found = []
    if exam.purpose != "mock" and facts.open_banks:
        names = "、".join(facts.open_banks)
        found.append(Check("open_bank", "warn", f"{names}是公开题库，试题和答案可被查到"))
    at_once = "at_once" in (
        exam.show_right,
        exam.show_key,
        exam.show_explanation,
    )  # 对错 tells a 判断题's key
    if at_once and facts.hidden:
        names = "、".join(f"“{title}”" for title in facts.hidden)
        text = f"{names}出借时不显示答案，各题对错和答案不能设为“交卷后”可见，请改为考试结束或公布后"
        found.append(Check("answers", "bad", text))
    elif at_once:
        only = exam.show_key != "at_once" and exam.show_explanation != "at_once"
        what = "各题对错，可推知部分答案" if only else "答案"
        found.append(Check("answers", "warn", f"考生交卷后即可看到{what}，未考人员可能提前得知"))
    return found


def _order(exam: Exam) -> list[Check]:
    """What is shown when may not give away what is shown later: see exams.release."""
    if not release.consistent(exam.show_right, exam.show_key, exam.show_explanation):
        text = "各题对错、标准答案、依据和解析的显示时间应依次不早于前一项，否则先显示的会透露后显示的"
        return [Check("order", "bad", text)]
    if release.score_is_told(exam):
        return [Check("order", "warn", "各题对错先于成绩显示，考生可以自行算出成绩")]
    return []


def _gate(exam: Exam, facts: Facts) -> list[Check]:
    if not exam.gate:
        return []
    if facts.practisable < gate.QUESTIONS:
        text = f"考前自测需要{gate.QUESTIONS}道考生可以练习的试题，现有{facts.practisable}道"
        return [Check("gate", "bad", text)]
    return [Check("gate", "ok", f"考生先完成一次{gate.QUESTIONS}题的自测并达到合格，才能开始考试")]


def _people(facts: Facts) -> list[Check]:
    if not facts.people:
        return [Check("people", "bad", "考生范围内没有人员")]
    return [Check("people", "ok", f"按今天的名册，考生{facts.people}人")]


def _makeup(exam: Exam, facts: Facts) -> list[Check]:
    if exam.makeup_of_id is None:
        return []
    found = []
    if facts.outsiders:
        names = "、".join(facts.outsiders[:5]) + ("等" if len(facts.outsiders) > 5 else "")
        text = f"有{len(facts.outsiders)}人不能参加补考（不在原名单，或已合格、免考）：{names}"
        found.append(Check("makeup_people", "bad", text))
    if facts.again:
        text = f"没有用过的试题不够，补考仍可能出现原考试用过的{facts.again}题"
        text += "，每名考生优先抽取本人没有考过的" if exam.mode == "draw" else ""
        found.append(Check("makeup_again", "warn", text))
    elif facts.forms:
        text = f"补考试题已避开原考试用过的{facts.avoided}题" if facts.avoided else "补考试题没有原考试用过的"
        found.append(Check("makeup_again", "ok", text))
    return found


def _words(exam: Exam) -> list[Check]:
    missing = [
        name for name, text in (("考试须知", exam.notice), ("诚信承诺", exam.pledge)) if not text.strip()
    ]
    return [Check("words", "warn", f"没有填写{'和'.join(missing)}")] if missing else []
