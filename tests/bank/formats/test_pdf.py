"""PDF files with a text layer become lines; scans and locked files are refused; edges of pages go with a word."""

import io
import json
import zlib
from random import Random

import pypdf
import pytest

from quizapp import child
from quizapp.bank.formats import pdf, pdf_reader
from quizapp.errors import Refused
from tests.linear import assert_linear

READ_IN_A_CHILD = child.read
PICTURE = "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /Length 1 >>"


@pytest.fixture(scope="module", autouse=True)
def in_this_process():
    """What a reader says is the same here, and sooner; whoever tests files takes `in_a_child`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child, "read", lambda _name, data: json.loads(json.dumps(pdf_reader.read(data))))
        yield


@pytest.fixture
def in_a_child(monkeypatch):
    monkeypatch.setattr(child, "read", READ_IN_A_CHILD)


def made(*pages: list[str], pictured: tuple[int, ...] = (), packed: bytes = b"") -> bytes:
    """A PDF as small as it can be: each line at its height, in a font whose codes are those of Unicode."""
    objects: list[str | bytes] = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    objects.append(
        "<< /Type /Font /Subtype /Type0 /BaseFont /F /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>"
    )
    objects.append(
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /F /CIDSystemInfo << /Supplement 0 >> /DW 1000 >>"
    )
    codes = unicode_codes({letter for page in pages for line in page for letter in line})
    objects += [f"<< /Length {len(codes)} >>\nstream\n{codes}\nendstream", f"{PICTURE}\nstream\n0\nendstream"]
    kids = []
    for number, lines in enumerate(pages):
        shown = "".join(
            f"1 0 0 1 50 {800 - 20 * place} Tm <{line.encode('utf-16-be').hex()}> Tj\n"
            for place, line in enumerate(lines)
        )
        text = f"BT /F 12 Tf\n{shown}ET"
        picture = "/XObject << /I 6 0 R >>" if number in pictured else ""
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects) + 2} 0 R "
            f"/Resources << /Font << /F 3 0 R >> {picture} >> >>"
        )
        objects.append(f"<< /Length {len(text)} >>\nstream\n{text}\nendstream")
    if packed:
        objects[-1] = (
            f"<< /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode() + packed + b"\nendstream"
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return assembled(objects)


def unicode_codes(letters: set[str]) -> str:
    """The map by which a reader finds the letters of a font's codes (ToUnicode)."""
    pairs = "".join(f"<{ord(letter):04x}> <{ord(letter):04x}>\n" for letter in sorted(letters))
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{len(letters)} beginbfchar\n{pairs}endbfchar\n"
        "endcmap end end"
    )


def assembled(objects: list[str | bytes]) -> bytes:
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        body = content if isinstance(content, bytes) else content.encode()
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(places) + 1} /Root 1 0 R >>\n"
    return data + f"{end}startxref\n{len(data)}\n%%EOF\n".encode()


def lines(data: bytes) -> list[str]:
    return pdf.text_of(data, "题.pdf")[0].split("\n")


def told(data: bytes) -> list[tuple[int, str]]:
    return [(problem.line, problem.column) for problem in pdf.text_of(data, "题.pdf")[1]]


def test_every_line_of_every_page_is_read(in_a_child):
    data = made(["一、单选题", "1. 信访事项由（　　）受理。", "A. 甲  B. 乙"], ["答案：A"])
    assert lines(data) == ["一、单选题", "1. 信访事项由（　　）受理。", "A. 甲  B. 乙", "答案：A"]
    assert told(data) == []


@pytest.mark.parametrize(
    "mark", ["第{}页", "第 {} 页 共 9 页", "共9页 第{}页", "- {} -", "—{}—", "{}/3", "{}", "Page {} of 3"]
)
def test_page_numbers_go_with_a_word(mark):
    data = made(*([f"{page}. 题{page}", f"A. 甲{page}", mark.format(page)] for page in (1, 2, 3)))
    assert lines(data) == ["1. 题1", "A. 甲1", "2. 题2", "A. 甲2", "3. 题3", "A. 甲3"]
    assert [problem.message for problem in pdf.text_of(data, "题.pdf")[1]] == ["3处页码没有读入。"]


def test_numbers_that_do_not_run_with_the_pages_stay():
    assert lines(made(["期限是几日？", "15"], ["还有几日？", "60"])) == [
        "期限是几日？",
        "15",
        "还有几日？",
        "60",
    ]


