"""The pages on which papers come about: the blueprint, a draw, parallel forms, a paper picked by hand, printing."""

import io
import zipfile
from datetime import timedelta

import pytest
from docx import Document
from pypdf import PdfReader
from sqlalchemy import select

from quizapp import clock, jobs
from quizapp.audit import AuditEvent
from quizapp.bank import facts
from quizapp.bank.models import Citation, Question, Revision
from quizapp.db import db
from quizapp.exams import actions, assembling, assembly_job, blueprint, queries
from quizapp.exams.blueprint import Row
from quizapp.exams.models import Exam, Form
from quizapp.regulations.actions import import_edition
from tests.cast import sign_in
from tests.lent import make_bank
from tests.papers import totals
from tests.statements import statements


@pytest.fixture
def draft(make_exam):
    return make_exam(blueprint=totals(single=6, judge=4), points={"single": 100, "judge": 100})


def fresh(exam):
    return db.session.get(Exam, exam.id, populate_existing=True)


def rows_of(exam):
    return blueprint.read(fresh(exam).blueprint)


# The blueprint -----------------------------------------------------------------------------------------------------


def test_what_is_filled_in_is_kept_and_shown_again(as_he, draft):
    page = as_he.page(f"/exams/{draft.id}/blueprint").press(
        "保存草稿",
        **{
            "n-single-c3": "2-4",
            "n-any-c5": "1+",
            "n-judge-d2": "-3",
            "other-article": ["第二十四条", "", ""],
            "other-tag": ["", "情景", ""],
            "other-count": ["1", "≥2", ""],
            "other-kind": ["", "", ""],
            "other-level": ["", "", ""],
            "other-regulation": ["", "", ""],
            "single": "2.5",
        },
    )
    assert page.path == f"/exams/{draft.id}"
    assert "第三章单选题2至4题" in page.text.replace("\n", "").replace(" ", "")
    assert set(rows_of(draft)) == {
        Row("single", least=6, most=6),
        Row("single", chapter="3", least=2, most=4),
        Row("judge", least=4, most=4),
        Row("judge", difficulty=(2, 2), most=3),
        Row("", chapter="5", least=1),
        Row("", article="24", least=1, most=1),
        Row("", tag="情景", least=2),
    }
    assert fresh(draft).points == {"single": 25, "judge": 100}
    values = as_he.page(f"/exams/{draft.id}/blueprint").form("保存草稿").values
    assert (values["n-single-c3"], values["n-any-c5"], values["n-judge-d2"]) == ("2-4", "1+", "-3")
    assert values.getlist("other-article")[:2] == ["24", ""]
    assert values.getlist("other-count")[:2] == ["1", "2+"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the shape of input is the same on both
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"n-single-c3": "abc"}, "“abc”不是题数"),
        ({"n-single-c3": "5-2"}, "前一个数应不大于后一个数"),
        ({"n-single-all": "201"}, "题数请填写0至200的整数"),
        ({"n-single-all": "2-6"}, "全卷题数请填写一个数"),
        ({"n-single-all": ""}, ""),
        ({"n-multiple-c3": "2"}, "多选题填写了各章或各难度的题数，还要填写全卷题数"),
        ({"single": "2.55"}, "请填写数字，最多一位小数"),
        ({"forms_wanted": "21"}, "请填写1至20的整数"),
        ({"other-article": ["甲", ""], "other-count": ["1", ""]}, "“甲”不是条文序号"),
        ({"other-article": ["24", ""], "other-count": ["", ""]}, "还没有填写题数"),
        ({"other-article": ["", ""], "other-count": ["3", ""]}, "请填写条、标签或难度"),
    ],
)
def test_bad_numbers_are_kept_and_named(as_he, draft, typed, sentence):
    before = rows_of(draft)
    page = as_he.page(f"/exams/{draft.id}/blueprint").press("保存草稿", **typed)
    if not sentence:
        assert rows_of(draft) == [Row("judge", least=4, most=4)]
        return
    assert page.status == 422
    assert sentence in page.text
    assert rows_of(draft) == before
    values = page.form("保存草稿").values
    for name, value in typed.items():
        assert values.getlist(name)[: len(value) if isinstance(value, list) else 1] == (
            value if isinstance(value, list) else [value]
        )


