"""规则模板: what ships is lawful and makes exams that can be published; faults are named all at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, blueprint, checks, preset_rules, presets, queries
from quizapp.exams.models import ExamPreset
from tests.statements import statements

FILLED = [code for code, entry in presets.shipped().items() if entry["values"]]
GOOD = presets.shipped()["bands-3-tries"]["values"]


@pytest.mark.parametrize("code", presets.shipped())
def test_a_shipped_preset_is_without_fault_and_asks_to_be_compared(code):
    entry = presets.shipped()[code]
    assert preset_rules.problems(entry["values"]) == []
    assert entry["note"].startswith("请按本年度通知")


@pytest.mark.parametrize("code", FILLED)
def test_a_shipped_preset_is_worth_a_hundred(code):
    assert preset_rules.total(presets.shipped()[code]["values"]) == 1000


def test_one_of_the_shipped_presets_is_empty():
    assert [code for code in presets.shipped() if code not in FILLED] == ["own-province"]
    assert preset_rules.columns({}) == {}
    assert preset_rules.in_words({}) == "还没有填写"


@pytest.mark.parametrize(
    ("code", "numbers", "minutes", "tries", "passes"),
    [
        ("paper-80", {"single": 40, "multiple": 20, "judge": 20}, 60, 1, 800),
        ("paper-65", {"single": 30, "multiple": 15, "judge": 20}, 60, 1, 600),
        ("bands-3-tries", {"single": 25, "multiple": 10, "judge": 15}, 90, 3, 600),
        ("paper-45", {"single": 25, "multiple": 10, "judge": 10}, 90, 2, 600),
        ("paper-50-5-tries", {"single": 25, "multiple": 10, "judge": 15}, 120, 5, 600),
        ("before-office", {"single": 25, "multiple": 10, "judge": 15}, 60, 1, 600),
    ],
)
def test_the_columns_of_a_shipped_preset(code, numbers, minutes, tries, passes):
    columns = preset_rules.columns(presets.shipped()[code]["values"])
    assert blueprint.sections(blueprint.read(columns["blueprint"])) == numbers
    assert (columns["minutes"], columns["attempts_allowed"], columns["pass_mark"]) == (minutes, tries, passes)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"login_days": 30}, "不认识的项目“login_days”"),
        ({"minutes": 4}, "作答时间应为5至240的整数"),
        ({"minutes": True}, "作答时间应为5至240的整数"),
        ({"minutes": "60"}, "作答时间应为5至240的整数"),
        ({"attempts_allowed": 6}, "可考次数应为1至5的整数"),
        ({"counts": "mean"}, "多次考试的成绩不在可选范围内"),
        ({"purpose": ["annual"]}, "用途不在可选范围内"),
        ({"questions": {"essay": 5}}, "题数应按单选题、多选题、判断题填写"),
        ({"questions": {"single": 0, "judge": 5}}, "各题型题数应为1至200的整数"),
        ({"questions": {"single": 4}}, "每份试卷应为5至200题，现为4题"),
        ({"questions": {"single": 150, "judge": 51}}, "每份试卷应为5至200题，现为201题"),
        ({"points": {"single": 0}}, "每题分值应大于0，最多一位小数"),
        ({"points": {"single": 2.5}}, "每题分值应大于0，最多一位小数"),
        (
            {"questions": {"single": 5}, "points": {"judge": 10}},
            "有题数的题型应当都有分值，有分值的题型应当都有题数",
        ),
        ({"pass_mark": 1001, "excellent_mark": 1000}, "合格线100.1分高于总分100分；优秀线低于合格线"),
        ({"bands": [["优秀", 1010]]}, "“优秀”等级101分高于总分100分"),
        ({"pass_mark": 800, "excellent_mark": 700}, "优秀线低于合格线"),
        ({"bands": [["优秀", 900], ["优秀", 800]]}, "成绩等级的名称和分数不能重复"),
        ({"bands": [["", 900]]}, "成绩等级的名称应为1至10个字，分数应为0至1000之间的分数"),
        ({"bands": "优秀"}, "成绩等级应为名称和分数"),
        ({"open_book": 1}, "开卷考试只能是“是”或“否”"),
        ({"multiple_rule": "fixed:x"}, "多选题计分不在可选范围内"),
        ({"show_key": "soon"}, "答案何时可见不在可选范围内"),
        ({"gate": None}, "先通过自测只能是“是”或“否”"),
    ],
)
def test_a_fault_is_named(values, sentence):
    assert "；".join(preset_rules.problems({**GOOD, **values})) == sentence
    with pytest.raises(ValueError, match="."):
        preset_rules.columns({**GOOD, **values})


def test_all_faults_are_named_at_once():
    assert len(preset_rules.problems({**GOOD, "minutes": 0, "counts": "", "bands": None})) == 3


@pytest.mark.parametrize("rule", ["all", "half", "per_letter", "fixed:5"])
def test_every_marking_rule_may_stand_in_a_preset(rule):
    assert preset_rules.problems({**GOOD, "multiple_rule": rule}) == []


def test_the_words_of_a_preset():
    assert preset_rules.in_words(GOOD) == (
        "单选题25题（每题2分），多选题10题（每题2分），判断题15题（每题2分），共100分，90分钟，可考3次，60分合格"
    )


def test_the_table_is_filled_once_and_changes_stay(app):
    assert presets.fill() == len(presets.shipped())
    first = presets.listed()[0]
    first.title = "改过的"
    presets.hide(presets.listed()[1], hidden=True, actor_id=None)
    db.session.commit()
    assert presets.fill() == 0
    assert presets.listed()[0].title == "改过的"
    assert presets.differs(presets.listed()[0])
    assert [one.code for one in presets.listed(removed=True)] == [list(presets.shipped())[1]]


def test_a_changed_preset_is_restored_and_one_made_here_is_not(app):
    presets.fill()
    first = presets.listed()[0]
    first.values = {}
    presets.restore(first, actor_id=None)
    assert not presets.differs(first)
    own = presets.copy(first, actor_id=None)
    assert (own.code, own.title, own.values) == (None, "80题，80分合格（副本）", first.values)
    with pytest.raises(Refused, match="不是随系统提供的"):
        presets.restore(own, actor_id=None)


def test_faulty_values_are_refused_and_nothing_changes(app):
    presets.fill()
    first = presets.listed()[0]
    before = dict(first.values)
    words = {"title": "新名称", "place": "", "year": None, "note": ""}
    with pytest.raises(Refused, match="没有保存任何改动"):
        presets.save(first, words, {**before, "minutes": 1}, actor_id=None)
    assert first.values == before
    assert first.title != "新名称"


def test_hidden_and_unknown_presets_fill_nothing(app):
    presets.fill()
    first = presets.listed()[0]
    assert presets.values(first.id)["pass_mark"] == 800
    presets.hide(first, hidden=True, actor_id=None)
    assert presets.values(first.id) == {}
    assert presets.values(0) == {}


def test_filling_costs_the_same_however_many(app):
    with statements() as first:
        presets.fill()
    assert len(first) == 2


@pytest.mark.parametrize("code", FILLED)
def test_a_shipped_preset_makes_an_exam_that_the_shipped_bank_can_serve(app, cast, bank, code):
    """All six, 任前考试 with its open bank included: that is said and does not hinder."""
    now = clock.now()
    columns = preset_rules.columns(presets.shipped()[code]["values"])
    exam = actions.create(
        unit_id=cast.county,
        values={
            **columns,
            "title": "按模板的考试",
            "bank_ids": [bank],
            "opens_at": now + timedelta(days=1),
            "closes_at": now + timedelta(days=8),
            "notice": "须知",
            "pledge": "承诺",
        },
        audience=[(cast.county, True)],
        now=now,
        actor_id=cast.he,
    )
    found = checks.checks(exam, queries.facts(exam, now, by_id=cast.he), now)
    assert checks.hindrances(found) == []
    actions.publish(exam, now, actor_id=cast.he)
    assert exam.state == "published"


def test_the_stored_presets_are_the_shipped_ones(app):
    presets.fill()
    stored = {one.code: one for one in db.session.scalars(select(ExamPreset))}
    assert list(stored) == list(presets.shipped())
    assert stored["paper-80"].place == "山东省济宁市"
