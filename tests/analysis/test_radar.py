"""疑似错误答案: what speaks against a key, the strongest first, and 已核对，无误 with who, when and undo."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from quizapp import clock
from quizapp.analysis import doubts, radar, refreshing
from quizapp.analysis.models import ItemStatistic, KeyCheck
from quizapp.audit import AuditEvent
from quizapp.bank.models import Citation, ErrorReport, Revision
from quizapp.db import db
from quizapp.exams.models import Form, Slot
from tests.analysis.sat import sit
from tests.attempts.conftest import exam, make_exam  # noqa: F401 - a fixture
from tests.statements import statements

OPTIONS = [
    {"letter": "A", "quintiles": [0.5, None, 0.5, 0.2, 0.1]},
    {"letter": "B", "quintiles": [0.1, None, 0.2, 0.5, 0.9]},
    {"letter": "", "quintiles": [0.4, None, 0.3, 0.3, None]},
]


@pytest.mark.parametrize(
    ("flags", "discrimination", "letters", "doubt"),
    [
        ([], -0.5, "", 0.0),  # too few sheets for a flag
        (["easy"], 0.1, "", 0.0),
        (["negative"], -0.25, "", 1.25),
        (["best_choose"], 0.1, "B", 1.9),
        (["negative", "best_choose"], -0.25, "AB", 3.15),
    ],
)
def test_what_the_figures_say_adds_up(flags, discrimination, letters, doubt):
    assert doubts.of_figures(flags, discrimination, OPTIONS, letters) == pytest.approx(doubt)


@given(st.floats(0, 4), st.integers(0, 50), st.integers(0, 50))
def test_reports_only_ever_add(doubt, fewer, more):
    fewer, more = sorted((fewer, more))
    assert doubt <= doubts.strength(doubt, fewer) <= doubts.strength(doubt, more) <= doubt + 2
    assert bool(doubts.reports_in_words(more)) == (doubts.strength(0, more) > 0)


def silent(*_said):
    """A job's report that nobody reads."""


@pytest.fixture
def sat(exam, as_he):  # noqa: F811
    """The small exam after sixty people, computed: the key of its first question is wrong."""
    sit(exam, 60)
    refreshing.refresh(exam.id, clock.now(), silent)
    db.session.commit()
    return exam


def revisions():
    return list(db.session.scalars(select(Slot.revision_id).order_by(Slot.position)))


def report(revision_id, person_id, text="答案不对。", state="received"):
    question = db.session.get_one(Revision, revision_id).question_id
    row = ErrorReport(
        question_id=question,
        revision_id=revision_id,
        person_id=person_id,
        text=text,
        sent_at=clock.now(),
        state=state,
    )
    db.session.add(row)
    db.session.commit()


def test_a_wrong_key_stands_there_with_its_evidence_beside_the_law(bank, sat, as_he):
    law = db.session.scalars(select(Citation).where(Citation.kind == "law").order_by(Citation.id)).first()
    kept = ("regulation_id", "edition_id", "article", "anchor", "quote", "kind")
    cited = {name: getattr(law, name) for name in kept}
    db.session.add(Citation(revision_id=revisions()[0], position=1, **cited))
    db.session.commit()
    page = as_he.page("/analysis/keys")
    assert "第0道试题" in page.text
    assert "第1道试题" not in page.text
    item = db.session.get_one(ItemStatistic, (sat.id, revisions()[0]))
    assert [code for code, _, _ in item.told][:2] == ["negative", "best_choose"]
    for _, _, evidence in item.told[:2]:
        assert evidence in page.text
    assert f"<mark>{law.quote}</mark>" in page.html
    assert "现在的答案" in page.text
    assert "高分者多选" in page.text


def test_reports_alone_are_enough_and_more_evidence_comes_first(sat, cast, as_he):
    third, last = revisions()[2:]
    for person in (cast.jiang, cast.luo):
        report(third, person)
    report(last, cast.jiang)
    report(last, cast.luo, state="rejected")
    page = as_he.page("/analysis/keys")
    assert "学员提交了2件纠错（不含已认定不属实的）。" in page.text
    assert page.text.index("第0道试题") < page.text.index("第2道试题")
    assert "第3道试题" not in page.text
    db.session.execute(update(ItemStatistic).values(doubt=0.5))
    db.session.commit()
    page = as_he.page("/analysis/keys")  # now the reports weigh more than what is left of the figures
    assert page.text.index("第2道试题") < page.text.index("第0道试题")


def test_reports_of_an_exam_that_was_not_computed_yet_are_told(exam, cast, as_he):  # noqa: F811
    for person in (cast.jiang, cast.luo):
        report(revisions()[0], person)
    page = as_he.page(f"/analysis/keys?exam={exam.id}")
    assert "学员提交了2件纠错" in page.text
    assert "查看单题分析" not in page.text


