"""An archive is the same bytes for the same content, can be read without a program, and tells what was changed."""

import hashlib
import io
import zipfile

import pytest

from quizapp.reports.archive import readable, verifying
from quizapp.reports.archive.steady import steady
from quizapp.reports.archive.writing import INDEX_HTML, INDEX_TXT, LIST, WHOLE, Content, write
from quizapp.spreadsheets import Sheet, large_workbook

FACTS = (("考试", "<2026年度考试>"), ("应考人数", "6人"))


def content(path, *pieces):
    return Content(path, f"{path}的内容", lambda: list(pieces))


FILES = (
    content("02成绩/成绩.csv", "江映雪,".encode(), b"78.5\r\n"),
    content("01办法/办法.html", b"<p>60</p>"),
)


def made(files=FILES):
    target = io.BytesIO()
    return write(target, "目录", FACTS, files), target.getvalue()


def opened(data):
    return zipfile.ZipFile(io.BytesIO(data))


def changed(data, **given):
    """The archive packed anew: a file's bytes replaced, None leaves it out; new names are added."""
    new = {entry.filename: opened(data).read(entry) for entry in opened(data).infolist()}
    new |= given.pop("files", {})
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, value in new.items():
            if value is not None:
                archive.writestr(name, value)
    return target.getvalue()


def verdict(data):
    return verifying.verify(io.BytesIO(data))


def test_the_same_content_gives_the_same_bytes_and_another_content_another_whole():
    (archive, first), (_, second) = made(), made()
    assert first == second
    other, _ = made((content("02成绩/成绩.csv", "江映雪,78.6\r\n".encode()), FILES[1]))
    assert other.whole != archive.whole


def test_every_file_stands_in_the_list_with_its_hash_and_the_whole_is_the_hash_of_the_list():
    archive, data = made()
    listed = opened(data).read(LIST)
    assert opened(data).read(WHOLE).decode().strip() == archive.whole == hashlib.sha256(listed).hexdigest()
    lines = dict(reversed(line.split("  ")) for line in listed.decode().splitlines())
    assert set(lines) == set(opened(data).namelist()) - {LIST, WHOLE}
    assert {INDEX_HTML, INDEX_TXT, "02成绩/成绩.csv"} < set(lines)
    for path, sha256 in lines.items():
        assert hashlib.sha256(opened(data).read(path)).hexdigest() == sha256
    assert opened(data).read("02成绩/成绩.csv").decode() == "江映雪,78.5\r\n"


def test_the_index_names_every_file_in_order_escapes_and_fetches_nothing():
    archive, data = made()
    page, plain = opened(data).read(INDEX_HTML).decode(), opened(data).read(INDEX_TXT).decode("utf-8-sig")
    assert "&lt;2026年度考试&gt;" in page
    assert "http" not in page
    assert "<script" not in page
    assert page.index("01办法/办法.html") < page.index("02成绩/成绩.csv")
    for one in archive.files[:2]:
        assert one.path in page
        assert one.path in plain
        assert one.sha256 in page
        assert one.sha256 in plain
    assert "考试：<2026年度考试>" in plain


def test_two_files_of_one_name_are_a_mistake_of_ours():
    with pytest.raises(ValueError, match="one name"):
        made((content("a.txt", b""), content("A.txt", b"")))


def test_an_untouched_archive_is_sound():
    archive, data = made()
    assert verdict(data).sound
    assert verdict(data).whole == archive.whole
    assert verdict(data).files == 4


def test_each_file_that_was_changed_taken_out_or_added_is_named():
    _, data = made()
    bad = changed(
        data, files={"02成绩/成绩.csv": b"100", "01办法/办法.html": None, "03多/多.txt": b"", INDEX_TXT: b""}
    )
    found = verdict(bad)
    assert not found.sound
    assert found.sentences == (
        "已改动：02成绩/成绩.csv",
        f"已改动：{INDEX_TXT}",
        "缺少：01办法/办法.html",
        "多出：03多/多.txt",
    )


def test_a_list_that_was_written_anew_does_not_agree_with_the_whole():
    archive, data = made()
    new = b"100"
    listed = opened(data).read(LIST).decode()
    old = next(one.sha256 for one in archive.files if one.path == "02成绩/成绩.csv")
    listed = listed.replace(old, hashlib.sha256(new).hexdigest())
    found = verdict(changed(data, files={"02成绩/成绩.csv": new, LIST: listed.encode()}))
    assert found.changed == (LIST,)
    assert found.whole != archive.whole


def test_a_byte_turned_in_the_packed_file_is_found():
    data = bytearray(made()[1])
    at = data.index("02成绩/成绩.csv".encode()) + len("02成绩/成绩.csv".encode()) + 2
    data[at] ^= 0x55
    assert "已改动：02成绩/成绩.csv" in verdict(bytes(data)).sentences


@pytest.mark.parametrize("data", [b"", b"no zip at all", changed(made()[1], files={LIST: None})])
def test_what_is_no_archive_is_said_to_be_none(data):
    with pytest.raises(verifying.NoArchive, match="ZIP|归档包"):
        verdict(data)


def test_a_damaged_list_is_said_to_be_damaged():
    with pytest.raises(verifying.NoArchive, match="已损坏"):
        verdict(changed(made()[1], files={LIST: b"not a list"}))


def test_a_workbook_is_the_same_bytes_at_any_time(at):
    def workbook():
        return b"".join(steady(large_workbook([Sheet("名册", ["姓名"], [["江映雪"]])])))

    at("2026-12-01 08:00")
    first = workbook()
    at("2027-03-01 09:30")
    assert workbook() == first
    assert zipfile.ZipFile(io.BytesIO(first)).testzip() is None


def test_a_table_without_rows_says_that_there_is_nothing():
    part = readable.Part("例外", headings=("时间",), rows=lambda: iter(()))
    assert "无。" in b"".join(readable.html("页", [part])).decode()
    assert "无。" in b"".join(readable.text("页", [part])).decode()