def test_quick_fill_shows_rows_and_saves_nothing(as_he, draft):
    before = rows_of(draft)
    page = as_he.page(f"/exams/{draft.id}/blueprint").press("按题库比例分到各章")
    values = page.form("保存草稿").values
    chapters = [int(values[name]) for name in values if name.startswith("n-single-c") and values[name]]
    assert sum(chapters) == 6
    assert rows_of(draft) == before
    page = page.press("只留全卷题数")
    assert not any(page.form("保存草稿").values[name] for name in values if name.startswith("n-single-c"))
    page = page.press("每章至少2题")
    every = page.form("保存草稿").values
    assert {every[name] for name in every if name.startswith("n-any-c")} >= {"2+"}


def test_while_typing_it_is_said_what_cannot_hold(as_he, draft):
    page = as_he.page(f"/exams/{draft.id}/blueprint")
    values = page.form("保存草稿").values
    values["n-single-c6"] = values["n-single-c3"] = "4"
    told = as_he.post(f"/exams/{draft.id}/blueprint/check", data=values).json
    assert told["paper"] == "每份试卷10题，共100分"
    [sentence] = told["problems"]
    assert sentence.startswith("以下要求不能同时满足：")
    for words in ("单选题恰好6题", "第三章单选题恰好4题", "第六章单选题恰好4题"):
        assert words in sentence
    values["n-single-c6"] = "5"
    told = as_he.post(f"/exams/{draft.id}/blueprint/check", data=values).json
    assert told["problems"] == ["第六章单选题只有4题，需要5题。"]
    values["n-single-c6"] = "x"
    assert "不是题数" in as_he.post(f"/exams/{draft.id}/blueprint/check", data=values).json["problems"][0]


def test_a_published_exam_has_no_blueprint_to_change(as_he, published):
    assert as_he.page(f"/exams/{published.id}/blueprint").path == f"/exams/{published.id}"
    with pytest.raises(Exception, match="not_draft"):
        actions.replan(published, {"mode": "fixed"}, actor_id=None)


# A draw ------------------------------------------------------------------------------------------------------------


def test_the_plan_of_a_draw_is_shown(as_he, draft):
    page = as_he.page(f"/exams/{draft.id}/papers")
    assert "预计平均分" in page.text
    assert "每份抽10题" in page.text


def test_a_draw_that_cannot_be_made_says_why(as_he, make_exam):
    exam = make_exam(blueprint=blueprint.stored(blueprint.of_grid({("multiple", "6"): 150})))
    assert "第六章多选题只有" in as_he.page(f"/exams/{exam.id}/papers").text


# Parallel forms ----------------------------------------------------------------------------------------------------


@pytest.fixture
def forms(draft, cast):
    """A draft whose forms have been assembled."""
    actions.replan(draft, {"mode": "forms", "forms_wanted": 3}, actor_id=cast.he)
    db.session.commit()
    job = assembly_job.request(draft, url="/", person_id=cast.he)
    db.session.commit()
    assert jobs.run(job.id)
    assert db.session.get(jobs.Job, job.id, populate_existing=True).state == "done"
    return fresh(draft)


def test_forms_are_assembled_shown_and_published(as_he, forms, cast):
    page = as_he.page(f"/exams/{forms.id}/papers")
    for words in ("A卷", "C卷", "预计分最大差", "重复题数", "没有代价"):
        assert words in page.text
    made = assembling.forms(forms, assembling.pool(forms))
    papers = [{slot.revision_id for slot in form.slots} for form in made]
    assert [len(paper) for paper in papers] == [10, 10, 10]
    assert len(set.union(*papers)) == 30
    actions.publish(forms, clock.now(), actor_id=cast.he)
    db.session.commit()
    assert [form.plan for form in db.session.scalars(select(Form).order_by(Form.number))] == [None] * 3
    source = queries.frozen_source(forms)
    drawn = {frozenset(p.revision_id for p in source.paper(n, 1)) for n in range(40)}
    assert drawn == {frozenset(paper) for paper in papers}


def test_the_same_seed_gives_the_same_forms_until_the_bank_changes(forms):
    assert assembly_job.check(forms) is True
    question = db.session.get(Question, forms.assembled["forms"][0][0])
    revision = db.session.scalars(select(Revision).where(Revision.question_id == question.id)).first()
    revision.difficulty = 5 if revision.difficulty != 5 else 1
    db.session.commit()
    assert assembly_job.check(forms) is None


def test_forms_do_not_survive_another_blueprint(as_he, forms, cast):
    actions.replan(forms, {"blueprint": totals(single=5, judge=5)}, actor_id=cast.he)
    db.session.commit()
    assert "开始组卷" in as_he.page(f"/exams/{forms.id}/papers").text
    assert "还没有组卷" in as_he.page(f"/exams/{forms.id}").text


