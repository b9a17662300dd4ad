"""The text of a Word file, block by block in the order of the document. `child.read` runs this in a child process.

Says {"blocks": [block, …], "told": [[what, words], …]}, or {"refused": "dtd" | "macros" | "not_word"}. A block is
["text", lines, [[what, line within], …]] or ["table", [row, …]]; a row has a cell per column: a list of blocks, or
null where the cell above goes on. What: picture, formula, object, symbol, note, box; and of the whole file: deleted,
hidden, header, comment.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException

from quizapp.bank.formats.word_numbers import Numbers
from quizapp.bank.formats.word_parts import Parts, attribute, every, inside, local, number, switched_on, value
from quizapp.bank.formats.word_symbols import is_symbol_font, sign

BLANK = "（　　）"
COLUMNS = 63  # as many as Word allows
_NO_TEXT = {"pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "rt", "delText"}
_BREAKS = {"tab": "\t", "ptab": "\t", "cr": "\n", "br": "\n", "noBreakHyphen": "-"}
_NOTES = {"footnoteReference", "endnoteReference"}
_PICTURES = {"blip", "imagedata", "chart", "relIds", "lockedCanvas", "inkPart", "contentPart"}
_UNDERLINED_ANSWER = re.compile(r"[ \t\u3000\u00a0]+([A-H]{1,8}|[√×✓✗])[ \t\u3000\u00a0]+")
_IN_BRACKETS = re.compile(rf"[（(][ \u3000\u00a0]*{BLANK}[ \u3000\u00a0]*[）)]")

Block = list[Any]


def read(data: bytes) -> dict[str, Any]:
    """Raises whatever a damaged file makes the parsers raise: the child ends, and its caller refuses the file."""
    try:
        parts = Parts(data)
        if parts.has_macros:
            return {"refused": "macros"}
        document = parts.tree(parts.main)
        if local(document) != "document":
            return {"refused": "not_word"}
        page = _Page(Numbers(parts.one("numbering"), parts.one("styles")))
        blocks = page.blocks(inside(document, "body"))
        return {"blocks": blocks, "told": [*([what, ""] for what in sorted(page.told)), *_beside(parts)]}
    except DefusedXmlException:
        return {"refused": "dtd"}


def _beside(parts: Parts) -> Iterator[list[str]]:
    """What stands in headers, footers and comments, page numbers apart: [what, its first words]."""
    for what, kinds in (("header", ("header", "footer")), ("comment", ("comments",))):
        for name in (name for kind in kinds for name in parts.related(parts.main, kind)):
            text = "".join(found.text or "" for found in parts.tree(name).iter() if local(found) == "t")
            if re.sub(r"[\s\d第页共/／.·—–-]", "", text):  # noqa: RUF001
                yield [what, text.strip()[:20]]


class _Page:
    """Walks through a document once, from its first paragraph to its last."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self.told: set[str] = set()

    def blocks(self, container: Element | None) -> list[Block]:
        """The paragraphs and tables of a body, a cell or a text box; wrappers are looked into."""
        found: list[Block] = []
        held: _Paragraph | None = None  # its mark was deleted: it runs on into the next
        for element in self._unwrapped(container):
            if local(element) == "tbl":
                found.append(["table", [self._row(row) for row in self._rows(element)]])
            elif local(element) == "altChunk":
                found.append(["text", "", [["object", 0]]])
            else:
                paragraph = held or _Paragraph(self)
                held = paragraph if self._runs_on(element) else None
                if held is None:
                    paragraph.label = self._numbers.label(inside(element, "pPr"))
                paragraph.take(element)
                found.extend([] if held else paragraph.blocks())
        return [*found, *(held.blocks() if held else [])]

    def _unwrapped(self, container: Element | None) -> Iterator[Element]:
        for element in container if container is not None else ():
            name = local(element)
            if name in ("p", "tbl", "altChunk"):
                yield element
            elif name in ("del", "moveFrom"):
                self.told.add("deleted")
            elif name == "AlternateContent":
                yield from self._unwrapped(chosen(element))
            elif name not in _NO_TEXT:
                yield from self._unwrapped(element)

    def _runs_on(self, paragraph: Element) -> bool:
        deleted = inside(paragraph, "pPr", "rPr", "del") is not None
        if deleted:
            self.told.add("deleted")
        return deleted

    def _rows(self, element: Element) -> Iterator[Element]:
        for child in element:
            name = local(child)
            if name == "tr" and inside(child, "trPr", "del") is not None:
                self.told.add("deleted")
            elif name == "tr":
                yield child
            elif name not in _NO_TEXT:
                yield from self._rows(child)

    def _row(self, row: Element) -> list[list[Block] | None]:
        cells: list[list[Block] | None] = [[] for _ in range(_few(value(row, "trPr", "gridBefore"), 0))]
        for cell in _cells(row):
            merged = inside(cell, "tcPr", "vMerge")
            goes_on = merged is not None and attribute(merged, "val") != "restart"
            cells.append(None if goes_on and not has_text(cell) else self.blocks(cell))
            cells.extend([] for _ in range(_few(value(cell, "tcPr", "gridSpan"), 1) - 1))
        return cells[:COLUMNS]


