"""What stands before the first article: the order of promulgation, the name, its note in brackets, facts, 目录.

The name is the last line that is worded like one (…条例, …法（试行）), else the first line; print may have set it on
two. The note says when and by whom the text was passed, published and amended; what a person states in so many words
(施行日期：…) goes before it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from quizapp.regulations import marks
from quizapp.regulations.doubts import Doubt, told_lines
from quizapp.regulations.lines import BLANKS, Line
from quizapp.regulations.numerals import number

_B = r"[ \t\u3000\u00a0\u2002\u2003\u2009]"
_FACT = re.compile(rf"([\u4e00-\u9fff]{{2,8}})[：:]{_B}*(.+)")
_NAMED = re.compile(
    r"(?:法|条例|规定|办法|规则|细则|准则|决定|章程|规程|制度|意见|通则|纲要|守则|方案|标准|解释|通知|公约|规范)"
    r"(?:[（(《〈][^（()）]{1,20}[)）》〉])?》?"
)
_PUNCTUATION = re.compile("[。；，：！？,;:!?]")
_GOES_BEFORE = ("中华人民共和国", "中国共产党")
_ON_TRIAL = re.compile("[（(](?:试行|暂行|草案|修订草案|征求意见稿|送审稿)[）)]")
_HALF = 8  # characters of the lower line of a name, up to which it needs the upper one
_UPPER = re.compile(r"[\u4e00-\u9fff、]{2,40}")
_HANGS = re.compile("^关于|(?:的|和|与|及|、|若干)$")
_NO_UPPER = re.compile(
    r"附件.*|.*(?:国务院|中共中央|政府|委员会|常委会|办公厅|办公室|[部厅局院署会委令号]|文件|公报|公告)"
    r"|(?:总理|主席|主任|[省市州区县部局厅]长).*"
    r"|(?:政策|法律|法规|规章|文件|规范性|地方性|行政|党内|正文|全文|首页|信息|公开|解读|内容|中心|库)+"
)
_CONTENTS = ("目录", "目次")
LONGEST_NAME, LONGEST_NOTE = 80, 40  # characters; lines
_DIGIT = r"[\d〇零一二三四五六七八九十]"
_DAY = re.compile(
    rf"({_DIGIT}{{4}}){_B}?(?:-|年|\.){_B}?({_DIGIT}{{1,3}}){_B}?(?:-|月|\.){_B}?({_DIGIT}{{1,3}})"
)
_ROUND = str.maketrans("○ＯO〇", "〇〇〇〇")  # noqa: RUF001 - looks alike, and is typed for 〇
_PUBLISHED, _AMENDED = re.compile("公布|发布|印发|颁布"), re.compile("修正|修订")
_ORDER = re.compile(r"([\u4e00-\u9fff、]{3,30})令")
_HEREBY, _ONLY_A_DAY = re.compile("现予(?:公布|发布)"), re.compile(rf"{_DAY.pattern}日?")
_APPROVED, _IN_FORCE = re.compile("批准|通过|审议"), re.compile("施行|实施|生效")
_ISSUER = re.compile(r"^[日，、由以]*([\u4e00-\u9fff、 \u3000]{2,40}?)(?:令|公布|发布|印发|颁布|第)")
_MEETING = re.compile(
    rf"^[日，、]*(?:第{_DIGIT}{{1,4}}届)?(?:([\u4e00-\u9fff]{{2,30}}?)第{_DIGIT}{{1,5}}次|([\u4e00-\u9fff]{{2,30}}?)会议)"
)


@dataclass
class Front:
    """What the lines before the first division or article say."""

    title: str = ""
    facts: dict[str, str] = field(default_factory=dict)  # stated ones, then what the note says
    contents: list[str] = field(default_factory=list)  # divisions that 目录 lists, without blanks
    doubts: list[Doubt] = field(default_factory=list)


def front(lines: Sequence[Line]) -> tuple[Front, list[Line]]:
    """What stands in front, and the lines from the first division or article on."""
    found = Front()
    start = next((n for n, line in enumerate(lines) if _begins(line.text)), len(lines))
    head, rest = list(lines[:start]), list(lines[start:])
    place = _place_of_name(head)
    if place is not None:
        first = place - _is_split(head, place)
        below = place + 1 < len(head) and _ON_TRIAL.fullmatch(head[place + 1].text) is not None
        found.title = _name(found, head[first : place + 1 + below])
        _before(found, head[:first])
        _after(found, head[place + 1 + below :])
    return found, _past_contents(found, rest)


def _begins(text: str) -> bool:
    return _is_contents(text) or marks.division(text) is not None or marks.article(text) is not None


def _is_contents(text: str) -> bool:
    return len(text) <= 12 and re.sub(rf"{_B}|[【】\[\]]", "", text) in _CONTENTS


# The name ------------------------------------------------------------------------------------------------------


def _place_of_name(head: Sequence[Line]) -> int | None:
    worded = [n for n, line in enumerate(head) if _is_name(line.text)]
    return worded[-1] if worded else (0 if head else None)


def _is_name(text: str) -> bool:
    if len(text) > LONGEST_NAME or _PUNCTUATION.search(text) or text[0] in "（(":
        return False
    words = marks.closed_up(text)
    return any(found.end() == len(words) for found in _NAMED.finditer(words))


def _is_split(head: Sequence[Line], place: int) -> bool:
    """Whether the name begins on the line above: 中华人民共和国, or words that the lower line does not do without."""
    if not place:
        return False
    above, below = (marks.closed_up(line.text) for line in head[place - 1 : place + 1])
    if above in _GOES_BEFORE:
        return True
    if head[place].number - head[place - 1].number > 1 or not _UPPER.fullmatch(above):
        return False
    needed = len(below) <= _HALF or _HANGS.search(above) is not None
    return needed and not _NO_UPPER.fullmatch(above) and not _is_name(head[place - 1].text)


def _name(found: Front, lines: Sequence[Line]) -> str:
    pieces = [marks.closed_up(line.text).strip("《》") for line in lines]
    name = "".join(pieces)
    if len(pieces) > 1 and pieces[0] not in _GOES_BEFORE and not _ON_TRIAL.fullmatch(pieces[1]):
        said = f"法规名称由{told_lines([line.number for line in lines])}连成：“{name}”，请核对。"
        found.doubts.append(Doubt("name", said, lines[0].number))
    return name


def _before(found: Front, lines: Sequence[Line]) -> None:
    """The order of promulgation or the letter that the text came with: no part of it, but it knows the days."""
    if lines:
        told = told_lines([line.number for line in lines])
        said = f"{told}在法规名称之前（如公布令、印发通知），没有作为条文读入。"
        found.doubts.append(Doubt("before", said, lines[0].number))
        words = "".join(line.text for line in lines)
        if _HEREBY.search(words):
            _take_order(found, [line.text for line in lines])
        _take_note(found, words)


def _take_order(found: Front, lines: Sequence[str]) -> None:
    """Whose order it is, and the day below it: 现予公布 means that day, not the meeting's."""
    for line in lines:
        if (order := _ORDER.fullmatch(marks.closed_up(line))) and not order[1].endswith("主席"):
            found.facts.setdefault("制定机关", order[1].removeprefix("中华人民共和国"))
        if _ONLY_A_DAY.fullmatch(line.translate(_ROUND)) and (day := day_in(line)):
            found.facts["发布日期"] = day.isoformat()


