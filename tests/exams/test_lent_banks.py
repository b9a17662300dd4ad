"""What a trainer may draw from, and what of a bank lent for 组卷可用 the pages of an exam keep to themselves."""

import pytest

from quizapp import clock
from quizapp.bank.models import Loan
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions
from quizapp.exams.models import Exam
from tests.lent import SECRET, grant, lend, make_bank, revisions_of, village_of
from tests.papers import totals


@pytest.fixture
def lent(bank, cast):
    """A sealed bank of 县信访局; 方 makes exams in 云岭镇."""
    grant(cast.fang, cast.town, "exam_administrator", "writer")
    return make_bank(cast.office, sealed=True)


@pytest.fixture
def drawn(lent, cast, make_exam):
    """A draft of the town that draws all from the lent bank."""
    lend(lent, cast.town, "compose")
    return make_exam(
        unit=cast.town,
        bank_ids=[lent.id],
        blueprint=totals(judge=5),
        points={"judge": 100},
        pass_mark=200,
        excellent_mark=300,
        bands=[],
    )


def offered(client):
    return client.page("/exams/new").form("保存草稿").choices["bank_ids"]


@pytest.mark.parametrize(
    ("level", "is_offered"), [("practise", False), ("compose", True), ("maintain", True)]
)
def test_banks_lent_for_exams_are_offered(lent, bank, cast, as_fang, level, is_offered):
    assert offered(as_fang) == {str(bank)}
    lend(lent, cast.town, level)
    assert (str(lent.id) in offered(as_fang)) == is_offered


def test_to_a_unit_above_or_below_the_trainers_too_but_to_no_neighbour(lent, cast, as_fang, as_jiang):
    loan = lend(lent, cast.county, "compose")
    assert str(lent.id) in offered(as_fang)
    loan.unit_id = village_of(cast.town).id
    assert str(lent.id) in offered(as_fang)
    other = make_bank(cast.county, slug="xian")
    lend(other, cast.office, "compose")
    assert str(other.id) not in offered(as_fang)


def test_a_lent_bank_is_marked_and_not_ticked_by_itself(lent, cast, as_fang):
    lend(lent, cast.town, "compose")
    page = as_fang.page("/exams/new")
    assert "xinfangju题库（组卷可用，不显示答案）" in page.text
    assert str(lent.id) not in page.form("保存草稿").values.getlist("bank_ids")


def test_the_form_counts_by_kind_chapter_and_difficulty(drawn, as_fang):
    page = as_fang.page(f"/exams/{drawn.id}/blueprint")
    assert 'aria-label="第三章　信访事项的提出和受理判断题题数，可用6题"' in page.html.replace(" ", "　")
    assert 'aria-label="难度3级判断题题数，可用6题"' in page.html
    assert 'aria-label="难度2级判断题题数，可用0题"' in page.html


def test_counts_of_a_bank_that_is_not_offered_are_not_told(lent, cast, as_fang):
    page = as_fang.page("/exams/new")
    data = {"csrf_token": page.token, "bank_ids": str(lent.id), "title": ""}
    reply = as_fang.read(as_fang.post("/exams/new", data=data))
    assert reply.status == 422
    assert "可用6题" not in reply.html


def test_no_page_of_the_exam_shows_a_key_an_explanation_or_the_deciding_article(drawn, cast, as_fang):
    def pages():
        return [as_fang.page(f"/exams/{drawn.id}{end}") for end in ("", "/edit", "/preview", "/questions")]

    shown = pages()
    actions.publish(drawn, clock.now(), actor_id=cast.fang)
    db.session.commit()
    for page in [*shown, *pages()]:
        for secret in (SECRET, "第二十四条", "正确答案", "标准答案："):
            assert secret not in page.text.replace("对错、标准答案、依据和解析", ""), (page.path, secret)
    assert "不显示" in shown[3].text


def test_whoever_maintains_the_bank_sees_the_deciding_article(drawn, cast, as_fang):
    db.session.query(Loan).update({"level": "maintain"})
    assert "第二十四条" in as_fang.page(f"/exams/{drawn.id}/questions").text


def test_a_draft_is_not_published_once_the_loan_has_ended(drawn, cast, as_fang):
    db.session.query(Loan).delete()
    db.session.commit()
    page = as_fang.page(f"/exams/{drawn.id}")
    assert "“xinfangju题库”没有出借给您的单位或出借已结束" in page.text
    with pytest.raises(Refused) as refused:
        actions.publish(drawn, clock.now(), actor_id=cast.fang)
    assert refused.value.code == "not_ready"
    db.session.rollback()
    for end in ("/preview", "/questions"):
        page = as_fang.page(f"/exams/{drawn.id}{end}", status=409)
        assert "道题干" not in page.text
    reply = as_fang.post(f"/exams/{drawn.id}/trial", data={"csrf_token": page.token})
    assert reply.status_code == 409
    assert "xinfangju题库（不能再用）" in as_fang.page(f"/exams/{drawn.id}/edit").text


def test_a_published_exam_stays_as_it_is_when_the_loan_ends(drawn, cast, as_fang):
    actions.publish(drawn, clock.now(), actor_id=cast.fang)
    db.session.query(Loan).delete()
    db.session.commit()
    assert "道题干" in as_fang.page(f"/exams/{drawn.id}/preview").text
    assert db.session.get(Exam, drawn.id).state == "published"


def test_the_owners_trainers_above_draw_without_a_loan(lent, cast, as_he, make_exam):
    assert str(lent.id) in offered(as_he)
    exam = make_exam(bank_ids=[lent.id], blueprint=totals(judge=2), pass_mark=100)
    assert "第二十四条" in as_he.page(f"/exams/{exam.id}/questions").text
    assert len(revisions_of(lent)) == 6


def test_keys_that_the_maker_may_not_see_are_not_shown_as_soon_as_a_sheet_is_handed_in(drawn, cast):
    """Else the maker invites himself, hands in, and reads them."""
    drawn.show_right = drawn.show_key = "at_once"
    with pytest.raises(Refused) as refused:
        actions.publish(drawn, clock.now(), actor_id=cast.fang)
    assert "“xinfangju题库”出借时不显示答案" in refused.value.sentence
    db.session.rollback()
    drawn.show_right = drawn.show_key = "closed"
    actions.publish(drawn, clock.now(), actor_id=cast.fang)


def test_whoever_maintains_the_bank_may_show_its_keys_at_once(drawn, cast):
    db.session.query(Loan).update({"level": "maintain"})
    drawn.show_right = drawn.show_key = "at_once"
    actions.publish(drawn, clock.now(), actor_id=cast.fang)
