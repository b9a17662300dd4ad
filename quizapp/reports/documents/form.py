"""A form on a lying A4 sheet: title, facts, one table, a note, and places to fill in, sign and stamp. Pure."""

from dataclasses import dataclass

Cell = int | str
FEET = ("填表人：", "审核人：", "单位负责人（签字）：", "（盖章）", "填报日期：　　　　年　　月　　日")


@dataclass(frozen=True)
class Form:
    """A form to sign. facts: (name, words) above the table, the first of three on a line of its own; texts: places of
    the columns with texts, the others hold figures or single words."""

    title: str
    facts: tuple[tuple[str, str], ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str
    texts: tuple[int, ...] = (0,)
    feet: tuple[str, ...] = FEET

    @property
    def fact_words(self) -> tuple[str, ...]:
        """单位：青石县"""
        return tuple(f"{name}：{words}" for name, words in self.facts)


def titled(exam: str, kind: str) -> str:
    """2026年度考试 and 成绩名册 as 2026年度考试成绩名册; the word 考试 stands in it once at least."""
    return f"{exam}{kind}" if exam.endswith("考试") else f"{exam}考试{kind}"