# Between the name and the text ---------------------------------------------------------------------------------


def _after(found: Front, lines: Sequence[Line]) -> None:
    notes: list[str] = []
    unread: list[Line] = []
    place = 0
    while place < len(lines):
        text = lines[place].text
        end = _end_of_note(lines, place)
        if end:
            notes.append("".join(line.text for line in lines[place:end])[1:-1])
            place = end
            continue
        if fact := _FACT.fullmatch(text):
            found.facts.setdefault(fact[1], fact[2])
        elif _is_note(text):
            notes.append(text)
        else:
            unread.append(lines[place])
        place += 1
    if notes:
        found.facts["题注"] = "　".join(notes)
        _take_note(found, "　".join(notes))
    found.doubts += unread_doubts(unread)


def _end_of_note(lines: Sequence[Line], place: int) -> int:
    """Where a note in brackets that begins here ends; 0 where none begins."""
    if lines[place].text[0] not in "（(":
        return 0
    for end in range(place, min(len(lines), place + LONGEST_NOTE)):
        if lines[end].text[-1] in "）)":
            whole = "".join(line.text for line in lines[place : end + 1])
            return end + 1 if _days(whole) else 0
    return 0


def _is_note(text: str) -> bool:
    worded = any(words.search(text) for words in (_PUBLISHED, _AMENDED, _APPROVED, _IN_FORCE))
    return worded and len(text) <= 200 and not marks.ends(text) and bool(_days(text))


