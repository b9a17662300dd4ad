"""Moodle XML: <quiz> of <question type="multichoice | truefalse | category | …">, texts as HTML in <text>.

Source: docs.moodle.org/en/Moodle_XML_format. Questions have no lines here but numbers: the first question of the file
that is no category is 1.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from quizapp.bank import labels
from quizapp.bank.drafts import FIELDS, JUDGE_OPTIONS, LETTERS, Draft, Problem, Reading, tidied, tidy
from quizapp.bank.formats import moodle
from quizapp.bank.formats.markup import local_name, parse_xml
from quizapp.bank.formats.trailer import take_trailer, with_trailer
from quizapp.errors import Refused
from quizapp.spreadsheets import decode

# Of a finished question; HTML makes a blank of a tab.
CARRIES = frozenset(FIELDS)
_DECLARATION = re.compile(r"<\?xml[^>]{0,200}\?>")  # names an encoding that no longer holds once decoded
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, 2.2
_CHOICES = ("multichoice", "multichoiceset")
_MEDIA = {"file", "image", "image_base64", "img", "audio", "video", "object", "embed", "iframe", "svg"}
_READ = {"name", "questiontext", "answer", "generalfeedback", "idnumber", "tags", "coursetags", "single"}
_REMARKS = {
    "correctfeedback": "答对时",
    "partiallycorrectfeedback": "部分答对时",
    "incorrectfeedback": "答错时",
    "hint": "提示",
}
_SETTINGS = {  # how Moodle shows and marks a question: the paper decides that here
    "defaultgrade",
    "penalty",
    "hidden",
    "shuffleanswers",
    "answernumbering",
    "shownumcorrect",
    "showstandardinstruction",
    "image",
    "image_base64",
    "versionhistory",
    "questionbankentryid",
}
_Parts = dict[str, list[Element]]


def read(data: bytes, file_name: str) -> Reading:
    """All questions of a file in UTF-8, GB18030 or UTF-16. Raises Refused when it is no Moodle XML (H33)."""
    text = decode(data).removeprefix("\ufeff").strip()
    if declaration := _DECLARATION.match(text):
        text = text[declaration.end() :]
    root = parse_xml(_FORBIDDEN.sub("", text).encode())
    if local_name(root) != "quiz":
        raise Refused(
            "file_kind",
            "文件不是Moodle XML格式的试题。",
            "没有保存任何内容。请在Moodle题库中以“Moodle XML格式”导出后再上传。",
            status=422,
        )
    return _Reader(file_name).read(root)


class _Reader:
    """Gathers the questions, and what is said once for the whole file."""

    def __init__(self, source: str) -> None:
        self._reading = Reading()
        self._source = source
        self._named: list[tuple[str, Draft]] = []
        self._categories: list[tuple[int, str]] = []
        self._graded: list[Draft] = []

    def read(self, root: Element) -> Reading:
        parts = _parts(root)
        for element in parts.pop("question", []):
            self._take(element, _parts(element))
        if parts:
            names = "、".join(name[:20] for name in list(parts)[:5])
            self._tell(1, "未识别的内容", f"文件中的“{names}”不是试题，没有读入。")
        self._reading.problems += moodle.unread_categories(self._categories, self._source)
        self._reading.problems += moodle.unread_names(self._named, self._source)
        if self._graded:
            said = f"{len(self._graded)}道题的分值没有读入，分值在组卷时设定。"
            self._tell(self._graded[0].line, "分值", said)
        return self._reading

    def _take(self, element: Element, parts: _Parts) -> None:
        place = len(self._reading.drafts) + 1
        kind = element.get("type", "").strip().lower()
        if kind == "category":
            self._categories.append((place, _plain(parts, "category")))
            return
        draft = _question(Draft(line=place, source=self._source), kind, parts)
        self._reading.drafts.append(draft)
        self._named.append((_plain(parts, "name"), draft))
        if _decimal(_plain(parts, "defaultgrade") or "1") != 1:
            self._graded.append(draft)

    def _tell(self, line: int, column: str, message: str) -> None:
        self._reading.problems.append(Problem(line, column, message, "warning", self._source))


def _parts(element: Element) -> _Parts:
    """The children by their names."""
    parts: _Parts = defaultdict(list)
    for child in element:
        parts[local_name(child)].append(child)
    return parts


def _plain(parts: _Parts, name: str) -> str:
    return _raw(parts[name][0]).strip() if parts[name] else ""


def _raw(element: Element) -> str:
    """What <text> holds, also where HTML was written into it without CDATA, or where <text> was left out."""
    texts = [child for child in element if local_name(child) == "text"]
    if texts:
        return "".join(texts[0].itertext())
    return element.text or ""


def _decimal(words: str) -> float | None:
    """33.33333, also with a comma. None when it is no number."""
    try:
        return float(words.strip().replace(",", ".") or 0)
    except ValueError:
        return None


class _Texts:
    """Reads the texts of one question; the format that an element does not name is that of the stem."""

    def __init__(self, stem: Element | None) -> None:
        self._kind = "html" if stem is None else stem.get("format", "html")
        self.lost_media = False

    def read(self, element: Element | None) -> str:
        if element is None:
            return ""
        text, lost = moodle.read_text(_raw(element), element.get("format", self._kind))
        self.lost_media |= lost or any(local_name(inner) in _MEDIA for inner in element.iter())
        return tidy(text)


def _first(parts: _Parts, name: str) -> Element | None:
    return parts[name][0] if parts[name] else None


def _question(draft: Draft, kind: str, parts: _Parts) -> Draft:
    reader = _Texts(_first(parts, "questiontext"))
    draft.stem = reader.read(_first(parts, "questiontext"))
    draft.explanation = reader.read(_first(parts, "generalfeedback"))
    draft.code = _plain(parts, "idnumber")
    tags = [tag for name in ("tags", "coursetags") for group in parts[name] for tag in group]
    draft.tags = [_raw(tag).strip() for tag in tags]
    draft = take_trailer(draft)
    if kind in _CHOICES:
        _choose(draft, parts, reader, single=kind == "multichoice" and _asks_for_one(parts))
    elif kind == "truefalse":
        _judge(draft, parts, reader)
    else:
        moodle.refuse(draft, kind)
    if kind in (*_CHOICES, "truefalse"):
        _read_remarks(draft, parts, reader)
    if reader.lost_media or _plain(parts, "image"):
        moodle.doubt_media(draft)
    return tidied(draft)


def _asks_for_one(parts: _Parts) -> bool:
    """What <single> says; where it is left out, one answer of 100 % is asked for as soon as there is one."""
    if parts["single"]:
        return _plain(parts, "single").lower() in ("true", "1", "")
    percents = [_decimal(answer.get("fraction", "")) or 0 for answer in parts["answer"]]
    return any(percent >= 100 for percent in percents) or sum(percent > 0 for percent in percents) < 2


def _answers(draft: Draft, parts: _Parts, reader: _Texts) -> list[moodle.Answer]:
    found = []
    for letter, element in zip(moodle.PLACES, parts["answer"], strict=False):
        percent = _decimal(element.get("fraction", ""))
        if percent is None:
            said = f"选项{letter}的fraction“{element.get('fraction', '')[:20]}”不是数，不能判断是否正确。"
            moodle.say(draft, "答案", said)
        feedback = reader.read(_first(_parts(element), "feedback"))
        found.append(moodle.Answer(reader.read(element), percent or 0, feedback))
    if len(parts["answer"]) > len(moodle.PLACES):
        moodle.say(draft, "选项", f"有{len(parts['answer'])}个选项，第26个以后的没有读入。")
    return found


def _choose(draft: Draft, parts: _Parts, reader: _Texts, *, single: bool) -> None:
    found = _answers(draft, parts, reader)
    moodle.settle(draft, found, single=single)
    moodle.explain(draft, zip(moodle.PLACES, (answer.feedback for answer in found), strict=False))


def _judge(draft: Draft, parts: _Parts, reader: _Texts) -> None:
    draft.kind, draft.options = "judge", list(JUDGE_OPTIONS)
    for answer in _answers(draft, parts, reader):
        letter = {"true": "A", "false": "B"}.get(answer.text.lower()) or labels.key_of(answer.text, "judge")
        if letter is None:
            said = f"判断题的答案“{answer.text[:20]}”不能识别，应当是true或false。"
            moodle.say(draft, "答案", said)
            continue
        draft.key += letter if answer.percent > 0 else ""
        moodle.explain(draft, [(f"选{JUDGE_OPTIONS['AB'.index(letter)]}", answer.feedback)])


def _read_remarks(draft: Draft, parts: _Parts, reader: _Texts) -> None:
    """Feedback to the whole question joins the explanation; what else there is gets told."""
    for name, whose in _REMARKS.items():
        moodle.explain(draft, [(whose, reader.read(element)) for element in parts[name]])
    for name, elements in list(parts.items()):
        if name not in _READ | _SETTINGS | set(_REMARKS) and any(
            _raw(element).strip() for element in elements
        ):
            moodle.say(draft, "未识别的内容", f"题中的“{name[:20]}”没有读入，请核对。", "warning")


# Writing ------------------------------------------------------------------------------------------------------


def write(drafts: Sequence[Draft], title: str = "") -> bytes:
    """UTF-8; a title becomes a category."""
    root = Element("quiz")
    if title:
        category = SubElement(root, "question", {"type": "category"})
        _put(category, "category", moodle.category_of(title), kind="")
    for draft in drafts:
        _add(root, draft)
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"


def _add(root: Element, draft: Draft) -> None:
    judge = draft.kind == "judge"
    question = SubElement(root, "question", {"type": "truefalse" if judge else "multichoice"})
    _put(question, "name", moodle.name_of(draft), kind="")
    _put(question, "questiontext", draft.stem)
    _put(question, "generalfeedback", with_trailer(draft, ("any_number", "citations", "difficulty", "uses")))
    SubElement(question, "defaultgrade").text = "1"
    SubElement(question, "penalty").text = "1" if judge else "0.3333333"
    SubElement(question, "hidden").text = "0"
    SubElement(question, "idnumber").text = _allowed(draft.code)
    if not judge:
        SubElement(question, "single").text = "false" if draft.kind == "multiple" else "true"
        SubElement(question, "shuffleanswers").text = "false"  # explanations may speak of A, B and C
        SubElement(question, "answernumbering").text = "ABCD"
    _add_answers(question, draft)
    tags = SubElement(question, "tags") if draft.tags else question
    for tag in draft.tags:
        _put(tags, "tag", tag, kind="")


def _add_answers(question: Element, draft: Draft) -> None:
    judge = draft.kind == "judge"
    texts = ["true", "false"] if judge else draft.options[: len(LETTERS)]
    for text, percent in zip(texts, moodle.percents(draft), strict=False):
        kind = "moodle_auto_format" if judge else "html"
        answer = _put(question, "answer", text, kind=kind)
        answer.set("fraction", moodle.number(percent))
        _put(answer, "feedback", "")


def _put(parent: Element, name: str, text: str, *, kind: str = "html") -> Element:
    """A child whose <text> is HTML, unless kind is another; "" for elements that have no kind."""
    element = SubElement(parent, name, {"format": kind} if kind else {})
    SubElement(element, "text").text = _html(text) if kind == "html" else _allowed(text)
    return element


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("", text)


def _html(text: str) -> str:
    """One paragraph a line; blanks that HTML would swallow are hard ones, so that reading gives every one back."""
    text = _allowed(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    lines = (re.sub(r"^ |(?<= ) ", "\u00a0", line) or "\u00a0" for line in text.split("\n"))
    return "".join(f"<p>{line}</p>" for line in lines) if text else ""
