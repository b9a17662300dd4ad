"""例外记录: every recorded exception of an exam in Chinese words, newest first, and no act without words."""

import ast
import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from quizapp import audit, clock, spreadsheets
from quizapp.db import db
from quizapp.exams import actions, exception_log, exception_words, exceptions, unit_windows
from quizapp.exams.models import ExamUnit
from tests.exams.test_excusing import candidate_of
from tests.statements import statements

PACKAGE = Path(__file__).parents[2] / "quizapp"
END = "2026-12-25T16:00:00+00:00"  # midnight in China


@pytest.mark.parametrize(
    ("action", "detail", "told"),
    [
        ("candidate.status", {"before": "expected", "after": "exempt"}, "应考改为免考"),
        (
            "candidate.status",
            {"before": "expected", "after": "deferred", "until": END},
            "应考改为缓考，2026年12月25日到期",
        ),
        ("candidate.status", {"before": "exempt", "after": "expected", "until": None}, "免考改为应考"),
        (
            "candidate.time",
            {"after": {"minutes": 20, "percent": 50, "closes_at": END}},
            "延长20分钟，按比例延长50%，个人截止时间2026年12月25日 24:00",
        ),
        ("candidate.time", {"after": {"minutes": 0, "percent": 0, "closes_at": None}}, "取消延长"),
        ("candidate.attempts", {"before": 0, "after": 2}, "增加2次（原增加0次）"),
        ("candidate.excuse_asked", {"kind": "exempt", "until": END}, "免考，2026年12月25日到期"),
        ("candidate.excuse_withdrawn", {"kind": "deferred"}, "缓考"),
        ("candidate.added", {"reason": "新进"}, ""),
        (
            "exam.unit_extended",
            {"unit": "云岭镇", "closes_at": "2026-12-25T04:30:00+00:00", "candidates": 12},
            "云岭镇及下级单位延至2026年12月25日 12:30，涉及12人",
        ),
        ("exam.duty_named", {"name": "罗成", "phone": "0839-1"}, "罗成，电话0839-1"),
        ("exam.duty_removed", {"name": "罗成"}, "罗成"),
        (
            "exam.paper_results",
            {"sheets": 30, "sat_at": "2026-12-25T04:30:00+00:00"},
            "30份答卷，2026年12月25日 12:30交卷",
        ),
        (
            "exam.closed_early",
            {"before": END, "after": "2026-12-25T04:30:00+00:00", "waiting": 7, "answering": 2},
            "截止时间由2026年12月25日 24:00改为2026年12月25日 12:30，未开始7人，正在作答2人",
        ),
        ("exam.list_extended", {"people": 3, "reason": "新进"}, "补充3人"),
        (
            "attempt.extended",
            {"seconds": 600, "attempts": [1, 2], "reopened": [2]},
            "延长10分钟，涉及2份答卷，恢复作答1份",
        ),
        ("marking_run.prepared", {"number": 2, "revisions": [7, 9]}, "第2次判分，更正2道试题"),
        ("marking_run.prepared", {"number": 3, "restores": 1}, "第3次判分，恢复第1次判分"),
        ("correction.approved", {"number": 2, "changed": 25}, "第2次判分，25人的成绩变化"),
        ("attempt.intervention_asked", {"what": "补时重开", "minutes": 20}, "补时重开20分钟"),
    ],
)
def test_what_was_done_is_said_in_words(action, detail, told):
    assert exception_words.told(action, detail) == told
    assert exception_words.words(action)


@pytest.mark.parametrize("action", sorted(exception_words.ACTS))
def test_no_act_is_lost_for_words_where_its_detail_is_bare(action):
    """What older versions recorded has fewer details."""
    words = exception_words.words(action) + exception_words.told(action, {})
    assert not re.search(r"[A-Za-z]", words)


def recorded() -> set[str]:
    """Every act of an exam, a candidate or an attempt that the code records, read from its source."""
    found = set()
    for path in [*(PACKAGE / "exams").rglob("*.py"), *(PACKAGE / "attempts").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(
                    re.findall(r"\A(?:exam|candidate|attempt|marking_run)\.(?!id\Z)[a-z_]+\Z", node.value)
                )
    return found


def test_every_recorded_act_has_words_or_is_routine():
    known = exception_words.ACTS.keys() | exception_words.ROUTINE
    assert {"candidate.time", "exam.created"} <= recorded() <= known


@pytest.fixture
def history(published, cast):
    """Three exceptions, the oldest first: of a candidate, of a unit, of an attempt of nobody's exam."""
    jiang = candidate_of(published, cast.jiang)
    exceptions.set_status(published, jiang, "exempt", "产假", actor_id=cast.he)
    office = db.session.query(ExamUnit).filter_by(exam_id=published.id, unit_id=cast.office).one()
    unit_windows.extend(
        published,
        office,
        published.closes_at + timedelta(hours=1),
        reason="=停电",
        now=clock.now(),
        actor_id=cast.he,
    )
    audit.record("attempt.voided", ("attempt", 999), actor_id=cast.he, reason="别的考试")
    db.session.commit()
    return published


def test_the_newest_stands_first_with_whom_it_is_about(history):
    lines, total = exception_log.lines(history.id)
    assert total == 2
    assert [(one.act, one.candidate, one.unit, one.reason, one.by) for one in lines] == [
        ("延长单位考试时间", "", "", "=停电", "何平"),
        ("变更考生状态", "江映雪", "县信访局", "产假", "何平"),
    ]
    again, _ = exception_log.lines(history.id, page=2, size=1)
    assert again == lines[1:]


def test_another_exams_exceptions_are_not_shown(history, make_exam, cast):
    other = make_exam(title="另一次")
    actions.publish(other, clock.now(), actor_id=cast.he)
    db.session.commit()
    assert exception_log.lines(other.id) == ([], 0)


def test_the_record_is_a_page_and_a_workbook(as_he, history):
    page = as_he.page(f"/exams/{history.id}").follow("例外处理")
    assert "应考改为免考" in page.text
    reply = as_he.get(f"/exams/{history.id}/exceptions.xlsx")
    rows = [row.cells for row in spreadsheets.read(reply.data, "record.xlsx")]
    assert rows[0] == ["时间", "办理人", "事项", "考生", "单位", "内容", "原因", "另一人"]
    assert rows[2][1:] == ["何平", "变更考生状态", "江映雪", "县信访局", "应考改为免考", "产假", ""]
    assert rows[1][6] == "=停电"
    with zipfile.ZipFile(io.BytesIO(reply.data)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")  # hazard H35


def test_the_record_costs_the_same_however_long_it_is(history, cast):
    def cost():
        with statements() as seen:
            exception_log.lines(history.id)
        return len(seen)

    before = cost()
    for person in (cast.luo, cast.li, cast.zhou):
        exceptions.set_status(
            history, candidate_of(history, person), "deferred", "抽调专班", actor_id=cast.he
        )
    db.session.commit()
    assert cost() == before
