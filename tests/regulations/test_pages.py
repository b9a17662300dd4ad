"""Reading, as a cadre does."""

import re

import pytest

from quizapp import clock
from quizapp.db import db
from quizapp.regulations import access, queries
from quizapp.regulations.actions import import_edition
from tests.practice.conftest import counted

SLUG = "xinfang-gongzuo-tiaoli"


@pytest.fixture
def stored(app, text):
    import_edition(text, slug=SLUG, now=clock.now(), actor_id=None)
    db.session.commit()


def test_the_contents_lead_to_every_article(stored, cast, as_jiang):
    page = as_jiang.page("/regulations/").follow("《信访工作条例》")
    assert page.h1 == "信访工作条例"
    for words in (
        "第三章 信访事项的提出和受理",
        "第十七条至第二十六条",
        "制定机关",
        "中共中央、国务院",
        "2022年5月1日",
    ):
        assert words in page.text
    articles = [href for _, href in page.links if re.fullmatch(rf"/regulations/{SLUG}/\d+", href)]
    assert articles == [f"/regulations/{SLUG}/{number}" for number in range(1, 51)]


def test_an_article_has_its_words_its_neighbours_and_stable_addresses(stored, cast, as_jiang, law):
    page = as_jiang.page(f"/regulations/{SLUG}/31")
    assert page.h1 == "第三十一条"
    for line in law.article("31").lines:
        assert f'id="{line.anchor}"' in page.html
        assert line.marker + line.text in page.text
    assert page.follow("第三十条").h1 == "第三十条"
    assert page.follow("第三十二条").h1 == "第三十二条"
    assert page.follow("第四章").h1.startswith("第四章")


def test_references_in_the_text_are_links(stored, cast, as_jiang):
    page = as_jiang.page(f"/regulations/{SLUG}/36")
    assert ("本条例第三十一条第六项", f"/regulations/{SLUG}/31#31.1.6") in page.links
    assert ("前款", f"/regulations/{SLUG}/36#36.1") in page.links
    whole = as_jiang.page(f"/regulations/{SLUG}/text")
    assert ("本条例第三十一条第六项", "#31.1.6") in whole.links


def test_a_whole_chapter_that_is_named_is_a_link_and_tells_who_names_it(app, cast, as_jiang):
    words = (
        "试验办法\n施行日期：2024-01-01\n第一章 总则\n第一条 依照本办法第二章第一节处理，不适用第二章第二节。\n"
        "第二章 管理\n第一节 一般规定\n第二条 乙。\n第二节 特别规定\n第三条 丙。"
    )
    import_edition(words, slug="shiyan", now=clock.now(), actor_id=None)
    db.session.commit()
    named = ("本办法第二章第一节", "/regulations/shiyan/chapters/2#c2-s1")
    assert named in as_jiang.page("/regulations/shiyan/1").links
    assert ("本办法第二章第一节", "#c2-s1") in as_jiang.page("/regulations/shiyan/text").links
    chapter = as_jiang.page("/regulations/shiyan/chapters/2")
    assert 'id="c2-s1"' in chapter.html
    assert "被以下条款引用" in chapter.text
    assert "引用“第二章第二节”" in chapter.text
    assert "被以下条款引用" not in as_jiang.page("/regulations/shiyan/chapters/1").text


def test_the_whole_text_stands_on_one_page_with_every_address(stored, cast, as_jiang, law):
    html = as_jiang.page(f"/regulations/{SLUG}/text").html
    for anchor in [*law.anchors, *(chapter.anchor for chapter in law.chapters)]:
        assert html.count(f'id="{anchor}"') == 1, anchor


def test_a_chapter_has_its_articles_and_the_next_chapter(stored, cast, as_jiang):
    page = as_jiang.page(f"/regulations/{SLUG}/chapters/3")
    assert page.text.index("第十七条") < page.text.index("第二十六条")
    assert page.follow("下一章").h1.startswith("第四章")
    assert "下一章" not in as_jiang.page(f"/regulations/{SLUG}/chapters/6").html


@pytest.mark.parametrize(
    "address", ["51", "0", "24.9", "24.1.1", "c3", "chapters/7", "chapters/x", "24?edition=1999-01-01"]
)
def test_what_is_not_there_is_not_found(stored, cast, as_jiang, address):
    as_jiang.page(f"/regulations/{SLUG}/{address}", status=404)


def test_a_regulation_that_is_not_there_is_not_found(stored, cast, as_jiang):
    for address in ("/regulations/other", "/regulations/other/1", "/regulations/other/text"):
        as_jiang.page(address, status=404)


