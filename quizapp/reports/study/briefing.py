"""学情简报: one sheet that tells a leader what to train. Pure: the page and Word set the same words.

It names no person and no unit below; articles are told from a group of at least so many people, and a wrong option
where at least so many have answered the question.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from quizapp import dates, figures
from quizapp.reports.daily import DailyCounts

TITLE = "学情简报"
WEAKEST = 5  # articles
HEADINGS = ("条文", "掌握度", "条文内容", "错选最多的选项")
LONGEST = {"law": 44, "stem": 22, "option": 12}  # characters, so that five rows fit on the sheet
HEADS = ("一、总体情况", f"二、掌握度最低的{WEAKEST}条", "三、培训建议")
LETTERS = "ABCDEFGH"
_BLANKS = re.compile(r"[^\S\u3000]+")  # the room in （　　） stays


@dataclass(frozen=True)
class Chosen:
    """A question, how many people answered it, and how many of them chose each option when they last did.

    key: the right letters ascending.
    """

    stem: str
    options: tuple[str, ...]
    key: str
    people: int = 0
    chose: tuple[int, ...] = ()


@dataclass(frozen=True)
class Wrong:
    """The wrong option that most people chose: of how many who answered the question."""

    letter: str
    option: str
    stem: str
    chose: int
    answered: int

    @property
    def share(self) -> str:
        """38%"""
        return f"{figures.ratio(self.chose, self.answered, places=0)}%"

    @property
    def told(self) -> str:
        """38%误选A"""
        return f"{self.share}误选{self.letter}"


def most_wrong(questions: Sequence[Chosen], smallest: int) -> Wrong | None:
    """The wrong option that the largest share chose, among questions that at least `smallest` people answered.

    Of equal shares the one that more people chose, then the first. None where nobody chose a wrong one.
    """
    found = [
        Wrong(letter, option, question.stem, chose, question.people)
        for question in questions
        if question.people >= smallest
        for letter, option, chose in zip(LETTERS, question.options, question.chose, strict=False)
        if letter not in question.key and chose
    ]
    return max(found, key=lambda one: (one.chose / one.answered, one.chose), default=None)


def most_wrong_each(articles: Sequence[Sequence[Chosen]], smallest: int) -> list[Wrong | None]:
    """The same for several articles; a question that cites several is told with the first of them alone."""
    told: set[str] = set()
    found = []
    for questions in articles:
        wrong = most_wrong([one for one in questions if one.stem not in told], smallest)
        told |= {wrong.stem} if wrong else set()
        found.append(wrong)
    return found


@dataclass(frozen=True)
class Weak:
    """An article that is little mastered. regulation: 《信访工作条例》 where there are several, otherwise empty."""

    regulation: str
    article: str  # 第三十四条
    chapter: str  # 第五章　监督和追责; empty where it stands in none
    text: str
    mastery: str  # 46%
    wrong: Wrong | None

    @property
    def name(self) -> str:
        return f"{self.regulation}{self.article}"

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """Under HEADINGS."""
        if self.wrong is None:
            told = "答题人数不足或没有错选"
        else:
            option, stem = cut(self.wrong.option, "option"), cut(self.wrong.stem, "stem")
            told = f"{self.wrong.told}（{option}）。试题：{stem}"
        return (self.name, self.mastery, cut(self.text, "law"), told)


@dataclass(frozen=True)
class Briefing:
    """The sheet. rows: Weak.cells; advice: numbered sentences."""

    unit: str
    day: str
    overview: str
    rows: tuple[tuple[str, str, str, str], ...]
    advice: tuple[str, ...]
    note: str
    title: str = TITLE
    headings: tuple[str, ...] = HEADINGS
    heads: tuple[str, ...] = HEADS


def cut(text: str, what: str) -> str:
    """A text without its line breaks, cut where it is too long for the sheet."""
    flat, longest = _BLANKS.sub("", text), LONGEST[what]
    return flat if len(flat) <= longest else f"{flat[: longest - 2]}……"


def compose(
    unit: str, counts: DailyCounts, weak: Sequence[Weak], as_of: datetime, day: date, days: int, smallest: int
) -> Briefing:
    """The briefing of a unit. counts: of the last `days` days; weak: the weakest articles, the weakest first."""
    words = counts.words
    overview = (
        f"本单位及下级单位共{counts.people}人。近{days}天有{counts.took_part}人参加日常测验，参加率{words['参加率']}；"
        f"共答{counts.answers}题，答对率{words['答对率']}；对全部日常试题的掌握度为{words['掌握度']}。"
        f"数据截至{dates.minute(as_of)}。"
    )
    note = (
        f"注：掌握度为今天答对该条试题的预计可能性，没有做过的试题按0计；误选比例按近{days}天每人每题最近一次作答计算，"
        f"答题不足{smallest}人的试题不列。本简报供安排学习培训使用，不作为考核依据，不排名。"
    )
    return Briefing(unit, dates.day(day), overview, tuple(one.cells for one in weak), _advice(weak), note)


def _advice(weak: Sequence[Weak]) -> tuple[str, ...]:
    """What to train: the articles by chapter, the questions to talk over, and how to see whether it helped."""
    if not weak:
        return ("暂无掌握度数据，可先组织人员完成日常测验。",)
    places: dict[tuple[str, str], list[str]] = {}
    for one in weak:
        places.setdefault((one.regulation, one.chapter.replace("　", "")), []).append(one.article)
    told = "；".join(
        f"{regulation}{f'{chapter}中的' if chapter else ''}{'、'.join(articles)}"
        for (regulation, chapter), articles in places.items()
    )
    advice = [f"集中学习{told}。"]
    if wrong := [one for one in weak if one.wrong]:
        most = max(wrong, key=lambda one: one.wrong.chose / one.wrong.answered if one.wrong else 0)
        advice.append(f"讲评上表所列{len(wrong)}道错选较多的试题，重点讲清{most.name}的规定。")
    advice.append("学习后由本人在“练习”中按条自测，再看掌握度有无提高。")
    return tuple(f"{number}．{sentence}" for number, sentence in enumerate(advice, 1))
