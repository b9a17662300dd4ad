"""All that is wrong with questions, at once: shape, key, and whether the quoted words stand in the law.

Pure: the same checks run on the page, at the command line and before storing. An error keeps a question out of the
bank; a warning lets it in as a draft. What may be published is stricter: see `unpublishable`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from quizapp.bank import lint
from quizapp.bank.drafts import BLANK, LETTERS, CitationDraft, Draft, Problem
from quizapp.bank.proving import Prover
from quizapp.regulations.citing import Law, NoSuchProvision

Laws = Mapping[str, Law]  # by title without 《》; "" is the bank's own regulation
STEM_LENGTH = 2000
OPTION_LENGTH = 500
CONTRADICTED = "答案与条文不符"
_CODE = re.compile(r"\w[\w.\-]{0,39}")
_ASKS = ("？", "?", "：", ":")
_LOOSE = re.compile(r"[\s，。；：、,.;:]")


def check(drafts: Sequence[Draft], laws: Laws | None) -> list[Draft]:
    """The questions with what the reader found and all that is found here. laws: None leaves the quotes unchecked."""
    found: list[list[Problem]] = [
        [*_of_words(draft), *_of_key(draft), *_of_citations(draft, laws), *lint.of_question(draft)]
        for draft in drafts
    ]
    for place, problem in _of_the_whole(drafts):
        found[place].append(problem)
    return [
        replace(draft, problems=_merged(draft.problems, more))
        for draft, more in zip(drafts, found, strict=True)
    ]


def _merged(before: Sequence[Problem], more: Iterable[Problem]) -> list[Problem]:
    """A missing answer that the reader already called unreadable is not said twice."""
    told = {problem.column for problem in before if problem.severity == "error"}
    return [*before, *(p for p in more if p.column not in told or not p.message.startswith("没有"))]


def _say(draft: Draft, column: str, message: str, severity: str = "error", place: str = "") -> Problem:
    line = draft.places.get(place or column, draft.line)
    return Problem(line, column, message, severity, draft.source)


def _of_words(draft: Draft) -> Iterable[Problem]:
    if not draft.kind:
        yield _say(draft, "题型", "没有题型。")
    if not draft.stem:
        yield _say(draft, "题干", "没有题干。")
    if len(draft.stem) > STEM_LENGTH:
        yield _say(draft, "题干", f"题干有{len(draft.stem)}字，最多{STEM_LENGTH}字。")
    if draft.code and not _CODE.fullmatch(draft.code):
        yield _say(draft, "编号", "编号最多40个字符，只用文字、数字、连字符、下划线和点，不以符号开头。")
    yield from _of_options(draft)
    if draft.stem and draft.kind in ("single", "multiple"):
        if BLANK not in draft.stem and not draft.stem.endswith(_ASKS):
            yield _say(draft, "题干", "题干中没有填空的位置（　　），也不是问句。", "warning")
    if not draft.explanation:
        yield _say(draft, "解析", "没有解析。", "note")
    if not draft.uses:
        yield _say(draft, "用途", "没有用途。")
    if not 1 <= draft.difficulty <= 5:
        yield _say(draft, "难度", "难度应当是1至5。")


def _of_options(draft: Draft) -> Iterable[Problem]:
    if draft.kind == "judge":
        return
    if not 2 <= len(draft.options) <= len(LETTERS):
        yield _say(draft, "选项", f"有{len(draft.options)}个选项，应当有2至8个。")
    for letter, option in zip(LETTERS, draft.options, strict=False):
        if not option:
            yield _say(draft, f"选项{letter}", f"选项{letter}是空的。")
        elif len(option) > OPTION_LENGTH:
            yield _say(draft, f"选项{letter}", f"选项{letter}有{len(option)}字，最多{OPTION_LENGTH}字。")
    same: dict[str, list[str]] = defaultdict(list)
    for letter, option in zip(LETTERS, draft.options, strict=False):
        same[_LOOSE.sub("", option)].append(letter)
    for text, letters in same.items():
        if text and len(letters) > 1:
            yield _say(draft, "选项", f"选项{'、'.join(letters)}相同。")


def _of_key(draft: Draft) -> Iterable[Problem]:
    beyond = [letter for letter in draft.key if letter not in LETTERS[: len(draft.options)]]
    if not draft.key:
        yield _say(draft, "答案", "没有答案。")
    elif beyond:
        yield _say(draft, "答案", f"答案中的{'、'.join(beyond)}不在选项之内。")
    elif draft.kind in ("single", "judge") and len(draft.key) > 1:
        yield _say(draft, "答案", f"{draft.kind_word}有{len(draft.key)}个答案。")
    elif draft.kind == "multiple" and not draft.any_number and len(draft.key) == 1:
        yield _say(draft, "答案", "多选题只有一个答案；如果允许只有一个，请改为不定项选择题。")


# Citations ----------------------------------------------------------------------------------------------------


def _of_citations(draft: Draft, laws: Laws | None) -> Iterable[Problem]:
    if not draft.citations:
        yield _say(draft, "依据", "没有依据，可以导入为草稿，但不能发布。", "note")
    for number, citation in enumerate(draft.citations, 1):
        place = f"依据{number}"
        if citation.kind == "law" and laws is not None:
            sentence, severity = _of_citation(citation, laws)
            if sentence:
                yield _say(draft, "依据", sentence, severity, place)
        elif citation.kind == "document" and not citation.quote:
            yield _say(draft, "依据", f"没有引用{citation.source}的原文。", "note", place)
    for law in _cited(draft, laws or {}):
        if sentence := prover(law).contradiction(draft):
            yield _say(draft, "答案", f"{CONTRADICTED}：{sentence}", "warning")
            break


def _cited(draft: Draft, laws: Laws) -> list[Law]:
    """The laws that a question names, or the bank's own."""
    names = {citation.regulation for citation in draft.citations if citation.kind == "law"} or {""}
    return [laws[name] for name in sorted(names) if name in laws]


