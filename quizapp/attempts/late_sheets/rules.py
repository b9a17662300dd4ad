"""滞留答卷: what a held sheet differs in from the one that counts, what stands in its way, and the words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.attempts import sheet as sheets
from quizapp.dates import minute

STATES = {"open": "待处理", "proposed": "待批准", "accepted": "已采用", "rejected": "不采用"}
SAME = "内容与计分的答卷相同，不需要处理"
REASONS = {"closed": "时间到后或交卷后到达", "superseded": "已在其他页面或设备继续作答"}
READY = {  # sentences to choose from
    "accept": (
        "考试截止时所在单位断网，答案在截止前作答，联网后到达。",
        "考试截止时设备故障，答案在截止前作答，恢复后到达。",
        "本人误在另一设备打开考试，这份答卷为本人最后作答。",
    ),
    "reject": (
        "不能证明答案在考试截止前作答。",
        "本人已自行交卷，按交卷时的答案计分。",
        "已在另一设备继续作答，按最后保存的答案计分。",
    ),
}


@dataclass(frozen=True)
class Difference:
    """One question that the two sheets answer differently. counted, held: displayed letters, "" for none."""

    number: int
    counted: str
    held: str


def differences(counted: str, held: str) -> list[Difference]:
    """Question by question. Raises ValueError for sheets of another length."""
    pairs = zip(sheets.parse(counted), sheets.parse(held), strict=True)
    return [Difference(number, one, other) for number, (one, other) in enumerate(pairs, 1) if one != other]


def blanked(found: Sequence[Difference]) -> int:
    """How many questions are answered on the sheet that counts and not on the held one: accepting would lose them."""
    return sum(1 for one in found if one.counted and not one.held)


def lateness(at: datetime, closed_at: datetime | None) -> str:
    """3分12秒, 2小时5分, 3天4小时 after the sheet was closed; "" for a sheet that came before that."""
    if closed_at is None or at <= closed_at:
        return ""
    seconds = int((at - closed_at).total_seconds())
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{days}天{hours}小时"
    return f"{hours}小时{minutes}分" if hours else f"{minutes}分{seconds % 60}秒"


def bars(*, attempt_state: str, exam_state: str, trial: bool) -> str:
    """Why nothing can be decided about a held sheet now, as a sentence; "" if it can."""
    if exam_state != "published" or trial:
        return "考试已取消、作废或是试考，不处理滞留答卷。"
    if attempt_state == "voided":
        return "这份答卷已经作废，不处理滞留答卷。"
    if attempt_state not in ("submitted", "expired"):
        return "考生还没有交卷，交卷后才能处理。"
    return ""


def reason_of(act: str, ready: str, words: str) -> str:
    """A reason as it is stored. act: accept or reject. Raises ValueError with a sentence."""
    if ready and ready not in READY[act]:
        raise ValueError("请从列出的理由中选择。")
    if not (ready or words):
        raise ValueError("请选择理由，或填写理由。")
    return f"{ready}{words}"


def told(at: datetime, state: str, reason: str) -> tuple[str, str] | None:
    """(tone, sentence) for whom the sheet belongs to; none before anything is decided."""
    if state == "accepted":
        return (
            "ok",
            f"您{minute(at)}送达的答卷已经批准采用，成绩按该答卷计算，交卷回执随之更新。理由：{reason}",
        )
    if state == "rejected":
        return "info", f"您{minute(at)}送达的答卷没有采用，成绩不变。理由：{reason}"
    return None
