"""试题分析 of an exam over real HTTP: who may, what stands there, when it is out of date, what follows from it."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import delete, func, select, update

from quizapp import clock, config, jobs, spreadsheets
from quizapp.analysis import distractors, items, leaving_out, numbers, reading, refreshing, whole
from quizapp.analysis import jobs as analysing
from quizapp.analysis.models import ExamStatistic, ItemStatistic
from quizapp.attempts import marks, runs
from quizapp.attempts.models import MarkingRun
from quizapp.bank.models import Bank, Question, Revision
from quizapp.db import db
from quizapp.exams.models import Exam, Form, Slot
from quizapp.jobs import Job
from quizapp.people.models import Grant
from tests.analysis.sat import sit
from tests.attempts.conftest import POINTS, exam, make_exam  # noqa: F401 - a fixture
from tests.statements import statements

PEOPLE = 60


def silent(*_said):
    """A job's report that nobody reads."""


@pytest.fixture
def sat(exam, as_he):  # noqa: F811
    """The small exam after sixty people, computed; 何 is signed in."""
    sit(exam, PEOPLE)
    refreshing.refresh(exam.id, clock.now(), silent)
    db.session.commit()
    return exam


def page_of(exam):  # noqa: F811
    return f"/exams/{exam.id}/analysis"


def pages_of(exam, revision_id):  # noqa: F811
    here = page_of(exam)
    return [here, f"{here}/items.xlsx", f"{here}/items/{revision_id}", f"{here}/difficulty", "/analysis/keys"]


def first_revision():
    return db.session.scalars(select(Slot.revision_id).order_by(Slot.position).limit(1)).one()


# Who may -------------------------------------------------------------


def test_who_makes_the_exam_may_and_others_not_until_they_are_granted_it(sat, cast, as_he, as_li, as_jiang):
    for path in pages_of(sat, first_revision()):
        assert as_he.get(path).status_code == 200, path
        assert as_li.get(path).status_code == 404, path
        assert as_jiang.get(path).status_code == 404, path
    granted = Grant(person_id=cast.li, role="exam_administrator", unit_id=cast.county, granted_at=clock.now())
    db.session.add(granted)
    db.session.commit()
    for path in pages_of(sat, first_revision()):
        assert as_li.get(path).status_code == 200, path
        assert as_jiang.get(path).status_code == 404, path


def test_an_exam_above_ones_unit_is_not_there(sat, cast, as_fang):
    db.session.add(
        Grant(person_id=cast.fang, role="exam_administrator", unit_id=cast.town, granted_at=clock.now())
    )
    db.session.commit()
    assert as_fang.get(page_of(sat)).status_code == 404
    assert as_fang.get(f"/analysis/keys?exam={sat.id}").status_code == 404
    assert "没有疑似错误的答案" in as_fang.page("/analysis/keys").text
    assert sat.title not in as_fang.page("/analysis/").text


def test_a_voided_exam_says_so(sat, as_he):
    sat.state = "voided"
    db.session.commit()
    assert "已作废，答卷不作分析" in as_he.page(page_of(sat), status=409).text


def test_keys_of_a_bank_that_is_only_lent_for_drawing_stay_hidden(sat, cast, as_he):
    """组卷可用 shows no keys: the figures of the whole are read, single options and doubtful keys are not."""
    other = Bank(slug="other", title="省题库", unit_id=cast.town, created_at=clock.now())
    db.session.add(other)
    db.session.flush()
    sat.bank_ids = [other.id]
    db.session.execute(
        update(Grant).where(Grant.person_id == cast.he).values(unit_id=cast.office)
    )  # the town's bank is not his
    sat.unit_id = cast.office
    db.session.commit()
    page = as_he.page(page_of(sat))
    assert "内部一致性系数" in page.text
    assert "选C" not in page.text
    assert "干扰项：C" not in page.text
    for path in (f"{page_of(sat)}/items/{first_revision()}", f"/analysis/keys?exam={sat.id}"):
        assert "标准答案不对您显示" in as_he.page(path, status=403).text
    assert "没有疑似错误的答案" in as_he.page("/analysis/keys").text
    told = spreadsheet_text(as_he.get(f"{page_of(sat)}/items.xlsx").data)
    assert "高分者多选的干扰项" in told
    assert "选C" not in told


# What stands there -------------------------------------------------------------


def spreadsheet_text(data):
    """What stands inside a workbook, as one text."""
    packed = ZipFile(BytesIO(data))
    return "\n".join(packed.read(name).decode() for name in packed.namelist())


