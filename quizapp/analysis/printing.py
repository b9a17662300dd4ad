"""The document of figures as a table on the command line."""

from typing import Any
from unicodedata import east_asian_width

HEADINGS = (
    *("题目", "人数", "满分", "得分率", "标准差", "猜测分", "区分度", "区分效率", "规定权重", "实际权重"),
    *("Rasch难度", "标准误", "提示"),
)
NONE = "—"


def lines(document: dict[str, Any]) -> list[str]:
    """The test, its papers where there are several, and a row for each item."""
    found = _test("全卷", document["test"])
    for form in document["forms"]:
        found += _test(f"{chr(64 + form['form'])}卷", form["test"])
        if form["link"]:
            link = form["link"]
            to = chr(64 + link["to_form"])
            found.append(f"  与{to}卷平均分相差{link['shift']:+.2f}分（标准误{link['shift_error']:.2f}）")
    rows = [HEADINGS, *(_row(item) for item in document["items"])]
    widths = [max(_width(row[at]) for row in rows) for at in range(len(HEADINGS) - 1)]
    found.append("")
    for row in rows:
        cells = [_padded(cell, width) for cell, width in zip(row, widths, strict=False)]
        found.append("  ".join([*cells, row[-1]]).rstrip())
    return found


def _test(name: str, test: dict[str, Any]) -> list[str]:
    first = (
        f"{name}：{test['attempts']}份，平均{_number(test['mean'])}分，中位数{_number(test['median'])}分，"
        f"标准差{_number(test['standard_deviation'])}，偏度{_number(test['skewness'])}，峰度{_number(test['kurtosis'])}"
    )
    second = (
        f"  内部一致性系数{_share(test['internal_consistency'])}，误差比{_share(test['error_ratio'])}，"
        f"标准误{_number(test['standard_error'])}分，KR-20 {_number(test['kr20'])}"
    )
    return [first, second]


def _row(item: dict[str, Any]) -> tuple[str, ...]:
    return (
        str(item.get("code") or item["id"]) + ("（抽）" if item["drawn"] else ""),
        str(item["attempts"]),
        f"{item['maximum']:g}",
        _share(item["facility"]),
        _number(item["standard_deviation"]),
        _share(item["random_guess_score"]),
        _share(item["discrimination_index"]),
        _share(item["discriminative_efficiency"]),
        _share(item["intended_weight"]),
        _share(item["effective_weight"]),
        _number(item["rasch_difficulty"]),
        _number(item["rasch_standard_error"]),
        "；".join(
            flag["word"] + (f"({flag['letters']})" if flag["letters"] else "") for flag in item["flags"]
        ),
    )


def _number(value: float | None) -> str:
    return NONE if value is None else f"{value:.2f}"


def _share(value: float | None) -> str:
    return NONE if value is None else f"{value * 100:.2f}%"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
