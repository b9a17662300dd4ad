"""Who may move a revision from where to where, and what a new edition of the law does to published questions."""

from dataclasses import replace
from itertools import product

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.bank import review
from quizapp.bank.drafts import CitationDraft
from quizapp.bank.models import STATUSES, Bank, Citation, Question, Revision
from quizapp.bank.queries import full
from quizapp.bank.storing import store
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.regulations.actions import import_edition
from quizapp.regulations.models import Edition, Regulation
from tests.bank.conftest import QUOTE, SHIPPED

REASON = "写明的理由"


@pytest.fixture
def shipped(bank):
    return db.session.get(Bank, bank)


@pytest.fixture
def stored(shipped, cast, draft):
    """Put one question by 何 into the bank, in a state."""

    def put(status="in_review", **other):
        outcome = store([draft(**other)], shipped, by_id=cast.he, now=clock.now(), status=status)
        [identity] = outcome.new + outcome.changed
        return db.session.get(Revision, identity)

    return put


def act(step, row, bank, who):
    if step == "submit":
        return review.submit([row.id], bank, actor_id=who)
    if step == "approve":
        return review.approve([row.id], bank, actor_id=who, now=clock.now())
    if step == "send_back":
        return review.send_back([row.id], bank, actor_id=who, now=clock.now(), reason=REASON)
    return review.retire([row.id], bank, actor_id=who, reason=REASON)


ALLOWED = {
    ("draft", "submit"): "in_review",
    ("in_review", "send_back"): "draft",
    ("in_review", "approve"): "published",
    ("draft", "retire"): "retired",
    ("in_review", "retire"): "retired",
    ("published", "retire"): "retired",
    ("suspended", "retire"): "retired",
    ("suspended", "submit"): "in_review",
}


def test_only_these_steps_exist(stored, shipped, cast):
    for number, (status, step) in enumerate(product(STATUSES, ("submit", "send_back", "approve", "retire"))):
        row = stored(status, code=f"LX-{number}", stem=f"第{number}问（　　）。")
        outcome = act(step, row, shipped, cast.zhou)
        db.session.commit()
        assert row.status == ALLOWED.get((status, step), status), (status, step)
        assert (outcome.done == [row.id]) == ((status, step) in ALLOWED)
        if outcome.left:
            with pytest.raises(Refused, match=STATUSES[status]):
                outcome.or_refuse()


def test_nobody_publishes_what_they_wrote_or_imported(stored, shipped, cast):
    row = stored()
    outcome = review.approve([row.id], shipped, actor_id=cast.he, now=clock.now())
    assert outcome.done == []
    assert "自己编写或导入" in outcome.left[0][1]
    assert row.status == "in_review"


def test_what_is_published_notes_who_and_when(stored, shipped, cast):
    row, moment = stored(), clock.now()
    review.approve([row.id], shipped, actor_id=cast.zhou, now=moment)
    db.session.commit()
    assert (row.status, row.reviewed_by_id, row.published_at) == ("published", cast.zhou, moment)


@pytest.mark.parametrize("citations", [[], [replace(QUOTE, quote="")], [CitationDraft(kind="none")]])
def test_what_does_not_quote_the_law_is_not_published(stored, shipped, cast, citations):
    row = stored(citations=citations)
    assert review.approve([row.id], shipped, actor_id=cast.zhou, now=clock.now()).done == []


def test_without_a_source_it_is_published_only_with_a_reason_that_stays(stored, shipped, cast):
    row = stored(citations=[CitationDraft(kind="none")])
    review.approve([row.id], shipped, actor_id=cast.zhou, now=clock.now(), reason="常识题")
    db.session.commit()
    assert (row.status, row.status_reason) == ("published", "常识题")


def test_a_newer_revision_takes_the_place_of_all_older_ones(stored, shipped, cast):
    rows = [
        stored("published"),
        stored("draft", explanation="第二版。"),
        stored("in_review", explanation="第三版。"),
        stored("draft", explanation="第四版。"),
    ]
    review.approve([rows[2].id], shipped, actor_id=cast.zhou, now=clock.now())
    db.session.commit()
    assert [row.status for row in rows] == ["retired", "retired", "published", "draft"]


