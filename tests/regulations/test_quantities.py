"""期限和数字一览: complete and right for the 条例, and for what other laws write."""

import re

import pytest

from quizapp.regulations.quantities import places, quantities

UNITS = "日|天|个?月|年(?!轻|度)|小时|周|季度|人次|人(?!数|民|员|身)|元|倍|％|%|工作日"


def test_the_table_of_the_regulation_is_complete_and_right(law):
    """Read against the text by eye, article by article."""
    assert [(q.anchor, q.kind, q.words, q.who) for q in quantities(law)] == [
        ("20.3", "数字", "不得超过5人", "多人"),
        ("22.1", "期限", "15日内", "各级党委和政府信访部门"),
        ("23.2", "期限", "15日内", "有关机关、单位"),
        ("23.3", "期限", "15日内", "有关机关、单位"),
        ("23.3", "期限", "5个工作日内", "有关机关、单位"),
        ("24.1", "数字", "两个或者两个以上", "所涉及的机关、单位"),
        ("34.1", "期限", "60日内", ""),
        ("34.1", "期限", "不得超过30日", ""),
        ("35.1", "期限", "30日内", "信访人"),
        ("35.1", "期限", "30日内", "收到复查请求的机关、单位"),
        ("36.1", "期限", "30日内", "信访人"),
        ("36.1", "期限", "30日内", "收到复核请求的机关、单位"),
        ("39.1", "期限", "每年", "各级党委和政府"),
        ("41.1", "期限", "每年", "党委和政府信访部门"),
        ("50.1", "日期", "2022年5月1日", ""),
    ]


def test_no_arabic_number_of_the_regulation_is_left_out(law):
    for article in law.articles:
        for line in article.lines:
            covered = places(line.text)
            for number in re.finditer(r"\d+", line.text):
                assert any(s <= number.start() < e for s, e, _ in covered), (line.anchor, number[0])


def test_every_row_shows_the_words_as_they_stand(law):
    for row in quantities(law):
        assert row.before + row.words + row.after in law.words(row.anchor)
        assert "。" not in row.before + row.words
        assert row.who in law.words(row.anchor)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "处三年以上十年以下有期徒刑，并处一万元以上十万元以下罚款",
            ["三年以上十年以下", "一万元以上十万元以下"],
        ),
        ("自收到之日起三个工作日内提出，二十四小时内报告", ["三个工作日内", "二十四小时内"]),
        (
            "经三分之二以上的成员同意，超过半数或者百分之三十以上",
            ["三分之二以上", "超过半数", "百分之三十以上"],
        ),
        ("不满十四周岁的未成年人，已满十六周岁的人", ["不满十四周岁", "已满十六周岁"]),
        ("处二倍以上五倍以下罚款，每半年至少一次", ["二倍以上五倍以下", "每半年至少一次"]),
        ("由两名以上工作人员在10%以上的地方检查", ["两名以上", "10%以上"]),
        ("自2022年5月1日起六个月内", ["2022年5月1日", "六个月内"]),
        ("最长不超过60日，至少30天", ["不超过60日", "至少30天"]),
    ],
)
def test_numbers_with_their_limits_are_found_whole(text, found):
    assert [text[start:end] for start, end, _ in places(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "坚持“三个代表”重要思想、“两代表一委员”",
        "第三十条、第一款第六项",
        "《2022年1月工作办法》第五日",
        "同一人提出，另一人，某一年",
        "一站式解决，统一领导，一致意见，上一级机关",
        "有下列情形之一的",
        "年轻干部、年度报告",
    ],
)
def test_what_only_looks_like_a_number_is_none(text):
    assert places(text) == []
