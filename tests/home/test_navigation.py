"""Which entry of the navigation a page belongs to."""

import pytest

from quizapp.home import navigation


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/exams/", "考试管理"),
        ("/exams/1/appeals", "考试管理"),
        ("/exams/1/held-sheets/2", "考试管理"),
        ("/exams/1/corrections/new", "考试管理"),
        ("/exams/1/clues", "考试管理"),
        ("/reports/exams/1/archive", "考试管理"),
        ("/exams/1/analysis", "试题分析"),
        ("/analysis/keys", "试题分析"),
        ("/reports/exams/1", "完成情况"),
        ("/my-exams/1/clues", "考试"),
        ("/my-exams/transcript", "考试"),
    ],
)
def test_a_page_belongs_to_one_entry(app, path, entry):
    with app.test_request_context(path):
        found = [one.label for one in (*navigation.WORK, *navigation.CADRE) if one.current]
    assert found == [entry]
