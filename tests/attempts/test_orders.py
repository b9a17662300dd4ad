"""Order of questions and options, fixed or shuffled: all four combinations, as the candidates' pages show them."""

import re

import pytest

from quizapp.attempts.models import Attempt
from quizapp.db import db
from quizapp.exams.models import Form
from tests.attempts import conftest
from tests.attempts.conftest import make_exam, own_phone

OPENS = "2026-12-25 09:00"
ASKED = [("single", 4, "B")] * 6 + [("judge", 2, "A")] * 4
LETTERS = ["A", "B", "C", "D"]
STEM = re.compile(r"第(\d+)道试题")
OPTION = re.compile(r'<span class="text">选项\d+([A-H])</span>|<span class="text">(正确|错误)</span>')


@pytest.fixture
def exam(monkeypatch, app, cast, at):
    """Ten questions that all stand on every paper, in the order of the form."""
    monkeypatch.setattr(conftest, "QUESTIONS", ASKED)
    made = make_exam(cast, at(OPENS))
    db.session.query(Form).update({"plan": None})
    db.session.commit()
    return made


def paper_of(client, exam):
    """(numbers of the questions, the options of each) as the page shows them; the same after a reload."""
    client = own_phone(client)
    page = client.page(f"/my-exams/{exam.id}").press("开始答题", pledge="y")
    shown = STEM.findall(page.html), OPTION.findall(page.html)
    again = client.page(page.path)
    assert (STEM.findall(again.html), OPTION.findall(again.html)) == shown
    numbers = [int(number) for number in shown[0]]
    options = [letter or word for letter, word in shown[1]]
    singles = [options[at : at + 4] for at in range(0, 24, 4)]
    assert options[24:] == ["正确", "错误"] * 4  # a 判断题 keeps its order whatever the exam says
    assert all(sorted(one) == LETTERS for one in singles)
    assert sorted(numbers) == list(range(10))
    return numbers, dict(zip(numbers[:6], singles, strict=True))


@pytest.mark.parametrize("options", [False, True], ids=["fixed options", "shuffled options"])
@pytest.mark.parametrize("questions", [False, True], ids=["fixed questions", "shuffled questions"])
def test_the_paper_keeps_or_changes_each_order_as_the_exam_says(exam, as_jiang, as_luo, questions, options):
    exam.shuffle_questions, exam.shuffle_options = questions, options
    db.session.commit()
    (numbers, singles), (others, other_singles) = paper_of(as_jiang, exam), paper_of(as_luo, exam)
    in_order = list(range(10))
    if questions:
        assert numbers != in_order
        assert numbers != others
        assert sorted(numbers[:6]) == in_order[:6]  # sections stay together
    else:
        assert numbers == others == in_order
    if options:
        assert any(one != LETTERS for one in singles.values())
        assert singles != other_singles
    else:
        assert all(one == LETTERS for one in [*singles.values(), *other_singles.values()])


def test_a_letter_means_the_option_that_was_shown(exam, as_jiang):
    """The key of every 单选题 is the question's own B: whoever chooses its text is right, wherever it stands."""
    numbers, singles = paper_of(as_jiang, exam)
    attempt = db.session.query(Attempt).one()
    chosen = {f"q{place}": "ABCD"[singles[number].index("B")] for place, number in enumerate(numbers[:6], 1)}
    page = as_jiang.page(f"/attempts/{attempt.token}").press("保存", **chosen)
    page = as_jiang.page(f"/attempts/{attempt.token}/hand-in").press("交卷")
    assert "成绩 12分" in page.text
