"""What marks look like in a paper: headings of sections, numbers of questions, labels. All patterns meet shadows."""

import re
from dataclasses import dataclass

from quizapp.bank.formats.freetext.normalise import Line

# Kinds of questions -------------------------------------------------------------------------------------------

_KIND_WORDS = (
    "单项选择题?|单选题?|多项选择题?|多选题?|不定项选择题?|不定项题?"
    "|判断正误题?|判断对错题?|判断改错题?|判断题?|是非题|选择题"
)
_OTHER_WORDS = "填空题|简答题|问答题|论述题|案例分析题?|名词解释题?|材料分析题?|材料题|计算题|连线题|写作题"
_KIND = re.compile(_KIND_WORDS)


@dataclass(frozen=True, slots=True)
class Kind:
    """name: single, multiple, judge; choice: 选择题, left to the answers; other: no kind of this bank; "": not said."""

    name: str = ""
    any_number: bool = False
    word: str = ""  # as the paper writes it

    @property
    def meaning(self) -> tuple[str, bool]:
        """What two kinds have in common, whatever word the paper uses."""
        return self.name, self.any_number


def kind_of(word: str) -> Kind:
    """The kind that a word of the paper means: 单选, 多项选择题, 判断正误题, 选择题."""
    for start, name in (
        ("单", "single"),
        ("多", "multiple"),
        ("判", "judge"),
        ("是", "judge"),
        ("选", "choice"),
    ):
        if word.startswith(start):
            return Kind(name, word=word)
    return Kind("multiple", True, word) if word.startswith("不定项") else Kind("other", word=word)


def kind_named(shadow: str) -> Kind | None:
    """What a label 题型 says: 单选题."""
    found = re.fullmatch(f"({_KIND_WORDS}|{_OTHER_WORDS})", shadow.strip(" 。"))
    return kind_of(found[1]) if found else None


# Headings -----------------------------------------------------------------------------------------------------

_CHINESE = "[一二三四五六七八九十]{1,3}"
_ORDINAL = (
    rf"(?:第 ?(?:{_CHINESE}|\d{{1,2}}) ?(?:部分|大题|题型|章|节)|第 ?{_CHINESE} ?题"
    rf"|{_CHINESE} ?[、.:,]?|\({_CHINESE}\)|[IVX]{{1,4}}[.、])"
)
_SECTION = re.compile(
    rf"(?P<hashes>#{{1,6}} ?)?(?P<ordinal>{_ORDINAL})?[、.: ]{{0,3}}\[?(?P<kind>{_KIND_WORDS}|{_OTHER_WORDS})\]?"
)
_REMARK = re.compile(r"[ :。]{0,3}(?:\([^()]*\)|[共每本大小题分计道个为满\d.,;、。: ])*")
_ASKS = re.compile(r"\( {0,9}\)|__|[A-D] ?[.、]")
_BRACKETED_REMARK = re.compile(r"[: ]{0,3}(?:\([^()]{0,60}\))?[:。 ]{0,3}")
_POINTS = re.compile(r"每小?题|\d ?分|\d ?题")
_NUMBERED_SECTION = re.compile(r"\d{1,2} ?[.、] ?(?=[单多不判是选])")
_CHAPTER = re.compile(
    rf"第 ?{_CHINESE} ?(?:章|节|部分|编|大?题)(?![^ ]{{0,20}}[。?(]).{{0,30}}|{_CHINESE}、.{{1,20}}"
)
_ANSWERS_HEADING = re.compile(
    r"\[?(?:附[录件]?[:. ]{0,2})?[^()。:\d]{0,30}?答案"
    r"(?:[及与和]?(?:详细|详|试题|答案)?解析|[及与和]评分标准)?\]?[: ]{0,2}"
)
_BARE_ANSWERS = re.compile(r"\[?(?:正确|参考|标准)?答案\]?[: ]{0,2}")


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's heading. tail: where in the shadow stands what follows the kind."""

    kind: Kind
    tail: int
    titled: bool  # an ordinal or a # stands before the kind


def heading_of(shadow: str) -> Heading | None:
    """The heading that starts this line, whatever follows it; see `is_remark`."""
    skipped = _NUMBERED_SECTION.match(shadow)
    start = skipped.end() if skipped else 0
    found = _SECTION.match(shadow, start)
    if found is None:
        return None
    return Heading(kind_of(found["kind"]), found.end(), bool(found["ordinal"] or found["hashes"]))