def test_a_key_that_was_checked_leaves_the_list_with_who_and_when_and_comes_back(sat, cast, as_he, as_zhou):
    page = as_he.page("/analysis/keys").press("已核对，无误")
    assert "已记为" in page.text
    assert "没有疑似错误的答案" in page.text
    row = db.session.scalars(select(KeyCheck)).one()
    assert (row.exam_id, row.revision_id, row.by_id, row.at) == (
        sat.id,
        revisions()[0],
        cast.he,
        clock.now(),
    )
    checked = as_zhou.page("/analysis/keys?state=checked")
    assert "何平于2026年12月25日 09:00核对：答案无误。" in checked.text
    assert (
        "何平于2026年12月25日 09:00核对"
        in as_zhou.page(f"/exams/{sat.id}/analysis/items/{revisions()[0]}").text
    )
    assert "已撤销" in checked.press("撤销核对").text
    assert db.session.scalars(select(KeyCheck)).all() == []
    assert "第0道试题" in as_he.page("/analysis/keys").text
    actions = db.session.scalars(select(AuditEvent.action).where(AuditEvent.action.startswith("analysis.")))
    assert list(actions) == ["analysis.key_checked", "analysis.key_unchecked"]


def test_checking_twice_and_from_the_page_of_the_question_does_no_harm(sat, as_he):
    address = f"/exams/{sat.id}/analysis/items/{revisions()[0]}"
    page = as_he.page(address)
    assert "已记为" in page.press("已核对，无误").text
    assert "此前已核对" in page.press("已核对，无误").text
    kept = as_he.page(address)
    assert "已撤销" in kept.press("撤销核对").text
    assert "没有改动" in kept.press("撤销核对").text


def test_only_questions_of_the_exam_are_checked_and_only_by_who_makes_it(sat, cast, as_he, as_li):
    as_he.page("/analysis/keys")
    data = {"csrf_token": as_he.token}
    assert as_he.post(f"/exams/{sat.id}/analysis/items/99999/check", data=data).status_code == 404
    as_li.page("/feedback")
    path = f"/exams/{sat.id}/analysis/items/{revisions()[0]}/check"
    assert as_li.post(path, data={"csrf_token": as_li.token}).status_code == 404
    assert db.session.scalars(select(KeyCheck)).all() == []


def test_the_radar_of_one_exam_shows_that_one_alone(sat, cast, as_he):
    other = make_exam(
        cast,
        clock.now(),
        asked=list(db.session.scalars(select(Revision).order_by(Revision.id))),
        title="又一场",
    )
    slots = list(db.session.scalars(select(Slot).join(Form).where(Form.exam_id == other.id)))
    sit(other, 60, slots=slots, first=60)
    refreshing.refresh(other.id, clock.now(), silent)
    db.session.commit()
    with statements("SELECT") as of_one:
        assert "又一场" not in as_he.page(f"/analysis/keys?exam={sat.id}").text
    with statements("SELECT") as of_all:
        page = as_he.page("/analysis/keys")
    assert "又一场" in page.text
    assert sat.title in page.text
    assert len(of_all) <= len(of_one)


def test_the_list_has_pages(sat, as_he, monkeypatch):
    monkeypatch.setattr(radar, "PAGE", 1)
    db.session.execute(update(ItemStatistic).where(ItemStatistic.position == 2).values(doubt=1.1))
    db.session.commit()
    first = as_he.page("/analysis/keys")
    assert "第1/2页，共2题" in first.text
    assert "第1道试题" in as_he.page("/analysis/keys?page=2").text
    assert "第1道试题" in as_he.page("/analysis/keys?page=99").text


def test_the_exam_page_counts_what_waits(sat, as_he):
    assert "疑似错误答案（1题）" in as_he.page(f"/exams/{sat.id}/analysis").text
    as_he.page("/analysis/keys").press("已核对，无误")
    assert "疑似错误答案（1题）" not in as_he.page(f"/exams/{sat.id}/analysis").text


def test_while_one_sits_an_exam_the_radar_is_closed(sat, cast, as_he, at):
    from quizapp.attempts import opening, starting
    from quizapp.attempts.protocol import OpenBody
    from quizapp.exams.models import Candidate
    from tests.attempts.conftest import live_session, own_phone

    db.session.add(
        Candidate(exam_id=sat.id, person_id=cast.he, unit_id=cast.county, lft=1, name="何平", name_key="he")
    )
    db.session.commit()
    candidate = db.session.scalars(select(Candidate).where(Candidate.person_id == cast.he)).one()
    attempt = starting.start(sat, candidate, pledge="承诺", now=clock.now())
    opening.open_page(attempt.token, OpenBody(), live_session(cast.he, clock.now()), clock.now())
    db.session.commit()
    own_phone(as_he)
    for path in ("/analysis/", "/analysis/keys", f"/exams/{sat.id}/analysis"):
        assert as_he.get(path).status_code == 403, path
    at(attempt.refused_after + timedelta(seconds=1))
    assert as_he.get("/analysis/keys").status_code == 200
