"""Finding words, exactly, on both databases."""

import flask_migrate
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from quizapp import clock
from quizapp.db import db
from quizapp.regulations import finding, queries
from quizapp.regulations.actions import import_edition
from quizapp.regulations.models import Provision
from tests.regulations.test_citing import LAW

SLUG = "xinfang-gongzuo-tiaoli"


def expected(*words: str) -> list[str]:
    """The articles that hold the words, by looking at every one of them."""
    return [a.number for a in LAW.articles if all(word in LAW.words(a.number) for word in words)]


def found(query: str) -> list[str]:
    first = queries.search(query)
    hits = [hit for page in range(first.pages) for hit in queries.search(query, page=page + 1).hits]
    return [hit.article for hit in hits]


QUERIES = ["信访", "复查", "协商受理", "60日", "30日内", "机关、单位", "（六）", "信", "职", "听证", "没有的词", "日",
           "、单位", "不服的，可以", "“两代表一委员”", "2022年5月1日", "关、单",
           "）对", "〔办公厅", "；", "信访工作条例"]  # fmt: skip


def test_every_kind_of_word_is_found_exactly_where_it_stands(stored):
    assert {query: found(query) for query in QUERIES} == {query: expected(query) for query in QUERIES}
    assert found("复查") == ["35", "36", "37"]


def test_any_stretch_of_any_article_is_found_there(stored):
    import random

    chance = random.Random(20261123)
    for _ in range(150):
        line = chance.choice(chance.choice(LAW.articles).lines).text
        start = chance.randrange(len(line))
        word = line[start : start + chance.randrange(1, 9)]
        assert found(word) == expected(word), word


def test_several_words_are_all_asked_for(stored):
    assert found("复查 书面答复") == expected("复查", "书面答复") != []
    assert found("复查　　听证 ") == expected("复查", "听证") == ["36"]


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "'",
        "\\",
        "%",
        "_",
        "*",
        "a OR b",
        "NEAR(",
        '信访" OR "x',
        "'信访':1",
        "& | !",
        "<->",
        "\0",
        "甲" * 5000,
        "-",
    ],
)
def test_signs_of_query_languages_are_words_like_others(stored, query):
    assert found(query) == []


@pytest.mark.parametrize("query", ["", "  ", "　"])
def test_nothing_asked_finds_nothing(stored, query):
    assert queries.search(query).words == []
    assert queries.search(query).hits == []


def test_hits_are_marked_counted_and_shortened(stored):
    hit = queries.search("协商受理").hits[0]
    assert (hit.in_words, hit.chapter, hit.places) == ("第二十四条", "第三章　信访事项的提出和受理", 1)
    line = hit.lines[0]
    assert [run.text for run in line.runs if run.marked] == ["协商受理"]
    assert len("".join(run.text for run in line.runs)) < 130


def test_only_editions_in_force_are_searched(app, text):
    import_edition(text, slug=SLUG, now=clock.now(), actor_id=None)
    older = text.replace("施行日期：2022-05-01", "施行日期：2005-05-01").replace("协商受理", "共同受理")
    import_edition(older, slug=SLUG, now=clock.now(), actor_id=None)
    assert found("共同受理") == []
    assert found("协商受理") == ["24"]


def test_a_search_can_stay_in_one_regulation(stored, text):
    import_edition(
        "试验规定\n施行日期：2024-01-01\n第一条 信访ABC。", slug="shiyan", now=clock.now(), actor_id=None
    )
    assert [hit.slug for hit in queries.search("信访", slug="shiyan").hits] == ["shiyan"]
    assert [hit.slug for hit in queries.search("访abc").hits] == ["shiyan"]
    assert [run.text for run in queries.search("abc").hits[0].lines[0].runs if run.marked] == ["ABC"]


def test_an_older_database_is_indexed_by_its_upgrade(stored):
    flask_migrate.downgrade(revision="0001")
    flask_migrate.upgrade(revision="0002")
    assert {query: found(query) for query in QUERIES} == {query: expected(query) for query in QUERIES}


@given(
    st.text(alphabet="信访工作a1、 （", max_size=12),
    st.text(alphabet="信访工作a1、 （", max_size=4),
    st.data(),
)
def test_the_pairs_of_a_word_stand_in_a_row_in_every_text_that_holds_it(before, after, data):
    word = data.draw(st.text(alphabet="信访工作a1、（", min_size=1, max_size=6))
    row, wanted = finding.pairs(before + word + after), finding.phrase(word)
    assert any(row[at : at + len(wanted)] == wanted for at in range(len(row) + 1))


def test_the_index_is_used(stored):
    """The condition on the index stands in the statement; a search does not rest on reading every article."""
    statement = str(select(Provision.id).where(finding.holds(["信访"])).compile(db.engine))
    assert "provision_search" in statement
    assert db.session.scalar(text("SELECT count(*) FROM provision_search")) == 50
