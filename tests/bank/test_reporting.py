"""纠错: kept with what the person saw, answered by whoever keeps the bank, read by nobody else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.bank import access, reporting
from quizapp.bank.models import Bank, ErrorReport, Question, Revision
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people.models import Grant
from tests.statements import statements


def revision_of(code: str) -> Revision:
    return db.session.scalars(
        select(Revision).join(Question).where(Question.code == code, Revision.status == "published")
    ).one()


@pytest.fixture
def met(bank):
    return revision_of("XF-024-01")


def send(revision, person, text="选项与条文不一致。"):
    report = reporting.send(revision.id, text, person_id=person, now=clock.now())
    db.session.commit()
    return report


def grant(person, role, unit):
    db.session.add(Grant(person_id=person, role=role, unit_id=unit, granted_at=clock.now()))
    db.session.commit()


# Sending --------------------------------------------------------------------------------------------------------


def test_a_report_names_the_revision_that_was_seen(met, cast):
    report = send(met, cast.jiang)
    assert (report.question_id, report.revision_id, report.state) == (met.question_id, met.id, "received")


def test_a_second_report_waits_for_the_first_to_be_answered(met, cast):
    first = send(met, cast.jiang)
    with pytest.raises(Refused) as refused:
        send(met, cast.jiang, "换一种说法。")
    assert refused.value.code == "reported"
    db.session.rollback()
    send(met, cast.luo)  # another person may
    reporting.answer(first, "rejected", "与条文一致。", actor_id=cast.he, now=clock.now())
    assert send(met, cast.jiang, "还是不对。").state == "received"


def test_ten_reports_a_day_and_no_more(bank, cast, at):
    at("2026-11-23 23:50")
    some = db.session.scalars(select(Revision).where(Revision.status == "published").limit(12)).all()
    for revision in some[:10]:
        send(revision, cast.jiang)
    with pytest.raises(Refused) as refused:
        send(some[10], cast.jiang)
    assert refused.value.code == "too_many"
    db.session.rollback()
    send(some[10], cast.luo)
    at("2026-11-24 00:01")
    send(some[10], cast.jiang)


# Answering ------------------------------------------------------------------------------------------------------


def test_answering_changes_no_question_and_leaves_a_trace(met, cast, as_he):
    report = send(met, cast.jiang)
    page = as_he.page(f"/banks/reports/{report.id}")
    assert "XF-024-01" in page.h1
    assert met.stem.split("（")[0] in page.text
    assert "由所涉及的机关、单位协商受理" in page.html.split("<mark>")[1]  # the law beside it
    assert "/questions/XF-024-01/edit" in page.html
    page = page.press("属实（已更正或停用）", text="已更正，谢谢。")
    assert "已答复1件" in page.text
    assert (report.state, report.answer, report.answered_by_id) == ("upheld", "已更正，谢谢。", cast.he)
    assert revision_of("XF-024-01").id == met.id
    [trace] = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "bank.report_upheld"))
    assert (trace.object_id, trace.actor_id) == (str(report.id), cast.he)


def test_an_answer_needs_words(met, cast, as_he):
    report = send(met, cast.jiang)
    page = as_he.page(f"/banks/reports/{report.id}").press("不属实", text="　 ")
    assert page.status == 422
    assert "请填写答复" in page.text
    assert report.state == "received"


def test_the_first_answer_stands(met, cast, as_he, as_zhou):
    report = send(met, cast.jiang)
    page = as_zhou.page(f"/banks/reports/{report.id}")
    as_he.page(f"/banks/reports/{report.id}").press("属实（已更正或停用）", text="已更正。")
    later = page.press("不属实", text="没有错。")
    assert (later.status, "已由其他人员答复" in later.text) == (409, True)
    assert (report.state, report.answer) == ("upheld", "已更正。")


def test_other_reports_on_the_question_are_seen_and_answered_together_when_ticked(met, cast, as_he):
    first, second, third = send(met, cast.jiang), send(met, cast.luo, "同样的错。"), send(met, cast.fang)
    elsewhere = send(revision_of("XF-001-01"), cast.luo)
    page = as_he.page(f"/banks/reports/{first.id}")
    assert "罗成：同样的错。" in page.text
    page = page.press("属实（已更正或停用）", text="已停用。", also=[str(second.id)])
    assert "已答复2件" in page.text
    assert [r.state for r in (first, second, third)] == ["upheld", "upheld", "received"]
    reporting.answer(third, "upheld", "已停用。", also=[elsewhere.id], actor_id=cast.he, now=clock.now())
    db.session.commit()
    assert elsewhere.state == "received"  # another question is not answered along


# Who sees what --------------------------------------------------------------------------------------------------


def test_senders_see_their_own_reports_with_state_and_answer(met, cast, as_jiang, as_luo):
    report = send(met, cast.jiang)
    page = as_jiang.page("/me").follow("我的纠错")
    assert "待处理" in page.text
    reporting.answer(report, "rejected", "与第二十四条一致。", actor_id=cast.he, now=clock.now())
    page = as_jiang.page("/my-reports")
    for words in ("选项与条文不一致。", "不属实", "与第二十四条一致。"):
        assert words in page.text
    assert "选项与条文不一致" not in as_luo.page("/my-reports").text


def test_the_queue_is_for_those_who_keep_the_bank(met, cast, as_he, as_fang, as_jiang, as_li):
    report = send(met, cast.jiang)
    grant(cast.fang, "writer", cast.town)  # sees the shipped bank, keeps nothing of it
    assert "江映雪" in as_he.page("/banks/reports").text
    page = as_fang.page("/banks/reports")
    assert "江映雪" not in page.text
    assert "没有纠错" in page.text
    as_fang.page(f"/banks/reports/{report.id}", status=404)
    assert "纠错" not in as_fang.page("/banks/xinfang-gongzuo-tiaoli").text
    for nobody in (as_jiang, as_li):
        nobody.page("/banks/reports", status=404)
        nobody.page(f"/banks/reports/{report.id}", status=404)


def test_a_units_bank_has_its_own_keepers(met, cast, as_fang, as_luo):
    own = Bank(slug="yunling", title="云岭镇题库", unit_id=cast.town, created_at=clock.now())
    db.session.add(own)
    db.session.flush()
    question = Question(bank_id=own.id, code="YL-1", created_at=clock.now())
    db.session.add(question)
    db.session.flush()
    revision = Revision(
        question_id=question.id,
        number=1,
        kind="judge",
        stem="题干。",
        options=["正确", "错误"],
        key="A",
        content_hash="0",
        status="published",
        created_at=clock.now(),
    )
    db.session.add(revision)
    db.session.commit()
    report = send(revision, cast.fang)
    grant(cast.fang, "reviewer", cast.town)
    grant(cast.luo, "writer", cast.office)
    assert "方圆" in as_fang.page("/banks/yunling").follow("纠错（1件）").text
    as_fang.page(f"/banks/reports/{report.id}")
    assert "方圆" not in as_luo.page("/banks/reports").text
    as_luo.page(f"/banks/reports/{report.id}", status=404)


def test_the_queue_is_narrowed_by_state_bank_and_question(met, cast, as_he):
    first = send(met, cast.jiang, "甲说明")
    send(revision_of("XF-001-01"), cast.luo, "乙说明")
    reporting.answer(first, "upheld", "已更正。", actor_id=cast.he, now=clock.now())
    db.session.commit()

    def shown(query):
        text = as_he.page(f"/banks/reports?{query}").text
        return {words for words in ("甲说明", "乙说明") if words in text}

    assert shown("") == {"甲说明", "乙说明"}
    assert shown("state=received") == {"乙说明"}
    assert shown("state=upheld&bank=xinfang-gongzuo-tiaoli") == {"甲说明"}
    assert shown("code=XF-001-01") == {"乙说明"}
    assert shown("bank=none") == set()
    assert shown("page=-7&state=unheard") == {"甲说明", "乙说明"}


def test_bank_and_question_say_how_many_wait(met, cast, as_he):
    send(met, cast.jiang)
    send(met, cast.luo)
    assert "纠错（2件）" in as_he.page("/banks/").text
    assert "纠错（2件）" in as_he.page("/banks/xinfang-gongzuo-tiaoli").text
    page = as_he.page("/banks/xinfang-gongzuo-tiaoli/questions/XF-024-01")
    assert "本题有2件纠错待处理" in page.text
    assert "罗成" in page.follow("查看纠错").text


def test_what_a_person_writes_is_text_and_never_markup(met, cast, as_he, as_jiang):
    report = send(met, cast.jiang, "<script>alert(1)</script>")
    pages = [as_jiang.page("/my-reports"), as_he.page("/banks/reports")]
    for page in [*pages, as_he.page(f"/banks/reports/{report.id}")]:
        assert "<script>alert" not in page.html
        assert "&lt;script&gt;" in page.html


def test_what_was_seen_is_shown_even_when_the_question_has_moved_on(met, cast, as_he, as_zhou):
    report = send(met, cast.jiang)
    address = "/banks/xinfang-gongzuo-tiaoli/questions/XF-024-01"
    as_he.page(f"{address}/edit").press("保存为草稿", explanation="新的解析。")
    page = as_he.page(f"/banks/reports/{report.id}")
    assert "提交人看到的是第1版，本题现有第2版" in page.text
    assert "新的解析" not in page.text


def test_own_reports_are_closed_during_an_exam(met, cast, as_jiang, as_luo):
    """Hazard H37: an answer may speak of a key."""

    def lock(person_id, now):
        return person_id == cast.jiang

    access.exam_locks.append(lock)
    try:
        assert as_jiang.get("/my-reports").status_code == 403
        assert as_luo.get("/my-reports").status_code == 200
    finally:
        access.exam_locks.remove(lock)


def test_pages_run_a_constant_number_of_statements(app, met, cast, as_he, as_jiang):
    def count(client, path):
        with statements("SELECT") as seen:
            client.page(path)
        return len(seen)

    report = send(met, cast.jiang)
    paths = ["/banks/reports", f"/banks/reports/{report.id}"]
    few = [count(as_he, path) for path in paths] + [count(as_jiang, "/my-reports")]
    for number, person in enumerate((cast.luo, cast.fang, cast.li)):
        send(met, person)
        at = clock.now() - timedelta(days=2 + number)
        db.session.add(
            ErrorReport(
                question_id=met.question_id,
                revision_id=met.id,
                person_id=cast.jiang,
                text=f"第{number}次",
                sent_at=at,
            )
        )
    db.session.commit()
    assert [count(as_he, path) for path in paths] + [count(as_jiang, "/my-reports")] == few
    assert max(few) <= 16
