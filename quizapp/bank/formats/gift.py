"""Moodle's GIFT: a question is a paragraph, its answers stand in braces behind the stem or in its middle.

// [id:XF-024-01] [tag:受理]
::XF-024-01::涉及两个机关、单位的信访事项，由其{
    =协商受理
    ~%50%分别受理#可以得一半分
    ####第二十四条第一款。
}。

Source: docs.moodle.org/en/GIFT_format. What differs here: a second pair of braces in one paragraph is an error, as the
blank line between two questions is missing; Moodle makes it part of the stem.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from quizapp.bank import labels
from quizapp.bank.drafts import BLANK, FIELDS, JUDGE_OPTIONS, Draft, Reading, tidied, tidy
from quizapp.bank.formats import moodle
from quizapp.bank.formats.trailer import take_trailer, with_trailer
from quizapp.spreadsheets import decode

# Of a finished question: one without a key is no choice to GIFT, but a short answer or an essay.
CARRIES = frozenset(FIELDS)
_HIDING = 0xDC00  # a lone surrogate stands in no decoded file, so a hidden sign meets none of the text's own
_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_HIDDEN = re.compile("[\udc00-\udcff]")
_IN_COMMENT = re.compile(r"\[(id|tag):((?:\\.|[^\[\]\\])+)\]")
_FITS_COMMENT = re.compile(r"[^\[\]\\<>`]*")
_MARK = re.compile(r"\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d{0,9})?)%")
_CLOZE = re.compile(r"\d*:[A-Z_]{1,20}:")
_JUDGED = {"T": "A", "TRUE": "A", "F": "B", "FALSE": "B"}


@dataclass
class _Paragraph:
    """What stands between two blank lines. line: of its first line that is no comment, from 1."""

    line: int = 0
    lines: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    category: str = ""


def read(data: bytes, file_name: str) -> Reading:
    """All questions of a file in UTF-8, GB18030 or UTF-16. Raises Refused when it is no text."""
    reading = Reading()
    named: list[tuple[str, Draft]] = []
    categories: list[tuple[int, str]] = []
    for paragraph in _paragraphs(decode(data).removeprefix("\ufeff")):
        if paragraph.category:
            categories.append((paragraph.line, paragraph.category))
        elif paragraph.lines:
            name, draft = _question(paragraph, file_name)
            reading.drafts.append(draft)
            named.append((name, draft))
    reading.problems = moodle.unread_categories(categories, file_name) + moodle.unread_names(named, file_name)
    return reading


def _paragraphs(text: str) -> Iterator[_Paragraph]:
    paragraph = _Paragraph()
    for count, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        line = line.strip()
        if line.startswith("//"):
            paragraph.comments.append(line)
        elif line.startswith("$CATEGORY:"):
            yield _Paragraph(
                count, category=_shown(_hidden(line.removeprefix("$CATEGORY:").strip())) or "无名"
            )
        elif line:
            paragraph.line = paragraph.line or count
            paragraph.lines.append(line)
        else:
            yield paragraph
            paragraph = _Paragraph()
    yield paragraph


def _hidden(text: str) -> str:
    """Escaped signs as signs that mean nothing to GIFT."""
    return _ESCAPE.sub(lambda found: chr(_HIDING + ord(found[1])), text)


def _shown(text: str) -> str:
    shown = _HIDDEN.sub(
        lambda found: chr(ord(found[0]) - _HIDING), text.replace(chr(_HIDING + ord("n")), "\n")
    )
    return shown.strip()


def _question(paragraph: _Paragraph, source: str) -> tuple[str, Draft]:
    """(its name, the question)."""
    draft = Draft(line=paragraph.line, source=source)
    _read_comments(draft, "\n".join(paragraph.comments))
    name, text = _name(_hidden("\n".join(paragraph.lines)))
    head, opened, rest = text.partition("{")
    inside, closed, tail = rest.partition("}")
    if "}" in head or bool(opened) != bool(closed):
        wrong = "大括号“{”和“}”不成对。文字中的大括号应当写作“\\{”“\\}”。"
    elif not opened:
        wrong = "没有写在大括号中的答案，这是说明文字，不是试题。"
    elif "{" in tail or "}" in tail:
        wrong = "一段中有几处大括号。每道题只能有一处答案，试题之间应当空一行。"
    else:
        return _shown(name), _answered(draft, head, inside, tail)
    draft.stem = _shown(text)
    moodle.say(draft, "题型", wrong)
    return _shown(name), tidied(draft)


def _read_comments(draft: Draft, comments: str) -> None:
    """Moodle's own "// [id:XF-024-01] [tag:受理]"; every other comment is one."""
    for label, words in _IN_COMMENT.findall(comments):
        words = words.replace("\\]", "]").strip()
        if label == "tag":
            draft.tags.append(words)
        else:
            draft.code = draft.code or words