@lru_cache(maxsize=16)
def prover(law: Law) -> Prover:
    """A law made ready for checking keys and suggesting articles. A law never changes, so it is kept."""
    return Prover(law)


def contradicts_law(draft: Draft) -> bool:
    """Whether a checked question's key was found against the words of the law."""
    return any(problem.message.startswith(CONTRADICTED) for problem in draft.problems)


def _of_citation(citation: CitationDraft, laws: Laws) -> tuple[str, str]:
    """(what is wrong, its severity); ("", "") when the quote stands in the law."""
    law = laws.get(citation.regulation)
    if law is None:
        name = f"《{citation.regulation}》" if citation.regulation else "本题库对应的法规"
        return f"系统中没有{name}，不能核对依据。", "error"
    try:
        anchor = law.anchor_of(citation.words)
    except NoSuchProvision as reason:
        return str(reason), "error"
    if not citation.quote:
        return f"没有引用{citation.words}的原文，可以导入为草稿，但不能发布。", "note"
    if law.quote_stands(anchor, citation.quote):
        return "", ""
    if elsewhere := _where(law, citation.quote):
        return f"引文不在{citation.words}，在{elsewhere}。", "error"
    return f"引文与{citation.words}的原文不一致：“{citation.quote[:30]}”。", "error"


def _where(law: Law, quote: str) -> str:
    """The smallest provision in which the words stand, in words; "" for none."""
    places = law.places_of(quote)
    return law.in_words(places[0]) if places else ""


def unpublishable(citations: Sequence[CitationDraft], laws: Laws, *, reason: str = "") -> str:
    """Why a question with these citations may not be published now, "" when it may.

    At least one citation; every law quoted verbatim; 暂无依据 only with a reviewer's reason.
    """
    if not citations:
        return "没有依据，不能发布。"
    for citation in citations:
        if citation.kind == "none" and not reason:
            return "暂无依据的试题须写明理由才能发布。"
        if citation.kind == "document" and not citation.quote:
            return f"没有引用{citation.source}的原文，不能发布。"
        if citation.kind == "law":
            sentence, _ = _of_citation(citation, laws)
            if sentence:
                return sentence.replace("，可以导入为草稿，但不能发布。", "，不能发布。")
    return ""


# The set as a whole -------------------------------------------------------------------------------------------


def _of_the_whole(drafts: Sequence[Draft]) -> Iterable[tuple[int, Problem]]:
    codes: dict[str, Draft] = {}
    stems: dict[str, Draft] = {}
    for place, draft in enumerate(drafts):
        if draft.code:
            first = codes.setdefault(draft.code, draft)
            if first is not draft:
                yield place, _say(draft, "编号", f"编号{draft.code}与{_place(first, draft)}重复。")
        if draft.stem:
            first = stems.setdefault(draft.stem, draft)
            if first is not draft:
                equal = Counter(first.options) == Counter(draft.options)
                said = "题干和选项" if equal else "题干"
                severity = "error" if equal else "warning"
                yield place, _say(draft, "题干", f"{said}与{_place(first, draft)}相同。", severity)


def _place(first: Draft, draft: Draft) -> str:
    return f"第{first.line}行的题" if first.source == draft.source else f"{first.source}第{first.line}行的题"
