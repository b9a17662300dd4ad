"""Whose score a reader sees: one rule, by properties on random trees, and walked over every page and file."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from quizapp import clock
from quizapp.db import db
from quizapp.exams.models import Candidate, Exam
from quizapp.people import tree
from quizapp.people.models import Grant
from quizapp.reports.jobs import refresh_spreads
from quizapp.reports.seeing import is_leading, may_see_score, words
from tests.cast import sign_in
from tests.people.test_tree import ancestors, trees


@given(trees(), st.data())
def test_scores_are_seen_from_the_own_unit_or_above_and_those_of_leaders_only_from_above(places, data):
    numbers = tree.numbering(places)
    granted = data.draw(st.lists(st.sampled_from(places), max_size=3))
    person = data.draw(st.sampled_from(places))
    above = {place.id for place in granted} & ancestors(places, person)
    here = person.id in {place.id for place in granted}
    reach = [numbers[place.id] for place in granted]
    lft = numbers[person.id][0]
    assert may_see_score(lft, reach, leading=False, own=False) is bool(above or here)
    assert may_see_score(lft, reach, leading=True, own=False) is bool(above)
    assert may_see_score(lft, [], leading=True, own=True)


@pytest.mark.parametrize(
    ("category", "post", "named", "leading"),
    [
        ("领导班子成员", "", "领导班子成员", True),
        ("公务员", "党组书记、局长", "领导班子成员、局长", True),
        ("公务员", "副局长", "局长", False),
        ("公务员", "局长", "", False),
        ("", "", "领导班子成员", False),
    ],
)
def test_the_setting_names_categories_and_posts(category, post, named, leading):
    assert is_leading(category, post, named) is leading
    assert "" not in words(named)


PATHS = (
    *("/reports/", "/reports/exams/{exam}", "/reports/exams/{exam}?unit={office}"),
    *(f"/reports/exams/{{exam}}/people?only={only}" for only in ("all", "done", "open", "excluded")),
    "/reports/exams/{exam}/people?only=all&unit={office}",
    "/reports/exams/{exam}/file.csv",
    "/reports/exams/{exam}/file.xlsx",
    "/reports/exams/{exam}/file.xlsx?unit={office}",
    "/reports/people/{jiang}",
    "/reports/daily",
    "/reports/daily/file.csv",
)


def everything(client, cast, exam):
    """The text of all pages and files of reports that this person may open; some must open."""
    found, opened = [], 0
    for path in PATHS:
        reply = client.get(path.format(exam=exam, office=cast.office, jiang=cast.jiang))
        assert reply.status_code in (200, 404), path
        opened += reply.status_code == 200
        if reply.status_code == 200 and ".xlsx" in path:
            book = CalamineWorkbook.from_filelike(io.BytesIO(reply.data))
            found += [str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
        else:
            found.append(reply.data.decode("utf-8-sig"))
    assert opened > 5
    return re.sub(r"<svg.*?</svg>", "", "\n".join(found), flags=re.S)


def holding(app, cast, role, unit, who="luo"):
    db.session.add(Grant(person_id=getattr(cast, who), role=role, unit_id=unit, granted_at=clock.now()))
    db.session.commit()
    return sign_in(app.test_client(), getattr(cast, who))


@pytest.fixture
def leading(results, cast):
    """江, who scored 78.5, belongs to the 领导班子 of 县信访局."""
    db.session.execute(
        update(Candidate).where(Candidate.person_id == cast.jiang).values(category="领导班子成员")
    )
    db.session.commit()
    refresh_spreads()
    return results


def test_a_leader_of_the_own_unit_sees_the_score_of_a_colleague_and_not_of_the_board(leading, app, cast):
    text = everything(holding(app, cast, "leader", cast.office), cast, leading)
    assert "42.5" in text
    assert "78.5" not in text
    assert "不显示" in text


def test_the_unit_above_sees_the_scores_of_the_board(leading, as_li, cast):
    assert "78.5" in everything(as_li, cast, leading)


def test_who_belongs_to_the_board_sees_the_own_score(leading, app, cast):
    client = holding(app, cast, "leader", cast.office, "jiang")
    assert "78.5分" in client.page(f"/reports/people/{cast.jiang}").text


def test_another_setting_takes_the_protection_away(leading, app, cast):
    from quizapp import config

    config.store("LEADING_STAFF", "局长")
    db.session.commit()
    assert "78.5" in everything(holding(app, cast, "leader", cast.office), cast, leading)


def test_a_unit_administrator_sees_no_score_and_no_figure_made_of_scores(leading, app, cast):
    client = holding(app, cast, "unit_administrator", cast.office)
    text = everything(client, cast, leading)
    for figure in ("42.5", "78.5", "60.5", "合格率", "平均分", "中位数", "优秀"):
        assert figure not in text, figure
    assert "参考率" in text


def test_a_person_outside_of_the_readers_units_has_no_page(leading, app, cast):
    client = holding(app, cast, "leader", cast.town, "fang")
    assert client.get(f"/reports/people/{cast.jiang}").status_code == 404
    assert client.get("/reports/people/999999").status_code == 404


def test_voided_exams_are_on_nobodys_page(leading, as_li, cast):
    db.session.get_one(Exam, leading).state = "voided"
    db.session.commit()
    assert as_li.get(f"/reports/people/{cast.jiang}").status_code == 404
