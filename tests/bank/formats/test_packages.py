"""Packages: the manifest's order, files that are missing or broken, and archives that mean harm."""

import io
import re
import stat
import zipfile

import pytest

from quizapp.bank.drafts import Draft
from quizapp.bank.formats import packages, qti, qti2, qti12
from quizapp.errors import Refused

MANIFEST = (
    '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"{base}><resources>{rows}</resources></manifest>'
)


def question(stem):
    """One item of QTI 2.1 as a file."""
    data = qti2.write([Draft("judge", stem, ["正确", "错误"], "A")])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("items/item-0001.xml")


def row(href, kind="imsqti_item_xmlv2p1", inside=""):
    return f'<resource identifier="r" type="{kind}" href="{href}">{inside}<file href="{href}"/></resource>'


def manifest(*rows, base=""):
    return MANIFEST.format(rows="".join(rows), base=base).encode()


def archive(files, **entry):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            for key, value in entry.items():
                setattr(info, key, value)
            made.writestr(info, content)
    return target.getvalue()


def stems(data):
    return [draft.stem for draft in qti2.read(data, "题.zip").drafts]


def messages(data):
    return [problem.message for problem in qti2.read(data, "题.zip").all_problems()]


def test_items_come_in_the_order_of_the_manifest():
    files = {"a.xml": question("甲。"), "b.xml": question("乙。"), "c.xml": question("不在清单。")}
    files["imsmanifest.xml"] = manifest(row("b.xml"), row("a.xml"), row("t.xml", "imsqti_test_xmlv2p1"))
    files["t.xml"] = b"<assessmentTest/>"
    files["imsmanifest.xml"] = files["imsmanifest.xml"].replace(
        b"</resources>", row("page.xml", "webcontent").encode() + b"</resources>"
    )
    files["page.xml"] = b"<p>no XML"
    assert stems(archive(files)) == ["乙。", "甲。"]
    assert messages(archive(files)) == []


@pytest.mark.parametrize(
    ("name", "href", "base"),
    [
        ("items/a 1.xml", "items/a%201.xml", ""),
        ("items/a.xml", "a.xml", ' xml:base="items/"'),
        ("题/甲.xml", "题/甲.xml", ""),
        ("items\\a.xml", "items/a.xml", ""),
        ("items/a.xml", "./items/../items/a.xml", ""),
    ],
)
def test_a_file_is_found_by_the_address_in_the_manifest(name, href, base):
    data = archive({"imsmanifest.xml": manifest(row(href), base=base), name: question("甲。")})
    assert stems(data) == ["甲。"]


def test_a_manifest_in_a_folder_speaks_for_that_folder():
    data = archive({"题库/imsmanifest.xml": manifest(row("a.xml")), "题库/a.xml": question("甲。")})
    assert stems(data) == ["甲。"]


def test_names_in_gbk_as_chinese_windows_writes_them():
    data = archive({"imsmanifest.xml": manifest(row("items/试题.xml")), "items/abcd.xml": question("甲。")})
    assert stems(data.replace(b"items/abcd.xml", "items/试题.xml".encode("gbk"))) == ["甲。"]


LOM = """<metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><identifier><catalog>{owner}</catalog>
<entry>XF-1</entry></identifier><keyword><string>期限</string></keyword></general>
<educational><difficulty><source>LOMv1.0</source><value>{level}</value></difficulty></educational></lom></metadata>"""


@pytest.mark.parametrize(
    ("owner", "level", "code", "difficulty"),
    [("quizapp", "very difficult", "XF-1", 5), ("TAO", "Easy", "", 2), ("TAO", "hoch", "", 3)],
)
def test_metadata_of_the_manifest(owner, level, code, difficulty):
    rows = row("a.xml", inside=LOM.format(owner=owner, level=level))
    [draft] = qti2.read(
        archive({"imsmanifest.xml": manifest(rows), "a.xml": question("甲。")}), "题.zip"
    ).drafts
    assert (draft.code, draft.difficulty, draft.tags) == (code, difficulty, ["期限"])
    assert [problem.column for problem in draft.problems] == (["难度"] if level == "hoch" else [])


def test_every_item_of_a_package_has_an_identifier_of_its_own():
    codes = ["XF-1", "XF-1", "2024", "", "item-0004", "编号"]
    data = qti2.write([Draft("judge", f"{code}。", ["正确", "错误"], "A", code=code) for code in codes])
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        names = re.findall(r'<resource identifier="([\w.-]+)"', made.read("imsmanifest.xml").decode())
    assert (names[0], len(set(names))) == ("res-XF-1", len(codes))
    assert [draft.code for draft in qti2.read(data, "题.zip").drafts] == codes


def test_without_a_manifest_every_file_counts_and_that_is_told():
    data = archive({"b.xml": question("乙。"), "a.xml": question("甲。")})
    assert stems(data) == ["乙。", "甲。"]
    assert ["imsmanifest" in message for message in messages(data)] == [True]


def test_a_broken_or_missing_item_is_told_and_the_others_are_read():
    files = {
        "a.xml": question("甲。"),
        "b.xml": question("乙。")[:200],
        "d.xml": b"<!DOCTYPE a>" + question("丁。")[39:],
    }
    files["imsmanifest.xml"] = manifest(*(row(f"{name}.xml") for name in "abcd"))
    reading = qti2.read(archive(files), "题.zip")
    assert [(draft.stem, draft.verdict, draft.line) for draft in reading.drafts] == [
        ("甲。", "ok", 1),
        ("", "error", 2),
        ("", "error", 3),
        ("", "error", 4),
    ]
    told = [problem.message for problem in reading.all_problems()]
    assert ["b.xml" in told[0], "c.xml" in told[1], "实体声明" in told[2]] == [True, True, True]


