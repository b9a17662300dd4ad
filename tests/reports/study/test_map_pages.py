"""各条掌握度: rows are articles, columns units; down to single units and to the words of an article."""

import re

import pytest

from quizapp import clock
from quizapp.db import db
from quizapp.people import actions as people
from quizapp.people.models import Unit
from quizapp.regulations.queries import law_in_force
from quizapp.reports.study import maps, queries
from tests.cast import sign_in

SLUG = "xinfang-gongzuo-tiaoli"


@pytest.fixture
def as_leader(crowd, everybody, practise, refreshed, app):
    """李 after everybody has practised and the job has been there."""
    practise(20, everybody, most=60)
    refreshed()
    return sign_in(app.test_client(), crowd.li)


def table(page):
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page.html, flags=re.S)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.S) for row in rows]
    return [[re.sub(r"<[^>]*>|\s", "", cell) for cell in row] for row in cells]


def test_before_the_job_has_been_there_the_page_says_so(crowd, as_li):
    assert "每5分钟更新一次，稍后刷新" in as_li.page("/reports/mastery").text
    assert (
        "每5分钟更新一次，稍后刷新"
        in as_li.page(f"/reports/mastery/article?regulation={SLUG}&article=24").text
    )


def test_rows_are_articles_in_the_order_of_the_regulation(as_leader, crowd):
    page = as_leader.page("/reports/daily").follow("各条掌握度")
    rows = table(page)
    assert rows[0] == ["条文", "合计", "县信访局"]
    *_, law = law_in_force(SLUG)
    numbers = [article.in_words for article in law.articles]
    articles = [row[0] for row in rows if row[0] in numbers]
    assert articles == [number for number in numbers if number in articles]
    assert len(articles) > 20
    kept = queries.figures(db.session.get_one(Unit, crowd.county))
    for row in rows:
        if row[0] == "第二十四条":
            assert row[1] == told(kept.whole.articles[f"{SLUG}:24"])
            assert row[2] == told(kept.parts[1].study.articles[f"{SLUG}:24"])
    assert "数据截至2026年12月10日 09:05" in page.text


def told(counters):
    cell = maps.cell(counters)
    return f"{cell.text}{cell.word}"


def test_small_units_have_no_column_and_neither_has_who_would_give_them_away(as_leader):
    page = as_leader.page("/reports/mastery")
    head = table(page)[0]
    assert "青石县（本级）" not in head
    assert "云岭镇" not in head  # six people, but with 本级 the sum would tell of its three
    assert "青石县（本级）、云岭镇" in page.text
    assert "不足5人的单位" in page.text


def test_the_weakest_stand_first_on_demand(as_leader):
    page = as_leader.page("/reports/mastery").follow("掌握度低的在前")
    shares = [int(re.match(r"\d+", row[1])[0]) for row in table(page)[1:]]
    assert shares == sorted(shares)
    assert len(set(shares)) > 3


def test_an_article_shows_its_words_and_every_unit(as_leader, crowd):
    page = as_leader.page("/reports/mastery").follow("第二十四条")
    assert "第二十四条本单位掌握度" in re.sub(r"\s", "", page.text)
    rows = {row[0]: row for row in table(page)}
    kept = queries.figures(db.session.get_one(Unit, crowd.office)).whole
    assert rows["县信访局"][2] == maps.cell(kept.articles[f"{SLUG}:24"]).text
    assert rows["青石县（本级）"][-1] == "不显示"
    law = page.follow("查看条文")
    assert "第二十四条" in law.text


def test_units_with_others_below_lead_down(as_leader, crowd, refreshed, app):
    office = db.session.get_one(Unit, crowd.office)
    db.session.add(Unit(code="QS-XF-1", name="接访科", parent_id=office.id, lft=10_110, rgt=10_120, sort=1))
    db.session.commit()
    refreshed()
    client = sign_in(app.test_client(), crowd.li)
    page = client.page("/reports/mastery").follow("县信访局")
    assert table(page)[0][:3] == ["条文", "合计", "县信访局（本级）"]
    below = client.page("/reports/mastery").follow("第二十四条").follow("县信访局")
    assert "县信访局（本级）" in [row[0] for row in table(below)]


def test_many_units_stand_on_several_pages(crowd, everybody, refreshed, app, at, people_of, practise):
    units = []
    for number in range(14):
        place = {"lft": 10_401 + 4 * number, "rgt": 10_402 + 4 * number, "sort": 3 + number}
        unit = Unit(code=f"U{number}", name=f"单位{number}", parent_id=crowd.county, **place)
        db.session.add(unit)
        units.append(unit)
    db.session.flush()
    people.add_people(
        [people.NewPerson(f"甲{n}乙{unit.id}", unit.id) for unit in units for n in range(5)], clock.now()
    )
    db.session.commit()
    refreshed()
    client = sign_in(app.test_client(), crowd.li)
    page = client.page("/reports/mastery")
    assert len(table(page)[0]) == 2 + 12
    assert "第1/2页" in page.text.replace(" ", "")
    assert table(page.follow("下一页"))[0][-1] == "单位13"


@pytest.mark.parametrize("query", ["sort=other", "regulation=none", "unit=999", "sort=weakest&regulation="])
def test_what_is_not_there_is_not_found(as_leader, query):
    assert as_leader.get(f"/reports/mastery?{query}").status_code == 404


@pytest.mark.parametrize("query", ["", f"regulation={SLUG}&article=999", "regulation=x&article=1"])
def test_articles_that_are_not_there_are_not_found(as_leader, query):
    assert as_leader.get(f"/reports/mastery/article?{query}").status_code == 404
