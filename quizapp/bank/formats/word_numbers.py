"""The numbers that Word counts by itself ("1、", "A.", "（一）"). They stand in no text, so they are counted again.

A paragraph names a list and a level, itself or through its style; the list says how each level is counted, written
and begun again (ECMA-376 part 1, 17.9). Runs in a child process.
"""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from quizapp.bank.formats.word_parts import attribute, every, inside, local, number, switched_on, value
from quizapp.regulations.numerals import DIGITS, words

_LEGAL = str.maketrans("一二三四五六七八九十百千〇", "壹贰叁肆伍陆柒捌玖拾佰仟零")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")  # noqa: RUF001 - the full-width digits are meant
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_ROWS = {  # format: signs for 1, 2, 3 …
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
}
_ROWS["decimalEnclosedCircleChinese"] = _ROWS["decimalEnclosedCircle"]
_COUNTED = {
    *("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand"),
    *("japaneseCounting", "ideographLegalTraditional", "chineseLegalSimplified"),
}
_DIGITS = ("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand")


def figure(count: int, form: str) -> str:
    """A count as this format of Word writes it: (2, "upperLetter") is B. An unknown format counts in digits."""
    if form in _ROWS and 1 <= count <= len(_ROWS[form]):
        return _ROWS[form][count - 1]
    if form in ("upperLetter", "lowerLetter") and 1 <= count <= 260:
        letter = chr(ord("A") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("upperRoman", "lowerRoman") and 1 <= count <= 3999:
        return _roman(count).upper() if form == "upperRoman" else _roman(count)
    if form in _COUNTED and 1 <= count <= 9999:
        return words(count).translate(_LEGAL) if "Legal" in form else words(count)
    if form in _DIGITS:
        return "".join(DIGITS[int(digit)] for digit in str(count))
    if form.startswith("decimalFullWidth"):
        return str(count).translate(_FULL_WIDTH)
    return {"none": "", "decimalZero": f"{count:02d}", "numberInDash": f"- {count} -"}.get(form, str(count))


def _roman(count: int) -> str:
    text = ""
    for worth, sign in _ROMAN:
        times, count = divmod(count, worth)
        text += sign * times
    return text


@dataclass(frozen=True)
class Level:
    """How one level of a list is counted. restart: the level, from 1, after which it begins again; None: any above."""

    start: int
    form: str
    text: str  # "%1.%2、"
    glued: bool  # nothing stands between the number and the text
    legal: bool  # the levels above are shown in digits
    restart: int | None
    style: str

    @classmethod
    def of(cls, element: Element) -> "Level":
        restart = value(element, "lvlRestart")
        custom = inside(
            element, "AlternateContent", "Choice"
        )  # 001, 002 …, with what older programs show instead
        form = value(element, "numFmt") or value(custom, "numFmt")
        return cls(
            number(value(element, "start"), 0 if inside(element, "start") is None else 1),
            form or "decimal",
            value(element, "lvlText"),
            value(element, "suff") == "nothing",
            switched_on(element, "isLgl"),
            number(restart, 0) if restart else None,
            value(element, "pStyle"),
        )


@dataclass
class _List:
    """A `num`: the definition it counts by, and where it differs from it."""

    definition: str
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


class Numbers:
    """Counts the paragraphs of a document in their order."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._styles = {attribute(style, "styleId"): style for style in every(styles, "style")}
        self._usual = next(
            (
                name
                for name, style in self._styles.items()
                if attribute(style, "default") in ("1", "true") and attribute(style, "type") == "paragraph"
            ),
            "",
        )
        self._definitions = {attribute(one, "abstractNumId"): one for one in every(numbering, "abstractNum")}
        self._lists = {attribute(one, "numId"): _list(one) for one in every(numbering, "num")}
        self._levels = {name: self._levels_of(one) for name, one in self._definitions.items()}
        self._counts: dict[str, dict[int, int]] = {}  # definition: level: count
        self._begun: set[tuple[str, int]] = set()  # lists that have used up a start of their own

    def label(self, properties: Element | None) -> str:
        """The number in front of the next paragraph with these properties (pPr), with a blank behind; "" for none."""
        name, depth = self._place(properties)
        found = self._lists.get(name)
        level = self._level(found, depth) if found else None
        if found is None or level is None:
            return ""
        self._count(name, found, depth, level)
        text = self._written(found, depth, level)
        return text if level.glued or not text else f"{text} "

    def _place(self, properties: Element | None) -> tuple[str, int]:
        """(numId, ilvl), what the paragraph says before what its style says."""
        name, depth = value(properties, "numPr", "numId"), value(properties, "numPr", "ilvl")
        style = value(properties, "pStyle") or self._usual
        seen: set[str] = set()
        while not name and style in self._styles and style not in seen:
            seen.add(style)
            said = inside(self._styles[style], "pPr")
            name = value(said, "numPr", "numId")
            depth = depth or value(said, "numPr", "ilvl") or (self._depth_for(name, style) if name else "")
            style = value(self._styles[style], "basedOn")
        return name, number(depth, 0)

    def _depth_for(self, name: str, style: str) -> str:
        """The level that a style is tied to, in the list that the style names."""
        found = self._lists.get(name)
        levels = self._levels.get(found.definition, {}) if found else {}
        return next((str(depth) for depth, level in levels.items() if level.style == style), "")

    def _level(self, found: _List, depth: int) -> Level | None:
        return found.levels.get(depth) or self._levels.get(found.definition, {}).get(depth)

    def _count(self, name: str, found: _List, depth: int, level: Level) -> None:
        counts = self._counts.setdefault(found.definition, {})
        if depth in found.starts and (name, depth) not in self._begun:
            self._begun.add((name, depth))
            counts.pop(depth, None)
        start = found.starts.get(depth, level.start)
        counts[depth] = counts[depth] + 1 if depth in counts else start
        for below in [below for below in counts if below > depth]:
            lower = self._level(found, below)
            if lower is None or lower.restart is None or depth < lower.restart:
                del counts[below]

    def _written(self, found: _List, depth: int, level: Level) -> str:
        if level.form == "bullet":  # a dot or a tick of a symbol font says nothing
            return level.text if re.search(r"[0-9A-Za-z一-鿿]", level.text) else ""
        counts = self._counts[found.definition]

        def of(mark: re.Match) -> str:
            other = int(mark[1]) - 1
            shown = level if other == depth else self._level(found, other)
            if shown is None:
                return ""
            count = counts.get(other, found.starts.get(other, shown.start))
            return figure(count, "decimal" if level.legal else shown.form)

        return re.sub("%([1-9])", of, level.text)

    def _levels_of(self, definition: Element) -> dict[int, Level]:
        """The levels of a definition, or of the one that it borrows through a list style."""
        linked = self._styles.get(value(definition, "numStyleLink"))
        borrowed = self._lists.get(value(linked, "pPr", "numPr", "numId"))
        if borrowed and borrowed.definition in self._definitions:
            definition = self._definitions[borrowed.definition]
        return {number(attribute(one, "ilvl"), 0): Level.of(one) for one in every(definition, "lvl")}


def _list(element: Element) -> _List:
    found = _List(value(element, "abstractNumId"))
    for override in every(element, "lvlOverride"):
        depth = number(attribute(override, "ilvl"), 0)
        for said in override:
            if local(said) == "startOverride":
                found.starts[depth] = number(attribute(said, "val"), 1)
            elif local(said) == "lvl":
                found.levels[depth] = Level.of(said)
    return found
