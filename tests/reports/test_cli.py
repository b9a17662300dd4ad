"""The command line prints the figures of the pages."""

import csv
import io


def printed(app, *arguments):
    result = app.test_cli_runner().invoke(args=["reports", *arguments])
    return result.exit_code, result.output


def test_the_command_prints_what_the_page_exports(results, app, as_li):
    code, text = printed(app, "exam", str(results))
    assert code == 0
    page = as_li.get(f"/reports/exams/{results}/file.csv").data.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == list(csv.reader(io.StringIO(page)))
    code, text = printed(app, "exam", str(results), "--unit", "QS-XF")
    assert text.splitlines()[1].startswith("县信访局（合计）,2,0,0,2,2")


def test_unknown_exams_and_units_are_named(results, app):
    assert printed(app, "exam", "999")[0] == 1
    code, text = printed(app, "exam", str(results), "--unit", "ZZ")
    assert code == 1
    assert "没有编码为ZZ的单位" in text


def test_small_groups_stay_hidden_on_the_command_line_too(results, app):
    code, text = printed(app, "daily", "--unit", "QS-XF")
    assert code == 0
    assert "不足5人" in text
