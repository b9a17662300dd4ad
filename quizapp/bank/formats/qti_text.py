"""XML and text as the QTI formats have it: encodings, names in three spellings, HTML within XML, and its writing."""

import codecs
import html
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, indent, tostring

from quizapp.bank.formats.markup import local_name, parse_xml

_DECLARED = re.compile(
    rb"\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})[\"'][^>]{0,200}\?>"
)
_SIMPLE = re.compile("[a-z][a-z0-9]{0,19}")
_LIKE_HTML = re.compile(
    r"</?(?:p|br|div|span|b|i|u|em|strong|font|img|sub|sup|[uo]l|li|table|a|h[1-6])(?:[\s/][^<>]{0,2000})?>"
    r"|&(?:nbsp|lt|gt|amp|quot|#\d{1,7});",
    re.IGNORECASE,
)
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACES = re.compile(r"^ +| (?= )", re.MULTILINE)


def root_of(data: bytes) -> Element:
    """The root of an XML file, also in GBK or Big5, which expat does not read. Raises Refused."""
    return parse_xml(as_utf8(data))


def as_utf8(data: bytes) -> bytes:
    """XML in a Chinese encoding as UTF-8; anything else as it is. Without a declaration GB18030 is tried last."""
    declared = _DECLARED.match(data)
    if declared is None:
        return data if _decodes(data, "utf-8") or data[:2] in (b"\xff\xfe", b"\xfe\xff") else _from_gb(data)
    encoding = declared[1].decode().lower()
    if encoding.startswith("gb"):
        return _from_gb(data[declared.end() :])
    if encoding.startswith("big5") and _decodes(data, "big5hkscs"):
        return data[declared.end() :].decode("big5hkscs").encode()
    return data


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        codecs.decode(data, encoding)
    except UnicodeDecodeError:
        return False
    return True


def _from_gb(data: bytes) -> bytes:
    return data.decode("gb18030").encode() if _decodes(data, "gb18030") else data


def plain(name: str) -> str:
    """A name as QTI 2 spells it: qti-simple-choice is simpleChoice, response-identifier is responseIdentifier."""
    if "-" not in name:
        return name
    first, *rest = name.removeprefix("qti-").split("-")
    return first + "".join(part.capitalize() for part in rest)


def name_of(element: Element) -> str:
    """The element's name without namespace, in the spelling of QTI 2."""
    return plain(local_name(element))


def attribute(element: Element, name: str) -> str:
    """An attribute by its QTI 2 name, in either spelling; "" where it is absent."""
    return element.get(name) or element.get(re.sub("([A-Z])", lambda big: "-" + big[1].lower(), name)) or ""


def children(element: Element, *names: str) -> list[Element]:
    return [child for child in element if name_of(child) in names]


def descendants(element: Element, *names: str) -> list[Element]:
    return [child for child in element.iter() if name_of(child) in names]


def words_of(element: Element | None) -> str:
    """All text inside an element on one line; "" for None."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


# HTML in XML --------------------------------------------------------------------------------------------------


def markup_of(element: Element, skip: frozenset[str] = frozenset()) -> str:
    """What stands inside an element as HTML without attributes, leaving out the elements named in skip.

    No recursion: a hostile file may nest as deep as it likes.
    """
    parts = [_escaped(element.text)]
    around: list[tuple[str, Iterator[Element], str | None]] = [("", iter(element), None)]
    while around:
        tag, inside, tail = around[-1]
        child = next(inside, None)
        if child is None:
            around.pop()
            parts += [f"</{tag}>" if tag else "", _escaped(tail)]
        elif name_of(child) in skip:
            parts.append(_escaped(child.tail))
        else:
            tag = _html_tag(name_of(child))
            parts += [f"<{tag}>", _escaped(child.text)]
            around.append((tag, iter(child), child.tail))
    return "".join(parts)


def _escaped(text: str | None) -> str:
    return html.escape(text or "", quote=False)


def _html_tag(name: str) -> str:
    if name in ("prompt", "contentBody") or name.endswith("Choice"):
        return "div"
    return name.lower() if _SIMPLE.fullmatch(name.lower()) else "span"


def like_html(text: str) -> bool:
    """Whether a text that does not say what it is has HTML tags in it."""
    return _LIKE_HTML.search(text) is not None


# Writing ------------------------------------------------------------------------------------------------------


def element(tag: str, attributes: dict[str, str] | None = None, *content: Element | str) -> Element:
    """An element with its attributes, and its text or its children. Signs that XML cannot hold go."""
    made = Element(tag, {name: _NOT_XML.sub("", value) for name, value in (attributes or {}).items()})
    for part in content:
        if isinstance(part, str):
            made.text = _NOT_XML.sub("", part)
        else:
            made.append(part)
    return made


def paragraphs(text: str) -> list[Element]:
    """A paragraph a line. No-break spaces keep what HTML would collapse: blank lines, indents, double blanks."""
    return [element("p", None, kept_blanks(line) or "\u00a0") for line in text.split("\n")]


def kept_blanks(line: str) -> str:
    """A line of text whose runs of blanks survive in HTML; `tidy` makes them blanks again."""
    return _SPACES.sub(lambda blanks: "\u00a0" * len(blanks[0]), line)


def document(root: Element) -> bytes:
    """A whole file, indented for people; text that is mixed with elements is left alone."""
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"
