"""Everything of an exam in one zip."""

import io
import zipfile

import pytest

from quizapp.exams.printing.bundle import bundle, file_name
from tests.exams.printing.conftest import many, paper


def test_every_form_has_paper_card_and_key_under_chinese_names():
    told = []
    papers = [paper(*many(1, 1, 1), form=form) for form in ("A卷", "B卷")]
    data = bundle(papers, lambda done, of: told.append((done, of)))
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert told == [(done, 12) for done in range(1, 13)]
    assert "试卷/青石县2026年度学法考试（B卷）试卷.docx" in names
    assert "答题卡/青石县2026年度学法考试（A卷）答题卡.pdf" in names
    keys = [name for name in names if "答案" in name]
    assert len(keys) == 4
    assert all(name.startswith("标准答案与解析（考前勿发）/") for name in keys)


def test_a_paper_answered_on_itself_comes_without_a_card():
    data = bundle([paper(*many(1, 0, 0), on_card=False)])
    assert not any("答题卡" in name for name in zipfile.ZipFile(io.BytesIO(data)).namelist())


def test_a_name_has_no_sign_that_a_file_system_refuses():
    assert file_name(paper(*many(1, 0, 0), title="../考试: 2026/*?", form="A/B")) == "考试  2026（A B）"
    assert file_name(paper(*many(1, 0, 0), title="???", form="")) == "考试"
    assert len(file_name(paper(*many(1, 0, 0), title="长" * 300))) < 80


def test_two_forms_of_one_name_are_a_mistake_of_ours(small):
    with pytest.raises(ValueError, match="one name"):
        bundle([small, small])