def test_a_question_retired_meanwhile_spoils_the_forms(as_he, forms):
    taken = forms.assembled["forms"][0][0]
    db.session.query(Revision).filter_by(question_id=taken).update({"status": "retired"})
    db.session.commit()
    assert "请重新组卷" in as_he.page(f"/exams/{forms.id}/papers").text
    assert "还没有组卷" in as_he.page(f"/exams/{forms.id}").text


def test_forms_of_a_draft_changed_meanwhile_are_thrown_away(draft, cast):
    actions.replan(draft, {"mode": "forms", "forms_wanted": 2}, actor_id=cast.he)
    job = assembly_job.request(draft, url="/", person_id=cast.he)
    actions.replan(draft, {"forms_wanted": 3}, actor_id=cast.he)
    db.session.commit()
    jobs.run(job.id)
    assert "设置有变动" in db.session.get(jobs.Job, job.id, populate_existing=True).sentence
    assert fresh(draft).assembled is None


def test_asking_for_forms_leads_to_the_job(as_he, draft, cast):
    actions.replan(draft, {"mode": "forms", "forms_wanted": 2}, actor_id=cast.he)
    db.session.commit()
    page = as_he.page(f"/exams/{draft.id}/papers").press("开始组卷")
    assert page.path.startswith("/jobs/")
    assert "停止，用目前最好的结果" in page.text


def test_too_many_forms_are_named_before_they_are_tried(as_he, draft, cast):
    actions.replan(
        draft, {"mode": "forms", "forms_wanted": 20, "blueprint": totals(single=40)}, actor_id=cast.he
    )
    db.session.commit()
    page = as_he.page(f"/exams/{draft.id}/papers")
    assert "20套试卷各需要40题，共需要800题" in page.text
    assert "开始组卷" not in page.text


# A paper picked by hand --------------------------------------------------------------------------------------------


@pytest.fixture
def fixed(draft, cast):
    actions.replan(draft, {"mode": "fixed"}, actor_id=cast.he)
    db.session.commit()
    return draft


def press(client, exam, **data):
    page = client.page(f"/exams/{exam.id}/papers")
    return client.post(f"/exams/{exam.id}/papers/pick", data={"csrf_token": page.token, **data})


def test_questions_are_added_moved_and_taken_out(as_he, fixed):
    some = [item.question_id for item in assembling.pool(fixed).items[:3]]
    for one in some:
        assert press(as_he, fixed, add=one).status_code == 303
    press(as_he, fixed, add=some[0])
    assert fresh(fixed).picked == some
    press(as_he, fixed, up=some[2])
    assert fresh(fixed).picked == [some[0], some[2], some[1]]
    press(as_he, fixed, down=some[0])
    assert fresh(fixed).picked == [some[2], some[0], some[1]]
    press(as_he, fixed, order=",".join(map(str, some)))
    assert fresh(fixed).picked == some
    press(as_he, fixed, order=str(some[0]))
    press(as_he, fixed, out=some[1])
    press(as_he, fixed, add=999999)
    assert fresh(fixed).picked == [some[0], some[2]]


def test_the_blueprint_chooses_a_paper_and_the_page_says_how_it_stands(as_he, fixed, cast):
    assert "已选0题" in as_he.page(f"/exams/{fixed.id}/papers").text
    page = as_he.page(f"/exams/{fixed.id}/papers").press("自动选题")
    assert "单选题恰好6题，已选6题" in page.text
    assert len(fresh(fixed).picked) == 10
    actions.publish(fresh(fixed), clock.now(), actor_id=cast.he)
    db.session.commit()
    source = queries.frozen_source(fixed)
    papers = {frozenset(place.revision_id for place in source.paper(who, 1)) for who in range(9)}
    assert len(papers) == 1


def test_a_paper_that_does_not_keep_the_blueprint_is_not_published(as_he, fixed):
    press(as_he, fixed, add=assembling.pool(fixed).items[0].question_id)
    assert "试卷与双向细目表不符" in as_he.page(f"/exams/{fixed.id}").text


def test_questions_are_found_by_words_kind_and_article(as_he, fixed):
    page = as_he.page(f"/exams/{fixed.id}/papers?article=24&kind=judge")
    assert "第二十四条" in page.text
    assert "没有符合条件的试题" in as_he.page(f"/exams/{fixed.id}/papers?q=没有这样的话").text