def test_an_older_revision_never_takes_the_place_of_a_newer_one(stored, shipped, cast):
    old, new = stored("in_review"), stored("published", explanation="第二版。")
    outcome = review.approve([old.id], shipped, actor_id=cast.zhou, now=clock.now())
    assert (outcome.done, "更新的版本" in outcome.left[0][1]) == ([], True)
    assert (old.status, new.status) == ("in_review", "published")


def test_of_two_revisions_approved_together_the_newer_is_published(stored, shipped, cast):
    old, new = stored("in_review"), stored("in_review", explanation="第二版。")
    outcome = review.approve([old.id, new.id], shipped, actor_id=cast.zhou, now=clock.now())
    db.session.commit()
    assert outcome.done == [new.id]
    assert (old.status, new.status) == ("retired", "published")


def test_in_a_set_the_good_go_and_the_others_stay_with_their_reason(stored, shipped, cast):
    good, bad = stored(code="LX-01"), stored(code="LX-02", stem="乙（　　）。", citations=[])
    outcome = review.approve([good.id, bad.id], shipped, actor_id=cast.zhou, now=clock.now())
    db.session.commit()
    assert (outcome.done, [code for code, _ in outcome.left]) == ([good.id], ["LX-02"])
    assert (good.status, bad.status) == ("published", "in_review")


@pytest.mark.parametrize("step", ["send_back", "retire"])
def test_a_reason_is_needed(stored, shipped, cast, step):
    row, more = stored(), {"now": clock.now()} if step == "send_back" else {}
    with pytest.raises(Refused, match="理由"):
        getattr(review, step)([row.id], shipped, actor_id=cast.zhou, reason="  ", **more)


def test_every_change_of_state_leaves_its_row(stored, shipped, cast):
    row = stored("draft")
    for step in ("submit", "send_back", "submit", "approve", "retire"):
        act(step, row, shipped, cast.zhou)
        db.session.commit()
    rows = db.session.scalars(
        select(AuditEvent).where(AuditEvent.actor_id == cast.zhou).order_by(AuditEvent.id)
    )
    assert [(event.action, event.detail["codes"]) for event in rows] == [
        (f"bank.{done}", ["LX-01"])
        for done in ("submitted", "sent_back", "submitted", "published", "retired")
    ]


# A new edition --------------------------------------------------------------------------------------------------


def next_edition(old: str, new: str) -> int:
    text = (SHIPPED / "regulation.md").read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new).replace("2022-05-01", "2026-05-01")
    edition = import_edition(text, slug="xinfang-gongzuo-tiaoli", now=clock.now(), actor_id=None)
    assert edition.in_force
    return edition.id


def suspended():
    rows = db.session.scalars(select(Revision).where(Revision.status == "suspended"))
    return {row.id for row in rows}


def test_a_new_edition_suspends_exactly_the_questions_whose_words_changed(shipped):
    edition_id = next_edition("由所涉及的机关、单位协商受理", "由最先收到的机关、单位受理")
    review.recheck([edition_id], clock.now())
    db.session.commit()
    touched = select(Citation.revision_id).where(Citation.quote.contains("协商受理"))
    assert suspended() == set(db.session.scalars(touched.where(Citation.article == "24")))
    assert suspended()


def test_an_edition_that_moves_only_other_words_suspends_nothing(shipped):
    edition_id = next_edition("制定机关：中共中央、国务院", "制定机关：国务院、中共中央")
    assert review.recheck([edition_id], clock.now()) == 0
    assert suspended() == set()


def test_a_question_on_the_old_words_is_no_longer_published(stored, shipped, cast):
    row = stored()
    next_edition("由所涉及的机关、单位协商受理", "由最先收到的机关、单位受理")
    outcome = review.approve([row.id], shipped, actor_id=cast.zhou, now=clock.now())
    assert (outcome.done, "不一致" in outcome.left[0][1]) == ([], True)


def test_the_old_edition_is_still_what_an_old_question_shows(shipped):
    first = db.session.scalars(select(Edition).join(Regulation).order_by(Edition.id)).first()
    next_edition("由所涉及的机关、单位协商受理", "由最先收到的机关、单位受理")
    revision = db.session.scalars(
        select(Revision.id).join(Question).where(Question.code == "XF-024-01")
    ).one()
    assert full([revision])[revision].citations[0].edition_id == first.id
