"""Whether a published exam issues 合格证, under which name and by whom; and what a change of that comes to. Pure.

No score follows from it, so it may change after publishing, unlike the rules of the exam. What was printed before stays
as it is: a certificate that says something else than would be said today is 已更正 (see `standing`).
"""

from dataclasses import dataclass
from typing import Any

from quizapp.attempts.certificates.claims import TITLE, line


@dataclass(frozen=True)
class Setting:
    """title: "" for the usual one; issuer: "" for the unit that holds the exam."""

    issues: bool
    title: str = ""
    issuer: str = ""

    def words(self, holder: str) -> dict[str, Any]:
        """As the log keeps it, with what stands on the sheet. holder: the unit that holds the exam."""
        return {
            "issues": self.issues,
            "title": line(self.title) or TITLE,
            "issuer": line(self.issuer or holder),
        }


@dataclass(frozen=True)
class Numbers:
    """People of one exam. passed: by the result that counts; holders: of these, who has taken a certificate;
    made: certificates, those that stand no more included."""

    passed: int
    holders: int
    made: int


def hindrance(*, mock: bool, show_score: str) -> str:
    """Why an exam can issue none whatever its makers say, as a code; "" where it can."""
    if mock:
        return "mock"
    return "never_shown" if show_score == "never" else ""


def of_starting(numbers: Numbers) -> list[str]:
    """What follows when certificates are switched on."""
    told = [
        f"目前合格{numbers.passed}人，成绩可见后可以在成绩页面或“学法档案”领取；有权查看成绩的负责人可以统一生成。",
        "考试规则、试卷和成绩都不变。",
    ]
    if numbers.made:
        told.append(
            f"以前颁发过{numbers.made}份证书：名称和发证单位不变的继续有效，有变化的查验时显示“已更正”。"
        )
    return told


def of_renaming(numbers: Numbers) -> list[str]:
    """What follows when title or issuer change."""
    if not numbers.holders:
        return ["还没有人领取，以后领取的证书按新的名称和发证单位生成。"]
    return [
        f"已有{numbers.holders}人领取：原证书查验时显示“已更正”，本人可以领取新证书，编号不同；已打印的请收回或更换。",
        "改回原来的名称和发证单位，原证书恢复有效。",
    ]


def of_stopping(numbers: Numbers) -> list[str]:
    """What follows when certificates are switched off."""
    waiting = numbers.passed - numbers.holders
    later = f"{waiting}名还没有领取的合格人员和以后合格的人员" if waiting else "以后合格的人员"
    told = [f"{later}不能领取合格证。"]
    if numbers.holders:
        told.append(f"已有{numbers.holders}人领取：证书继续有效，可以下载、查验。")
    return [*told, "可以重新开始颁发。"]
