"""Source text to lines that can be compared: what is said stays as it is, beside it a shadow in one spelling.

The shadow has a character for every character of the text, so a mark that is found in the shadow (a bracket, a
letter, a colon of any width, 單選題 in traditional script) is cut out of the text at the same place.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
    "\ud800-\udfff]"
)
_BREAKS = re.compile("[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u2488-\u249b]")  # Ａ ６ and ⒈ to ⒛
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
_SHADOWS = (
    ("（﹙", "(("),
    ("）﹚", "))"),
    ("［【『「〖", "[[[[["),
    ("］】』」〗", "]]]]]"),
    ("：﹕∶︰", "::::"),
    ("．﹒", ".."),
    ("，；？！", ",;?!"),
    ("\u3000", " "),
    ("＿﹍﹎", "___"),
    ("✓✔☑", "√√√"),
    ("✗✘╳☒❌✖", "××××××"),
    ("－—–‐‑−～~﹣", "---------"),
    ("＃｜│／＼", "#||/\\"),
    (
        "單選項擇題斷確錯誤對釋據難編號點參標準滿頁條節來屬圍試類詳",
        "单选项择题断确错误对释据难编号点参标准满页条节来属围试类详",
    ),
)
_ENDED = tuple("。！？；：!?;:")
_CLOSING = "”’』」）)】（( \u3000"  # an ending mark may stand before these
_BULLET = re.compile(r"[•●○·◆◇■□▪►▶➢◎※>] *|[-*+] +")
_PAGE_IN_LINE = re.compile(r" {0,3}第 {0,3}\d{1,4} {0,3}页 {0,3}[,/]? {0,3}[共总] {0,3}\d{1,4} {0,3}页 {0,3}")
_PAGE = re.compile(
    r"-{1,3} {0,3}\d{1,4} {0,3}-{1,3}|第 {0,3}\d{1,4} {0,3}页|\d{1,4} {0,3}/ {0,3}\d{1,4}"
    r"|[Pp]age {0,3}\d{1,4}(?: {0,3}(?:of|/) {0,3}\d{1,4})?|共 {0,3}\d{1,4} {0,3}页"
)
_SITE = re.compile(
    r"https?:|www\.|\.com|\.cn|\.net|\.org|(?:关注|欢迎|更多).{0,20}(?:公众号|扫码|二维码)|公众号 ?:"
)
_STARTS_AS_MARK = re.compile(r"[#\d(\[]|[A-Ka-k] ?[.、:)]")
_MARKED = re.compile(r"[：:]|^[#\d(（【\[A-Ha-h一二三四五六七八九十]")
_HEADER = re.compile(r"题库|试题|试卷|考试|资料|网")
LONGEST = 8000  # characters: a longer line, a whole paper without line ends, is read in stretches


@dataclass(slots=True)
class Line:
    """A stretch of one line of the source. number: in the source, from 1; text and shadow are equally long."""

    number: int
    text: str
    shadow: str
    indented: bool = False
    blanks: int = 0  # blank lines above it

    def cut(self, start: int, end: int | None = None) -> "Line":
        """The stretch from start to end without the blanks around it."""
        shadow = self.shadow[start:end]
        left = len(shadow) - len(shadow.lstrip(" "))
        width = len(shadow.rstrip(" "))
        begin = start + left
        return Line(self.number, self.text[begin : start + width], self.shadow[begin : start + width])


@dataclass(slots=True)
class Noise:
    """What stands on the page and belongs to no question: a page number, the name of a site."""

    number: int
    text: str


def span(first: int, last: int) -> str:
    """第3行, 第3至5行: how messages name lines."""
    return f"第{first}行" if first == last else f"第{first}至{last}行"


def shadow_of(text: str) -> str:
    """The text in one spelling of brackets, colons, blanks and marks; as long as the text."""
    for originals, plain in _SHADOWS:
        for original, replacement in zip(originals, plain, strict=True):
            text = text.replace(original, replacement)
    return text


def lines_of(text: str) -> tuple[list[Line], list[Noise]]:
    """The lines that say something, and what was left out as noise. Line numbers count \\n, \\r\\n and \\r."""
    text = _plain(text)
    rows = zip(text.split("\n"), shadow_of(text).split("\n"), strict=True)
    noise: list[Noise] = []
    lines: list[Line] = []
    blanks = 0
    torn = False  # by a page break: the blank lines around it say nothing
    headers = _page_headers(text)
    for number, part, shadow in _stretches(rows):
        stripped = shadow.strip(" ")
        if not stripped:
            blanks += not torn
            continue
        line = Line(number, part, shadow).cut(0)
        line.indented = shadow[0] == " "
        if _is_noise(line.shadow) or line.text in headers:
            noise.append(Noise(number, line.text))
            blanks, torn = 0, True
            continue
        line = _without_decoration(_without_page_marks(line, noise))
        if line.shadow:
            line.blanks, blanks, torn = blanks, 0, False
            lines.append(line)
    return lines, noise


def _plain(text: str) -> str:
    """No invisible characters, one kind of line end and of blank, letters and digits of one width."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    text = _INVISIBLE.sub("", text)
    for space in _SPACES:
        text = text.replace(space, " ")
    return _WIDE.sub(_narrow, text)