def is_heading(shadow: str, heading: Heading) -> bool:
    """Whether the line is a heading and nothing else: （每题1分） or, after an ordinal, ：下列每题…… may follow."""
    tail = shadow[heading.tail :]
    if _ASKS.search(tail):
        return False
    if _REMARK.fullmatch(tail):
        return True
    return tail[:1] in ":(,。 " and (heading.titled or (len(tail) < 80 and bool(_POINTS.search(tail))))


def number_behind(shadow: str, heading: Heading) -> int:
    """一、单选题 1.……: where the first question begins in the line of its heading; 0 where none does."""
    remark = _BRACKETED_REMARK.match(shadow, heading.tail)
    place = remark.end() if remark else heading.tail
    number = (
        number_at(shadow, place) if heading.titled and shadow[place : place + 1] not in ("[", "(") else None
    )
    return place if number and number.sure else 0


def is_summary(shadow: str) -> bool:
    """判断题(61题)、单选题(105题): how many there are of each, no heading."""
    if len(_KIND.findall(shadow)) < 2 or "( )" in shadow:
        return False
    return len(re.findall(r"\d{1,4} ?[题道个]", shadow)) > 1


def is_chapter(shadow: str) -> bool:
    """第二章 信访工作体制, 一、基础知识: a title inside the paper that names no kind."""
    return bool(_CHAPTER.fullmatch(shadow)) and shadow[-1] not in "。?;:),"


def is_answers_heading(shadow: str) -> bool:
    """参考答案, 附：某测试题答案及解析, 单选题答案."""
    return "答案" in shadow and len(shadow) <= 50 and bool(_ANSWERS_HEADING.fullmatch(shadow))


def is_bare_answers_heading(shadow: str) -> bool:
    """答案, 参考答案： and nothing else."""
    return bool(_BARE_ANSWERS.fullmatch(shadow))


# Numbers ------------------------------------------------------------------------------------------------------