def test_a_quiz_that_canvas_exports_twice_is_read_once():
    paper = qti12.write([Draft("judge", "甲。", ["正确", "错误"], "A")])
    with zipfile.ZipFile(io.BytesIO(paper)) as made:
        xml = made.read("questions/questions.xml")
    rows = [
        '<resource identifier="g1" type="imsqti_xmlv1p2/imscc_xmlv1p1/assessment"><file href="g1/assessment_qti.xml"/>'
        "</resource>",
        '<resource identifier="g2" type="associatedcontent/imscc_xmlv1p1/learning-application-resource" '
        'href="g1/assessment_meta.xml"><file href="g1/assessment_meta.xml"/>'
        '<file href="non_cc_assessments/g1.xml.qti"/></resource>',
    ]
    files = {
        "imsmanifest.xml": manifest(*rows),
        "g1/assessment_qti.xml": xml,
        "g1/assessment_meta.xml": b"<quiz/>",
    }
    files["non_cc_assessments/g1.xml.qti"] = xml
    assert len(qti12.read(archive(files), "题.imscc").drafts) == 1


def test_a_pool_of_blackboard_is_found_by_its_own_attribute():
    xml = (
        b"<questestinterop><assessment><section><item><presentation><material><mattext>x</mattext></material>"
    )
    xml += b"</presentation></item></section></assessment></questestinterop>"
    rows = (
        '<resource xmlns:bb="http://www.blackboard.com/content-packaging/" bb:file="res00002.dat" identifier="r" '
        'type="assessment/x-bb-qti-pool" xml:base="res00002"/>'
    )
    data = archive({"imsmanifest.xml": manifest(rows), "res00002.dat": xml, "res00001.dat": b"<COURSE/>"})
    assert qti.version_of(data) == "qti12"
    assert len(qti12.read(data, "题.zip").drafts) == 1


# Archives that mean harm ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../a.xml", "/etc/a.xml", "C:/a.xml", "x/../../a.xml", "..\\a.xml", "\\a.xml"]
)
def test_h34_names_that_point_out_of_the_archive_are_left_alone(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = {
        "imsmanifest.xml": manifest(row(name), row("b.xml")),
        name: question("甲。"),
        "b.xml": question("乙。"),
    }
    reading = qti2.read(archive(files), "题.zip")
    assert [draft.stem for draft in reading.drafts] == ["", "乙。"]
    assert any("路径不安全" in problem.message for problem in reading.problems)
    assert list(tmp_path.rglob("*")) == []


def test_h34_a_nul_in_a_name_is_left_alone():
    data = archive({"a.xml?.png": question("甲。"), "b.xml": question("乙。")}).replace(b"a.xml?", b"a.xml\0")
    assert stems(data) == ["乙。"]


def test_h34_a_link_is_left_alone():
    data = archive({"a.xml": b"/etc/passwd"}, external_attr=(stat.S_IFLNK | 0o777) << 16)
    assert packages.resources(data)[0] == []


def test_two_entries_with_one_name_are_told():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("a.xml", question("甲。"))
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("a.xml", question("乙。"))
    assert stems(target.getvalue()) == ["甲。"]
    assert any("两个“a.xml”" in message for message in messages(target.getvalue()))


def bomb(method):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        made.writestr("a.xml", b"0" * 60 * 2**20)
    return target.getvalue()


def crowd():
    return archive({f"{number}.xml": b"" for number in range(2_001)})


def locked():
    """An archive that says its entry is encrypted."""
    data = bytearray(archive({"a.xml": question("甲。")}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (bomb(zipfile.ZIP_DEFLATED), "file_too_large"),
        (crowd(), "file_too_large"),
        (bomb(zipfile.ZIP_BZIP2)[:100], "file_broken"),
        (archive({"a.xml": b"x" * 5000}, compress_type=zipfile.ZIP_LZMA), "file_broken"),
        (archive({"a.xml": b"x" * 5000}, compress_type=zipfile.ZIP_BZIP2), "file_broken"),
        (locked(), "file_broken"),
        (archive({"imsmanifest.xml": b"<manifest>"}), "file_broken"),
        (archive({"imsmanifest.xml": b"<!DOCTYPE m><manifest/>"}), "file_dtd"),
        (archive({"imsmanifest.xml": manifest()}), "file_kind"),
        (archive({"word/document.xml": b"<w/>"}), "file_kind"),
    ],
    ids=["bomb", "crowd", "cut", "lzma", "bzip2", "locked", "broken", "dtd", "empty", "word"],
)
def test_h32_a_bad_archive_is_refused_with_a_sentence(data, code):
    assert qti.version_of(data) is None
    with pytest.raises(Refused) as refused:
        qti2.read(data, "题.zip")
    assert (refused.value.code, refused.value.status) == (code, 422)


# Recognition ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "version"),
    [
        (b"<questestinterop/>", "qti12"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x -->\n<questestinterop>", "qti12"),
        ('<?xml version="1.0" encoding="gb2312"?><!-- 题 --><questestinterop/>'.encode("gbk"), "qti12"),
        ('<?xml version="1.0" encoding="utf-16"?><assessmentItem/>'.encode("utf-16"), "qti21"),
        (b'<q:assessmentItem xmlns:q="http://www.imsglobal.org/xsd/imsqti_v2p2"/>', "qti21"),
        (b"<qti-assessment-item>" + b"x" * 100_000, "qti30"),
        (b"<qti-assessment-test/>", "qti30"),
        (b"<quiz/>", None),
        (b"", None),
        (b"PK\x03\x04", None),
        (b"# text", None),
        (b"<!DOCTYPE questestinterop><questestinterop/>", None),
    ],
)
def test_a_version_is_known_by_the_first_element(data, version):
    assert qti.version_of(data) == version
