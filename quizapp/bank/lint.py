"""Flaws in the writing of questions: cues that give the key away, and words that the law does not use.

Pure, and the same on the page, at import and on the command line. A flaw is a warning: people decide. What is wrong
with one question stands in `of_question`, what only shows over a whole set in `of_set`.
Sources: the item-writing guidelines in common use (Haladyna, Downing and Rodriguez 2002), each named at its rule.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import combinations

from quizapp.bank.drafts import BLANK, LETTERS, Draft, Problem

LONGER = 1.5  # the key gives itself away when it is this much longer than the longest other option,
LONGER_BY = 6  # and by at least so many characters
SET_SIZE = 20  # shares say nothing about fewer single-choice questions
POSITION = (0.15, 0.35)  # share of each letter among the keys of a set
LONGEST = 0.35  # share of keys that are the longest option
JUDGED = (0.40, 0.60)  # share of true statements
ALIKE = 0.9  # options whose characters agree so far differ in a detail
TOLD = 8  # a key of so many characters that stands in another stem gives that question away

_SIGNS = re.compile(r"[\s，。；：、,.;:“”\"'‘’（）()《》〈〉—…·！？!?-]")
_ALL_OF_THEM = re.compile(
    r"以上(?:各项|选项|说法|答案|情形)*(?:都|均|全部|全)|(?:都|均)(?:不对|不正确|错误|正确)$|以上.{0,4}(?:都不|均不)"
)
_NEGATIVES = re.compile(r"不属于|不包括|不正确|不符合|不应当|不得|错误的|有误的|除外|无关")
_ASKED_NEGATIVE = re.compile(r"(不属于|不包括|不正确|不符合|错误|有误|无关)(?=[^，。；：]{0,20}（　　）)")
_EMPHASIS = re.compile(r"[“\"【]\s*(?:不属于|不包括|不正确|不符合|错误|有误|无关)\s*[”\"】]")
_MATTERS = re.compile(
    r"[\d一二三四五六七八九十百不未无非可应须上下]"
)  # one such character is a proper difference
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
_NAMED = re.compile(
    r"(?:信访人|村民|居民|职工|群众|申请人|当事人)"
    r"(?:[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹苏潘葛范彭郎鲁马方任袁柳唐罗薛雷贺汤邓"
    r"郝安常傅齐康余顾孟黄萧尹姚邵汪毛戴宋熊董梁杜贾江郭梅林徐高夏蔡田胡丁洪崔龚程陆翁段侯武刘龙叶白薄]"
    r"(?!某)[\u4e00-\u9fff]{1,2}(?=[，。、（到向在因对就])|[\u4e00-\u9fff]某某?)"
)


def of_question(draft: Draft) -> Iterable[Problem]:
    """The flaws of one question by itself."""
    if draft.kind in ("single", "multiple"):
        yield from _of_options(draft)
        yield from _of_blanks(draft)
    yield from _of_words(draft)
    yield from _of_people(draft)


def _say(draft: Draft, column: str, message: str) -> Problem:
    return Problem(draft.places.get(column, draft.line), column, message, "warning", draft.source)


def _bare(text: str) -> str:
    """The characters that carry meaning: no punctuation, no blanks."""
    return _SIGNS.sub("", text)


def _of_options(draft: Draft) -> Iterable[Problem]:
    if is_cued_by_length(draft):
        yield _say(draft, "选项", f"正确选项{draft.key}明显长于其他选项，容易被看出。")
    for letter, option in zip(LETTERS, draft.options, strict=False):
        if _ALL_OF_THEM.search(_bare(option)):
            yield _say(draft, f"选项{letter}", f"选项{letter}写作“{option[:12]}”，请改为具体的内容。")
    for (one, first), (other, second) in combinations(zip(LETTERS, draft.options, strict=False), 2):
        if first == second or not first or not second:
            continue  # equal and empty ones are errors of their own
        if _bare(first) == _bare(second):
            yield _say(draft, "选项", f"选项{one}和{other}只有标点不同。")
        elif _too_alike(_bare(first), _bare(second)):
            yield _say(draft, "选项", f"选项{one}和{other}几乎相同，请核对是否重复。")


def is_cued_by_length(draft: Draft) -> bool:
    """Whether the key of a single-choice question stands out by its length (option length, H&D rule 23)."""
    if draft.kind != "single" or len(draft.key) != 1 or len(draft.options) < 2:
        return False
    lengths = {letter: len(_bare(text)) for letter, text in zip(LETTERS, draft.options, strict=False)}
    own = lengths.pop(draft.key, 0)
    longest = max(lengths.values(), default=0)
    return own >= LONGER * longest and own - longest >= LONGER_BY


def _too_alike(first: str, second: str) -> bool:
    """Long options of which almost every character agrees; a number or a swapped word is a proper difference."""
    if min(len(first), len(second)) < 12:
        return False
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE or matcher.ratio() < ALIKE:
        return False
    changed = "".join(first[a:b] + second[c:d] for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal")
    return len(changed) < 2 and not _MATTERS.search(changed)


def _of_blanks(draft: Draft) -> Iterable[Problem]:
    blanks = draft.stem.count(BLANK)
    if (
        blanks > 1
        and draft.kind == "single"
        and not all(_parts(option) == blanks for option in draft.options)
    ):
        yield _say(draft, "题干", f"题干有{blanks}处填空，单选题的每个选项应当依次写出{blanks}处的内容。")


def _parts(option: str) -> int:
    """How many answers an option holds when it fills several blanks: 15日；30日."""
    return len([part for part in re.split(r"[；;、，,/\s]+", option) if part])


def _of_words(draft: Draft) -> Iterable[Problem]:
    if any("机关单位" in text for text in (draft.stem, draft.explanation, *draft.options)):
        yield _say(draft, "用语", "条例的用语是“机关、单位”，此处写作“机关单位”。")
    if draft.kind == "judge":
        return
    asked = _ASKED_NEGATIVE.search(_EMPHASIS.sub("", draft.stem))
    if asked:
        yield _say(draft, "题干", f"题干要求选出“{asked[1]}”的一项，请给这个词加上引号，提醒看清。")
    if (asked or _EMPHASIS.search(draft.stem)) and any(
        _NEGATIVES.search(option) and option.startswith("不") for option in draft.options
    ):
        yield _say(draft, "题干", "题干和选项都是否定说法，请改写，避免双重否定。")


def _of_people(draft: Draft) -> Iterable[Problem]:
    """Names and numbers that look like somebody's own (personal data has no place in a question)."""
    for column, text in (("题干", draft.stem), *_named_options(draft), ("解析", draft.explanation)):
        if _PHONE.search(text):
            yield _say(draft, column, "有像手机号码的数字，请删去个人信息。")
        if _IDENTITY.search(text):
            yield _say(draft, column, "有像身份证号码的数字，请删去个人信息。")
        if named := _NAMED.search(text):
            if "某" not in named[0]:
                yield _say(draft, column, f"“{named[0]}”像是真实姓名，请改为“某信访人”。")