def test_the_page_shows_what_the_pure_functions_say(sat, as_he):
    sheets = reading.of_exam(sat.id)
    test, found = whole.statistics(sheets), items.statistics(sheets)
    page = as_he.page(page_of(sat))
    assert sheets.size == PEOPLE
    for value in (
        f"{numbers.marks(test.mean)}分",
        f"{numbers.marks(test.median)}分",
        f"{numbers.marks(test.deviation, 2)}分",
        numbers.decimal(test.skewness),
        numbers.decimal(test.kurtosis),
        numbers.decimal(test.consistency),
        numbers.percent(test.error_ratio),
        f"{numbers.marks(test.standard_error, 2)}分",
    ):
        assert value in page.text, value
    stored = db.session.scalars(select(ItemStatistic).order_by(ItemStatistic.position)).all()
    for row, item in zip(stored, found, strict=True):
        assert (row.revision_id, row.sheets, row.facility) == (item.id, item.attempts, item.facility)
        assert (row.discrimination, row.efficiency) == (item.discrimination, item.efficiency)
        assert (row.intended, row.effective) == (item.intended_weight, item.effective_weight)
        assert numbers.decimal(item.facility) in page.text
        assert numbers.decimal(item.discrimination) in page.text
    assert found[0].discrimination < 0
    assert "高分者多选的干扰项：C" in page.text
    assert "区分度为负" in page.text


def test_the_excel_file_holds_the_same_rows(sat, as_he):
    reply = as_he.get(f"{page_of(sat)}/items.xlsx")
    text = spreadsheet_text(reply.data)
    item = db.session.scalars(select(ItemStatistic).order_by(ItemStatistic.position)).first()
    first = spreadsheets.read(reply.data, "试题分析.xlsx")[1]
    assert float(first.cells[9]) == round(item.discrimination, 4)
    assert [first.cells[0], first.cells[5]] == ["1", str(PEOPLE)]
    assert "第0道试题（　）。" in text
    assert "内部一致性系数" in text


def test_one_question_shows_shares_by_fifth_and_the_words_of_its_key(sat, as_he):
    page = as_he.page(f"{page_of(sat)}/items/{first_revision()}")
    assert "选项0C" in page.text
    options = db.session.get_one(ItemStatistic, (sat.id, first_revision())).options
    [option] = [one for one in options if one["letter"] == "C"]
    assert option["share"] == 0.5
    sheets = reading.of_exam(sat.id)
    for drew in distractors.of(sheets, sheets.at(first_revision()), 4, "B"):
        for share in (drew.share, *drew.quintiles):
            assert numbers.percent(share) in page.text
        assert numbers.decimal(drew.correlation) in page.text
    assert option["quintiles"][0] == 0.0
    assert numbers.decimal(option["correlation"]) in page.text
    assert option["correlation"] > 0
    assert as_he.get(f"{page_of(sat)}/items/{first_revision() + 999}").status_code == 404


def test_the_table_is_sorted_and_narrowed(sat, as_he):
    def order(query):
        text = as_he.page(f"{page_of(sat)}?{query}").text
        places = [(text.find(f"第{number}道试题"), number) for number in range(4)]
        return [number for at, number in sorted(places) if at >= 0]

    stored = {row.position - 1: row for row in db.session.scalars(select(ItemStatistic))}
    easiest = sorted(stored, key=lambda number: -stored[number].facility)
    assert order("sort=-facility") == easiest
    assert order("sort=facility") == easiest[::-1]
    assert order("sort=nonsense") == [0, 1, 2, 3]
    assert order("flag=negative") == [0]
    assert order("q=第2道") == [2]
    assert "没有符合条件的试题" in as_he.page(f"{page_of(sat)}?q=没有这样的字").text


def test_what_is_not_defined_stands_last_either_way(sat, as_he):
    db.session.execute(
        update(ItemStatistic).where(ItemStatistic.position == 2).values(discrimination=None, facility=None)
    )
    db.session.commit()
    for sort in ("facility", "-facility", "discrimination", "-discrimination"):
        text = as_he.page(f"{page_of(sat)}?sort={sort}").text
        assert text.find("第1道试题") == max(text.find(f"第{number}道试题") for number in range(4)), sort


# Out of date, empty -------------------------------------------------------------


def asked_jobs():
    return db.session.scalars(select(Job).where(Job.kind == analysing.COMPUTE).order_by(Job.id)).all()


def test_before_the_job_the_page_offers_to_compute_and_shows_how_far_it_is(exam, as_he):  # noqa: F811
    sit(exam, PEOPLE)
    page = as_he.page(page_of(exam))
    assert "还没有计算" in page.text
    progress = page.press("开始计算")
    assert "正在排队" in progress.text
    [job] = asked_jobs()
    assert jobs.run(job.id)
    done = as_he.page(f"/jobs/{job.token}")
    assert f"已根据{PEOPLE}份答卷完成计算。" in done.text
    assert f"根据{PEOPLE}份答卷计算" in as_he.page(page_of(exam)).text


