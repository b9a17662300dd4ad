"""Units of a province: one level at a time, found by words, and chosen by name where no drop-down could hold them."""

import re

import pytest

from quizapp import clock
from quizapp.db import db
from quizapp.people import actions, unit_listing
from quizapp.people.models import Grant, Unit
from tests.statements import statements


@pytest.fixture
def province(app, cast, monkeypatch):
    """A tree that is too large for one page: 青石县 with 县信访局, 云岭镇 and ten villages below the town."""
    monkeypatch.setattr(unit_listing, "WHOLE", 2)
    monkeypatch.setattr(unit_listing, "PAGE", 4)
    town = db.session.get_one(Unit, cast.town)
    for number in range(1, 11):
        new = actions.NewUnit(f"QS-YL-{number:02d}", f"第{number}村", town.code, "", "村", number)
        actions.add_unit(town, new, actor_id=None)
    db.session.commit()
    return cast


def ways_in(page):
    """Names of the units of the table that lead to the units below them."""
    return re.findall(r'<th scope="row"><a href="/units\?under=[^"]*">([^<]*)<', page.html)


def test_a_large_tree_is_walked_one_level_at_a_time(province, as_zhou):
    page = as_zhou.page("/units")
    assert ways_in(page) == ["云岭镇"]
    assert "县信访局" in page.text
    assert "第1村" not in page.text
    below = as_zhou.page(f"/units?under={province.town}")
    assert "直属10个单位" in below.text
    assert "第4村" in below.text
    assert "第5村" not in below.text
    second = below.follow("下一页")
    assert "第5村" in second.text
    assert "第2/3页，共10个" in second.text
    assert second.follow("青石县").path == "/units"


def test_units_of_a_large_tree_are_found_by_words_at_any_depth(province, as_zhou):
    page = as_zhou.page("/units?q=村")
    assert "找到10个单位" in page.text
    assert "第2/3页" in page.follow("下一页").text
    assert "第7村" in as_zhou.page("/units?q=QS-YL-07").text
    assert "没有找到单位" in as_zhou.page("/units?q=不存在").text
    assert "没有找到单位" in as_zhou.page("/units?q=%25").text


def test_a_page_of_a_large_tree_asks_as_often_whatever_it_shows(province, as_zhou):
    seen = []
    for path in (f"/units?under={province.county}", f"/units?under={province.town}"):
        as_zhou.page(path)
        with statements() as sent:
            as_zhou.page(path)
        seen.append(len(sent))
    assert seen[0] == seen[1]


def test_units_outside_ones_reach_are_not_opened(province, app, as_zhou):
    held = db.session.scalars(db.select(Grant).filter_by(person_id=province.zhou, role="administrator")).one()
    held.unit_id = province.town
    db.session.commit()
    assert as_zhou.get(f"/units?under={province.county}").status_code == 404
    assert "县信访局" not in as_zhou.page("/units").text
    assert (
        "县信访局" not in as_zhou.page("/units?q=县信访局").text.replace("查找单位", "").split("没有找到")[-1]
    )


def test_a_level_and_the_whole_tree_say_the_same(province, app):
    county = db.session.get_one(Unit, province.county)
    where = [(county.lft, county.rgt)]
    whole = {row.id: row for row in unit_listing.whole(where, clock.today())}
    rows, total = unit_listing.level(where, county, clock.today())
    assert total == 2
    assert [row.id for row in rows] == [province.office, province.town]
    for row in rows:
        same = whole[row.id]
        assert (row.people, row.units_below, row.former) == (same.people, same.units_below, same.former)


@pytest.mark.parametrize("words", ["QS-YL-03", "第3村"])
def test_a_role_is_granted_on_a_unit_that_is_typed(province, as_zhou, words):
    page = as_zhou.page("/grants")
    assert "填写单位编码或名称。" in page.text
    page.press("授予角色", login="10000017", role="leader", unit=words)
    unit = db.session.scalars(db.select(Unit).where(Unit.code == "QS-YL-03")).one()
    assert db.session.scalars(db.select(Grant.role).where(Grant.unit_id == unit.id)).all() == ["leader"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "请填写"),
        ("第99村", "没有编码或名称为“第99村”的单位"),
        ("99999999999999999999", "没有编码或名称为"),
    ],
)
def test_a_unit_that_is_none_is_refused_in_words_and_what_was_typed_stays(province, as_zhou, words, said):
    page = as_zhou.page("/grants").press("授予角色", login="10000017", role="leader", unit=words)
    assert page.status == 422
    assert said in page.text
    assert f'value="{words}"' in page.html
    assert db.session.scalars(db.select(Grant).where(Grant.unit_id == province.town)).all() == []


def test_a_new_unit_is_put_under_one_that_is_proposed_by_its_code(province, as_zhou):
    page = as_zhou.page(f"/units/new?parent={province.town}")
    code = db.session.get_one(Unit, province.town).code
    assert f'value="{code}"' in page.html
    page.press("添加单位", code="QS-YL-11", name="第11村", sort="11")
    new = db.session.scalars(db.select(Unit).where(Unit.code == "QS-YL-11")).one()
    assert new.parent_id == province.town


def test_the_list_of_people_takes_the_unit_by_its_name(province, as_zhou):
    page = as_zhou.page("/people?called=县信访局")
    assert page.path == "/people"
    assert "县信访局及下级单位" in page.text
    assert "江映雪" in page.text
    assert "没有编码或名称为“无此局”的单位" in as_zhou.page("/people?called=无此局").text
