"""The document of figures as a table on the command line."""

from typing import Any
from unicodedata import east_asian_width

from quizapp.analysis.numbers import decimal, percent

HEADINGS = (
    *("题目", "人数", "满分", "得分率", "标准差", "猜测分", "区分度", "区分效率", "规定权重", "实际权重"),
    *("Rasch难度", "标准误", "提示"),
)


def lines(document: dict[str, Any]) -> list[str]:
    """The test, its papers where there are several, and a row for each item."""
    found = _test("全卷", document["test"])
    for form in document["forms"]:
        found += _test(f"{chr(64 + form['form'])}卷", form["test"])
        if form["link"]:
            found.append(_link(form["link"]))
    rows = [HEADINGS, *(_row(item) for item in document["items"])]
    widths = [max(_width(row[at]) for row in rows) for at in range(len(HEADINGS) - 1)]
    found.append("")
    for row in rows:
        cells = [_padded(cell, width) for cell, width in zip(row, widths, strict=False)]
        found.append("  ".join([*cells, row[-1]]).rstrip())
    return found


def _test(name: str, test: dict[str, Any]) -> list[str]:
    first = (
        f"{name}：{test['attempts']}份，平均{decimal(test['mean'])}分，中位数{decimal(test['median'])}分，"
        f"标准差{decimal(test['standard_deviation'])}，偏度{decimal(test['skewness'])}，峰度{decimal(test['kurtosis'])}"
    )
    second = (
        f"  内部一致性系数{percent(test['internal_consistency'])}，误差比{percent(test['error_ratio'])}，"
        f"标准误{decimal(test['standard_error'])}分，KR-20 {decimal(test['kr20'])}"
    )
    return [first, second]


def _link(link: dict[str, Any]) -> str:
    """shift is by how much the form was harder than the first: its mean is lower by that."""
    side = "低" if link["shift"] >= 0 else "高"
    apart, error = decimal(abs(link["shift"])), decimal(link["shift_error"])
    return f"  平均分比{chr(64 + link['to_form'])}卷{side}{apart}分（标准误{error}分）"


def _row(item: dict[str, Any]) -> tuple[str, ...]:
    return (
        str(item.get("code") or item["id"]) + ("（抽）" if item["drawn"] else ""),
        str(item["attempts"]),
        f"{item['maximum']:g}",
        percent(item["facility"]),
        decimal(item["standard_deviation"]),
        percent(item["random_guess_score"]),
        percent(item["discrimination_index"]),
        percent(item["discriminative_efficiency"]),
        percent(item["intended_weight"]),
        percent(item["effective_weight"]),
        decimal(item["rasch_difficulty"]),
        decimal(item["rasch_standard_error"]),
        "；".join(
            flag["word"] + (f"({flag['letters']})" if flag["letters"] else "") for flag in item["flags"]
        ),
    )


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
