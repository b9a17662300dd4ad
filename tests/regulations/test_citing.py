import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.regulations.citing import Law, NoSuchProvision
from quizapp.regulations.structure import read
from tests.regulations.conftest import TEXT

EDITION = read(TEXT.read_text(encoding="utf-8"))
LAW = Law(EDITION.title, EDITION.provisions)


@pytest.mark.parametrize(
    ("address", "anchor"),
    [
        ("第二十四条第一款", "24.1"),
        ("第三十一条第六项", "31.1.6"),
        ("第三十一条第一款第六项", "31.1.6"),
        ("第十四条第二款", "14.2"),
        ("第二十二条第一款第三项", "22.1.3"),
        ("第二十二条第三项", "22.1.3"),
        ("第三十四条", "34"),
        ("第24条第1款", "24.1"),
        ("《信访工作条例》第五条第（三）项", "5.1.3"),
        ("本条例第 四十六 条", "46"),
    ],
)
def test_words_lead_to_their_provision(law, address, anchor):
    assert law.anchor_of(address) == anchor


@pytest.mark.parametrize(
    ("anchor", "words"),
    [
        ("24.1", "第二十四条第一款"),
        ("31.1.6", "第三十一条第六项"),
        ("22.1.3", "第二十二条第一款第三项"),
        ("34.1", "第三十四条"),
        ("34", "第三十四条"),
    ],
)
def test_a_provision_is_named_as_drafters_do(law, anchor, words):
    assert law.in_words(anchor) == words


@given(st.sampled_from(sorted(LAW.anchors)))
def test_words_and_anchors_lead_to_each_other(anchor):
    words = LAW.in_words(anchor)
    back = LAW.anchor_of(words)
    assert LAW.in_words(back) == words
    assert LAW.words(back) == LAW.words(anchor)
    assert back == anchor or anchor == f"{back}.1"  # the only paragraph is called by its article's name


@pytest.mark.parametrize(
    "address",
    [
        "第五十一条",
        "第二条第二款",
        "第二条第三项",
        "第二条第一目",
        "第条",
        "二十四",
        "",
        "第二十四条第一",
        "第十条之一",
        "第零条",
    ],
)
def test_an_address_that_leads_nowhere_is_refused_with_a_sentence(law, address):
    with pytest.raises(NoSuchProvision, match=r"。$"):
        law.anchor_of(address)


@pytest.mark.parametrize("anchor", ["51", "2.2", "24.0", "c3", "x", "24.1.1"])
def test_an_anchor_that_is_none_is_refused(law, anchor):
    with pytest.raises(NoSuchProvision):
        law.words(anchor)


def test_an_item_without_its_paragraph_is_refused_where_two_have_lists():
    law = Law("试", read("试\n施行日期：2024-01-01\n第一条 甲：\n（一）子。\n乙：\n（一）丑。").provisions)
    with pytest.raises(NoSuchProvision, match="须写明第几款"):
        law.anchor_of("第一条第一项")
    assert law.anchor_of("第一条第二款第一项") == "1.2.1"


@pytest.mark.parametrize(
    ("anchor", "quote", "stands"),
    [
        ("24.1", "由所涉及的机关、单位协商受理", True),
        ("24", "由所涉及的机关、单位协商受理", True),
        ("24.2", "由所涉及的机关、单位协商受理", False),
        ("24.1", "由所涉及的机关单位协商受理", False),
        ("24.1", "", False),
        ("22.1", "分别按照下列方式处理：（一）对依照职责", True),
        ("31.1.6", "对重大、复杂、疑难的信访事项，可以举行听证。", True),
        ("31.1.5", "可以举行听证", False),
    ],
)
def test_a_quote_stands_only_where_it_is_written(law, anchor, quote, stands):
    assert law.quote_stands(anchor, quote) is stands


def test_neighbours_end_with_the_regulation(law):
    assert law.neighbours("1") == (None, "2")
    assert law.neighbours("24") == ("23", "25")
    assert law.neighbours("50") == ("49", None)
