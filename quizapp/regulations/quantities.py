"""期限和数字一览: every period, number and day of a regulation, with the words in which it stands.

What is shown is always the regulation's own wording. Who must act is read by a rule from the same sentence; where no
rule finds it, nothing is claimed. Numbers of provisions, of 《…》 and of fixed words (“三个代表”) are none of these.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from quizapp.regulations.citing import Law

KEPT = 64  # regulations whose numbers are remembered
PERIOD, NUMBER, DAY = "期限", "数字", "日期"
_N = r"(?:\d[\d,]*(?:\.\d+)?|[〇零一二两三四五六七八九十百千]+)(?:[万亿]+)?"
_TIME = "(?:个?工作日|个?自然日|日|天|个月|个?季度|个?星期|周(?!岁|期|围)|年(?!度|满|龄)|个?小时|分钟)"
_COUNT = "(?:周岁|岁|人次|人(?!数|民|员|事|身)|名|元|倍|次(?!性)|件|份|平方米|公里|米|度)"
_LIMIT = "(?:以上|以下|以内|之内|内|以前|前|以后|后|之前|之后)?"
_BEFORE = "(?:不得?(?:超过|少于|低于|高于|多于)|超过|不满|已满|至少|最[多长高低少])?"
_UNQUOTED = re.compile("《[^》]*》|“[^”]*”")
_FOUND = re.compile(
    rf"(?P<day>\d{{4}}年\d{{1,2}}月(?:\d{{1,2}}日)?)"
    rf"|(?P<often>每(?:半|[一二两三四五六])?(?:个)?(?:工作日|日|天|周|月|季度|年度|年)(?:至少{_N}次|{_N}次)?)"
    rf"|(?P<time>{_BEFORE}(?:{_N}|半){_TIME}{_LIMIT}(?:{_N}{_TIME}{_LIMIT})?)"
    rf"|(?P<share>{_BEFORE}(?:\d+(?:\.\d+)?[%％‰]|百分之{_N}|{_N}分之{_N}|过?半数)(?:以上|以下)?)"
    rf"|(?P<count>{_BEFORE}{_N}{_COUNT}(?:以上|以下)?(?:{_N}{_COUNT}以下)?)"
    rf"|(?P<many>{_N}个(?:或者{_N}个)?(?:以上|以下)|{_N}个或者{_N}个以上)"
)
_PARTICLE = "第同某任统上下另"  # 第三十日, 同一人, 某一年: no number of ours
_ACTOR_HEAD = (
    "(?:机关|单位|部门|政府|党委|党组|组织|机构|委员会|常委会|法院|检察院|联席会议|办公室|国务院|企业|公司|银行|学校|医院"
    "|公民|法人|当事人|负责人|申请人|信访人|人员|人|者|干部|领导|双方|各方|督查组|工作组)"
)
_ACTS = (
    "(?=应当|可以|不得|必须|有权|能够|负责|收到|接到|发现|作出|对|在|自|于|向|根据|按照|依照|采用|违反|不服|提出|办理"
    "|每|以)"
)
_NO_ACTOR = r"(?!对|经|在|自|于|按|根据|但|并|涉及|属于|不属于|因|为|向|以|将|把|与|由)"
_ACTOR = re.compile(
    rf"^{_NO_ACTOR}(?P<who>[^，；。：]*?{_ACTOR_HEAD}){_ACTS}"
    rf"|由(?P<by>[^，；。：]*?{_ACTOR_HEAD})(?=协商|负责|决定|受理|依法|给予|责令|按照|应当)"
)


@dataclass(frozen=True)
class Quantity:
    """One row of the table. before + words + after is a part of the provision's text, as it stands."""

    anchor: str
    kind: str  # 期限, 数字, 日期
    words: str  # 15日内, 不得超过5人
    who: str  # 有关机关、单位; "" where the sentence does not say
    before: str
    after: str


@lru_cache(KEPT)
def quantities(law: Law) -> tuple[Quantity, ...]:
    """All of them, in order of reading."""
    return tuple(
        _row(line.anchor, line.text, start, end, kind)
        for article in law.articles
        for line in article.lines
        for start, end, kind in places(line.text)
    )


def places(text: str) -> list[tuple[int, int, str]]:
    """(start, end, kind) of every number of a text that says how long, how many or when."""
    bare = _UNQUOTED.sub(lambda quoted: "□" * len(quoted[0]), text)
    found = []
    for place in _FOUND.finditer(bare):
        if bare[: place.start()][-1:] in _PARTICLE and place.start():
            continue
        kind = DAY if place["day"] else PERIOD if place["time"] or place["often"] else NUMBER
        found.append((place.start(), place.end(), kind))
    return found


def _row(anchor: str, text: str, start: int, end: int, kind: str) -> Quantity:
    """The part of the sentence between ； and 。 around the number, and who acts in the sentence."""
    opens = max(text.rfind(sign, 0, start) for sign in "。；") + 1
    ends = [at for sign in "。；" if (at := text.find(sign, end)) >= 0]
    closes = min(ends, default=len(text))
    sentence = text.rfind("。", 0, start) + 1
    who = _who(text[sentence:start], text[start:closes])
    return Quantity(anchor, kind, text[start:end], who, text[opens:start], text[end:closes])


def _who(before: str, after: str) -> str:
    """The last actor that the sentence names before the number; where it names none, who acts after it."""
    parts = [part for part in re.split("[，；：]", before) if part]
    around, *rest = re.split("[，；：]", (parts.pop() if parts else "") + after)
    for part in (around, *reversed(parts), *rest):
        if found := _ACTOR.search(part):
            return found["who"] or found["by"]
    return ""
