"""学法档案: one's own exams over the years, as a page and on paper; nothing of minutes, ranks or sign-ins."""

import io
from datetime import timedelta

import pypdf
import pytest

from quizapp import clock
from quizapp.attempts.certificates.models import Certificate
from quizapp.attempts.transcript import entries, sheet
from quizapp.attempts.transcript import queries as transcript
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.exams import tallies
from tests.attempts.conftest import candidate_of, make_exam, own_phone
from tests.attempts.test_handing_in import right_sheet
from tests.statements import statements


@pytest.fixture
def years(exam, cast, page, attempt, at):
    """江: 优秀 in 2026, absent in 2027, exempt from the 补考 of 2027, an exam of 2028 still ahead."""
    exam.certificates = True
    page.hand_in(right_sheet(attempt))
    asked = [db.session.get_one(Revision, one) for one in revision_ids()]
    later = at("2027-12-20 09:00")
    absent = make_exam(cast, later, asked=asked, title="2027年度条例考试")
    makeup = make_exam(
        cast, later + timedelta(days=5), asked=asked, title="2027年度条例考试补考", makeup_of_id=absent.id
    )
    tallies.set_status(candidate_of(makeup, cast.jiang).id, "exempt")
    make_exam(cast, later + timedelta(days=200), asked=asked, title="2028年度条例考试")
    db.session.commit()
    at("2028-01-10 09:00")


def revision_ids():
    return [one.id for one in db.session.query(Revision).order_by(Revision.id)]


def test_the_transcript_tells_the_exams_by_year_and_leaves_out_what_is_ahead(years, as_jiang):
    own_phone(as_jiang)
    page = as_jiang.page("/my-exams/transcript")
    places = [page.text.index(words) for words in ("2027年 ", "缺考", "2026年 ", "2026年度条例考试")]
    assert places[0] < places[1] < places[2] < places[3]
    for said in ("优秀", "9分", "免考", "补考", "县信访局", "领取合格证"):
        assert said in page.text
    for never in ("2028", "分钟", "排名", "积分", "签到", "罗成"):
        assert never not in page.text


def test_the_certificate_is_taken_and_found_from_there(years, as_jiang):
    own_phone(as_jiang)
    as_jiang.page("/my-exams/transcript").press("领取合格证")
    number = db.session.query(Certificate).one().number
    page = as_jiang.page("/my-exams/transcript")
    assert "领取合格证" not in page.text
    assert any(href.endswith(number) for _, href in page.links)


def test_the_paper_says_the_same_with_number_and_day(years, as_jiang):
    own_phone(as_jiang)
    as_jiang.page("/my-exams/transcript").press("领取合格证")
    reply = as_jiang.get("/my-exams/transcript/file")
    [leaf] = pypdf.PdfReader(io.BytesIO(reply.get_data())).pages
    words = "".join(leaf.extract_text().split())
    number = db.session.query(Certificate).one().number
    for said in (
        "学法档案",
        "编号：DA-10000017-20280110",
        "江映雪",
        "2026年度条例考试",
        "9分",
        "缺考",
        "免考",
    ):
        assert said in words
    assert number in words
    for never in ("掌握", "罗成", "2028年度"):
        assert never not in words


def test_a_score_that_is_not_shown_yet_stands_nowhere(exam, page, attempt, as_jiang):
    exam.show_score = "released"
    page.hand_in(right_sheet(attempt))
    own_phone(as_jiang)
    text = as_jiang.page("/my-exams/transcript").text
    assert "成绩将" in text
    for hidden in ("优秀", "合格证书", "9分"):
        assert hidden not in text
    words = pypdf.PdfReader(io.BytesIO(as_jiang.get("/my-exams/transcript/file").get_data())).pages[0]
    assert "9分" not in words.extract_text()
    assert "优秀" not in words.extract_text()


def test_a_voided_exam_stands_there_without_a_score(exam, page, attempt, as_jiang):
    page.hand_in(right_sheet(attempt))
    exam.state = "voided"
    db.session.commit()
    own_phone(as_jiang)
    text = as_jiang.page("/my-exams/transcript").text
    assert "已作废" in text
    assert "9分" not in text


def test_who_has_sat_nothing_reads_what_will_stand_there(app, as_jiang):
    assert "还没有已结束的考试" in as_jiang.page("/my-exams/transcript").text


def test_each_sees_only_the_own(years, as_luo):
    own_phone(as_luo)
    text = as_luo.page("/my-exams/transcript").text
    assert "江映雪" not in text
    assert "9分" not in text
    assert "缺考" in text


def test_more_exams_cost_no_more_statements(years, cast):
    db.session.expire_all()
    with statements() as seen:
        found = transcript.entries(cast.jiang, clock.now())
    assert len(found) == 3
    assert len(seen) <= 6


@pytest.mark.parametrize(
    ("candidate", "exam", "word"),
    [("已交卷", "published", "已交卷"), ("缺考", "voided", "已作废"), ("未开始", "cancelled", "已取消")]
    + [(ahead, "published", "") for ahead in entries.AHEAD],
)
def test_the_word_for_an_exam(candidate, exam, word):
    assert entries.status(candidate, exam) == word


def test_the_number_of_a_paper_is_of_its_person_and_day(at):
    assert sheet.number("10000017", at("2026-12-31 23:30")) == "DA-10000017-20261231"
