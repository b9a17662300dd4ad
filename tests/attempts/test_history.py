"""What the journal says of one question: every change with its time, every device, and how it ended."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quizapp.attempts import history

START = datetime(2026, 12, 25, 1, tzinfo=UTC)


@dataclass
class Event:
    kind: str
    epoch: int
    revision: int
    at: datetime
    sheet: str
    extra: str = ""


def journal(*rows):
    return [
        Event(kind, 1, place, START + timedelta(minutes=place), sheet, *extra)
        for place, (kind, sheet, *extra) in enumerate(rows)
    ]


DISPUTED = journal(
    ("open", "..."),
    ("save", ".B.."),
    ("save", "A.B.."),
    ("open", "A.B..", '{"takeover":true}'),
    ("open", "A.B.."),
    ("save", "A.C.."),
    ("save", "A.C.D."),
    ("save", "A..D."),
    ("hand_in", "A.C.D."),
)


def test_a_line_for_every_change_device_and_end():
    steps = history.of_question(history.lines(DISPUTED, None), 2)
    assert [(step.what, step.words) for step in steps] == [
        ("打开", "未答"),
        ("保存", "选B"),
        ("换到其他页面或设备继续作答", "B"),
        ("保存", "由B改为C"),
        ("保存", "取消选择（原选C）"),
        ("交卷", "选C"),
    ]


def test_a_save_tells_what_it_changed_and_that_it_came_in_the_time_for_the_network():
    rows = journal(("open", "..."), ("save", "A.BC.."), ("save", "A.C.D."))
    late = history.lines(rows, rows[1].at)
    assert [line.what for line in late] == ["打开", "保存", "保存（时间到后）"]
    assert late[2].changed_words == "第2题：BC→C；第3题：未答→D"
    assert history.counted(late, 2) == (2, 2)
    assert history.counted(late, 3) == (2, 1)


def test_an_empty_first_line_and_a_sheet_of_one_question_are_read():
    assert history.of_question(history.lines(journal(("open", ""), ("save", "A")), None), 1)[1].words == "选A"


def test_extensions_and_sheets_from_paper_say_so():
    rows = journal(("hand_in", "A", '{"paper": true}'), ("reopen", "A", '{"seconds": 90}'), ("void", "A"))
    assert [line.what for line in history.lines(rows, None)] == [
        "交卷（纸质考试登记）",
        "重新开放（1分30秒）",
        "作废",
    ]


letters = st.sampled_from(["", "A", "B", "AC"])


@given(st.lists(st.lists(letters, min_size=3, max_size=3), min_size=1, max_size=12), st.integers(1, 3))
def test_the_changes_of_a_question_lead_from_an_empty_sheet_to_its_last_letters(sheets, number):
    rows = journal(("open", ".."), *(("save", ".".join(one)) for one in sheets))
    steps = history.of_question(history.lines(rows, None), number)
    stands = ""
    for step in steps:
        if step.before is not None:
            assert step.before == stands
            stands = step.letters
    assert stands == sheets[-1][number - 1]