def unread_doubts(lines: Sequence[Line]) -> list[Doubt]:
    """Lines that nobody understood; those that follow each other are told together."""
    runs: list[list[Line]] = []
    for line in lines:
        if runs and line.number - runs[-1][-1].number <= 2:
            runs[-1].append(line)
        else:
            runs.append([line])
    return [
        Doubt(
            "unread",
            f"{told_lines([line.number for line in run])}未识别，没有读入：“{run[0].text[:30]}”。",
            run[0].number,
        )
        for run in runs
    ]


# Days ----------------------------------------------------------------------------------------------------------


def day_in(text: str) -> date | None:
    """The first day in a text: 2022-02-25, 2022年2月25日, 二〇二二年二月二十五日; none for what is no day."""
    days = _days(text)
    return days[0][0] if days else None


def _days(text: str) -> list[tuple[date, str, str]]:
    """Each day, as it is written, and the words behind it up to the next."""
    plain = text.translate(_ROUND)
    found = list(_DAY.finditer(plain))
    out = []
    for place, mark in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(text)
        try:
            day = date(*(number(part) for part in mark.groups()))
        except ValueError:
            continue
        out.append((day, mark[0], text[mark.end() : end]))
    return out


def _take_note(found: Front, note: str) -> None:
    """Facts that the note tells, where nobody stated them."""
    for day, written, said in _days(note):
        words = _HEREBY.sub("", said).lstrip(BLANKS)
        if _IN_FORCE.search(words[:12]):
            found.facts.setdefault("施行日期", day.isoformat())
            continue
        if _APPROVED.search(words) and not _AMENDED.search(words) and "审议批准" not in found.facts:
            end = max(mark.end() for mark in _APPROVED.finditer(words))
            found.facts["审议批准"] = f"{written}{words[:end]}".replace("　", "").replace(" ", "")
            if meeting := _MEETING.match(words):
                found.facts.setdefault("_制定", meeting[1] or meeting[2])
        if _PUBLISHED.search(words) or _AMENDED.search(words):
            found.facts["_发布"] = day.isoformat()  # the last one: of the text as it stands
            if (issuer := _ISSUER.match(words)) and _PUBLISHED.search(words):
                found.facts["_制定"] = issuer[1].strip().removeprefix("中华人民共和国") or issuer[1].strip()
    if issued := found.facts.pop("_制定", ""):
        found.facts.setdefault("制定机关", issued)
    if published := found.facts.pop("_发布", ""):
        found.facts.setdefault("发布日期", published)


# 目录 ------------------------------------------------------------------------------------------------------------


def _past_contents(found: Front, lines: list[Line]) -> list[Line]:
    """The lines behind 目录: its first entry comes again where the text begins."""
    if not lines or not _is_contents(lines[0].text):
        return lines
    entries = [marks.without_leaders(line.text) for line in lines[1:]]
    if not entries:
        return []
    again = next((n for n, entry in enumerate(entries[1:], 1) if entry == entries[0]), None)
    if (
        again is None
    ):  # it lists what the text does not repeat: up to the first article, or to the last page number
        again = next((n for n, line in enumerate(lines[1:]) if marks.article(line.text)), len(entries))
    found.contents = [entry for entry in entries[:again] if marks.division(entry)]
    return lines[1 + again :]
