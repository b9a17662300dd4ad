"""Whether an exam issues 合格证, under which name and by whom: typed by its maker, proposed by a 规则模板."""

import pytest
from sqlalchemy import select

from quizapp.db import db
from quizapp.exams import actions, preset_rules, presets
from quizapp.exams.models import Exam, ExamPreset
from quizapp.exams.preset_forms import filled


def only_exam():
    return db.session.scalars(select(Exam)).one()


def test_a_new_exam_issues_certificates_unless_its_maker_says_no(as_he, bank, cast):
    typed = {"certificate_title": "学法合格证", "certificate_issuer": "县法治办"}
    page = as_he.page("/exams/new").press("保存草稿", **typed)
    exam = only_exam()
    assert (exam.certificates, exam.certificate_title, exam.certificate_issuer) == (
        True,
        "学法合格证",
        "县法治办",
    )
    assert "学法合格证，县法治办" in page.text
    page = as_he.page(f"/exams/{exam.id}/edit").press("保存草稿", certificates=[])
    db.session.expire_all()
    assert only_exam().certificates is False
    assert "不颁发" in page.text


def test_a_mock_exam_issues_none(as_he, bank, cast):
    as_he.page("/exams/new").press("保存草稿", purpose="mock", show_score="never")
    assert only_exam().certificates is False


def test_an_exam_that_never_shows_scores_cannot_issue_certificates(as_he, bank, cast):
    page = as_he.page("/exams/new").press("保存草稿", show_score="never")
    assert "成绩不显示的考试不能颁发合格证" in page.text
    assert db.session.scalars(select(Exam)).all() == []


@pytest.mark.parametrize(("name", "length"), [("certificate_title", 20), ("certificate_issuer", 40)])
def test_words_that_would_not_fit_the_sheet_are_refused(as_he, bank, cast, name, length):
    page = as_he.page("/exams/new").press("保存草稿", **{name: "长" * (length + 1)})
    assert f"最多{length}个字" in page.text
    assert db.session.scalars(select(Exam)).all() == []


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ({"certificates": True, "certificate_title": "学法合格证"}, []),
        ({"certificates": "是"}, ["颁发合格证只能是“是”或“否”"]),
        ({"certificate_title": "长" * 21}, ["证书名称应为最多20个字的文字"]),
        ({"certificate_issuer": 7}, ["发证单位应为最多40个字的文字"]),
    ],
)
def test_what_a_preset_may_say_of_certificates(value, complaint):
    assert preset_rules.problems(value) == complaint


def test_a_preset_fills_the_form_and_its_own_page(as_he, bank, cast):
    preset = ExamPreset(title="本县", values={"certificates": True, "certificate_issuer": "县法治办"}, sort=1)
    db.session.add(preset)
    db.session.commit()
    assert presets.values(preset.id) == {"certificates": True, "certificate_issuer": "县法治办"}
    assert (filled(preset)["certificates"], filled(preset)["certificate_issuer"]) == (True, "县法治办")
    assert 'value="县法治办"' in as_he.get(f"/exams/new?preset={preset.id}").get_data(as_text=True)
    as_he.page(f"/exams/presets/{preset.id}").press("保存模板", certificates=[], certificate_issuer="")
    db.session.expire_all()
    assert db.session.get_one(ExamPreset, preset.id).values == {}


def test_a_makeup_issues_what_its_exam_issues():
    from quizapp.exams.makeup_actions import OWN

    told = {"certificates", "certificate_title", "certificate_issuer"}
    assert told <= set(actions.EDITABLE)
    assert not told & OWN