def test_the_page_of_a_picked_paper_costs_a_constant_number_of_statements(as_he, fixed, cast):
    def cost(count):
        actions.pick(fixed, [i.question_id for i in assembling.pool(fixed).items[:count]], actor_id=cast.he)
        db.session.commit()
        with statements() as seen:
            as_he.page(f"/exams/{fixed.id}/papers")
        return len(seen)

    cost(2)
    assert cost(2) == cost(9)


# Printing ----------------------------------------------------------------------------------------------------------


def printed(client, exam, what, ending, form=1):
    token = client.page(f"/exams/{exam.id}/papers").token
    return client.post(f"/exams/{exam.id}/print/{what}/{form}.{ending}", data={"csrf_token": token})


def test_a_frozen_paper_is_printed_as_word_and_pdf_and_noted(as_he, forms, cast):
    actions.publish(forms, clock.now(), actor_id=cast.he)
    db.session.commit()
    reply = printed(as_he, forms, "paper", "docx", 2)
    assert reply.status_code == 200
    words = "\n".join(p.text for p in Document(io.BytesIO(reply.data)).paragraphs)
    assert "一、单选题" in words
    pdf = PdfReader(io.BytesIO(printed(as_he, forms, "card", "pdf").data))
    assert "答题卡" in pdf.pages[0].extract_text()
    key = printed(as_he, forms, "key", "docx")
    assert key.status_code == 200
    noted = db.session.scalars(select(AuditEvent.action).where(AuditEvent.action == "exam.printed")).all()
    assert len(noted) == 3
    assert printed(as_he, forms, "paper", "docx", 4).status_code == 404
    assert printed(as_he, forms, "other", "docx").status_code == 404


def test_no_key_stands_on_a_candidates_paper(as_he, forms, cast):
    actions.publish(forms, clock.now(), actor_id=cast.he)
    db.session.commit()
    source = queries.frozen_source(forms)
    ids = [place.revision_id for place in source.paper(1, 1, form=0)]
    told = db.session.scalars(select(Revision.explanation).where(Revision.id.in_(ids))).all()
    text = PdfReader(io.BytesIO(printed(as_he, forms, "paper", "pdf").data))
    words = "".join(page.extract_text() for page in text.pages).replace("\n", "")
    assert all(one not in words for one in told if one)
    assert "解析" not in words


def test_a_draft_is_not_printed(as_he, forms):
    assert printed(as_he, forms, "paper", "docx").status_code == 409


def test_everything_comes_in_one_file(as_he, forms, cast):
    actions.publish(forms, clock.now(), actor_id=cast.he)
    db.session.commit()
    page = as_he.page(f"/exams/{forms.id}/papers").press("全部打包下载")
    job = db.session.scalars(select(jobs.Job).where(jobs.Job.kind == "exams.print")).one()
    jobs.run(job.id)
    data = as_he.get(f"{page.path}/file").data
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert len(names) == 18
    assert any("考前勿发" in name for name in names)


def test_a_missing_letter_may_earn_a_fixed_mark(as_he, make_exam):
    exam = make_exam(blueprint=totals(multiple=10), points={"multiple": 100})
    page = as_he.page(f"/exams/{exam.id}/blueprint")
    for part in ("", "0", "10", "11"):
        refused = page.press("保存草稿", multiple_rule="fixed", multiple_part=part)
        assert refused.status == 422
        assert "请填写少选得分" in refused.text
    done = page.press("保存草稿", multiple_rule="fixed", multiple_part="2.5")
    assert "少选得2.5分，多选、错选不得分" in done.text
    assert fresh(exam).multiple_rule == "fixed:25"
    values = as_he.page(f"/exams/{exam.id}/blueprint").form("保存草稿").values
    assert (values["multiple_rule"], values["multiple_part"]) == ("fixed", "2.5")
    as_he.page(f"/exams/{exam.id}/blueprint").press("保存草稿", multiple_rule="half")
    assert fresh(exam).multiple_rule == "half"


def test_a_makeup_gets_forms_of_its_own_without_the_first_exams_questions(as_he, forms, cast, at):
    actions.publish(forms, clock.now(), actor_id=cast.he)
    db.session.commit()
    first = {question for paper in forms.assembled["forms"] for question in paper}
    at(forms.closes_at + timedelta(hours=1))
    sign_in(as_he, cast.he)
    page = as_he.page(f"/exams/{forms.id}/makeup").press("生成补考草稿", reason="按通知")
    assert "试卷正在组成" in page.text
    job = db.session.scalars(select(jobs.Job).order_by(jobs.Job.id.desc())).first()
    jobs.run(job.id)
    made = db.session.scalars(select(Exam).where(Exam.makeup_of_id == forms.id)).one()
    papers = fresh(made).assembled["forms"]
    assert [len(paper) for paper in papers] == [10, 10, 10]
    assert not first & {question for paper in papers for question in paper}


