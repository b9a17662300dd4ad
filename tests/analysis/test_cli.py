"""`quizapp analysis items`: a table of marks from files, and an exam from the database."""

import json
from statistics import mean

import pytest

from quizapp.analysis import items, reading
from tests.analysis.conftest import everybody, forms_of


@pytest.fixture
def run(app):
    return lambda *words: app.test_cli_runner().invoke(args=["analysis", "items", *map(str, words)])


@pytest.fixture
def files(tmp_path):
    """Four attempts of four items, two of which were drawn by lot."""
    (tmp_path / "marks.csv").write_text("q1,q2,d1,d2\n1,2,1,\n0,1,,1\n1,0,0,\n0.5,2,,1\n", encoding="utf-8")
    (tmp_path / "max.csv").write_text("q1,q2,d1,d2\n1,2,1,1\n", encoding="utf-8")
    (tmp_path / "drawn.csv").write_text("d1\nd2\n", encoding="utf-8")
    return tmp_path


def test_a_table_of_marks_as_json_in_points(run, files):
    done = run(
        "--marks", files / "marks.csv", "--max", files / "max.csv", "--drawn", files / "drawn.csv", "--json"
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["source"] == {"marks": "marks.csv"}
    assert told["notes"] == []
    test = told["test"]
    assert (test["attempts"], test["items"], test["places"], test["maximum"]) == (4, 4, 3, 4.0)
    assert test["mean"] == pytest.approx((4 + 2 + 1 + 3.5) / 4)
    q1, _, d1, d2 = told["items"]
    assert (q1["id"], q1["facility"], q1["maximum"], q1["intended_weight"]) == ("q1", 0.625, 1.0, 0.25)
    assert (d1["drawn"], d1["attempts"], d1["facility"], d1["intended_weight"]) == (True, 2, 0.5, None)
    assert d1["discrimination_index"] == pytest.approx(1)  # x 1 0, T 4 1
    assert (d2["facility"], d2["discrimination_index"]) == (1.0, None)
    assert "options" not in q1
    assert told["forms"] == []


def test_a_table_of_marks_as_a_table(run, files):
    done = run("--marks", files / "marks.csv")
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0].startswith("全卷：4份，平均2.63分，中位数2.75分")
    assert lines[3].split()[:4] == ["题目", "人数", "满分", "得分率"]
    assert lines[4].split()[:4] == ["q1", "4", "1", "62.5%"]
    assert "没有给出满分，以每题的最高得分为满分。" in lines


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "二者取一"),
        ((1, "--marks", "marks.csv"), "二者取一"),
        ((1, "--max", "max.csv"), "只用于--marks"),
        (("--marks", "none.csv"), "none.csv"),
        ((404,), "没有编号为404的已发布考试"),
        ((1, "--which", "worst"), "worst"),
    ],
)
def test_what_is_asked_wrongly_is_answered_in_a_sentence(run, files, words, said):
    done = run(
        *(files / word if str(word).endswith("s.csv") or word == "max.csv" else word for word in words)
    )
    assert done.exit_code != 0
    assert said in done.output


def test_an_exam_with_its_questions_options_and_flags(run, make_hall, at):
    hall = make_hall(singles=3, people=30)
    sat = everybody(hall, at)
    done = run(hall.exam.id, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["source"] == {
        "exam": hall.exam.id,
        "title": "2026年度条例考试",
        "which": "counted",
        "marking_run": 1,
    }
    assert told["test"]["attempts"] == len(sat)
    assert told["test"]["mean"] == pytest.approx(sum(one.total for one in sat) / len(sat) / 10)
    figures = {item.id: item for item in items.statistics(reading.of_exam(hall.exam.id))}
    for item in told["items"]:
        revision = hall.asked[item["id"]]
        assert (item["kind"], item["stem"], item["key"]) == (revision.kind, revision.stem, [revision.key])
        assert item["discrimination_index"] == figures[item["id"]].discrimination
        assert [option["letter"] for option in item["options"]] == [*"ABCDE"[: len(revision.options)], ""]
        assert sum(answer["count"] for answer in item["answers"]) == item["attempts"]
        assert item["random_guess_score"] == {"single": 0.25, "multiple": None, "judge": 0.5}[revision.kind]
    table = run(hall.exam.id)
    assert table.exit_code == 0
    assert "S-more-0（抽）" in table.output


def test_an_exam_that_nobody_has_sat_says_so(run, make_hall):
    done = run(make_hall(people=0).exam.id)
    assert done.exit_code == 1
    assert "还没有计入统计的答卷" in done.output


def test_parallel_papers_are_told_each_by_itself_and_linked(run, make_hall, at):
    hall = make_hall(mode="forms", forms_wanted=2)
    only_first, _ = forms_of(hall)
    sat = everybody(hall, at)
    of_first = [one.total / 10 for one in sat if only_first in one.marks]
    of_second = [one.total / 10 for one in sat if only_first not in one.marks]
    first, second = json.loads(run(hall.exam.id, "--json").output)["forms"]
    assert (first["form"], first["link"]) == (1, None)
    assert [one["test"]["attempts"] for one in (first, second)] == [len(of_first), len(of_second)]
    assert second["test"]["mean"] == pytest.approx(mean(of_second))
    link = second["link"]
    assert (link["to_form"], link["shift"]) == (1, pytest.approx(mean(of_first) - mean(of_second)))
    assert link["linear"][4]["total"] == pytest.approx(mean(of_second))
    assert link["linear"][4]["linked"] == pytest.approx(mean(of_first))
    assert sum(item["intended_weight"] for item in second["items"]) == pytest.approx(1)
    lines = run(hall.exam.id).output.splitlines()
    assert [line[:3] for line in lines if line[1:3] == "卷："] == ["全卷：", "A卷：", "B卷："]
    assert any(line.startswith("  平均分比A卷") for line in lines)
