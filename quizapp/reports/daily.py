"""The figures of daily quizzes in a period, by unit, from groups of at least so many people. Pure.

Practice is for learning, never a duty: no names, no days missed, no ranking; small groups are not shown.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from quizapp import figures
from quizapp.practice.mastery import Mastery
from quizapp.practice.queries import Participation
from quizapp.reports.study.sums import Study


@dataclass(frozen=True)
class DailyCounts:
    """Sums over the people of one or several units."""

    people: int = 0
    took_part: int = 0
    answers: int = 0
    right: int = 0
    mastery: Mastery = Mastery()  # noqa: RUF009 - frozen

    @property
    def words(self) -> dict[str, str]:
        """The rates as printed."""
        mastery = self.mastery.percent
        return {
            "参加率": figures.percent(self.took_part, self.people),
            "答对率": figures.percent(self.right, self.answers),
            "掌握度": "—" if mastery is None else f"{mastery}%",
        }


@dataclass(frozen=True)
class DailyRow:
    """A unit (with all below it, or alone when `own`). hidden: too few people, figures are not shown."""

    unit_id: int
    name: str
    own: bool
    hidden: bool
    counts: DailyCounts


def summed(
    lft: int, rgt: int, participation: Sequence[Participation], mastery: Mapping[int, Mastery]
) -> DailyCounts:
    """The figures of all units whose lft lies in an interval. participation: in tree order."""
    first = bisect_left(participation, lft, key=_lft)
    inside = participation[first : bisect_right(participation, rgt, lo=first, key=_lft)]
    reached = [mastery[part.unit_id] for part in inside if part.unit_id in mastery]
    return DailyCounts(
        sum(part.people for part in inside),
        sum(part.took_part for part in inside),
        sum(part.answers for part in inside),
        sum(part.right for part in inside),
        Mastery(
            sum(one.thousandths for one in reached),
            sum(one.questions for one in reached),
            sum(one.met for one in reached),
        ),
    )


def kept(study: Study, first_day: date) -> DailyCounts:
    """The figures of a period from a day until now, from what the job keeps."""
    took_part, answers, right = study.since(first_day)
    mastery = Mastery(study.thousandths, study.questions, study.met)
    return DailyCounts(study.people, took_part, answers, right, mastery)


def _lft(part: Participation) -> int:
    return part.lft


HEADINGS = ["单位", "人数", "参加人数", "参加率", "答题数", "答对数", "答对率", "掌握度"]
DEFINITIONS = (
    "人数为期末在册人员；参加人数为期间至少答过一题的人数；参加率＝参加人数÷人数；答对率＝答对数÷答题数；"
    "掌握度按截至今天对日常题库全部试题的预计答对可能性计算，没有做过的试题按0计。"
)


def sheet_rows(rows: Sequence[DailyRow], smallest: int) -> list[list[Any]]:
    """Rows for Excel and CSV under HEADINGS; a hidden group says so instead of its figures."""
    found: list[list[Any]] = []
    for row in rows:
        c, words = row.counts, row.counts.words
        if row.hidden:
            found.append([row.name, f"不足{smallest}人，不显示", *[None] * (len(HEADINGS) - 2)])
            continue
        found.append(
            [
                row.name,
                c.people,
                c.took_part,
                words["参加率"],
                c.answers,
                c.right,
                words["答对率"],
                words["掌握度"],
            ]
        )
    return found
