"""The bank that ships with the app: clean by its own check, entered once, as published."""

import re

import pytest
from sqlalchemy import func, select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.bank import folders
from quizapp.bank.actions import load_folder
from quizapp.bank.checking import check
from quizapp.bank.models import Bank, Citation, Question, Revision
from quizapp.bank.profile import profile
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.regulations.queries import laws
from tests.databases import ROOT

SHIPPED = ROOT / "question_banks" / "xinfang-gongzuo-tiaoli"


@pytest.fixture(scope="module")
def folder():
    return folders.read(SHIPPED)


@pytest.fixture(scope="module")
def figures(folder):
    return profile(folder.reading.drafts, {"": folder.law})


def test_the_shipped_bank_has_nothing_to_complain_of(folder):
    assert folder.reading.problems == []
    checked = check(folder.reading.drafts, {"": folder.law})
    assert [problem for draft in checked for problem in draft.problems] == []


def test_every_article_has_a_question(figures):
    assert figures.total >= 120
    assert len(figures.articles) == 50
    assert figures.uncovered == []


def test_no_position_and_no_length_gives_the_key_away(figures):
    assert set(figures.positions) == set("ABCD")
    assert all(0.2 <= count / figures.singles <= 0.3 for count in figures.positions.values())
    assert figures.longest / figures.singles <= 0.35
    assert 0.45 <= figures.judge_right / figures.kinds["judge"] <= 0.55


def test_every_question_has_a_code_of_its_own(folder):
    codes = [draft.code for draft in folder.reading.drafts]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"XF-\d{3}-\d{2}", code) for code in codes)


def test_the_question_of_the_newspaper_is_there(folder):
    [draft] = [
        d
        for d in folder.reading.drafts
        if d.stem.startswith("涉及两个或者两个以上机关、单位的信访事项，由所")
    ]
    assert draft.options == ["共同的上一级机关、单位决定受理机关", "共同受理", "协商受理"]
    assert (draft.key, draft.citations[0].words) == ("C", "第二十四条第一款")


def test_it_enters_as_published_with_its_regulation(app, folder):
    report = load_folder(SHIPPED, clock.now())
    db.session.commit()
    assert (report.created, report.published, report.problems) == (True, len(folder.reading.drafts), [])
    bank = db.session.scalars(select(Bank)).one()
    assert (bank.slug, bank.unit_id, bank.sealed) == ("xinfang-gongzuo-tiaoli", None, False)
    statuses = db.session.execute(select(Revision.status, func.count()).group_by(Revision.status)).all()
    assert [tuple(row) for row in statuses] == [("published", report.published)]


def test_every_stored_quote_stands_in_its_edition(app):
    load_folder(SHIPPED, clock.now())
    rows = db.session.execute(select(Citation.edition_id, Citation.anchor, Citation.quote)).all()
    known = laws({row.edition_id for row in rows})
    assert rows
    assert all(known[row.edition_id].quote_stands(row.anchor, row.quote) for row in rows)


def test_loading_again_changes_nothing(app):
    load_folder(SHIPPED, clock.now())
    db.session.commit()
    before = [
        db.session.scalar(select(func.count()).select_from(table))
        for table in (Question, Revision, AuditEvent)
    ]
    report = load_folder(SHIPPED, clock.now())
    db.session.commit()
    assert (report.created, report.published) == (False, 0)
    after = [
        db.session.scalar(select(func.count()).select_from(table))
        for table in (Question, Revision, AuditEvent)
    ]
    assert after == before


def test_a_question_that_misquotes_stays_out_and_is_told(app, tmp_path):
    for name in ("bank.toml", "regulation.md"):
        (tmp_path / name).write_bytes((SHIPPED / name).read_bytes())
    questions = tmp_path / "questions"
    questions.mkdir()
    (questions / "01.md").write_text(
        "## 判断题\n\n1. 甲。\n答案：正确\n依据：第一条 “没有这样的话”\n解析：略。\n编号：XF-1\n\n"
        "2. 乙。\n答案：正确\n依据：第一条 “制定本条例”\n解析：略。\n编号：XF-2\n"
    )
    report = load_folder(tmp_path, clock.now())
    assert report.published == 1
    [problem] = report.problems
    assert (problem.source, problem.line, problem.column) == ("01.md", 5, "依据")
    assert db.session.scalars(select(Question.code)).all() == ["XF-2"]


@pytest.mark.parametrize("broken", ["title = ", 'title = "a name and no more"', "中"])
def test_a_broken_bank_toml_is_refused_with_a_sentence(app, tmp_path, broken):
    (tmp_path / "bank.toml").write_text(broken, encoding="gb18030")
    with pytest.raises(Refused, match="bank.toml"):
        load_folder(tmp_path, clock.now())
    assert db.session.scalars(select(Bank)).all() == []