def test_a_new_marking_run_makes_the_figures_out_of_date_until_they_are_computed_again(sat, cast, as_he):
    assert "已过时" not in as_he.page(page_of(sat)).text
    key = marks.Key("single", (frozenset("C"),))
    run = runs.prepare(sat.id, {first_revision(): key}, actor_id=cast.he, reason="答案有误", now=clock.now())
    runs.activate(run.id, actor_id=cast.zhou)
    db.session.commit()
    page = as_he.page(page_of(sat))
    assert "以下数字已过时" in page.text
    assert "已过时" in as_he.page(f"{page_of(sat)}/items/{first_revision()}").text
    page.press("重新计算")
    assert jobs.run(asked_jobs()[-1].id)
    page = as_he.page(page_of(sat))
    assert "已过时" not in page.text
    assert "按第2次评分" in page.text
    assert (
        db.session.get(ItemStatistic, (sat.id, first_revision()), populate_existing=True).discrimination > 0
    )
    assert "高分者多选的干扰项：" not in page.text


def test_more_sheets_make_the_figures_out_of_date(sat, as_he):
    sit(sat, 3, first=PEOPLE)
    assert "已过时" in as_he.page(page_of(sat)).text


def test_an_exam_without_sheets_says_so(exam, as_he):  # noqa: F811
    assert refreshing.refresh(exam.id, clock.now(), silent) == 0
    db.session.commit()
    page = as_he.page(page_of(exam))
    assert "没有可以分析的答卷" in page.text
    assert as_he.get(f"{page_of(exam)}/items/{first_revision()}").status_code == 200
    assert "还没有人答到这道题" in as_he.page(f"{page_of(exam)}/items/{first_revision()}").text
    assert as_he.get(f"{page_of(exam)}/items.xlsx").status_code == 200


def test_few_sheets_carry_a_warning_and_no_hints(exam, as_he):  # noqa: F811
    sit(exam, 10)
    refreshing.refresh(exam.id, clock.now(), silent)
    db.session.commit()
    assert "答卷不足30份" in as_he.page(page_of(exam)).text
    assert set(db.session.scalars(select(ItemStatistic.flags))) == {""}


@pytest.mark.parametrize("people", [1, 2])
def test_one_or_two_sheets_break_nothing(exam, as_he, people):  # noqa: F811
    sit(exam, people)
    refreshing.refresh(exam.id, clock.now(), silent)
    db.session.commit()
    for path in pages_of(exam, first_revision()):
        assert as_he.get(path).status_code == 200, path


# Whose scores are in it -------------------------------------------------------------


def test_the_board_of_the_unit_that_holds_the_exam_is_in_no_figure(exam, cast, as_he):  # noqa: F811
    """Its scores are seen from above alone; who knows all and the others would know them."""
    config.store("LEADING_STAFF", "县级领导")
    sit(exam, 40)
    board = sit(exam, 3, first=40, unit_id=cast.county, lft=1, category="县级领导")
    sit(exam, 2, first=43, category="县级领导")  # of a unit below: its scores are seen from here
    assert refreshing.refresh(exam.id, clock.now(), silent) == 42
    db.session.commit()
    assert "根据42份答卷计算" in as_he.page(page_of(exam)).text
    sheets = reading.of_exam(exam.id)
    assert sheets.size == 45
    left = leaving_out.without(sheets, board)
    mean = db.session.get_one(ExamStatistic, exam.id).whole["mean"]
    assert mean == left.totals.mean()
    config.store("LEADING_STAFF", "无人")
    db.session.commit()
    assert "已过时" in as_he.page(page_of(exam)).text


# Parallel forms -------------------------------------------------------------


