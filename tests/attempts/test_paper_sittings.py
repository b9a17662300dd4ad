"""Results of a sitting on paper become attempts like any other: marked by the same keys, all of them or none."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from quizapp import clock, spreadsheets
from quizapp.attempts import paper_sittings
from quizapp.attempts.models import Attempt, Closing
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, print_views, queries, tallies
from quizapp.exams.models import Candidate, Exam
from quizapp.people.models import Person
from quizapp.spreadsheets import Row
from tests.papers import totals
from tests.statements import statements


@pytest.fixture
def exam(app, bank, cast, at):
    """An annual exam of the county, drawn for each candidate, that has opened; at `now` the paper sitting is over."""
    start = at("2026-12-01 08:00")
    values = {
        "title": "2026年度考试",
        "purpose": "annual",
        "bank_ids": [bank],
        "blueprint": totals(single=3, multiple=1, judge=1),
        "points": {"single": 20, "multiple": 20, "judge": 20},
        "pass_mark": 60,
        "excellent_mark": 90,
        "opens_at": start + timedelta(hours=1),
        "closes_at": start + timedelta(days=5),
    }
    made = actions.create(
        unit_id=cast.county, values=values, audience=[(cast.county, True)], now=start, actor_id=cast.he
    )
    actions.publish(made, start, actor_id=cast.he)
    db.session.commit()
    at("2026-12-01 12:00")
    return made


def key_of(exam, form):
    """The right answers of a form as printed."""
    paper = paper_sittings.forms_of(exam).layouts[form]
    keys = dict(db.session.execute(select(Revision.id, Revision.key)).all())
    return [
        "".join(sorted("ABCDEFGH"[place.order.index(letter)] for letter in keys[place.revision_id]))
        for place in paper
    ]


def sheet_of(exam, people, form="B卷"):
    """Rows of a spreadsheet: person id → answers."""
    head = Row(1, ["学法账号", "姓名", "卷别", "作答"])
    names = {p.id: (p.account, p.name) for p in db.session.scalars(select(Person))}
    return [
        head,
        *(
            Row(number, [*names[person], form, "、".join(one or "-" for one in answers)])
            for number, (person, answers) in enumerate(people.items(), start=2)
        ),
    ]


def sat(exam, rows, cast):
    moment = clock.now()
    count = paper_sittings.store(exam, rows, sat_at=moment - timedelta(hours=1), now=moment, actor_id=cast.he)
    db.session.commit()
    return count


def candidate(exam, person_id):
    return db.session.scalar(
        select(Candidate).where(Candidate.exam_id == exam.id, Candidate.person_id == person_id)
    )


def test_every_sheet_is_marked_by_the_form_it_was_written_on(exam, cast):
    right = key_of(exam, "B卷")
    wrong = ["B" if one == "A" else "A" for one in right[:3]] + right[3:]
    assert sat(exam, sheet_of(exam, {cast.jiang: right, cast.luo: wrong}), cast) == 2
    assert candidate(exam, cast.jiang).points == 100
    assert candidate(exam, cast.jiang).excellent
    assert candidate(exam, cast.luo).points == 40
    assert not candidate(exam, cast.luo).passed
    assert tallies.faults(exam.id) == {}
    assert queries.sums(exam.id)["submitted"] == 2


def test_the_printed_forms_are_those_that_are_marked(exam):
    papers = print_views.printed(exam, queries.frozen_source(exam))
    assert [paper.form for paper in papers] == ["A卷", "B卷", "C卷", "D卷"]
    for paper in papers:
        assert [q.key for q in paper.questions] == key_of(exam, paper.form)
        assert sum(q.points for q in paper.questions) == 100


@pytest.mark.parametrize(
    ("answers", "form", "words"),
    [
        (["A"] * 4, "B卷", "5题"),
        (["A", "A", "Z", "A", "A"], "B卷", "Z"),
        (["A"] * 5, "X卷", "卷"),
    ],
)
def test_a_wrong_row_keeps_every_row_out(exam, cast, answers, form, words):
    rows = sheet_of(exam, {cast.jiang: key_of(exam, "B卷")})
    rows += [Row(3, sheet_of(exam, {cast.luo: answers}, form)[1].cells)]
    with pytest.raises(Refused) as refused:
        sat(exam, rows, cast)
    assert "没有导入任何成绩" in refused.value.sentence
    db.session.rollback()
    assert words in "；".join(one.message for one in paper_sittings.read(exam, rows).problems)
    assert db.session.scalar(select(func.count(Attempt.id))) == 0


def test_nobody_is_given_more_attempts_than_the_exam_allows(exam, cast):
    rows = sheet_of(exam, {cast.jiang: key_of(exam, "B卷")})
    sat(exam, rows, cast)
    with pytest.raises(Refused):
        sat(exam, rows, cast)
    db.session.rollback()
    assert "可考次数已用完" in paper_sittings.read(exam, rows).problems[0].message
    assert db.session.scalar(select(func.count(Closing.id))) == 1


def test_a_further_attempt_that_one_person_was_given_can_be_sat_on_paper(exam, cast):
    rows = sheet_of(exam, {cast.jiang: key_of(exam, "B卷")})
    sat(exam, rows, cast)
    jiang = db.session.scalars(select(Candidate).where(Candidate.person_id == cast.jiang)).one()
    jiang.extra_attempts = 1
    db.session.commit()
    sat(exam, rows, cast)
    assert db.session.scalar(select(func.max(Attempt.number))) == 2
    assert "可考次数已用完" in paper_sittings.read(exam, rows).problems[0].message


def test_a_sitting_lies_between_the_opening_and_now(exam, cast):
    rows, moment = sheet_of(exam, {cast.jiang: key_of(exam, "B卷")}), clock.now()
    for sat_at in (moment + timedelta(minutes=1), exam.opens_at - timedelta(minutes=1)):
        with pytest.raises(Refused, match="when"):
            paper_sittings.store(exam, rows, sat_at=sat_at, now=moment, actor_id=cast.he)
        db.session.rollback()


def test_many_cost_as_many_statements_as_one(exam, cast):
    right = key_of(exam, "B卷")

    def cost(people):
        with statements() as seen:
            sat(exam, sheet_of(exam, dict.fromkeys(people, right)), cast)
        return len(seen)

    cost([cast.zhou])
    assert cost([cast.jiang]) == cost([cast.luo, cast.li, cast.fang])


def test_the_way_through_the_pages(exam, cast, as_he):
    page = as_he.page(f"/exams/{exam.id}/papers").follow("导入纸质成绩")
    template = as_he.get(f"/exams/{exam.id}/paper-results/template.xlsx")
    assert "江映雪" in "".join("".join(row.cells) for row in spreadsheets.read(template.data, "a.xlsx"))
    rows = sheet_of(exam, {cast.jiang: key_of(exam, "B卷"), cast.luo: [""] * 5})
    data = spreadsheets.workbook([spreadsheets.Sheet("成绩", rows[0].cells, [row.cells for row in rows[1:]])])
    reply = as_he.post(
        f"/exams/{exam.id}/paper-results",
        data={"csrf_token": page.token, "file": (io.BytesIO(data), "成绩.xlsx")},
    )
    check = as_he.page(reply.location)
    assert "读到2人的答卷" in check.text
    assert db.session.scalar(select(func.count(Attempt.id))) == 0
    done = check.press("确认导入2人", day="2026-12-01", time="11:00")
    assert "已导入2人的答卷" in done.text
    assert candidate(exam, cast.jiang).points == 100
    result = db.session.scalars(select(Attempt).where(Attempt.person_id == cast.jiang)).one()
    assert result.state == "submitted"
    assert db.session.get(Exam, exam.id).state == "published"


def test_another_kind_of_file_and_a_bad_row_are_said(exam, cast, as_he):
    token = as_he.page(f"/exams/{exam.id}/paper-results").token

    def sent(data, name):
        return as_he.read(
            as_he.post(
                f"/exams/{exam.id}/paper-results",
                data={"csrf_token": token, "file": (io.BytesIO(data), name)},
            )
        )

    assert sent("甲,乙\n1,2\n".encode(), "成绩.csv").status == 422
    page = as_he.page(
        as_he.post(
            f"/exams/{exam.id}/paper-results",
            data={
                "csrf_token": token,
                "file": (io.BytesIO("学法账号,作答\n99999999,A、B\n".encode()), "成绩.csv"),
            },
        ).location
    )
    assert "考生名单中没有学法账号99999999" in page.text
    assert not [form for form in page.forms if form.action.count("paper-results/")]


def test_one_sheet_is_typed_in_and_goes_the_same_way(exam, cast, as_he):
    account = db.session.get_one(Person, cast.jiang).account
    page = as_he.page(f"/exams/{exam.id}/paper-results")
    answers = "、".join(key_of(exam, "C卷"))
    check = page.press("检查作答", login=account, form_name="C卷", answers=answers)
    assert "读到1人的答卷" in check.text
    assert db.session.scalar(select(func.count(Attempt.id))) == 0
    check.press("确认导入1人", day="2026-12-01", time="11:00")
    assert candidate(exam, cast.jiang).points == 100
    wrong = page.press("检查作答", login=account, form_name="C卷", answers="A、B")
    assert "5题" in wrong.text
    assert page.press("检查作答", login="", form_name="C卷", answers="A").status == 422
