"""`quizapp regulations import`: the same rules as the pages."""

import io

import docx
import pytest

from quizapp import clock
from quizapp.regulations import queries

TEXT = """试验工作办法
（2026年1月5日试验机关公布　自2026年3月1日起施行）
第一条 为了做好试验工作，制定本办法。
第二条 本办法由试验机关解释。
"""


@pytest.fixture
def run(app, tmp_path):
    def command(data, name, *arguments):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return app.test_cli_runner().invoke(args=["regulations", "import", str(path), *arguments])

    return command


def word(text: str) -> bytes:
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "make"), [("办法.docx", word), ("办法.txt", lambda text: text.encode("gb18030"))]
)
def test_a_word_file_and_a_text_are_imported(run, name, make):
    done = run(make(TEXT), name)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "《试验工作办法》，共2条，0处疑问。" in done.output
    assert "已导入：2026-03-01起施行的版本（现行），标识shiyan-gongzuo-banfa。" in done.output
    _, edition, _ = queries.law_in_force("shiyan-gongzuo-banfa")
    assert edition.issued_by == "试验机关"


def test_what_is_said_goes_before_the_text(run):
    said = ("--title", "办法", "--slug", "banfa", "--effective-on", "2026-04-01", "--issued-by", "乙机关")
    assert run(TEXT, "办法.txt", *said).exit_code == 0
    regulation, edition, _ = queries.law_in_force("banfa")
    assert (regulation.title, edition.issued_by, edition.effective_on.isoformat()) == (
        "办法",
        "乙机关",
        "2026-04-01",
    )


def test_doubts_have_to_be_accepted(run):
    doubtful = TEXT.replace("第二条 本", "第三条 本")
    refused = run(doubtful, "办法.txt")
    assert (refused.exit_code, "办法.txt:4 第一条之后是第三条，缺少第二条。" in refused.stderr) == (1, True)
    assert run(doubtful, "办法.txt", "--accept-doubts").exit_code == 0


@pytest.mark.parametrize(
    ("data", "name"), [(b"\x00\x01", "办法.docx"), (b"%PDF-1.4", "办法.pdf"), (b"", "办法.txt")]
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(run, data, name):
    refused = run(data, name)
    assert (refused.exit_code, "没有保存任何内容。" in refused.output) == (1, True)


def test_a_new_edition_is_told_before_it_is_stored(run, bank, text):
    day = clock.today().isoformat()
    amended = text.replace("施行日期：2022-05-01", f"施行日期：{day}").replace("协商受理", "共同受理")
    checked = run(amended, "条例.md", "--check")
    assert "与现行版本相比：修改1条，新增0条，删除0条；" in checked.output
    assert "0道已发布的试题" not in checked.output
    assert "标识xinfang-gongzuo-tiaoli" in run(amended, "条例.md").output


def test_what_the_page_refuses_the_command_refuses(run, bank, text):
    refused = run(text.replace("协商受理", "共同受理"), "条例.md")
    assert (refused.exit_code, "已有这一天施行的版本" in refused.stderr) == (1, True)
    refused = run(TEXT, "办法.txt", "--title", "信访工作条例", "--slug", "other")
    assert (refused.exit_code, "标识是“xinfang-gongzuo-tiaoli”" in refused.stderr) == (1, True)