def test_parallel_forms_are_compared_and_linked(exam, as_he):  # noqa: F811
    exam.mode, exam.forms_wanted = "forms", 2
    first = db.session.scalars(select(Form)).one()
    first.plan = None
    other = Form(exam_id=exam.id, number=2, seed=exam.seed, hash="1" * 64)
    db.session.add(other)
    db.session.flush()
    bank_id = db.session.scalars(select(Question.bank_id)).first()
    slots = []
    for position, slot in enumerate(db.session.scalars(select(Slot).order_by(Slot.position)).all(), 1):
        old = db.session.get_one(Revision, slot.revision_id)
        question = Question(bank_id=bank_id, code=f"T-{position}", created_at=clock.now())
        db.session.add(question)
        db.session.flush()
        kept = ("kind", "options", "key", "stem", "explanation", "content_hash", "status", "created_at")
        new = Revision(question_id=question.id, number=1, **{name: getattr(old, name) for name in kept})
        db.session.add(new)
        db.session.flush()
        slots.append(
            Slot(
                form_id=other.id,
                position=position,
                revision_id=new.id,
                points=POINTS[old.kind],
                section=old.kind,
                cell=slot.cell,
            )
        )
    db.session.add_all(slots)
    db.session.execute(delete(MarkingRun))
    runs.first_run(exam, clock.now())
    db.session.commit()
    sit(exam, 40, slots=list(db.session.scalars(select(Slot).where(Slot.form_id == first.id))))
    worse = lambda place, people: ["A", *by_the_key(place, people)[1:]]  # noqa: E731
    sit(exam, 40, worse, slots=slots, first=40)
    refreshing.refresh(exam.id, clock.now(), silent)
    db.session.commit()
    [link] = db.session.get_one(ExamStatistic, exam.id).forms
    page = as_he.page(page_of(exam))
    assert (link["x"]["number"], link["y"]["number"]) == (2, 1)
    assert link["shift"] > 0
    assert "平行试卷比较" in page.text
    assert f"{numbers.marks(-link['shift'])}±{numbers.marks(link['shift_error'])}" in page.text
    assert [total for total, *_ in link["at"]] == [exam.pass_mark, exam.excellent_mark]
    _, by_mean, linear, error = link["at"][0]
    for value in (by_mean, linear, error):
        assert numbers.marks(value) in page.text


def by_the_key(place, people):
    return ["B", "D" if place % 2 else "A", "ACE" if place % 3 else "AC", "A" if place % 5 else ""]


# The minute's work, and how much is asked of the database -------------------------------------------------------------


def test_an_exam_that_is_over_is_computed_once_and_again_when_results_move(exam, at):  # noqa: F811
    sit(exam, 5)
    analysing.compute_what_is_over()
    assert asked_jobs() == []  # it still runs
    at(exam.closes_at)
    analysing.compute_what_is_over()
    analysing.compute_what_is_over()
    [job] = asked_jobs()
    assert job.person_id is None
    jobs.run(job.id)
    assert db.session.get_one(ExamStatistic, exam.id).sheets == 5
    analysing.compute_what_is_over()
    assert len(asked_jobs()) == 1
    sit(exam, 1, first=5)
    analysing.compute_what_is_over()
    assert len(asked_jobs()) == 2


def test_a_computation_that_fails_is_not_tried_every_minute(exam, at, monkeypatch):  # noqa: F811
    sit(exam, 5)
    at(exam.closes_at)
    monkeypatch.setattr(reading, "of_exam", lambda _exam_id: 1 / 0)
    analysing.compute_what_is_over()
    assert jobs.run(asked_jobs()[0].id)
    analysing.compute_what_is_over()
    [job] = asked_jobs()
    db.session.refresh(job)
    assert job.state == "failed"
    assert db.session.get_one(ExamStatistic, exam.id).made_at is None


def test_pages_and_job_ask_as_often_for_many_as_for_few(exam, cast, at, as_he):  # noqa: F811
    def asked(of):
        counted = []
        for path in [
            *pages_of(of, first_slot(of)),
            "/analysis/",
            f"{page_of(of)}?sort=-facility&flag=negative",
        ]:
            with statements("SELECT") as seen:
                assert as_he.get(path).status_code == 200
            counted.append(len(seen))
        return counted

    def computed(of):
        exam_id = of.id
        assert config.value("LEADING_STAFF")  # remembered from here on
        with statements() as seen:
            refreshing.refresh(exam_id, clock.now(), silent)
            db.session.commit()
        return len(seen)

    def first_slot(of):
        return db.session.scalars(
            select(Slot.revision_id).join(Form).where(Form.exam_id == of.id).order_by(Slot.position).limit(1)
        ).one()

    sit(exam, 31)
    few = computed(exam)
    before = asked(exam)
    revisions = list(db.session.scalars(select(Revision).order_by(Revision.id)))
    other = make_exam(cast, clock.now(), asked=revisions, title="又一场")
    sit(
        other,
        90,
        slots=list(db.session.scalars(select(Slot).join(Form).where(Form.exam_id == other.id))),
        first=31,
    )
    assert few - 3 <= computed(other) <= few, "what the bank knows already is not written again"
    assert db.session.scalar(select(func.count()).select_from(ItemStatistic)) == 8
    assert asked(other) == before
    assert max(before) <= 25, before


def test_the_list_of_exams_shows_what_was_computed(sat, as_he):
    page = as_he.page("/analysis/")
    made = db.session.get_one(ExamStatistic, sat.id)
    assert sat.title in page.text
    assert numbers.decimal(made.whole["consistency"]) in page.text
    db.session.execute(update(Exam).values(opens_at=None, closes_at=None))
    db.session.commit()
    assert "还没有开始过的考试" in as_he.page("/analysis/").text
