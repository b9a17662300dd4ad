"""Names: normalised as little as possible, ordered by pinyin, found by initials."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.people import names


@pytest.mark.parametrize("dot", list("•‧∙⋅・･᛫⸱﹒．·."))  # noqa: RUF001
def test_every_look_alike_becomes_the_one_dot(dot):
    assert names.normalise(f"阿依古丽{dot}买买提") == "阿依古丽·买买提"
    assert names.normalise(f"阿依古丽 {dot} 买买提") == "阿依古丽·买买提"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("张  三", "张三"),
        ("张\u3000三", "张三"),
        ("\ufeff张三\u200b", "张三"),
        ("𠀀 明", "𠀀明"),
        ("John Smith", "John Smith"),
        ("J.R. Smith", "J.R. Smith"),
        ("于謙", "于謙"),
        ("ＡＢ", "ＡＢ"),  # noqa: RUF001
    ],
)
def test_only_padding_between_han_characters_goes(typed, kept):
    assert names.normalise(typed) == kept


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing_more(text):
    once = names.normalise(text)
    assert names.normalise(once) == once


@given(st.text(max_size=300))
def test_keys_fit_their_columns(text):
    assert len(names.sort_key(text)) <= 200
    assert len(names.initials(text)) <= 60


def test_long_names_and_rare_characters_survive():
    long = "阿" * 30 + "·" + "买" * 30
    assert names.normalise(long) == long
    assert names.complaint(long) is None
    assert names.normalise("𠮷田") == "𠮷田"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("单雄信", "shan xiong xin"),
        ("单于明", "chan yu ming"),
        ("曾国华", "zeng guo hua"),
        ("尉迟恭", "yu chi gong"),
        ("仇英", "qiu ying"),
        ("阿依古丽·买买提", "a yi gu li mai mai ti"),
        ("单", "dan"),
    ],
)
def test_surnames_are_read_as_surnames(name, key):
    assert names.sort_key(name) == key
    assert names.initials(name) == "".join(part[0] for part in key.split())


@pytest.mark.parametrize("bad", ["", "张\x00三", "张\u202e三", "张" * 101])
def test_what_cannot_be_a_name_is_said(bad):
    assert names.complaint(bad)