_NUMBER = re.compile(
    rf"(?P<tag>[\[(]?(?:{_KIND_WORDS})[\])]? ?[.、:]? ?)?(?P<mark>\( {{0,6}}[√×A-H对错]? {{0,6}}\) ?)?(?:"
    r"(?P<plain>\d{1,4}) ?(?:[.、:。\\]|,(?=[^\d]))(?P<digit>\d)?"
    r"|\((?P<paren>\d{1,4})\) ?[.、]?|(?P<half>\d{1,4})\)|\[(?P<square>\d{1,4})\]"
    r"|第 ?(?P<ti>\d{1,4}) ?题 ?[.、:]?"
    r"|(?P<bare>\d{1,4}) (?=[^\d\-/])"
    r"|(?P<glued>\d{1,4})(?=[\u4e00-\u9fff《“(\[]))"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number that may open a question. style: plain, paren, half, square, ti, bare, glued; end: where words start.

    sure: written as numbers of questions are. "1.2022年…" and "60日内…" are not sure.
    """

    value: int
    style: str
    sure: bool
    start: int  # where the number itself starts: a tag or an answer in brackets may stand before it
    end: int


def number_at(shadow: str, start: int = 0) -> Number | None:
    found = _NUMBER.match(shadow, start)
    if found is None:
        return None
    style = next(name for name in ("plain", "paren", "half", "square", "ti", "bare", "glued") if found[name])
    sure = style in ("plain", "paren", "half", "square", "ti") and not found["digit"]
    end = found.end() - (1 if found["digit"] else 0)
    return Number(int(found[style]), style, sure, found.start(style), end)


# The kind in the stem -----------------------------------------------------------------------------------------

_TAG = re.compile(rf"[\[(] ?({_KIND_WORDS}) ?[,、:]?[^\[\]()]{{0,8}}[\])] ?[:.、]? ?|({_KIND_WORDS}) ?: ?")
_TAG_WITHIN = re.compile(rf"[\[(] ?({_KIND_WORDS}) ?[,、]?[\d. 分]{{0,6}}[\])]")


def tag_of(line: Line, start: int = 0) -> tuple[Kind | None, Line]:
    """The kind that a stem names, at its start or in brackets at its end, and the stem without it."""
    rest = line.cut(start) if start else line
    if found := _TAG.match(rest.shadow):
        return kind_of(found[1] or found[2]), rest.cut(found.end())
    if ")" not in rest.shadow[-3:] and "]" not in rest.shadow[-3:]:
        return None, rest
    place = max(rest.shadow.rfind("("), rest.shadow.rfind("["))
    found = _TAG_WITHIN.match(rest.shadow, max(place, 0))
    if found and not rest.shadow[found.end() :].strip(" 。."):
        return kind_of(found[1]), rest.cut(0, place)
    return None, rest


# Labels -------------------------------------------------------------------------------------------------------

LABELS = {
    "答案": "正确答案|参考答案|标准答案|本题答案|试题答案|答案|正解",
    "解析": "答案解析|试题解析|题目解析|本题解析|本题解释|答案解释|试题分析|解析|解释|详解|解答|分析",
    "考点": "考点|考查点",
    "来源": "题目来源|试题来源|来源",
    "依据": "法律依据|条文依据|依据条款|答案依据|命题依据|出题依据|依据|法条|出处",
    "难度": "难度等级|难易程度|难度系数|难易度|难度",
    "编号": "试题编号|题目编号|编号",
    "用途": "使用范围|用途",
    "标签": "知识点|所属章节|章节|标签",
    "分值": "本题分值|本题满分|分值|满分|分数",
    "作答": "我的答案|你的答案|考生答案|学生答案|本题得分|得分",
    "题型": "试题类型|题目类型|题型",
}
EXPLAINING = ("解析", "考点", "来源", "依据")  # a line without a label goes on with these
KEPT_WITH_LABEL = ("考点", "来源")
_MEANS = {word: name for name, words in LABELS.items() for word in words.split("|")}
_WORDS = "|".join(sorted(_MEANS, key=len, reverse=True))
_LABEL = re.compile(rf"\[ ?({_WORDS}) ?\] ?:? ?|\(?({_WORDS}) ?: ?|\(({_WORDS})\) ?:? ?")
_ANSWER_WORDS = LABELS["答案"]
_JUDGED = r"(?:正确|错误|对|错)(?=$|[ 。.,;\[(])"  # 答案：正确的是 says no answer
_ANSWER_LOOSE = re.compile(
    rf"(?:{_ANSWER_WORDS})(?:[是为])? ?:? ?(?=[A-Ha-h√×]|{_JUDGED}|$)|答 ?: ?|答 ?(?=[A-H]{{1,8}}[。.]?$)"
)
_AT_THE_END = "|".join(LABELS[name] for name in ("难度", "标签", "分值", "编号"))
_IN_BRACKETS = rf"\[ ?({_WORDS}) ?\] ?:? ?"
_INSIDE = {
    "answer": re.compile(rf"{_IN_BRACKETS}|({_WORDS}) ?: ?"),
    "stem": re.compile(
        rf"{_IN_BRACKETS}|(?<!的)({_ANSWER_WORDS}) ?: ?(?=[A-Ha-h√×TF]|{_JUDGED})"
        rf"|(?<=[。.);!? A-H√×]) ?({LABELS['解析']}) ?: ?"
    ),
    "explanation": re.compile(rf"{_IN_BRACKETS}|(?<=[。;]) ?({_AT_THE_END}) ?: ?"),
}


@dataclass(frozen=True, slots=True)
class Label:
    """A label, from start to end in the shadow; its words follow."""

    name: str
    start: int
    end: int


def label_at(shadow: str, start: int = 0) -> Label | None:
    """The label that starts here, 【答案】:答案: counting as one."""
    found = _LABEL.match(shadow, start)
    if found is None:
        loose = _ANSWER_LOOSE.match(shadow, start)
        return Label("答案", start, loose.end()) if loose else None
    name = _MEANS[found[1] or found[2] or found[3]]
    again = _LABEL.match(shadow, found.end()) if name == "答案" else None
    if again and _MEANS[again[1] or again[2] or again[3]] == "答案":
        found = again
    return Label(name, start, found.end())


def label_inside(shadow: str, start: int, where: str, window: int) -> Label | None:
    """The next label further on in a line, within so many characters. where: what the line is so far.

    answer: every label counts (答案：A 难度：易). stem: those in brackets, an answer that a letter or mark follows,
    and 解析： behind the end of a sentence. explanation: those in brackets, and 难度： and the like
    behind the end of a sentence.
    """
    found = _INSIDE[where].search(shadow, start, start + window)
    if found is None:
        return None
    words = next(group for group in found.groups() if group)
    return Label(_MEANS[words], found.start(), found.end())
