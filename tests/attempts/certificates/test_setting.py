"""合格证 of a published exam: switched on, renamed and switched off, with what follows told first and recorded."""

import pytest
from sqlalchemy import select, text

from quizapp.attempts.certificates import setting
from quizapp.attempts.certificates.models import Certificate
from quizapp.attempts.certificates.setting import Numbers, Setting
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.exams import exception_log
from quizapp.exams.models import Exam
from tests.attempts.certificates.conftest import issue
from tests.attempts.certificates.test_certificates import states
from tests.statements import statements


@pytest.fixture
def uncertified(exam, page, attempt):
    """The exam was published without certificates; 江 has passed it. Gives the id of her candidate's row."""
    from tests.attempts.test_handing_in import right_sheet

    page.hand_in(right_sheet(attempt))
    db.session.expire_all()
    assert exam.certificates is False
    return attempt.candidate_id


def page_of(client, exam):
    return client.page(f"/exams/{exam.id}/certificates")


def setting_of(exam):
    db.session.expire_all()
    return (exam.certificates, exam.certificate_title, exam.certificate_issuer)


def changes():
    return db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "exam.certificates_changed").order_by(AuditEvent.id)
    ).all()


# The rules --------------------------------------------------------------------------------------------------


def test_the_log_keeps_what_stands_on_the_sheet():
    usual = {"issues": True, "title": "合格证书", "issuer": "青石县"}
    assert Setting(True).words("青石县") == usual
    assert Setting(True, " 合格证书 ", "").words("青石县") == usual
    assert Setting(False, "学法合格证", "县法治办").words("青石县") == {
        "issues": False,
        "title": "学法合格证",
        "issuer": "县法治办",
    }


@pytest.mark.parametrize(
    ("mock", "show_score", "reason"),
    [
        (False, "at_once", ""),
        (False, "released", ""),
        (True, "at_once", "mock"),
        (False, "never", "never_shown"),
    ],
)
def test_which_exams_can_issue_none(mock, show_score, reason):
    assert setting.hindrance(mock=mock, show_score=show_score) == reason


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        (Numbers(0, 0, 0), ["以后合格的人员不能领取合格证。", "可以重新开始颁发。"]),
        (
            Numbers(5, 0, 0),
            ["5名还没有领取的合格人员和以后合格的人员不能领取合格证。", "可以重新开始颁发。"],
        ),
        (
            Numbers(5, 2, 3),
            [
                "3名还没有领取的合格人员和以后合格的人员不能领取合格证。",
                "已有2人领取：证书继续有效，可以下载、查验。",
                "可以重新开始颁发。",
            ],
        ),
    ],
)
def test_what_follows_when_they_are_switched_off(numbers, told):
    assert setting.of_stopping(numbers) == told


def test_only_where_sheets_are_out_a_new_name_takes_their_validity():
    assert "已更正" not in "".join(setting.of_renaming(Numbers(5, 0, 1)))
    assert "已有2人领取：原证书查验时显示“已更正”" in setting.of_renaming(Numbers(5, 2, 2))[0]


# Switched on ------------------------------------------------------------------------------------------------


def test_he_switches_them_on_after_publishing_and_jiang_takes_hers(
    exam, uncertified, as_he, as_jiang, attempt
):
    result = f"/attempts/{attempt.token}/result"
    assert "领取合格证" not in as_jiang.page(result).text
    page = as_he.page(f"/exams/{exam.id}").follow("合格证")
    assert "目前合格1人" in page.text
    page = page.press("开始颁发", title="学法合格证", issuer="县法治办", reason="按通知要求颁发")
    assert "已开始颁发合格证。" in page.text
    assert setting_of(exam) == (True, "学法合格证", "县法治办")
    as_jiang.page(result).press("领取合格证")
    made = db.session.query(Certificate).one()
    assert (made.title, made.issuer, made.level) == ("学法合格证", "县法治办", "优秀")
    assert made.number in as_jiang.page(result).text


def test_each_change_stands_in_the_record_of_exceptions(exam, uncertified, as_he):
    page = page_of(as_he, exam).press("开始颁发", issuer="县法治办", reason="按通知要求颁发")
    issue(uncertified)
    page = page_of(as_he, exam)
    page = page.press("保存", title="学法合格证", reason="名称写错", sure=["y"])
    page.press("停止颁发", **{"stop-reason": "改用纸质证书"})
    lines, _ = exception_log.lines(exam.id)
    assert [(one.act, one.told, one.reason, one.by) for one in lines] == [
        ("改动合格证设置", "停止颁发，已有1人领取", "改用纸质证书", "何平"),
        (
            "改动合格证设置",
            "“合格证书”（县法治办）改为“学法合格证”（县法治办），已有1人领取",
            "名称写错",
            "何平",
        ),
        ("改动合格证设置", "开始颁发，“合格证书”（县法治办）", "按通知要求颁发", "何平"),
    ]


def test_without_a_reason_or_with_words_that_do_not_fit_nothing_changes(exam, uncertified, as_he):
    page = page_of(as_he, exam).press("开始颁发", title="长" * 21, issuer="长" * 41, reason=" ")
    for said in ("请填写原因。", "证书名称最多20个字。", "发证单位最多40个字。"):
        assert said in page.text
    assert setting_of(exam) == (False, "", "")
    assert changes() == []


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"purpose": "mock"}, "模拟考试不颁发合格证"),
        ({"show_score": "never"}, "成绩不显示的考试不能颁发合格证"),
        ({"state": "voided"}, "考试已取消或作废，不能再作改动。"),
    ],
)
def test_an_exam_that_can_issue_none_says_so_and_refuses(exam, uncertified, as_he, rule, sentence):
    before = page_of(as_he, exam).form("开始颁发")
    for name, value in rule.items():
        setattr(exam, name, value)
    db.session.commit()
    page = page_of(as_he, exam)
    assert sentence in page.text
    assert "开始颁发" not in [words for form in page.forms for words, _, _ in form.buttons]
    reply = as_he.send(
        "POST", before.action or f"/exams/{exam.id}/certificates", {"reason": "通知", "seen": "0"}
    )
    assert reply.status_code == 409
    assert setting_of(exam) == (False, "", "")


