"""The first page of a unit administrator: who has not sat, what waits, slips to print, nothing else, and no score."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from quizapp.exams import actions as exams
from quizapp.exams import tallies
from quizapp.exams.models import Candidate, Exam, ExcuseRequest
from quizapp.home import unit_desk
from quizapp.people import actions
from quizapp.people.actions import NewPerson
from quizapp.people.models import Person, Unit
from tests.cast import sign_in
from tests.papers import totals
from tests.statements import statements


@pytest.fixture
def make_exam(app, cast, bank):
    """Publishes an exam that runs since a minute: make_exam("年度考试"), make_exam("镇考试", unit=cast.town)."""

    def make(title, unit=None):
        now = clock.now()
        values = {
            "title": title,
            "purpose": "annual",
            "bank_ids": [bank],
            "points": {"single": 20, "multiple": 20, "judge": 10},
            "blueprint": totals(single=30, judge=40),
            "opens_at": now + timedelta(minutes=1),
            "closes_at": now + timedelta(days=9),
            "bands": [["合格", 600]],
        }
        unit = unit or cast.county
        exam = exams.create(unit_id=unit, values=values, audience=[(unit, True)], now=now, actor_id=cast.he)
        exams.publish(exam, now, actor_id=cast.he)
        exam.opens_at = now - timedelta(minutes=1)
        db.session.commit()
        return exam

    return make


@pytest.fixture
def administers(app, cast):
    """administers("luo", cast.office): signed in as 罗, who administers the unit."""

    def as_somebody(name, *units):
        person = db.session.get_one(Person, getattr(cast, name))
        for unit in units:
            actions.grant(
                person,
                "unit_administrator",
                db.session.get_one(Unit, unit),
                now=clock.now(),
                actor_id=None,
            )
        return sign_in(app.test_client(), person.id)

    return as_somebody


def candidate(exam, person_id):
    wanted = select(Candidate).where(Candidate.exam_id == exam.id, Candidate.person_id == person_id)
    return db.session.scalars(wanted).one()


def sits(exam, person_id):
    result = tallies.Result(candidate(exam, person_id).id, 785, True, True, True, clock.now())
    tallies.record_results([result])
    db.session.commit()


def cards(page):
    return re.findall(r"<h2[^>]*>([^<]+)</h2>", page.html)


def test_the_own_exam_comes_first_then_the_unit_and_nothing_else(administers, make_exam, cast):
    exam = make_exam("2026年度考试")
    page = administers("luo", cast.office).page("/")
    assert cards(page) == ["2026年度考试", "本单位", "管理"]
    for words in ("还有2人未考", "应考2人", "没有待批的免考、缓考申请", "没有需要打印的口令条"):
        assert words in page.text
    assert "日常测验" not in page.text
    sits(exam, cast.jiang)
    assert "还有1人未考" in administers("luo").page("/").text


def test_each_line_leads_to_what_it_counts(administers, make_exam, cast):
    exam = make_exam("2026年度考试")
    actions.add_people([NewPerson("新同志", cast.office)], clock.now())
    asked = {"kind": "exempt", "reason": "产假", "asked_at": clock.now()}
    db.session.add(ExcuseRequest(candidate_id=candidate(exam, cast.jiang).id, **asked))
    client = administers("luo", cast.office)
    home = client.page("/")
    listed = home.follow("还有2人未考")
    assert "江映雪" in listed.text
    assert "方圆" not in listed.text
    assert "江映雪" in home.follow("1份免考、缓考申请待批").text
    assert "新同志" in home.follow("1人需要口令条").text


def test_an_exam_that_everybody_has_sat_says_so(administers, make_exam, cast):
    exam = make_exam("2026年度考试")
    for person_id in (cast.jiang, cast.luo):
        sits(exam, person_id)
    assert "应考人员都已参加" in administers("luo", cast.office).page("/").text


def test_without_anything_to_do_every_line_says_so(administers, cast):
    page = administers("luo", cast.office).page("/")
    for words in ("没有正在进行的考试", "没有待批的免考、缓考申请", "没有需要打印的口令条"):
        assert words in page.text
    assert "忘记口令" not in page.text


def test_slips_not_used_yet_are_told_apart_from_those_in_need(administers, cast):
    ids = actions.add_people([NewPerson("甲新", cast.office), NewPerson("乙新", cast.office)], clock.now())
    actions.issue_slips(ids[:1], clock.now())
    page = administers("luo", cast.office).page("/")
    assert "1人需要口令条" in page.text
    assert "另有1人已发口令条，还没有登录" in page.text
    actions.issue_slips(ids[1:], clock.now())
    assert "2人已发口令条，还没有登录" in administers("luo").page("/").text


def test_only_exams_that_run_are_counted(administers, make_exam, cast):
    later, over, cancelled = (make_exam(title) for title in ("以后", "已过", "取消"))
    later.opens_at = clock.now() + timedelta(days=1)
    over.closes_at = clock.now() - timedelta(seconds=1)
    cancelled.state = "cancelled"
    client = administers("luo", cast.office)
    assert "没有正在进行的考试" in client.page("/").text
    candidate(over, cast.jiang).personal_closes_at = clock.now() + timedelta(hours=1)
    assert "还有2人未考" in client.page("/").text, "somebody has more time"


def test_an_exam_held_below_the_unit_is_counted_as_a_whole_and_one_beside_not_at_all(
    administers, make_exam, cast
):
    make_exam("镇考试", cast.town)
    assert "还有1人未考" in administers("li", cast.county).page("/").text
    assert "没有正在进行的考试" in administers("luo", cast.office).page("/").text


def test_two_units_stand_each_on_a_line_and_a_unit_below_another_does_not(administers, make_exam, cast):
    make_exam("2026年度考试")
    page = administers("luo", cast.office, cast.town).page("/")
    assert "县信访局" in page.text
    assert "云岭镇" in page.text
    assert (page.text.count("还有2人未考"), page.text.count("还有1人未考")) == (1, 1)
    page = administers("luo", cast.county).page("/")
    assert page.text.count("人未考") == 1
    assert "还有6人未考" in page.text


def test_the_numbers_are_those_of_the_report(administers, make_exam, cast):
    exam = make_exam("2026年度考试")
    sits(exam, cast.luo)
    tallies.set_status(candidate(exam, cast.fang).id, "exempt")
    db.session.commit()
    client = administers("li", cast.county)
    [line] = re.findall(r"还有(\d+)人未考", client.page("/").text)
    report = client.page(f"/reports/exams/{exam.id}/people?unit={cast.county}")
    assert int(line) == 4
    assert report.html.count("未考") >= 4


def test_no_score_stands_on_the_page_nor_on_the_list_behind_it(administers, make_exam, cast):
    """完成情况 and 成绩 are two rights; 单位管理员 have the first alone."""
    exam = make_exam("2026年度考试")
    sits(exam, cast.jiang)
    client = administers("luo", cast.office)
    for address in ("/", f"/reports/exams/{exam.id}/people?unit={cast.office}&only=all"):
        text = client.page(address).text
        for score in ("78.5", "合格率", "优秀", "平均分"):
            assert score not in text, f"{score} on {address}"


def test_who_administers_nothing_has_the_page_of_a_cadre(as_jiang, as_zhou):
    for client in (as_jiang, as_zhou):
        page = client.page("/")
        assert "日常测验" in page.text
        assert "本单位" not in cards(page)


def test_the_page_costs_the_same_for_few_and_for_many(app, administers, make_exam, cast):
    client = administers("li", cast.county)
    make_exam("第1次")

    def cost():
        with statements("SELECT") as seen:
            client.page("/")
        return len(seen)

    before = cost()
    actions.add_units([actions.NewUnit(f"U{i}", f"单位{i}", "QS") for i in range(20)], clock.now())
    ids = dict(db.session.execute(select(Unit.code, Unit.id)).all())
    actions.add_people([NewPerson(f"张{i:02}", ids[f"U{i % 20}"]) for i in range(60)], clock.now())
    for number in range(2, 5):
        exam = make_exam(f"第{number}次")
        asked = {"kind": "exempt", "reason": "产假", "asked_at": clock.now()}
        db.session.add(ExcuseRequest(candidate_id=candidate(exam, cast.jiang).id, **asked))
    db.session.commit()
    assert cost() == before


def test_the_desk_itself_takes_three_statements(app, administers, make_exam, cast):
    make_exam("2026年度考试")
    administers("luo", cast.office)
    from flask_login import login_user

    with app.test_request_context():
        login_user(db.session.get_one(Person, cast.luo))
        from quizapp.people import access

        access.held()
        with statements() as seen:
            found = unit_desk.desk(clock.now())
    assert len(seen) == 3
    assert [line.missing for line in found.exams] == [2]


def test_a_running_exam_stays_on_the_list_when_the_tree_moves(administers, make_exam, cast):
    exam = make_exam("2026年度考试")
    office = db.session.get_one(Unit, cast.office)
    office.parent_id = cast.town
    actions.renumber()
    db.session.commit()
    assert "还有2人未考" in administers("luo", cast.office).page("/").text
    assert db.session.get_one(Exam, exam.id).state == "published"