class _Paragraph:
    """The text of one paragraph with the blanks that underlined spaces make, and what no text can show."""

    def __init__(self, page: _Page) -> None:
        self.label = ""
        self._page = page
        self._pieces: list[tuple[str, bool]] = []  # text, underlined
        self._marks: list[list[Any]] = []
        self._boxes: list[Block] = []
        self._lines = 0  # breaks so far
        self._underlined = self._leaders = False
        self._font = ""
        self._ways: dict[str, Callable[[Element], None]] = {
            "r": self._run,
            "sym": self._symbol,
            "del": self._deleted,
            "moveFrom": self._deleted,
            "oMath": self._formula,
            "drawing": self._drawing,
            "pict": self._drawing,
            "object": self._drawing,
            "instrText": self._instruction,
            "AlternateContent": lambda element: self.take(chosen(element)),
        }

    def take(self, element: Element | None) -> None:
        """The children of a paragraph, a run or any wrapper (hyperlink, insertion, content control, field)."""
        if element is not None and local(element) == "p":
            tabs = inside(element, "pPr", "tabs")
            self._leaders = any(attribute(tab, "leader") == "underscore" for tab in every(tabs, "tab"))
        for child in element if element is not None else ():
            name = local(child)
            if name == "t":
                self._say(child.text or "")
            elif name in _BREAKS:
                self._break(child, name)
            elif name in _NOTES:
                self._mark("note")
            elif name in self._ways:
                self._ways[name](child)
            elif name not in _NO_TEXT:
                self.take(child)

    def blocks(self) -> list[Block]:
        """This paragraph, and behind it the text boxes that hang on it."""
        text = _IN_BRACKETS.sub(BLANK, "".join(self._with_blanks()))
        label = self.label if text.strip() or self._marks else ""
        return [["text", label + text, self._marks], *self._boxes]

    def _with_blanks(self) -> Iterator[str]:
        place = 0
        while place < len(self._pieces):
            start, underlined = place, self._pieces[place][1]
            while place < len(self._pieces) and self._pieces[place][1] == underlined:
                place += 1
            text = "".join(piece for piece, _ in self._pieces[start:place])
            yield blank_or_answer(text) if underlined else text

    def _say(self, text: str) -> None:
        if is_symbol_font(self._font):
            shown = "".join(sign(ord(letter), self._font) for letter in text)
            if len(shown) < len(text):
                self._mark("symbol")
            text = shown
        self._pieces.append((re.sub("[\r\n]+", " ", text), self._underlined))

    def _break(self, element: Element, name: str) -> None:
        """A tab may carry a line to write on; a new page or column breaks no line of text."""
        if attribute(element, "type") not in ("page", "column"):
            text = _BREAKS[name]
            self._pieces.append((text, text == "\t" and (self._underlined or self._leaders)))
            self._lines += text == "\n"

    def _mark(self, what: str) -> None:
        self._marks.append([what, self._lines])

    def _run(self, run: Element) -> None:
        properties = inside(run, "rPr")
        fonts = inside(properties, "rFonts")
        outside = self._underlined, self._font
        self._underlined = switched_on(properties, "u")
        self._font = attribute(fonts, "ascii") if fonts is not None else ""
        if switched_on(properties, "vanish") and has_text(run):
            self._page.told.add("hidden")
        self.take(run)
        self._underlined, self._font = outside

    def _symbol(self, element: Element) -> None:
        code = attribute(element, "char")
        shown = (
            sign(int(code, 16), attribute(element, "font")) if re.fullmatch("[0-9A-Fa-f]{1,5}", code) else ""
        )
        if not shown:
            self._mark("symbol")
        self._pieces.append((shown, self._underlined))

    def _deleted(self, _element: Element) -> None:
        self._page.told.add("deleted")

    def _formula(self, element: Element) -> None:
        self._mark("formula")
        self._say("".join(found.text or "" for found in element.iter() if local(found) == "t"))

    def _instruction(self, element: Element) -> None:
        """A field: what it shows follows as text, but an EQ field (fractions, ringed figures) draws itself."""
        if re.match(r"\s*eq\b", element.text or "", re.IGNORECASE):
            self._mark("formula")

    def _drawing(self, element: Element) -> None:
        boxes = list(_text_boxes(element))
        for box in boxes:
            self._boxes.extend(self._page.blocks(box))
        if boxes:
            self._mark("box")
        seen = {local(found) for found in element.iter()}
        if local(element) == "object":
            self._mark("object")
        elif seen & _PICTURES or not (boxes or _is_rule(element)):
            self._mark("picture")


def blank_or_answer(text: str) -> str:
    """Underlined text: spaces alone are a blank to fill in, a letter between spaces is an answer filled in."""
    plain = text.strip(" \t\u3000\u00a0")
    if not plain and (len(text) > 1 or text in ("\t", "\u3000")):
        return BLANK
    answer = _UNDERLINED_ANSWER.fullmatch(text)
    return f"（{answer[1]}）" if answer else text


def chosen(element: Element) -> Element | None:
    """Of several ways to show the same, the first, which newer programs show."""
    choice = inside(element, "Choice")
    return inside(element, "Fallback") if choice is None else choice


def has_text(cell: Element) -> bool:
    return any((found.text or "").strip() for found in cell.iter() if local(found) == "t")


def _cells(row: Element) -> Iterator[Element]:
    for child in row:
        if local(child) == "tc":
            yield child
        elif local(child) not in _NO_TEXT:
            yield from _cells(child)


def _text_boxes(element: Element | None) -> Iterator[Element]:
    for child in element if element is not None else ():
        if local(child) == "txbxContent":
            yield child
        else:
            yield from _text_boxes(chosen(child) if local(child) == "AlternateContent" else child)


def _is_rule(element: Element) -> bool:
    """A line across the page."""
    return any(attribute(found, "hr") == "t" for found in element.iter())


def _few(text: str, default: int) -> int:
    return min(number(text, default), COLUMNS)
