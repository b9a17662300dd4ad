"""The heat maps of an exam: for whom they are, what stands in them, a hundred units on a page."""

import re
from collections import defaultdict
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select, update

from quizapp import clock, config, figures
from quizapp.attempts import layout, marks
from quizapp.attempts.models import Attempt, AttemptMark, Closing
from quizapp.bank.models import Citation
from quizapp.db import db
from quizapp.demo import sitting
from quizapp.exams import actions
from quizapp.exams.models import Candidate, Exam, ExamUnit, Tally
from quizapp.people import actions as people
from quizapp.people.models import Grant, Person, Unit
from quizapp.regulations.queries import law_in_force
from quizapp.reports.jobs import refresh_spreads
from tests.cast import sign_in
from tests.papers import totals
from tests.statements import statements


def table(page):
    """The rows of the only table, each as its texts."""
    rows = re.findall(r"<tr>(.*?)</tr>", page.html, flags=re.S)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.S) for row in rows]
    return [[re.sub(r"<[^>]*>|\s", "", cell) for cell in row] for row in cells]


def test_before_the_job_has_been_there_the_page_says_so(results, as_li):
    assert "每5分钟更新一次，稍后刷新" in as_li.page(f"/reports/exams/{results}/heat").text


def test_by_day_every_cell_is_the_share_that_had_sat_it_by_then(results, app, cast, at):
    refresh_spreads()
    at("2026-12-14 09:00")
    page = sign_in(app.test_client(), cast.li).page(f"/reports/exams/{results}/heat")
    assert table(page) == [
        ["单位", "12月"],
        ["12月11日", "12月12日", "12月13日", "12月14日"],
        ["青石县（本级）", "0.0", "0.0", "50.0", "50.0"],
        ["县信访局", "0.0", "100.0", "100.0", "100.0"],
        ["云岭镇", "—", "—", "—", "—"],
        ["合计", "0.0", "50.0", "75.0", "75.0"],
    ]
    assert "按章得分率" in page.text


def test_the_map_of_a_unit_is_reached_by_its_name_only_where_there_is_more_below(results, as_li, cast):
    refresh_spreads()
    page = as_li.page(f"/reports/exams/{results}/heat")
    assert "县信访局" not in [text for text, _ in page.links]
    below = as_li.page(f"/reports/exams/{results}/heat?unit={cast.office}")
    assert [row[0] for row in table(below)][2:] == ["县信访局（本级）", "合计"]


def test_the_days_end_with_the_window(results, app, cast, at):
    refresh_spreads()
    at(db.session.get_one(Exam, results).closes_at + timedelta(days=40))
    page = sign_in(app.test_client(), cast.li).page(f"/reports/exams/{results}/heat")
    assert table(page)[1][-1] == "12月25日"


def test_who_has_no_right_to_scores_has_the_days_and_no_chapters(results, app, cast):
    refresh_spreads()
    grant = Grant(person_id=cast.luo, role="unit_administrator", unit_id=cast.office, granted_at=clock.now())
    db.session.add(grant)
    db.session.commit()
    client = sign_in(app.test_client(), cast.luo)
    page = client.page(f"/reports/exams/{results}/heat")
    assert "县信访局（本级）" in page.text
    assert "得分率" not in page.text
    for query in ("by=chapter", f"unit={cast.county}", "by=other"):
        assert client.get(f"/reports/exams/{results}/heat?{query}").status_code == 404


@pytest.fixture
def sat(app, cast, bank, at):
    """An exam that seven people of 县信访局, six of 云岭镇 and three of the county itself have sat; it is over."""
    now = at("2026-12-10 09:00")
    new = [people.NewPerson(f"人{n}", unit) for n in range(5) for unit in (cast.office, cast.town)]
    people.add_people(new, now)
    values = {
        **{"title": "2026年度考试", "purpose": "annual", "bank_ids": [bank], "bands": [["合格", 600]]},
        **{"points": {"single": 60, "multiple": 20, "judge": 50}, "blueprint": totals(single=9, judge=9)},
        "opens_at": clock.start_of(clock.today(now) + timedelta(days=1)),
        "closes_at": clock.end_of(clock.today(now) + timedelta(days=5)),
    }
    audience = [(cast.county, True)]
    exam = actions.create(unit_id=cast.county, values=values, audience=audience, now=now, actor_id=None)
    exam.seed = "7" * 32  # always the same papers
    actions.publish(exam, now, actor_id=None)
    ability = dict.fromkeys(db.session.scalars(select(Person.id)), 0.5)
    assert sitting.sit(exam, ability, 1, exam.closes_at, Random(7)) == 16
    db.session.commit()
    at(exam.closes_at + timedelta(hours=1))
    refresh_spreads()
    return exam.id