def _named_options(draft: Draft) -> list[tuple[str, str]]:
    return [(f"选项{letter}", text) for letter, text in zip(LETTERS, draft.options, strict=False)]


# The set as a whole -------------------------------------------------------------------------------------------


def of_set(drafts: Sequence[Draft]) -> Iterable[Problem]:
    """What only shows over many questions. Line 0: it concerns no single one."""
    singles = [d for d in drafts if d.kind == "single" and len(d.key) == 1]
    if len(singles) >= SET_SIZE:
        yield from _of_positions(singles)
        longest = sum(is_key_longest(draft) for draft in singles)
        if longest > LONGEST * len(singles):
            share = round(100 * longest / len(singles))
            yield _whole(
                "选项", f"单选题中正确选项最长的占{share}%，应当不超过{LONGEST:.0%}，请调整选项长短。"
            )
    judges = [d for d in drafts if d.kind == "judge" and d.key in ("A", "B")]
    if len(judges) >= SET_SIZE:
        right = sum(d.key == "A" for d in judges) / len(judges)
        if not JUDGED[0] <= right <= JUDGED[1]:
            yield _whole("答案", f"判断题中答案为正确的占{right:.0%}，应当大致各占一半。")


def _of_positions(singles: Sequence[Draft]) -> Iterable[Problem]:
    four = [draft for draft in singles if len(draft.options) == 4]
    if len(four) < SET_SIZE:
        return
    counts = Counter(draft.key for draft in four)
    for letter in "ABCD":
        share = counts[letter] / len(four)
        if not POSITION[0] <= share <= POSITION[1]:
            yield _whole("答案", f"四个选项的单选题中，答案为{letter}的占{share:.0%}，位置分布不匀。")


def _whole(column: str, message: str) -> Problem:
    return Problem(0, column, message, "warning")


def is_key_longest(draft: Draft) -> bool:
    """Whether the key is longer than every other option."""
    lengths = {letter: len(text) for letter, text in zip(LETTERS, draft.options, strict=False)}
    own = lengths.pop(draft.key, 0)
    return all(own > other for other in lengths.values())


def giveaways(drafts: Sequence[Draft]) -> Iterable[tuple[Draft, Draft]]:
    """(question, teller): the key of one stands word for word in the stem of the other. No flaw of a bank, in which
    many ask about the same words, but of a paper that holds both.

    Linear in the text: the windows of all stems are hashed once, each key looks up its own.
    """
    stems: dict[str, list[int]] = {}
    for place, draft in enumerate(drafts):
        bare = _bare(draft.stem)
        for start in range(len(bare) - TOLD + 1):
            stems.setdefault(bare[start : start + TOLD], []).append(place)
    for place, draft in enumerate(drafts):
        if draft.kind != "single" or len(draft.key) != 1 or LETTERS.index(draft.key) >= len(draft.options):
            continue
        key = _bare(draft.options[LETTERS.index(draft.key)])
        if len(key) < TOLD:
            continue
        for other in stems.get(key[:TOLD], ()):
            teller = drafts[other]
            if other != place and _asks_the_same(draft, teller) and key in _bare(teller.stem):
                yield draft, teller
                break


def _asks_the_same(draft: Draft, teller: Draft) -> bool:
    """Only a stem about the same provision tells the answer."""
    own = {citation.words for citation in draft.citations}
    return bool(own & {citation.words for citation in teller.citations})
