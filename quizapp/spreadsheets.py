"""Sheets in and out: rows of text from .xlsx, .xls and .csv with the row numbers that Excel shows; workbooks and CSV
in which no text ever becomes a formula (hazard H35).

Reading trusts nothing: sizes are counted before a parser sees the file, and workbooks are parsed in a child process
(`child`, `spreadsheet_reader`). Whatever is wrong with a file becomes `Refused` with a sentence for people (H30, H32).
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import xlsxwriter
from flask import Response, send_file

from quizapp import child, config
from quizapp.errors import Refused
from quizapp.spreadsheet_reader import COLUMNS as COLUMNS
from quizapp.spreadsheet_reader import ROWS as ROWS

HEADER_WITHIN = 10  # a title and remarks may stand above the header
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_STREAMED = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
)  # bzip2 and LZMA unpack a whole piece into memory at once
_FORMULA_STARTS = tuple("=+-@\t\r\0＝＋－＠")  # noqa: RUF001 - the full-width signs are meant

Value = str | int | float | Decimal | None


@dataclass(frozen=True)
class Row:
    """One row as text. number: as in Excel, from 1. damaged: columns whose long number the file no longer holds."""

    number: int
    cells: list[str]
    damaged: tuple[int, ...] = ()

    def cell(self, column: int | None) -> str:
        """The trimmed text of a column; "" where the row is shorter or the sheet has no such column."""
        if column is None or column >= len(self.cells):
            return ""
        return self.cells[column].strip(" \t\r\n\u3000\u00a0\ufeff")

    @property
    def is_blank(self) -> bool:
        return not any(self.cell(column) for column in range(len(self.cells)))


def freeze(rows: Sequence[Row]) -> bytes:
    """Rows as bytes, for keeping them between two steps."""
    return json.dumps([[row.number, row.cells, row.damaged] for row in rows]).encode()


def thaw(data: bytes) -> list[Row]:
    """What `freeze` made, as rows again."""
    return [Row(number, cells, tuple(damaged)) for number, cells, damaged in json.loads(data)]


def _refuse(code: str, sentence: str, advice: str = "请修改后重新上传。") -> Refused:
    return Refused(code, sentence, f"没有保存任何内容。{advice}", status=422)


def read(data: bytes, file_name: str) -> list[Row]:
    """The rows of the first sheet up to the last that holds anything; leading blank rows are kept.

    The file's content decides how it is read; its name only has to end in .xlsx, .xls or .csv. Raises Refused.
    """
    ending = file_name.rpartition(".")[2].lower()
    if ending not in ("xlsx", "xls", "csv"):
        raise _refuse(
            "file_kind", "只能读取.xlsx、.xls和.csv文件。", "请在WPS或Excel中另存为.xlsx后重新上传。"
        )
    if not data.strip():
        raise _refuse("file_empty", "文件是空的。")
    if data.startswith(b"PK"):
        check_zip(data, _broken())
        rows = _read_workbook(data)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        rows = _read_workbook(data)
    elif ending == "csv":
        rows = _read_csv(data)
    else:
        raise _refuse(
            "file_broken", "文件不是真正的Excel工作簿。", "请在WPS或Excel中打开并另存为.xlsx后重新上传。"
        )
    while rows and rows[-1].is_blank:
        rows.pop()
    if not rows:
        raise _refuse("file_empty", "第一张工作表中没有内容。")
    return rows


def check_zip(data: bytes, broken: Refused) -> None:
    """Count what the archive unpacks to, by its own list and then in fact, before any parser opens it.

    Raises Refused, and `broken` for what is no whole archive.
    """
    too_large = _refuse("file_too_large", "文件解压后过大。", "请只保留需要的内容，另存后重新上传。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            most = config.limit("IMPORT_UNPACKED_MB") * 1024 * 1024
            many = len(entries) > config.limit("IMPORT_ENTRIES")
            if many or sum(entry.file_size for entry in entries) > most:
                raise too_large
            if any(entry.compress_type not in _STREAMED for entry in entries):
                raise broken
            unpacked = 0
            for entry in entries:
                with archive.open(entry) as stream:
                    while chunk := stream.read(1 << 20):
                        unpacked += len(chunk)
                        if unpacked > most:
                            raise too_large
    except Refused:
        raise
    except Exception as error:  # damaged, encrypted or lying about its sizes: zipfile raises a dozen classes
        raise broken from error


def _broken() -> Refused:
    return _refuse(
        "file_broken",
        "文件已损坏、已加密，或不是电子表格。",
        "请在WPS或Excel中另存为.xlsx（不设密码）后重新上传。",
    )


def _read_workbook(data: bytes) -> list[Row]:
    try:
        found = child.read("quizapp.spreadsheet_reader", data)
    except child.Failed as error:
        raise _broken() from error
    if "too_large" in found:
        raise _too_many()
    damaged: dict[int, list[int]] = {}
    for row, column in found["damaged"]:
        damaged.setdefault(row, []).append(column)
    return [Row(index + 1, cells, tuple(damaged.get(index, ()))) for index, cells in enumerate(found["rows"])]


def _too_many() -> Refused:
    return _refuse(
        "file_too_large", f"表格超过{ROWS}行或{COLUMNS}列。", "请删除多余的行和列，或拆分后重新上传。"
    )


def decode(data: bytes) -> str:
    """UTF-16 with its mark, UTF-8 with or without, else GB18030, as Excel on Chinese Windows saves it."""
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _refuse("file_encoding", "文件的文字编码无法识别。", "请用UTF-8编码另存后重新上传。")


def _read_csv(data: bytes) -> list[Row]:
    text = decode(data)
    first_line = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",\t;", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    try:
        for number, cells in enumerate(reader, 1):
            rows.append(Row(number, cells))
            if number > ROWS or len(cells) > COLUMNS:
                raise _too_many()
    except csv.Error as error:
        raise _refuse("file_broken", f"文件第{reader.line_num}行的引号不成对，无法读取。") from error
    return rows


def _plain(heading: str) -> str:
    """A heading without blanks, marks of duty and remarks in brackets: "*工号（选填）" is "工号"."""
    return re.sub(r"[\s\u3000*＊：:]|[（(][^（()）]*[)）]", "", heading).casefold()


def columns(header: Row, synonyms: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Which column holds what, for the names that the header has. synonyms: name: the headings that mean it.

    Raises Refused when two columns mean the same.
    """
    meaning = {_plain(heading): name for name, headings in synonyms.items() for heading in headings}
    found: dict[str, int] = {}
    for column in range(len(header.cells)):
        name = meaning.get(_plain(header.cell(column)))
        if name is None:
            continue
        if name in found:
            raise _refuse(
                "two_columns", f"第{header.number}行：有两列都是“{synonyms[name][0]}”，请只保留一列。"
            )
        found[name] = column
    return found