def _name(text: str) -> tuple[str, str]:
    """(the name between :: and ::, what follows it)."""
    name, closed, rest = text.removeprefix("::").partition("::")
    return (name, rest.strip()) if text.startswith("::") and closed else ("", text)


def _answered(draft: Draft, head: str, inside: str, tail: str) -> Draft:
    """The question of these three parts: before, in and behind the braces."""
    answers, _, general = inside.rpartition("####") if "####" in inside else (inside, "", "")
    answers = answers.strip()
    kind = _kind_of(answers)
    mark = _MARK.match(head.strip())
    reader = _Texts(mark[1].lower() if mark else "moodle")
    draft.stem = _stem(reader, head, tail, kind)
    draft.explanation = tidy(reader.read(general))
    draft = take_trailer(draft)
    if kind == "multichoice":
        _choose(draft, answers, reader)
    elif kind == "truefalse":
        _judge(draft, answers, reader)
    else:
        moodle.refuse(draft, kind)
    if reader.lost_media:
        moodle.doubt_media(draft)
    return tidied(draft)


class _Texts:
    """Reads the texts of one question: each may name its kind, else it is that of the stem."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self.lost_media = False

    def read(self, raw: str) -> str:
        raw = raw.strip()
        mark = _MARK.match(raw)
        kind = mark[1].lower() if mark else self._kind
        text, lost = moodle.read_text(_shown(raw[mark.end() :] if mark else raw), kind)
        self.lost_media |= lost
        return text


def _stem(reader: _Texts, head: str, tail: str, kind: str) -> str:
    """With a blank where the braces stood, when words follow; a judgement needs none."""
    if not reader.read(tail):
        return reader.read(head + tail)
    bracketed = head.rstrip().endswith(("（", "(")) and tail.lstrip().startswith(("）", ")"))
    return reader.read(head + ("" if bracketed or kind == "truefalse" else BLANK) + tail)


def _kind_of(answers: str) -> str:
    """Moodle's word for the kind, decided as Moodle does, by the signs among the answers."""
    if not answers:
        return "essay"
    if answers.startswith("#"):
        return "numerical"
    if _CLOZE.match(answers):
        return "cloze"
    if "~" in answers:
        return "multichoice"
    if "=" in answers and "->" in answers:
        return "match"
    return "truefalse" if _verdict(answers.partition("#")[0]) else "shortanswer"


def _verdict(words: str) -> str:
    """A for true, B for false, in Moodle's words or ours; "" for neither."""
    words = words.strip().upper()
    return _JUDGED.get(words) or ("" if words in ("A", "B") else labels.key_of(words, "judge") or "")


def _judge(draft: Draft, answers: str, reader: _Texts) -> None:
    """TRUE#for those who are wrong#for those who are right."""
    verdict, wrong, right = [*answers.split("#", 2), "", ""][:3]
    draft.kind, draft.options, draft.key = "judge", list(JUDGE_OPTIONS), _verdict(verdict)
    right_word, wrong_word = JUDGE_OPTIONS if draft.key == "A" else JUDGE_OPTIONS[::-1]
    remarks = [(f"选{wrong_word}", reader.read(wrong)), (f"选{right_word}", reader.read(right))]
    moodle.explain(draft, remarks)