def test_what_practice_and_exams_know_is_brought_up_to_date_before_forms_are_made(draft, cast, monkeypatch):
    asked = []
    monkeypatch.setattr(assembly_job, "before", [asked.extend])
    actions.replan(draft, {"mode": "forms", "forms_wanted": 1}, actor_id=cast.he)
    job = assembly_job.request(draft, url="/", person_id=cast.he)
    db.session.commit()
    jobs.run(job.id)
    assert set(asked) == set(assembling.pool(draft).by_question)


def test_what_was_used_and_practised_wears_a_question(forms, make_exam, cast):
    actions.publish(forms, clock.now(), actor_id=cast.he)
    other = make_exam(title="下一次")
    used = {question for paper in forms.assembled["forms"] for question in paper}
    pool = assembling.pool(other, clock.now())
    assert {item.question_id for item in pool.items if item.wear == 1} == used
    other.avoid_days = 0
    later = clock.now() + timedelta(days=1)
    assert {item.wear for item in assembling.pool(other, later).items} == {0}
    some = next(item.question_id for item in pool.items if item.question_id not in used)
    facts.keep("practice_seen", {some: 9})
    facts.keep("facility", {some: 432})
    db.session.commit()
    item = assembling.pool(other, later).by_question[some]
    assert (item.wear, item.expected) == (assembling.PRACTISED, 0.432)


LAW_TWO = """# 督查办法

施行日期：2023-01-01

## 第一章 总则

第一条 督查坚持实事求是。

第二条 督查应当公开。

## 第二章 程序

第三条 督查由县级以上机关组织。
"""


@pytest.fixture
def two_laws(bank, cast):
    """A second regulation with a bank of six judges on its 第三条, of the same county."""
    edition = import_edition(LAW_TWO, slug="ducha-banfa", now=clock.now(), actor_id=None, despite_doubts=True)
    db.session.flush()
    made = make_bank(cast.county, slug="ducha")
    made.regulation_id = edition.regulation_id
    for citation in db.session.scalars(
        select(Citation).join(Revision).join(Question).where(Question.bank_id == made.id)
    ):
        citation.regulation_id, citation.edition_id = edition.regulation_id, edition.id
        citation.article = citation.anchor = "3"
    db.session.commit()
    return made.id


def test_two_regulations_stand_in_one_blueprint_each_with_its_chapters(as_he, make_exam, bank, two_laws):
    exam = make_exam(bank_ids=[bank, two_laws], blueprint=totals(judge=6))
    page = as_he.page(f"/exams/{exam.id}/blueprint")
    assert "《督查办法》第二章" in page.text.replace("　", "").replace(" ", "")
    names = page.form("保存草稿").values
    assert "n-judge-ducha-banfa/c2" in names
    assert "n-judge-xinfang-gongzuo-tiaoli/c2" in names
    page.press(
        "保存草稿",
        **{
            "n-judge-ducha-banfa/c2": "2+",
            "other-regulation": ["xinfang-gongzuo-tiaoli", "", ""],
            "other-count": ["3+", "", ""],
            "other-kind": ["judge", "", ""],
            "other-level": ["", "", ""],
            "other-article": ["", "", ""],
            "other-tag": ["", "", ""],
        },
    )
    assert set(rows_of(exam)) == {
        Row("judge", least=6, most=6),
        Row("judge", regulation="ducha-banfa", chapter="2", least=2),
        Row("judge", regulation="xinfang-gongzuo-tiaoli", least=3),
    }
    source = queries.draft_source(fresh(exam))
    slugs = {item.revision_id: item.regulation for item in assembling.pool(exam).items}
    for who in range(10):
        drawn = [slugs[place.revision_id] for place in source.paper(who, 1)]
        assert drawn.count("ducha-banfa") >= 2
        assert drawn.count("xinfang-gongzuo-tiaoli") >= 3
    page = as_he.page(f"/exams/{exam.id}/blueprint").press("保存草稿", **{"n-judge-ducha-banfa/c2": "7"})
    assert "《督查办法》第二章判断题只有6题，需要7题" in page.text
