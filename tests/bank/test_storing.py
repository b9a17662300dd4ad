"""Drafts into the bank and back out: revisions, identities, undoing, and all or nothing."""

from dataclasses import replace

import pytest
from sqlalchemy import event, func, select

from quizapp import clock
from quizapp.bank import actions, stored
from quizapp.bank.drafts import CitationDraft
from quizapp.bank.identity import with_codes
from quizapp.bank.models import Bank, Citation, ImportBatch, Question, Revision
from quizapp.bank.storing import prepared, store
from quizapp.db import db
from quizapp.errors import Refused
from tests.statements import statements


@pytest.fixture
def shipped(bank):
    return db.session.get(Bank, bank)


def put(drafts, shipped, **other):
    outcome = store(drafts, shipped, **{"by_id": None, "now": clock.now(), **other})
    db.session.commit()
    return outcome


def counts():
    return [db.session.scalar(select(func.count()).select_from(t)) for t in (Question, Revision, Citation)]


def test_a_new_question_is_revision_1_and_a_draft(shipped, draft):
    outcome = put([draft()], shipped)
    row = db.session.get(Revision, outcome.new[0])
    assert (row.number, row.status, row.key, row.options) == (
        1,
        "draft",
        "B",
        ["共同受理", "协商受理", "分别受理"],
    )
    [cited] = db.session.scalars(select(Citation).where(Citation.revision_id == row.id))
    assert (cited.article, cited.anchor, cited.quote) == ("24", "24.1", "由所涉及的机关、单位协商受理")


def test_a_change_is_the_next_revision_and_the_old_one_stays_as_it_was(shipped, draft):
    old = put([draft()], shipped).new[0]
    new = put([draft(stem="换了说法（　　）。")], shipped).changed[0]
    rows = [db.session.get(Revision, identity) for identity in (old, new)]
    assert [(row.number, row.stem[:4]) for row in rows] == [(1, "涉及两个"), (2, "换了说法")]
    assert rows[0].question_id == rows[1].question_id


def test_the_same_again_is_nothing_however_its_blanks_and_addresses_are_written(shipped, draft):
    put([draft(citations=[CitationDraft("第六条", "认真处理信访事项")])], shipped)
    before = counts()
    again = draft(
        stem=" 涉及两个以上机关、单位的信访事项，由所涉及的机关、单位( )。\r\n",
        citations=[CitationDraft("第六条第 一款", "认真处理信访事项", regulation="信访工作条例")],
    )
    outcome = put([again], shipped)
    assert (outcome.new, outcome.changed, outcome.same) == ([], [], 1)
    assert counts() == before


def test_the_whole_shipped_bank_again_makes_no_revision(shipped):
    before = counts()
    outcome = put([replace(draft, line=0) for draft in stored.drafts_of(shipped)], shipped)
    assert (outcome.new, outcome.changed, outcome.left_out) == ([], [], 0)
    assert outcome.same > 100
    assert counts() == before


def test_a_question_without_a_code_finds_itself_again_by_its_words(shipped, draft):
    put([draft(code=""), draft(code="", options=["甲", "乙"], key="A")], shipped)
    before = counts()
    outcome = put([draft(code=""), draft(code="", options=["甲", "乙"], key="A")], shipped)
    assert (outcome.new, outcome.changed, outcome.same) == ([], [], 2)
    outcome = put([draft(code="", explanation="更好的解析。")], shipped)
    assert (len(outcome.changed), counts()[0]) == (1, before[0])


def test_codes_made_from_words_never_collide(draft):
    same = [draft(code="", options=[f"甲{n}", "乙"], key="A") for n in range(5)]
    codes = [made.code for made in with_codes(same, [])]
    assert len(set(codes)) == 5
    assert codes == [made.code for made in with_codes(same, [])]


def test_questions_with_errors_are_left_out_and_counted(shipped, draft):
    before = counts()
    outcome = put(
        [draft(key="D"), draft(code="LX-02", citations=[CitationDraft("第九十九条", "话")])], shipped
    )
    assert (outcome.new, outcome.left_out) == ([], 2)
    assert counts() == before


def test_an_equal_stem_under_another_code_is_told(shipped, draft):
    put([draft()], shipped)
    [again] = prepared([draft(code="LX-77", options=["甲", "乙"])], shipped).drafts
    assert [(p.severity, "LX-01" in p.message) for p in again.problems] == [("warning", True)]


def test_storing_runs_as_many_statements_for_many_questions_as_for_few(shipped, draft):
    def count(questions):
        with statements() as seen:
            put(questions, shipped)
        return len(seen)

    count([draft()])
    few = count([draft(code=f"A-{n}", stem=f"第{n}问（　　）。") for n in range(2)])
    many = count([draft(code=f"B-{n}", stem=f"又第{n}问（　　）。") for n in range(60)])
    assert many == few <= 12


def accept(drafts, shipped, by_id=None):
    batch, outcome = actions.accept(
        drafts, shipped, file_name="题.md", data=b"...", by_id=by_id, now=clock.now()
    )
    db.session.commit()
    return batch, outcome


def test_an_import_undone_leaves_the_bank_as_it_was(shipped, draft):
    put([draft()], shipped)
    before = counts()
    batch, outcome = accept(
        [draft(explanation="改过。"), draft(code="LX-05", stem="新的（　　）。")], shipped
    )
    assert (len(outcome.new), len(outcome.changed)) == (1, 1)
    assert actions.undo(batch, by_id=None, now=clock.now()) == 2
    db.session.commit()
    assert counts() == before
    with pytest.raises(Refused, match="undone"):
        actions.undo(batch, by_id=None, now=clock.now())


def test_an_import_with_a_published_question_is_not_undone(shipped, draft):
    batch, outcome = accept([draft()], shipped)
    db.session.get(Revision, outcome.new[0]).status = "published"
    db.session.commit()
    with pytest.raises(Refused, match="已发布"):
        actions.undo(batch, by_id=None, now=clock.now())


def test_an_import_that_breaks_at_any_statement_writes_nothing(shipped, draft):
    """Hazard H28: the machine stops before the first, second … writing statement, until none is left."""
    before, questions = counts(), [draft(), draft(code="LX-02", stem="乙（　　）。")]
    stop_at, seen = 0, []

    def stop(_connection, _cursor, statement, *_rest):
        if statement.startswith(("INSERT", "UPDATE")):
            seen.append(statement)
            if len(seen) == stop_at:
                raise RuntimeError("the machine stops here")

    event.listen(db.engine, "before_cursor_execute", stop)
    try:
        for stop_at in range(1, 20):  # noqa: B007 - read by `stop`
            seen.clear()
            try:
                accept(questions, shipped)
            except RuntimeError:
                db.session.rollback()
                assert counts() == before
                assert db.session.scalars(select(ImportBatch)).all() == []
            else:
                break
    finally:
        event.remove(db.engine, "before_cursor_execute", stop)
    assert stop_at == len(seen) + 1 >= 6  # batch, questions, revisions, citations, summary, audit
    assert counts()[1] == before[1] + 2