def test_searching_marks_counts_and_leads_to_the_words(stored, cast, as_jiang):
    page = as_jiang.page("/regulations/search?q=复查")
    assert "找到3条，含有“复查”" in page.text
    assert "<mark>复查</mark>" in page.html
    article = page.follow("第三十五条")
    assert article.h1 == "第三十五条"
    assert "<mark>复查</mark>" in article.html
    again = page.press("搜索", q="信访 听证")
    assert "同时含有“信访”“听证”" in again.text


def test_a_search_without_hits_says_so(stored, cast, as_jiang):
    assert "没有找到“没有的词”" in as_jiang.page("/regulations/search?q=没有的词").text
    assert "可以输入几个词" in as_jiang.page("/regulations/search").text
    assert as_jiang.page("/regulations/search?q=%3Cb%3E&page=99").status == 200


def test_long_results_are_paged(stored, cast, as_jiang):
    page = as_jiang.page("/regulations/search?q=机关")
    seen = set(re.findall(rf"/regulations/{SLUG}/(\d+)\?q=", page.html))
    second = page.follow("下一页")
    assert len(seen) == queries.HITS_A_PAGE
    assert not seen & set(re.findall(rf"/regulations/{SLUG}/(\d+)\?q=", second.html))


def test_another_edition_is_read_by_its_day_and_said_to_be_no_longer_in_force(stored, cast, as_jiang, text):
    older = text.replace("施行日期：2022-05-01", "施行日期：2005-05-01").replace("协商受理", "共同受理")
    import_edition(older, slug=SLUG, now=clock.now(), actor_id=None)
    page = as_jiang.page(f"/regulations/{SLUG}/24?edition=2005-05-01")
    assert "共同受理" in page.text
    assert "不是现行版本" in page.text
    assert "练习本条试题" not in page.text
    assert "共同受理" not in as_jiang.page(f"/regulations/{SLUG}/24").text
    assert "edition=2005-05-01" in dict(page.links)["第二十五条"]
    contents = as_jiang.page(f"/regulations/{SLUG}").follow("2005年5月1日起施行")
    assert contents.follow("阅读全文").text.count("共同受理") == 1


def test_the_number_of_statements_does_not_grow(stored, cast, as_jiang):
    def statements(address: str) -> int:
        as_jiang.get(address)
        with counted() as sent:
            assert as_jiang.get(address).status_code == 200
        return len(sent)

    assert statements("/regulations/search?q=机关") == statements("/regulations/search?q=复查")
    assert statements(f"/regulations/{SLUG}/text") == statements(f"/regulations/{SLUG}/50")
    assert statements(f"/regulations/{SLUG}/text") <= 8


@pytest.fixture
def closed_book(cast):

    def lock(person_id, now):
        return person_id == cast.jiang

    access.reading_locks.append(lock)
    yield
    access.reading_locks.remove(lock)


def test_the_books_are_closed_during_a_closed_book_exam(stored, cast, as_jiang, as_luo, closed_book):
    for address in ("", f"{SLUG}", f"{SLUG}/24", f"{SLUG}/text", f"{SLUG}/chapters/3", "search?q=复查"):
        reply = as_jiang.get(f"/regulations/{address}")
        assert reply.status_code == 403, address
        assert "闭卷考试进行中，考试结束后可继续阅读" in reply.text
        assert "协商受理" not in reply.text
        assert as_luo.get(f"/regulations/{address}").status_code == 200


def test_without_regulations_the_list_says_so(cast, as_jiang):
    assert "还没有法规" in as_jiang.page("/regulations/").text
    assert "没有找到" in as_jiang.page("/regulations/search?q=复查").text


def test_the_commands_list_check_and_import(app, text, tmp_path):
    run = app.test_cli_runner().invoke
    good, bad = tmp_path / SLUG / "regulation.md", tmp_path / "bad.md"
    good.parent.mkdir()
    good.write_text(text, encoding="utf-8")
    bad.write_text(text.replace("### 第三条\n", "### 第三十条之一\n"), encoding="utf-8")
    assert "还没有法规" in run(args=["regulations", "list"]).output
    checked = run(args=["regulations", "import", str(good), "--check"])
    assert (checked.exit_code, "《信访工作条例》，共50条，0处疑问" in checked.output) == (0, True)
    assert "还没有法规" in run(args=["regulations", "list"]).output
    assert run(args=["regulations", "import", str(good)]).exit_code == 0
    refused = run(args=["regulations", "import", str(bad), "--slug", "other"])
    assert refused.exit_code == 1
    assert "bad.md:" in refused.output
    listed = run(args=["regulations", "list"]).output
    assert "《信访工作条例》" in listed
    assert "other" not in listed
