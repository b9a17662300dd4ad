"""期限和数字一览, 版本对照, and the addresses of provisions, through the pages."""

import pytest

from quizapp import clock
from quizapp.db import db
from quizapp.regulations.actions import import_edition

SLUG = "xinfang-gongzuo-tiaoli"


@pytest.fixture
def stored(app, text):
    import_edition(text, slug=SLUG, now=clock.now(), actor_id=None)
    db.session.commit()


@pytest.fixture
def two(stored, text):
    older = text.replace("施行日期：2022-05-01", "施行日期：2005-05-01").replace("协商受理", "共同受理")
    import_edition(older, slug=SLUG, now=clock.now(), actor_id=None)
    db.session.commit()


def test_every_cell_of_the_table_leads_to_its_words(stored, cast, as_jiang):
    page = as_jiang.page(f"/regulations/{SLUG}").follow("期限和数字一览")
    assert "15处" in page.text
    there = f"/regulations/{SLUG}/23.3"
    assert ("第二十三条第三款", there) in page.links
    [words] = [href for text, href in page.links if text == "5个工作日内"]
    assert "<mark>5个工作日内</mark>" in as_jiang.page(words).html
    [who] = {href for text, href in page.links if text == "收到复查请求的机关、单位"}
    assert "<mark>收到复查请求的机关、单位</mark>" in as_jiang.page(who).html


def test_a_provision_has_its_own_address_where_it_is_pointed_out(stored, cast, as_jiang):
    page = as_jiang.page(f"/regulations/{SLUG}/31.1.6")
    assert page.h1 == "第三十一条"
    assert "第三十一条第六项" in page.text
    assert 'class="law-text item-p at" id="31.1.6"' in page.html
    assert page.html.count(' at"') == 1
    assert f"/regulations/{SLUG}/31.1.6" in page.html.split('data-copy="')[1].split('"')[0]
    whole = as_jiang.page(f"/regulations/{SLUG}/31")
    assert f"/regulations/{SLUG}/31.1.6" in [href for _, href in whole.links]


def test_an_article_says_who_names_it_and_what_it_defines(stored, cast, as_jiang):
    named = as_jiang.page(f"/regulations/{SLUG}/31")
    assert "被以下条款引用" in named.text
    assert ("第三十四条 引用“本条例第三十一条第六项”", f"/regulations/{SLUG}/34.1") in [
        (" ".join(text.split()).replace("第三十四条引用", "第三十四条 引用"), href)
        for text, href in named.links
    ]
    assert "被以下条款引用" not in as_jiang.page(f"/regulations/{SLUG}/1").text
    assert ("信访人", f"/regulations/{SLUG}/17#17.2") in as_jiang.page(f"/regulations/{SLUG}/35").links
    assert "本条规定的用语" in as_jiang.page(f"/regulations/{SLUG}/17").text


def test_the_contents_are_at_hand_on_every_reading_page(stored, cast, as_jiang):
    for address in ("31", "chapters/4", "text"):
        page = as_jiang.page(f"/regulations/{SLUG}/{address}")
        assert 'aria-label="第五十条"' in page.html
        assert page.html.count('<nav class="contents"') == 1
    assert 'aria-label="第三十一条" aria-current="page"' in as_jiang.page(f"/regulations/{SLUG}/31").html


def test_two_editions_stand_side_by_side_with_what_differs_marked(two, cast, as_jiang):
    page = as_jiang.page(f"/regulations/{SLUG}").follow("版本对照")
    assert "没有变化49条" in page.text.replace(" ", "")
    assert "<del><span" in page.html
    assert "共同" in page.html.split("【删去：</span>")[1].split("</del>")[0]
    assert "协商" in page.html.split("【新增：</span>")[1].split("</ins>")[0]
    everything = page.follow("显示全部条文")
    assert everything.html.count('class="card pair"') == 50
    other = as_jiang.page(f"/regulations/{SLUG}/compare?edition=2005-05-01")
    assert "没有变化49条" in other.text.replace(" ", "")


def test_the_same_edition_twice_is_put_beside_another(two, cast, as_jiang):
    page = as_jiang.page(f"/regulations/{SLUG}/compare?edition=2022-05-01&with=2022-05-01")
    assert "2005年5月1日" in page.text


@pytest.mark.parametrize("address", ["compare", "compare?with=1999-01-01", "numbers?edition=1999-01-01"])
def test_what_is_not_there_is_not_found(stored, cast, as_jiang, address):
    as_jiang.page(f"/regulations/{SLUG}/{address}", status=404)


def test_editions_that_say_the_same_say_so(stored, cast, as_jiang, text):
    import_edition(
        text.replace("施行日期：2022-05-01", "施行日期：2005-05-01"),
        slug=SLUG,
        now=clock.now(),
        actor_id=None,
    )
    db.session.commit()
    assert "两个版本的条文相同" in as_jiang.page(f"/regulations/{SLUG}/compare").text


def test_a_regulation_without_numbers_says_so(app, cast, as_jiang):
    import_edition(
        "试验规定\n施行日期：2024-01-01\n第一条 甲。", slug="shiyan", now=clock.now(), actor_id=None
    )
    db.session.commit()
    assert "没有写明期限和数字" in as_jiang.page("/regulations/shiyan/numbers").text


def test_hits_stand_under_their_regulation_and_letters_find_words(stored, cast, as_jiang):
    import_edition(
        "试验规定\n施行日期：2024-01-01\n第一条 信访人可以复查。",
        slug="shiyan",
        now=clock.now(),
        actor_id=None,
    )
    db.session.commit()
    page = as_jiang.page("/regulations/search?q=fc+xfr")
    assert "按拼音首字母：" in page.text
    assert "在2部法规中" in page.text
    assert page.text.index("《信访工作条例》") < page.text.index("《试验规定》")
    only = as_jiang.page("/regulations/search?q=fc+xfr&in=shiyan")
    assert "找到1条" in only.text
    assert "在全部法规中查找" in only.text
    assert "<mark>复查</mark>" in only.html
    assert "<mark>复查</mark>" in only.follow("第一条").html