def _narrow(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"{code - 0x2487}." if code < 0xFF00 else chr(code - 0xFEE0)


def _stretches(rows: Iterable[tuple[str, str]]) -> Iterator[tuple[int, str, str]]:
    """A line that holds page breaks or soft line breaks is several lines with one number; so is one without end."""
    for number, (text, shadow) in enumerate(rows, 1):
        begin = 0
        for found in _BREAKS.finditer(text):
            yield number, text[begin : found.start()], shadow[begin : found.start()]
            begin = found.end()
        while len(text) - begin > LONGEST:
            end = text.rfind("。", begin, begin + LONGEST) + 1 or begin + LONGEST
            yield number, text[begin:end], shadow[begin:end]
            begin = end
        yield number, text[begin:], shadow[begin:]


def _is_noise(shadow: str) -> bool:
    if len(shadow) > 60:
        return False
    if _PAGE.fullmatch(shadow) or _PAGE_IN_LINE.fullmatch(shadow):
        return True
    if _STARTS_AS_MARK.match(shadow) or "(" in shadow or is_ended(shadow):
        return False
    return bool(_SITE.search(shadow))


def _page_headers(text: str) -> frozenset[str]:
    """Lines that come back at least three times and name a paper or a site: the head or foot of pages."""
    counts = Counter(line.strip(" \u3000") for line in text.split("\n"))
    return frozenset(
        line
        for line, count in counts.items()
        if count > 2 and 4 <= len(line) <= 30 and _HEADER.search(line) and _names_a_paper(line)
    )


def _names_a_paper(line: str) -> bool:
    return not is_ended(line) and not _MARKED.search(line)


def _without_page_marks(line: Line, noise: list[Noise]) -> Line:
    """A page mark inside a line, even inside a word, is taken out."""
    if "页" not in line.shadow:
        return line
    text, shadow, begin = [], [], 0
    for found in _PAGE_IN_LINE.finditer(line.shadow):
        noise.append(Noise(line.number, line.text[found.start() : found.end()].strip()))
        text.append(line.text[begin : found.start()])
        shadow.append(line.shadow[begin : found.start()])
        begin = found.end()
    if not begin:
        return line
    text.append(line.text[begin:])
    shadow.append(line.shadow[begin:])
    return Line(line.number, "".join(text), "".join(shadow), line.indented)


def _without_decoration(line: Line) -> Line:
    """List bullets and the ** of markdown are no part of the words."""
    bullet = _BULLET.match(line.shadow)
    emphasised = line.shadow.count("**") and line.shadow.count("**") % 2 == 0
    if not bullet and not emphasised:
        return line
    indented = line.indented
    if emphasised:
        line = Line(line.number, line.text.replace("**", ""), line.shadow.replace("**", "")).cut(0)
        bullet = _BULLET.match(line.shadow)
    if bullet and bullet.end() < len(line.shadow):
        line = line.cut(bullet.end())
    line.indented = indented
    return line


def is_ended(text: str) -> bool:
    """Whether a sentence, or what introduces a list, ends here; “……。（　　）” has ended too."""
    return text[-40:].rstrip(_CLOSING).endswith(_ENDED)