def by_hand(exam_id, *units, without=()):
    """得分率 of these units by chapter, added up from single marks."""
    *_, law = law_in_force("xinfang-gongzuo-tiaoli")
    articles = dict(
        db.session.execute(select(Citation.revision_id, Citation.article).where(Citation.position == 0)).all()
    ) or pytest.fail("no citation begins at 0")
    earned, possible = defaultdict(int), defaultdict(int)
    rows = db.session.execute(
        select(Candidate.person_id, Attempt.layout, AttemptMark.marks)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .join(Closing, Closing.attempt_id == Attempt.id)
        .join(AttemptMark, AttemptMark.closing_id == Closing.id)
        .where(Candidate.exam_id == exam_id, Candidate.unit_id.in_(units))
    )
    for person_id, papers, marked in rows:
        if person_id in without:
            continue
        for place, tenths in zip(layout.from_text(papers), marks.slots_of(marked), strict=True):
            chapter = law.chapter_of(articles[place.revision_id])
            earned[chapter] += tenths
            possible[chapter] += place.points
    shares = [figures.ratio(earned[one.number], possible[one.number]) for one in law.chapters]
    return ["—" if share is None else str(share) for share in shares]


def test_chapters_are_told_when_the_exam_is_over(results, as_li):
    refresh_spreads()
    page = as_li.page(f"/reports/exams/{results}/heat?by=chapter")
    assert "各章得分率在考试结束后统计" in page.text
    assert "<table" not in page.html


def test_each_cell_is_the_sum_of_single_marks_and_small_groups_are_not_told(sat, app, cast):
    page = sign_in(app.test_client(), cast.li).page(f"/reports/exams/{sat}/heat?by=chapter")
    rows = {row[0]: row[1:] for row in table(page)}
    assert "第三章信访事项的提出和受理" in rows["单位"]
    told = by_hand(sat, cast.office)
    assert any(cell != "—" for cell in rows["县信访局"])
    assert all(cell in (own, "—") for cell, own in zip(rows["县信访局"], told, strict=True))
    whole = by_hand(sat, cast.county, cast.office, cast.town)
    assert all(cell in (own, "—") for cell, own in zip(rows["合计"], whole, strict=True))
    assert "—" not in rows["合计"][1:5]
    assert rows["青石县（本级）"] == ["不足5人，不显示"]
    assert rows["云岭镇"] == ["不足5人，不显示"]  # or the sum would give 本级 away


def test_from_the_own_unit_the_board_is_in_no_chapter(sat, app, cast):
    db.session.execute(
        update(Candidate).where(Candidate.person_id == cast.jiang).values(category="领导班子成员")
    )
    db.session.add(Grant(person_id=cast.luo, role="leader", unit_id=cast.office, granted_at=clock.now()))
    db.session.get_one(Exam, sat).figures = None
    db.session.get_one(Exam, sat).figures_at = None
    db.session.commit()
    refresh_spreads()
    own = sign_in(app.test_client(), cast.luo).page(f"/reports/exams/{sat}/heat?by=chapter")
    assert "不含本单位领导班子成员1人" in own.text
    others = by_hand(sat, cast.office, without=[cast.jiang])
    for row in table(own)[1:]:
        assert any(cell != "—" for cell in row[1:])
        assert all(cell in (told, "—") for cell, told in zip(row[1:], others, strict=True))
    above = sign_in(app.test_client(), cast.li).page(
        f"/reports/exams/{sat}/heat?by=chapter&unit={cast.office}"
    )
    assert table(above)[-1] != table(own)[-1]
    assert "不含本单位" not in above.text


def test_while_the_job_has_not_followed_the_setting_no_chapter_is_told_from_the_own_unit(sat, app, cast):
    db.session.add(Grant(person_id=cast.luo, role="leader", unit_id=cast.office, granted_at=clock.now()))
    config.store("LEADING_STAFF", "领导班子成员、局长")
    db.session.commit()
    own = sign_in(app.test_client(), cast.luo).page(f"/reports/exams/{sat}/heat?by=chapter")
    assert "<table" not in own.html
    assert "每5分钟更新一次" in own.text


def more_units(exam_id, cast, numbers):
    for number in numbers:
        place = {"parent_id": cast.county, "name": f"单位{number}"}
        place |= {"lft": 10_401 + 2 * number, "rgt": 10_402 + 2 * number}
        unit = Unit(code=f"U{number}", **place)
        db.session.add(unit)
        db.session.flush()
        db.session.add(ExamUnit(exam_id=exam_id, unit_id=unit.id, **place))
        db.session.add(Tally(exam_id=exam_id, lft=unit.lft, listed=5, expected=5))
    db.session.get_one(Exam, exam_id).figures_at = None
    db.session.commit()
    refresh_spreads()


def test_a_hundred_units_stand_on_a_page_and_cost_as_many_statements_as_five(results, as_li, cast):
    def asked():
        with statements() as seen:
            page = as_li.page(f"/reports/exams/{results}/heat")
        return len(seen), page

    more_units(results, cast, range(2))
    few, page = asked()
    assert len(table(page)) == 2 + 5 + 1
    assert "下一页" not in page.text
    more_units(results, cast, range(2, 200))
    many, page = asked()
    assert many == few
    assert len(table(page)) == 2 + 100 + 1
    assert "第1/3页" in page.text.replace(" ", "")
    last = page.follow("下一页").follow("下一页")
    assert [row[0] for row in table(last)][2:] == ["单位197", "单位198", "单位199", "合计"]
    assert table(as_li.page(f"/reports/exams/{results}/heat?page=99")) == table(last)
