"""What the trainer sees of assembled papers adds up, and a rule's cost is what leaving it out would save."""

from itertools import combinations

import pytest
from hypothesis import given, settings

from quizapp.exams.assembly.report import cost_in_words, costs_of_rows, report
from quizapp.exams.blueprint import Row

from .pools import POINTS, cases, item, keeps_everything, section

A = item(1, "single", "1", article="2", difficulty=1, wear=0.5)
B = item(2, "multiple", "1", article="10", difficulty=5)
C = item(3, "multiple", "2", article="10", difficulty=3, wear=1.0)
POOL = [A, B, C, item(4, "single", "2")]
ROWS = [section("single", 1), section("multiple", 1), Row(chapter="1", least=1)]


def test_a_report_tells_how_hard_papers_are_what_they_cover_and_what_they_share():
    found = report(ROWS, POOL, POINTS, [(1001, 1002), (1001, 1003), (1004, 1002)])
    assert [paper.expected for paper in found.papers] == [19_000, 23_000, 17_000]  # 0.9 + 2·0.5 分, …
    assert found.difference == 6_000
    assert [paper.wear for paper in found.papers] == [500, 1500, 0]
    assert [paper.counts for paper in found.papers] == [(1, 1, 2), (1, 1, 1), (1, 1, 1)]
    assert list(found.articles.items()) == [(("tiaoli", "2"), (1, 1, 0)), (("tiaoli", "10"), (1, 1, 1))]
    assert found.shared == ((2, 1, 1), (1, 2, 0), (1, 0, 2))


def test_the_deviation_is_that_of_independent_answers():
    (paper,) = report(ROWS, POOL, POINTS, [(1001, 1002)]).papers
    assert paper.deviation == pytest.approx((0.9 * 0.1 * 1**2 + 0.5 * 0.5 * 2**2) ** 0.5 * 10_000)


def test_a_revision_that_is_not_in_the_pool_is_an_error():
    with pytest.raises(KeyError):
        report(ROWS, POOL, POINTS, [(1, 2)])


def test_a_rule_costs_the_worn_questions_that_it_makes_papers_take():
    fresh = [item(number, chapter="1") for number in range(20)]
    used = [item(100 + number, chapter="2", wear=0.6) for number in range(20)]
    rows = [section("single", 6), Row(chapter="2", least=2), Row(chapter="1", least=1)]
    assert costs_of_rows(rows, [*fresh, *used], POINTS, forms=2) == [0, 2400, 0]


def test_costs_in_words():
    assert [cost_in_words(cost) for cost in (0, 49, 50, 2400)] == [
        "没有代价",
        "没有代价",
        "多用相当于0.1道旧题",
        "多用相当于2.4道旧题",
    ]


@settings(max_examples=40)
@given(cases(spare=4, forms=1, largest=4, rows=1))
def test_a_rule_costs_what_leaving_it_out_would_save(case):
    """On pools so small that every paper can be tried."""
    kinds = {row.kind for row in case.rows if row.section}
    pool = [one for one in case.pool if one.kind in kinds]
    size = sum(row.least for row in case.rows if row.section)

    def least(rows):
        papers = [paper for paper in combinations(pool, size) if keeps_everything(rows, [paper])]
        return min(sum(round(one.wear * 1000) for one in paper) for paper in papers)

    whole = least(case.rows)
    costs = costs_of_rows(case.rows, case.pool, POINTS)
    for index, row in enumerate(case.rows):
        if not row.section:
            without = least([*case.rows[:index], *case.rows[index + 1 :]])
            assert costs[index] == whole - without
