"""A blueprint that cannot hold is explained by the smallest set of rows that cannot hold together."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exams.assembly.feasibility import available, conflict
from quizapp.exams.blueprint import Row

from .pools import blueprints, can_be_made, cases, enmities, item, items, pool_of, section

TITLES = {"tiaoli": "《信访工作条例》"}


def sentences(rows, pool, **more):
    return [found.in_words(rows, TITLES) for found in conflict(rows, pool, **more)]


def test_a_row_that_lacks_questions_is_named_with_both_numbers():
    rows = [section("multiple", 8), Row("multiple", chapter="3", least=6, most=6)]
    pool = pool_of(("multiple", "3", 4), ("multiple", "4", 50))
    assert sentences(rows, pool) == ["第三章多选题只有4题，需要6题"]


def test_every_row_that_cannot_hold_alone_is_named():
    rows = [section("single", 8), Row(chapter="1", least=2), Row(tag="情景", least=3)]
    assert sentences(rows, pool_of(("single", "2", 7))) == [
        "全部单选题只有7题，需要8题",
        "第一章试题只有0题，需要2题",
        "标签“情景”试题只有0题，需要3题",
    ]


def test_several_papers_need_several_times_as_many_questions():
    rows = [section("single", 6)]
    pool = pool_of(("single", "1", 16))
    assert conflict(rows, pool, forms=2) == []
    assert sentences(rows, pool, forms=3) == ["全部单选题只有16题，3套试卷各需要6题，共需要18题"]
    assert conflict(rows, pool, forms=3, common=1) == []
    assert sentences(rows, pool, forms=4, common=2) == [
        "全部单选题只有16题，4套试卷各需要6题，至多共用2题，共需要18题"
    ]


def test_a_row_larger_than_its_section_is_named_with_it():
    rows = [section("single", 5), section("judge", 5), Row("single", chapter="2", least=6)]
    pool = pool_of(("single", "2", 20), ("judge", "2", 20))
    assert sentences(rows, pool) == ["以下要求不能同时满足：全部单选题恰好5题；第二章单选题至少6题"]
    assert sentences(rows, pool, forms=3) == [
        "对3套不重复的试卷，以下要求不能同时满足：全部单选题恰好5题；第二章单选题至少6题"
    ]


def test_chapters_that_together_leave_no_room_are_named_without_the_innocent_rows():
    rows = [
        section("single", 6),
        section("judge", 5),
        Row("single", chapter="1", least=3),
        Row("single", chapter="2", least=4),
        Row("judge", chapter="1", least=1),
        Row(difficulty=(3, 3), least=2),
    ]
    pool = pool_of(("single", "1", 20), ("single", "2", 20), ("judge", "1", 20))
    (found,) = conflict(rows, pool)
    assert found.rows == (0, 2, 3)


def test_rows_at_odds_in_what_they_share_are_named_without_a_section():
    rows = [section("single", 6), Row(chapter="1", most=2), Row(tag="情景", least=3)]
    pool = pool_of(("single", "1", 9), tags=["情景"]) + [
        item(100 + number, chapter="2") for number in range(9)
    ]
    (found,) = conflict(rows, pool)
    assert found.rows == (1, 2)
    assert found.in_words(rows, TITLES) == "以下要求不能同时满足：第一章试题至多2题；标签“情景”试题至少3题"


def two_chapters(tag_in="1"):
    """20 questions in each of two chapters; those of one chapter carry a tag."""
    pool = pool_of(("single", "1", 20), ("single", "2", 20))
    return [replace(one, tags=frozenset({"情景"} if one.chapter == tag_in else ())) for one in pool]


def test_of_two_sets_at_odds_a_row_with_its_section_is_named():
    chapters = [Row(chapter="1", least=3), Row(chapter="2", least=3)]
    rows = [section("single", 5), *chapters, Row("single", chapter="1", least=6), *chapters]
    assert [found.rows for found in conflict(rows, two_chapters())] == [(0, 3)]


def test_of_two_sets_at_odds_the_smaller_is_named_wherever_it_stands():
    small = [Row(chapter="1", most=2), Row(tag="情景", least=3)]
    large = [Row(chapter="2", least=4), Row(chapter="1", difficulty=(3, 3), least=2), section("single", 5)]
    assert [found.rows for found in conflict([*small, *large], two_chapters())] == [(0, 1)]
    assert [found.rows for found in conflict([*large, *small], two_chapters())] == [(3, 4)]


def test_enemies_that_leave_too_few_for_one_paper_are_told():
    rows, pool = [section("single", 5)], pool_of(("single", "1", 6))
    enemies = [frozenset(one.revision_id for one in pool[:3])]
    assert conflict(rows, pool) == []
    assert sentences(rows, pool, enemies=enemies) == [
        "全部单选题有6题，但互斥的试题不能同卷，凑不出需要的5题"
    ]


def test_a_kind_without_a_section_does_not_come_up():
    rows = [section("single", 5), Row(chapter="2", least=1)]
    pool = pool_of(("single", "1", 9), ("judge", "2", 9))
    assert available(rows, pool) == [9, 0]
    assert sentences(rows, pool) == ["第二章试题只有0题，需要1题"]


def test_what_a_cell_of_the_grid_can_choose_from_is_counted_before_it_has_a_section():
    assert available([Row("judge", chapter="2")], pool_of(("judge", "2", 9), ("judge", "1", 1))) == [9]


def explained(rows, pool, **more):
    """Each set named cannot hold, any row left out makes it hold, and none is named only when all can hold."""
    found = conflict(rows, pool, **more)
    kinds = [row.kind for row in rows if row.section]
    assert bool(found) is not can_be_made(rows, pool, kinds=kinds, **more)
    for each in found:
        named = [rows[index] for index in each.rows]
        assert not can_be_made(named, pool, kinds=kinds, **more)
        for row in named:
            assert can_be_made([other for other in named if other is not row], pool, kinds=kinds, **more)
        assert each.in_words(rows, TITLES)


@given(blueprints(), items(most=9), st.data())
def test_a_conflict_of_one_paper_is_real_and_minimal_and_none_means_a_paper_exists(rows, pool, data):
    explained(rows, pool, enemies=data.draw(enmities(pool)))


@given(cases(spare=4, forms=1, largest=5, rows=5, tightened=True))
def test_a_blueprint_tightened_by_one_question_is_explained_or_holds(case):
    explained(case.rows, case.pool, enemies=case.enemies)


@settings(max_examples=60)
@given(cases(spare=2, forms=2, largest=3, rows=3, tightened=True))
def test_conflicts_of_two_papers_are_real_and_minimal(case):
    explained(case.rows, case.pool[:7], **case.asked)


@settings(max_examples=40)
@given(cases(spare=1, forms=3, largest=2, rows=3, tightened=True))
def test_conflicts_of_three_papers_are_real_and_minimal(case):
    explained(case.rows, case.pool[:6], **case.asked)


@given(cases())
def test_rows_written_around_papers_that_exist_are_never_in_conflict(case):
    assert conflict(case.rows, case.pool, forms=case.forms, common=case.common) == []
