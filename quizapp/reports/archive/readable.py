"""Pages of an archive as HTML and as text, written line by line: any browser and any editor reads them. Pure.

Nothing is fetched from anywhere, no script; every text is escaped.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

Row = Sequence[str]

STYLE = (
    'body{font:16px/1.7 "Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif;color:#16202c;'
    "max-width:1080px;margin:32px auto;padding:0 20px}"
    "h1{font-size:26px;margin:0 0 16px}h2{font-size:19px;margin:32px 0 8px}"
    "table{border-collapse:collapse;width:100%;font-size:15px}"
    "th,td{border:1px solid #c9ced6;padding:6px 10px;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "thead th{background:#edf3fa}td.code{font:12px/1.5 monospace}td.n{white-space:nowrap}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 20px;margin:0}dt{color:#5e6977}dd{margin:0}"
    "a{color:#1c5a9e}.none{color:#5e6977}@media print{body{margin:0;max-width:none;font-size:11pt}}"
)
NOTHING = "无。"


@dataclass(frozen=True)
class Part:
    """A part of a page: facts (name, words), sentences, and a table. rows: gives the rows anew each time; links: the
    place of the column that names files beside the page. A table without rows says 无。"""

    title: str
    facts: Sequence[tuple[str, str]] = ()
    lines: Sequence[str] = ()
    headings: Sequence[str] = ()
    rows: Callable[[], Iterator[Row]] | None = None
    links: int | None = None


def html(title: str, parts: Sequence[Part]) -> Iterator[bytes]:
    """The page, in pieces."""
    yield (
        f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{escape(title)}</title><style>{STYLE}</style></head>\n'
        f"<body><h1>{escape(title)}</h1>\n"
    ).encode()
    for part in parts:
        yield from (line.encode() for line in _html_part(part))
    yield b"</body></html>\n"


def _html_part(part: Part) -> Iterator[str]:
    if part.title:
        yield f"<h2>{escape(part.title)}</h2>\n"
    if part.facts:
        yield (
            "<dl>" + "".join(f"<dt>{escape(n)}</dt><dd>{_broken(w)}</dd>" for n, w in part.facts) + "</dl>\n"
        )
    for line in part.lines:
        yield f"<p>{_broken(line)}</p>\n"
    if part.rows is not None:
        yield from _html_table(part)


def _html_table(part: Part) -> Iterator[str]:
    rows = part.rows() if part.rows else iter(())
    first = next(rows, None)
    if first is None:
        yield f'<p class="none">{NOTHING}</p>\n'
        return
    yield (
        "<table><thead><tr>"
        + "".join(f'<th scope="col">{escape(heading)}</th>' for heading in part.headings)
        + "</tr></thead><tbody>\n"
    )
    yield _html_row(part, first)
    for row in rows:
        yield _html_row(part, row)
    yield "</tbody></table>\n"


def _html_row(part: Part, row: Row) -> str:
    return "<tr>" + "".join(_html_cell(part, place, cell) for place, cell in enumerate(row)) + "</tr>\n"


def _html_cell(part: Part, place: int, cell: str) -> str:
    if place == part.links:
        return f'<td><a href="{quote(cell)}">{escape(cell)}</a></td>'
    kind = ""
    if len(cell) == 64 and cell.isascii() and cell.isalnum():
        kind = ' class="code"'
    elif cell.replace(",", "").isdecimal():
        kind = ' class="n"'
    return f"<td{kind}>{_broken(cell)}</td>"


def _broken(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def text(title: str, parts: Sequence[Part]) -> Iterator[bytes]:
    """The same as text for any editor: UTF-8 with its mark, lines as Windows ends them."""
    yield f"\ufeff{title}\r\n{'=' * 40}\r\n".encode()
    for part in parts:
        yield from (f"{_flat(line)}\r\n".encode() for line in _text_part(part))


def _text_part(part: Part) -> Iterator[str]:
    yield ""
    if part.title:
        yield f"【{part.title}】"
    yield from (f"{name}：{words}" for name, words in part.facts)
    yield from part.lines
    if part.rows is not None:
        empty = True
        for row in part.rows():
            empty = False
            yield "　".join(cell for cell in row if cell)
        if empty:
            yield NOTHING


def _flat(line: str) -> str:
    return " ".join(line.split("\n"))
