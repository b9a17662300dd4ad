"""XML and HTML inside files of questions: parsed without document types and entities, reduced to what people read."""

import html
import re
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from quizapp.errors import Refused

_APART = {
    "p",
    "div",
    "li",
    "br",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "table",
    "blockquote",
    "pre",
}
_SILENT = {"script", "style", "head", "title"}
_MEDIA = {"img", "audio", "video", "object", "embed", "iframe", "svg", "canvas", "math"}

# Python's HTMLParser reads what is left open again and again: 10⁵ characters of "<b " take minutes (CVE-2025-6069).
# So it gets whole tags without attributes. No tag here reaches beyond the next "<", no comment beyond the next "<!--".
_COMMENT = re.compile(r"<!--(?:[^<]|<(?!!--))*?-->|<[!?][^<>]*+>")
_WHOLE_TAG = re.compile(
    r"""<(/?[a-z][^\s/<>"'=]*+)(?:(?:[^<>"']|"[^"<]*"|'[^'<]*')*+>|[^<>]*+>)|<""", re.IGNORECASE
)


def parse_xml(data: bytes) -> Element:
    """The root of an XML file. Raises Refused for broken XML, and for any that declares a document type (H33)."""
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise _refuse("file_dtd", "文件中有文档类型或实体声明，出于安全考虑不读取。") from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise _refuse("file_broken", "文件不是完整的XML，可能没有下载完。") from error
    return root


def _refuse(code: str, sentence: str) -> Refused:
    return Refused(code, sentence, "没有保存任何内容。请重新导出后再上传。", status=422)


def local_name(element: Element) -> str:
    """A tag without its namespace: `{http://…}item` is item."""
    return str(element.tag).rpartition("}")[2]


class _Reader(HTMLParser):
    """Collects what is seen; block elements begin a new line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.media = False
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.media |= tag in _MEDIA
        if tag in _SILENT:
            self._silent += 1
        if tag in _APART:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self._silent:
            self._silent -= 1
        if tag in _APART and tag != "br":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"[ \t\r\n]+", " ", data))


def _bare_tags(markup: str) -> str:
    """HTML without comments and attributes, and with every "<" that opens no tag as text."""
    markup = _COMMENT.sub("", markup)
    return _WHOLE_TAG.sub(lambda found: f"<{found[1]}>" if found[1] else "&lt;", markup)


def _read(markup: str) -> _Reader:
    reader = _Reader()
    reader.feed(_bare_tags(markup))
    reader.close()
    return reader


def seen(markup: str) -> tuple[str, bool]:
    """(text of an HTML fragment, whether it shows or plays something that its text does not say).

    Paragraphs and breaks are lines, everything else of the markup goes.
    """
    reader = _read(markup)
    lines = (line.strip(" ") for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip("\n"), reader.media


def html_of(text: str) -> str:
    """Text as an HTML fragment that `seen` reads back: one paragraph a line, blank lines go."""
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in text.split("\n") if line.strip())