def test_headers_and_footers_that_come_back_go_with_a_word():
    data = made(*(["青石县题库", f"{n}. 第{n}个问题", "B. 错误", f"编制：某单位 {n}"] for n in (1, 2, 3)))
    assert lines(data) == ["1. 第1个问题", "B. 错误", "2. 第2个问题", "B. 错误", "3. 第3个问题", "B. 错误"]
    assert [problem.message for problem in pdf.text_of(data, "题.pdf")[1]] == [
        "页眉或页脚“青石县题库”出现3次，没有读入。",
        "页眉或页脚“编制：某单位 1”出现3次，没有读入。",
    ]


@pytest.mark.parametrize(
    "line", ["A. 正确", "（A）甲", "B、乙", "答案：A", "【答案】B", "一、单选题", "√", "1. 甲（）", "ABC"]
)
def test_parts_of_questions_stay_though_they_come_back(line):
    assert lines(made(["甲", line], ["乙", line], ["丙", line])) == ["甲", line, "乙", line, "丙", line]


def test_pages_without_text_and_pictures_are_told_with_their_line():
    data = made(["甲", "乙"], [], ["丙"], ["丁"], pictured=(1, 3))
    assert lines(data) == ["甲", "乙", "丙", "丁"]
    assert [(p.line, p.message) for p in pdf.text_of(data, "题.pdf")[1]] == [
        (3, "第2页没有文字，可能是图片或空白页，没有读入，请核对。"),
        (3, "第2、4页有图片，没有读入，请核对题意。"),
    ]


def test_many_pages_are_counted():
    [problem] = pdf.text_of(
        made(*([f"{'甲' * n}"] for n in range(1, 9)), pictured=tuple(range(8))), "题.pdf"
    )[1]
    assert problem.message.startswith("第1、2、3、4、5等8页有图片")


# Files ----------------------------------------------------------------------------------------------------------


def locked(password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(made(["甲"])))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")  # noqa: S106
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"PK\x03\x04", "file_broken"),
        (b"%PDF-1.4\nnothing", "file_broken"),
        (made([], [], pictured=(0, 1)), "file_scanned"),
        (made(["第1页"], ["第2页"], pictured=(0, 1)), "file_scanned"),
        (locked("secret"), "file_encrypted"),
        (locked(""), "file_encrypted"),
        (made(*[["甲"]] * (pdf_reader.PAGES + 1)), "file_too_large"),
    ],
)
def test_h30_a_file_that_cannot_be_read_is_refused_in_words(data, code, in_a_child):
    with pytest.raises(Refused) as caught:
        pdf.text_of(data, "题.pdf")
    assert (caught.value.code, caught.value.status) == (code, 422)
    assert caught.value.sentence.endswith("。")
    assert "没有保存任何内容。" in caught.value.advice
    assert code == "file_empty" or "请在WPS中另存为.docx或.xlsx后重新上传。" in caught.value.advice


def test_h30_mutants_never_crash(in_a_child):
    random, seed = Random(9), made(["1. 甲", "A. 乙"], ["2. 丙"])
    outcomes = set()
    for number in range(15):
        data, at = bytearray(seed), random.randrange(8, len(seed))
        if number % 3 == 0:
            for _ in range(random.randrange(1, 30)):
                data[random.randrange(8, len(data))] = random.randrange(256)
        elif number % 3 == 1:
            del data[at:]
        else:
            data[at:at] = data[at : at + 200]
        try:
            outcomes.add(type(pdf.text_of(bytes(data), "题.pdf")))
        except Refused:
            outcomes.add(Refused)
    assert outcomes == {tuple, Refused}


def test_h32_a_stream_that_unpacks_to_far_more_costs_a_child(in_a_child):
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"BT (a) Tj ET\n" * 2**16) for _ in range(160)) + packer.flush()
    with pytest.raises(Refused) as caught:
        pdf.text_of(made(["甲"], packed=packed), "题.pdf")
    assert caught.value.code in ("file_broken", "file_too_large")
    assert lines(made(["甲"], packed=zlib.compress(b"BT /F 12 Tf 1 0 0 1 50 800 Tm <7532> Tj ET"))) == ["甲"]


def test_ten_times_the_lines_take_about_ten_times_as_long():
    def pages(count: int) -> list[list[str]]:
        return [["县题库", *["甲" * 30] * 30, str(number)] for number in range(count)]

    assert_linear(pages, lambda made: list(pdf._without_edges(made)), 2_000)
