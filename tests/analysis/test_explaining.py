"""What figures mean and what to do: for every value one sentence, the right one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.analysis import explaining, flags

NOTHING = dict.fromkeys(
    (
        "mean",
        "median",
        "deviation",
        "skewness",
        "kurtosis",
        "consistency",
        "error_ratio",
        "standard_error",
        "kr20",
    )
)
number = st.none() | st.floats(-3, 3)


def advice(name, **values):
    return next(
        one.advice for one in explaining.figures(NOTHING | {"full": 1000} | values) if one.name == name
    )


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("均分", {"mean": 851}, "偏易"),
        ("均分", {"mean": 850}, "难度适中"),
        ("均分", {"mean": 600}, "难度适中"),
        ("均分", {"mean": 599}, "偏难"),
        ("中位数", {"mean": 700, "median": 751}, "相差较大"),
        ("中位数", {"mean": 700, "median": 750}, "接近"),
        ("标准差", {"deviation": 59}, "过于集中"),
        ("偏度", {"skewness": -1.1}, "得分很高"),
        ("偏度", {"skewness": 1.1}, "得分较低"),
        ("峰度", {"kurtosis": 1.1}, "个别分数"),
        ("峰度", {"kurtosis": -1.1}, "两类水平"),
        ("内部一致性系数", {"consistency": 0.8}, "一致性好"),
        ("内部一致性系数", {"consistency": 0.7}, "可以接受"),
        ("内部一致性系数", {"consistency": 0.69}, "不足"),
        ("误差比", {"error_ratio": 0.6}, "影响大"),
        ("标准误", {"standard_error": 51.1}, "上下5.1分"),
        ("KR-20", {"kr20": None}, "不适用"),
        ("KR-20", {"kr20": 0.9}, "一致性好"),
    ],
)
def test_the_advice_follows_the_figure(name, values, said):
    assert said in advice(name, **values)


@given(st.fixed_dictionaries(dict.fromkeys(NOTHING, number)), st.integers(0, 2000))
def test_every_figure_has_its_sentences_whatever_it_is(values, full):
    found = explaining.figures(
        values | {"full": full, "error_ratio": abs(values["error_ratio"] or 0) or None}
    )
    assert len(found) == 9
    for one in found:
        assert one.value
        assert one.meaning.endswith("。")
        assert one.advice.endswith("。")


def test_every_flag_is_explained():
    assert set(explaining.FLAGS) == set(flags.WORDS)


def test_forms_differ_only_beyond_two_standard_errors():
    assert "可以直接比较" in explaining.form_in_words("B卷", "A卷", 20.0, 10.0)
    assert explaining.form_in_words("B卷", "A卷", 20.1, 10.0).startswith("B卷比A卷偏难2.0分")
    assert explaining.form_in_words("B卷", "A卷", -30.0, 10.0).startswith("B卷比A卷偏易3.0分")


def scale_words(**changes):
    link = {
        "on_scale": True,
        "begins": False,
        "shift": -0.305,
        "error": 0.05,
        "common": 12,
        "drifted": ["S-1"],
    }
    return explaining.scale_in_words(**link | changes)


def test_how_rasch_values_stand_to_the_bank_is_said_in_words():
    assert "共同试题12道：本次数值加−0.31±0.05" in scale_words()
    assert "S-1前后难度相差过大" in scale_words()
    assert "前后难度" not in scale_words(drifted=[])
    assert "S-4等7题前后" in scale_words(drifted=[f"S-{number}" for number in range(7)])
    assert scale_words(begins=True).startswith("题库量尺以本次考试为起点")
    assert scale_words(on_scale=False).startswith("按本次考试，未与题库衔接")