def test_a_draft_has_its_own_form_for_it(exam, uncertified, as_he):
    exam.state, exam.published_at = "draft", None
    db.session.commit()
    assert as_he.get(f"/exams/{exam.id}/certificates").status_code == 404


# Renamed ----------------------------------------------------------------------------------------------------


def test_a_new_issuer_before_anybody_took_one_asks_for_no_more_than_a_reason(certified, passed, as_he):
    page = page_of(as_he, certified)
    assert "还没有人领取" in page.text
    page.press("保存", issuer="县委党校", reason="发证单位写错")
    assert setting_of(certified) == (True, "", "县委党校")
    assert issue(passed).issuer == "县委党校"


def test_a_new_issuer_takes_the_validity_of_sheets_that_are_out_and_asks_before(
    certified, passed, certificate, as_he
):
    page = page_of(as_he, certified)
    assert "已有1人领取：原证书查验时显示“已更正”" in page.text
    again = page.press("保存", issuer="县委党校", reason="发证单位写错")
    assert "请核对后勾选。" in again.text
    assert setting_of(certified)[2] == "青石县法治办"
    again.press("保存", issuer="县委党校", reason="发证单位写错", sure=["y"])
    assert states(passed) == [("优秀", "已更正")]
    assert issue(passed).number != certificate.number


def test_the_old_issuer_gives_the_old_sheets_back(certified, passed, certificate, as_he):
    for issuer in ("县委党校", "青石县法治办"):
        page_of(as_he, certified).press("保存", issuer=issuer, reason="发证单位写错", sure=["y"])
    assert states(passed) == [("优秀", "有效")]
    assert [one.detail["after"]["issuer"] for one in changes()] == ["县委党校", "青石县法治办"]


def test_who_takes_one_meanwhile_makes_he_read_again(certified, passed, as_he):
    page = page_of(as_he, certified)
    issue(passed)
    refused = page.press("保存", issuer="县委党校", reason="发证单位写错")
    assert refused.status == 422  # the box has come up, with the number of today
    assert "已有1人领取" in refused.text
    stopped = page.press("停止颁发", **{"stop-reason": "改用纸质证书"})
    assert "领取合格证的人数由0人变为1人，没有改动。" in stopped.text
    assert setting_of(certified) == (True, "", "青石县法治办")


def test_the_same_setting_is_no_change(certified, passed, as_he):
    same = page_of(as_he, certified).press("保存", title="合格证书", reason="核对")
    assert "合格证的设置没有变化。" in same.text
    assert changes() == []


# Switched off -----------------------------------------------------------------------------------------------


def test_switched_off_what_was_taken_stays_valid_and_no_more_are_made(
    certified, passed, certificate, as_he, as_jiang, as_li, attempt, client
):
    page = page_of(as_he, certified)
    assert "已有1人领取：证书继续有效" in page.text
    page = page.press("停止颁发", **{"stop-reason": "改用纸质证书"})
    assert "已停止颁发合格证。" in page.text
    assert setting_of(certified) == (False, "", "青石县法治办")  # for who switches them on again
    assert states(passed) == [("优秀", "有效")]
    assert certificate.number in as_jiang.page(f"/attempts/{attempt.token}/result").text
    assert as_jiang.get(f"/my-exams/certificates/{certificate.number}/file").status_code == 200
    assert "证书有效" in client.page(f"/c/{certificate.number}").text
    listed = as_li.page(f"/reports/exams/{certified.id}?unit={certified.unit_id}").follow("合格证")
    assert "本次考试已停止颁发合格证，已领取的继续有效。" in listed.text
    assert certificate.number in listed.text
    assert "生成全部合格证" not in listed.text


def test_an_exam_that_never_issued_any_offers_leaders_no_list(exam, uncertified, as_li):
    report = as_li.page(f"/reports/exams/{exam.id}?unit={exam.unit_id}")
    assert "合格证" not in [words for words, _ in report.links]


def test_what_is_not_standing_does_not_count_as_taken(certified, passed, certificate, as_he):
    db.session.execute(text("UPDATE candidate SET passed = false WHERE id = :id"), {"id": passed})
    db.session.commit()
    page = page_of(as_he, certified)
    assert "还没有人领取" in page.text
    assert "生成过的证书1份" in page.text.replace("\n", "").replace(" ", "")


def test_the_page_costs_few_statements(certified, passed, certificate, as_he):
    page_of(as_he, certified)
    with statements("SELECT") as seen:
        page_of(as_he, certified)
    assert len(seen) <= 12


def test_no_rule_of_the_exam_changes_with_it(exam, uncertified, as_he):
    columns = [column for column in Exam.__table__.c.keys() if not column.startswith("certificate")]
    before = [getattr(exam, name) for name in columns]
    page_of(as_he, exam).press("开始颁发", reason="按通知要求颁发")
    db.session.expire_all()
    assert [getattr(exam, name) for name in columns] == before