def header_of(
    rows: Sequence[Row], synonyms: Mapping[str, tuple[str, ...]], required: Sequence[str]
) -> tuple[int, dict[str, int]]:
    """The index of the header, among the first ten rows, and its columns. Raises Refused naming what is missing."""
    best: tuple[int, dict[str, int]] | None = None
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        found = columns(row, synonyms)
        if found and (best is None or len(found) > len(best[1])):
            best = index, found
        if found and all(name in found for name in required):
            return index, found
    missing = [synonyms[name][0] for name in required if best is None or name not in best[1]]
    raise _refuse(
        "no_header",
        f"没有找到表头，缺少这些列：{'、'.join(missing)}。",
        "请下载模板，按模板的表头填写后重新上传。",
    )


def letter(column: int) -> str:
    """The letter of a column as Excel shows it: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


@dataclass(frozen=True)
class Sheet:
    """A sheet to write. widths: characters per column. text_columns: columns kept as text when people type in them."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[int] = ()
    text_columns: Sequence[int] = field(default=())


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """An .xlsx: text is written as text, numbers as numbers, None as nothing."""
    return _workbook(sheets, {"in_memory": True})


def large_workbook(sheets: Sequence[Sheet]) -> bytes:
    """The same with one row in memory at a time, the others in a temporary file: for rows that are fetched as they are
    written. Excel, WPS and our own reader read both alike."""
    return _workbook(sheets, {"constant_memory": True})


def _workbook(sheets: Sequence[Sheet], kept: Mapping[str, bool]) -> bytes:
    target = io.BytesIO()
    options = {
        **kept,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    book = xlsxwriter.Workbook(target, options)
    header_format = book.add_format(
        {"bold": True, "bg_color": "#EDF3FA", "border": 1, "text_wrap": True, "valign": "top"}
    )
    text_format = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
    plain_format = book.add_format({"valign": "top", "text_wrap": True})
    for sheet in sheets:
        page = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", sheet.name)[:31])
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)  # as wide as one page, as long as it takes
        if sheet.header:
            page.repeat_rows(0)
        for column in range(max(len(sheet.header), len(sheet.widths))):
            width = sheet.widths[column] if column < len(sheet.widths) else 14
            page.set_column(
                column, column, width, text_format if column in sheet.text_columns else plain_format
            )
        for column, title in enumerate(sheet.header):
            page.write_string(0, column, title, header_format)
        if sheet.header:
            page.freeze_panes(1, 0)
        for number, row in enumerate(sheet.rows, 1 if sheet.header else 0):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    as_text = text_format if column in sheet.text_columns else plain_format
                    page.write_string(number, column, value[:32767], as_text)
                elif value is not None:
                    page.write_number(number, column, value)
    book.close()
    return target.getvalue()


def _safe(value: Value) -> str:
    """A text that a spreadsheet program could take for a formula gets an apostrophe in front; numbers stay."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    return (
        f"'{value}"
        if value.startswith(_FORMULA_STARTS) or value.lstrip().startswith(_FORMULA_STARTS)
        else value
    )


def unsafe(cell: str) -> str:
    """A cell of a .csv as it was before `csv_bytes` put an apostrophe in front of it."""
    return cell[1:] if cell.startswith("'") and _safe(cell[1:]) == cell else cell


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A .csv that Excel opens as Chinese text: UTF-8 with its mark, CRLF, formula-safe."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([_safe(heading) for heading in header])
    writer.writerows([_safe(value) for value in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def download(data: bytes, file_name: str, mimetype: str = XLSX) -> Response:
    """A file to keep, under a Chinese name that every browser understands (RFC 6266), in no cache."""
    response = send_file(
        io.BytesIO(data), mimetype=mimetype, as_attachment=True, download_name=file_name, etag=False
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
