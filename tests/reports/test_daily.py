"""The daily quizzes by unit: from groups of at least five people, without names."""

import csv
import io
from datetime import date

import pytest

from quizapp import clock
from quizapp.db import db
from quizapp.people.models import Membership, Person, Unit
from quizapp.practice import actions
from quizapp.practice.queries import practice_pool


@pytest.fixture
def answers(app, cast, bank, at):
    """Three more colleagues in 县信访局, so that it has five people; 江 and 罗 answer four questions, three right."""
    from quizapp.bank.queries import keys

    now = at("2026-12-10 09:00")
    for number in range(3):
        person = Person(
            account=f"2000000{number}", name=f"同事{number}", name_key=f"tong shi {number}", created_at=now
        )
        db.session.add(person)
        db.session.flush()
        db.session.add(Membership(person_id=person.id, unit_id=cast.office, since=date(2020, 1, 1)))
    pool = [entry.revision_id for entry in practice_pool()[:2]]
    right = keys(pool)
    wrong = "B" if right[pool[1]] == "A" else "A"
    day = clock.today(now)
    actions.record(
        [
            actions.Answer("jiang-00001", cast.jiang, pool[0], right[pool[0]], "daily", day, now),
            actions.Answer("jiang-00002", cast.jiang, pool[1], right[pool[1]], "daily", day, now),
            actions.Answer("luo-0000001", cast.luo, pool[0], right[pool[0]], "daily", day, now),
            actions.Answer("luo-0000002", cast.luo, pool[1], wrong, "daily", day, now),
        ],
        now,
    )
    db.session.commit()


def rows(client, **query):
    text = client.get("/reports/daily/file.csv", query_string=query).data.decode("utf-8-sig")
    return {row[0]: row[1:] for row in csv.reader(io.StringIO(text))}


def test_a_unit_of_five_is_shown_with_its_denominators(answers, as_li):
    figures = rows(as_li)
    assert figures["县信访局"][:6] == ["5", "2", "40.0%", "4", "3", "75.0%"]
    assert figures["青石县"][:3] == ["9", "2", "22.2%"]


def test_smaller_units_are_not_shown(answers, as_li):
    figures = rows(as_li)
    assert figures["云岭镇"][0] == "不足5人，不显示"
    assert figures["青石县（本级）"][0] == "不足5人，不显示"
    page = as_li.page("/reports/daily")
    assert "不足5人，不显示" in page.text


def test_no_name_and_no_ranking_stand_on_the_page(answers, as_li):
    page = as_li.page("/reports/daily")
    assert "江映雪" not in page.text
    assert page.text.index("县信访局") < page.text.index("云岭镇")
    assert "不作为考核依据" in page.text


def test_answers_of_another_period_do_not_count(answers, as_li):
    assert rows(as_li, **{"from": "2026-11-01", "to": "2026-12-09"})["县信访局"][1] == "0"


@pytest.mark.parametrize(
    "days", [{"from": "x", "to": "2026-13-45"}, {"from": "2026-12-10", "to": "2026-12-01"}]
)
def test_senseless_days_give_a_report_all_the_same(answers, as_li, days):
    assert as_li.get("/reports/daily", query_string=days).status_code == 200


def test_only_own_units(answers, as_he, as_jiang, as_fang, cast):
    assert as_jiang.get("/reports/daily").status_code == 404
    assert as_fang.get(f"/reports/daily?unit={cast.county}").status_code == 404


def test_closed_units_leave_the_report(answers, as_li, cast):
    db.session.get_one(Unit, cast.town).closed_on = date(2026, 6, 30)
    db.session.commit()
    assert "云岭镇" not in rows(as_li)