def _choose(draft: Draft, answers: str, reader: _Texts) -> None:
    """Answers with = are right, with ~ wrong or weighted; several = are read as a multiple choice."""
    before, *parts = re.split("(?=[~=])", answers)
    if before.strip():
        said = f"“{_shown(before)[:20]}”前没有“=”或“~”，没有读入。"
        moodle.say(draft, "选项", said)
    found = [_answer(part, reader) for part in parts]
    rights = sum(part.startswith("=") for part in parts)
    if rights > 1:
        said = f"有{rights}个答案以“=”开头，按多选题读入，请核对。"
        moodle.say(draft, "题型", said, "warning")
    moodle.settle(draft, found, single=rights == 1)
    moodle.explain(draft, zip(moodle.PLACES, (answer.feedback for answer in found), strict=False))


def _answer(part: str, reader: _Texts) -> moodle.Answer:
    body = part[1:].strip()
    weight = _WEIGHT.match(body) if part.startswith("~") else None
    percent = float(weight[1]) if weight else 100.0 if part.startswith("=") else 0.0
    text, _, feedback = body[weight.end() if weight else 0 :].partition("#")
    return moodle.Answer(reader.read(text), percent, reader.read(feedback))


# Writing ------------------------------------------------------------------------------------------------------


def write(drafts: Sequence[Draft], title: str = "") -> bytes:
    """UTF-8; a title becomes a category. Plain text is marked so where Moodle would take it for HTML."""
    parts = [f"$CATEGORY: {moodle.category_of(title)}\n"] if title else []
    parts += [_written(draft) for draft in drafts]
    return "\n".join(parts).encode()


def _written(draft: Draft) -> str:
    fits = {name for name in ("code", "tags") if _FITS_COMMENT.fullmatch("".join(getattr(draft, name)))}
    riding = [
        name for name in ("any_number", "citations", "difficulty", "code", "uses", "tags") if name not in fits
    ]
    explanation = with_trailer(draft, riding)
    texts = (draft.stem, explanation, *draft.options)
    plain = any(moodle.read_text(text, "moodle") != (text, False) for text in texts)
    stem = _escaped(draft.stem, plain=plain)
    name = _escaped(moodle.name_of(draft))
    return f"{_comment(draft, fits)}::{name}::{stem}{{{_answers(draft)}{_feedback(draft, explanation)}}}\n"


def _comment(draft: Draft, fits: set[str]) -> str:
    words = [f"[id:{draft.code}]"] if draft.code and "code" in fits else []
    words += [f"[tag:{tag}]" for tag in draft.tags if "tags" in fits]
    return f"// {' '.join(words)}\n" if words else ""


def _answers(draft: Draft) -> str:
    if draft.kind == "judge":
        return {"A": "TRUE", "B": "FALSE"}.get(draft.key, "")
    lines = ""
    for option, percent in zip(draft.options, moodle.percents(draft), strict=False):
        lines += f"\n\t{_sign(draft, option, percent)}{_escaped(option)}"
    return f"{lines}\n"


def _sign(draft: Draft, option: str, percent: float) -> str:
    """= or ~ and the weight; %0% keeps a wrong option that begins with % from being read as weighted."""
    if draft.kind != "multiple" and percent:
        return "="
    return f"~%{moodle.number(percent)}%" if percent or option.startswith("%") else "~"


def _feedback(draft: Draft, explanation: str) -> str:
    if not explanation:
        return ""
    return f"####{_escaped(explanation)}" if draft.kind == "judge" else f"\t####{_escaped(explanation)}\n"


def _escaped(text: str, *, plain: bool = False) -> str:
    """Text that means itself; marked as plain when it begins like a mark of its own."""
    mark = "[plain]" if plain or _MARK.match(text) else ""
    return mark + re.sub(r"[\\~=#{}:]", r"\\\g<0>", text).replace("\n", "\\n")
