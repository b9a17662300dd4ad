"""Plans of units and the minutes of a person's day: whose counts, who may make one, what the pages say."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.bank.models import Bank, Revision
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions as exam_actions
from quizapp.exams.models import Candidate
from quizapp.people.models import Grant, Membership
from quizapp.practice import actions, contents, outlook, plans, queries, quizzes
from quizapp.practice.drawing import needed_for
from quizapp.practice.models import DailyQuiz
from quizapp.practice.plan_models import Calibration, DailyWish, StudyPlan
from quizapp.regulations.queries import law_in_force
from tests.lent import lend, make_bank, revisions_of
from tests.papers import totals
from tests.practice.conftest import counted
from tests.practice.test_calibration import GOOD

SLUG = "xinfang-gongzuo-tiaoli"


@pytest.fixture
def morning(at):
    return at("2026-11-23 08:00")


def make(unit: int, share: int = 80, days: int = 30, regulations=(SLUG,)) -> StudyPlan:
    now = clock.now()
    plan = plans.make(unit, regulations, share, clock.today() + timedelta(days=days), now=now, actor_id=None)
    db.session.commit()
    return plan


def knows(person: int, entries, *, right: bool = True, prefix: str = "known") -> None:
    """Let a person answer these questions now."""
    keys = dict(db.session.execute(select(Revision.id, Revision.key)).all())
    now = clock.now()
    given = []
    for entry in entries:
        key = keys[entry.revision_id]
        chosen = key if right else next(letter for letter in "ABCD" if letter not in key)
        client_id = f"{prefix}-{person}-{entry.revision_id}"
        given.append(
            actions.Answer(client_id, person, entry.revision_id, chosen, "self", clock.today(now), now)
        )
    actions.record(given, now)
    db.session.commit()


# Whose plan counts --------------------------------------------------------------------------------------------------


def test_the_plan_of_the_nearest_unit_counts(morning, cast, bank):
    today = clock.today()
    assert plans.plan_of(cast.jiang, today) is None
    county = make(cast.county)
    assert plans.plan_of(cast.jiang, today).plan_id == county.id
    office = make(cast.office, share=60)
    assert plans.plan_of(cast.jiang, today).plan_id == office.id
    assert plans.plan_of(cast.fang, today).plan_id == county.id
    assert plans.plan_of(cast.he, today).plan_id == county.id
    plans.end(office, now=clock.now(), actor_id=None)
    assert plans.plan_of(cast.jiang, today).plan_id == county.id


def test_a_plan_counts_to_the_end_of_its_day(morning, cast, bank):
    make(cast.office, days=3)
    day = clock.today()
    assert [plans.plan_of(cast.jiang, day + timedelta(days=n)) is not None for n in (0, 3, 4)] == [
        True,
        True,
        False,
    ]


def test_who_belongs_to_no_unit_has_no_plan(morning, cast, bank):
    make(cast.county)
    db.session.query(Membership).filter_by(person_id=cast.jiang).update({"until": date(2021, 1, 1)})
    assert plans.plan_of(cast.jiang, clock.today()) is None


def test_a_unit_has_one_open_plan(morning, cast, bank):
    first = make(cast.office)
    with pytest.raises(Refused) as refused:
        make(cast.office)
    assert refused.value.code == "has_plan"
    db.session.rollback()
    plans.end(db.session.get_one(StudyPlan, first.id), now=clock.now(), actor_id=None)
    make(cast.office)
    assert db.session.scalar(select(func.count()).select_from(StudyPlan)) == 2


# What the draw makes of it ------------------------------------------------------------------------------------------


def test_the_new_questions_of_a_day_follow_from_the_plan(morning, cast, bank):
    free = quizzes.plan(cast.jiang, clock.today())
    pool = queries.practice_pool(cast.jiang)
    make(cast.county, share=100, days=len(pool) - 1)  # as many days as questions
    assert len(quizzes.plan(cast.jiang, clock.today())) == 1
    assert len(free) > 5


def test_an_aim_that_is_met_is_said_and_nothing_more_is_offered(morning, cast, bank, as_jiang):
    make(cast.county, share=10)
    pool = queries.practice_pool(cast.jiang)
    articles = sorted({entry.place for entry in pool})
    wanted = -(-len(articles) // 10)
    knows(cast.jiang, [entry for entry in pool if entry.place in articles[: wanted - 1]])
    page = as_jiang.page("/practice/daily")
    assert "还差1条" in page.text
    assert "开始今天的测验" in page.html
    knows(cast.jiang, [entry for entry in pool if entry.place == articles[wanted - 1]])
    for address in ("/practice/daily", "/practice/", "/"):
        page = as_jiang.page(address)
        assert "已达到学习计划的目标" in page.text, address
        assert "开始今天的测验" not in page.html
    mastery = as_jiang.page(f"/practice/mastery/{SLUG}")
    assert "已达到目标，不需要再练习" in mastery.text
    assert "/practice/article/" not in mastery.html
    with pytest.raises(Refused):
        actions.begin_daily(cast.jiang, clock.today())


def test_the_minutes_of_ones_own_decide_how_much_is_asked(morning, cast, bank, as_jiang, as_luo):
    kinds = dict(db.session.execute(select(Revision.id, Revision.kind)).all())

    def planned():
        return needed_for(kinds[revision] for revision in quizzes.plan(cast.jiang, clock.today()))

    found = {}
    for minutes in (2, 5, 10):
        page = as_jiang.page("/practice/daily").press("保存", minutes=str(minutes))
        assert f"已改为每天约{minutes}分钟" in page.text
        found[minutes] = planned()
        assert found[minutes] <= minutes * 60
    assert found[2] < found[5] < found[10]
    assert db.session.scalars(select(DailyWish.minutes)).all() == [10]
    assert quizzes.minutes_a_day(cast.luo) == 5
    for wrong in ("3", "", "x", "-2"):
        data = {"csrf_token": as_jiang.token, "minutes": wrong}
        assert as_jiang.post("/practice/daily/minutes", data=data).status_code == 400
    assert quizzes.minutes_a_day(cast.jiang) == 10


def test_a_quiz_that_has_been_begun_keeps_its_size(morning, cast, bank, as_jiang):
    as_jiang.page("/practice/daily").press("开始今天的测验")
    before = db.session.scalars(select(DailyQuiz)).one().revisions
    actions.wish(cast.jiang, 2)
    db.session.commit()
    assert quizzes.today(cast.jiang, clock.today()).total == len(before)


def test_the_draw_is_the_same_for_a_person_and_a_day_and_another_for_others(morning, cast, bank):
    day = clock.today()
    assert quizzes.plan(cast.jiang, day) == quizzes.plan(cast.jiang, day)
    assert quizzes.plan(cast.jiang, day) != quizzes.plan(cast.luo, day)
    assert quizzes.plan(cast.jiang, day) != quizzes.plan(cast.jiang, day + timedelta(days=1))


def test_sealed_banks_and_exam_only_questions_are_never_drawn(morning, cast, bank):
    actions.wish(cast.jiang, 10)
    own = make_bank(cast.office)
    lend(own, cast.town, "practise")
    secret = revisions_of(own)
    own.sealed = True
    shipped = queries.practice_pool()
    hidden = {entry.revision_id for entry in shipped[::2]}
    db.session.execute(update(Revision).where(Revision.id.in_(hidden)).values(uses="exam"))
    db.session.commit()
    for day in range(20):
        drawn = set(quizzes.plan(cast.jiang, clock.today() + timedelta(days=day)))
        assert drawn
        assert drawn.isdisjoint(secret | hidden)
    db.session.execute(update(Bank).values(sealed=True))
    assert quizzes.plan(cast.jiang, clock.today()) == []


def exam_of_chapter(cast, bank: int, chapter: str, **other):
    now = clock.now()
    rows = totals(single=20)
    rows.append({**rows[0], "chapter": chapter, "least": 20, "most": None})
    values = {
        "title": "年度考试",
        "purpose": "annual",
        "bank_ids": [bank],
        "points": {"single": 50},
        "blueprint": rows,
        "pass_mark": 600,
        "excellent_mark": 900,
        "bands": [["合格", 600]],
        "opens_at": now + timedelta(days=1),
        "closes_at": now + timedelta(days=5),
    } | other
    exam = exam_actions.create(
        unit_id=cast.county, values=values, audience=[(cast.county, True)], now=now, actor_id=cast.he
    )
    exam_actions.publish(exam, now, actor_id=cast.he)
    db.session.commit()
    return exam


def test_the_coming_exam_moves_the_draw_towards_what_it_asks(morning, cast, bank):
    chapter_of = {entry.revision_id: entry.chapter for entry in queries.practice_pool()}

    def of_chapter_three():
        return sum(
            chapter_of[revision] == "3"
            for day in range(10)
            for revision in quizzes.plan(cast.jiang, clock.today() + timedelta(days=day))
        )

    before = of_chapter_three()
    exam = exam_of_chapter(cast, bank, "3", closes_at=clock.now() + timedelta(days=40))
    assert of_chapter_three() > 1.5 * before
    db.session.execute(
        update(Candidate)
        .where(Candidate.exam_id == exam.id, Candidate.person_id == cast.jiang)
        .values(sat=True)
    )
    assert of_chapter_three() == before  # who has sat it is not moved any more


def test_the_statements_of_a_draw_stay_the_same_however_much_there_is(morning, cast, bank):
    day = clock.today()
    quizzes.today(cast.jiang, day)  # the text of the regulation is read once a process
    with counted() as few:
        quizzes.today(cast.jiang, day)
    knows(cast.jiang, queries.practice_pool(cast.jiang)[:40])
    make(cast.county)
    make(cast.office)
    for _ in range(2):
        exam_of_chapter(cast, bank, "3")
    with counted() as more:
        quizzes.today(cast.jiang, day)
    assert len(more) == len(few) <= 8


# Mastery by article -------------------------------------------------------------------------------------------------


def test_the_contents_say_for_every_article_how_well_it_is_known(morning, cast, bank, as_jiang):
    pool = queries.practice_pool(cast.jiang)
    on = {number: [e for e in pool if e.place == (SLUG, number)] for number in ("24", "25", "26")}
    knows(cast.jiang, on["24"])
    knows(cast.jiang, on["25"], right=False)
    _, _, law = law_in_force(SLUG)
    found = contents.contents(cast.jiang, SLUG, law, clock.today())
    words = {article.number: article.word for chapter in found.chapters for article in chapter.articles}
    assert (words["24"], words["25"], words["26"]) == ("已掌握", "不牢", "未学")
    assert len(words) == len(law.articles)
    assert sum(number for _, _, number in found.levels) == found.articles
    page = as_jiang.page("/practice/").follow("按条查看掌握度")
    assert re.search("第二十四条 ?已掌握 ?[0-9]+%", page.text)
    assert re.search("第二十五条 ?不牢 ?0%", page.text)
    assert page.follow("第二十五条").path == f"/practice/article/{SLUG}/25"
    assert as_jiang.page(f"/regulations/{SLUG}").follow("查看掌握度").path == f"/practice/mastery/{SLUG}"


def test_the_missing_articles_are_named_by_chapter(morning, cast, bank):
    make(cast.county, share=100)
    _, _, law = law_in_force(SLUG)
    pool = queries.practice_pool(cast.jiang)
    left = sorted({e.place for e in pool if e.chapter == "4"})[:3]
    knows(cast.jiang, [entry for entry in pool if entry.place not in left])
    found = contents.contents(cast.jiang, SLUG, law, clock.today())
    assert found.lacking_words == "第四章的3条"
    assert found.progress.left == 3


def test_mastery_falls_from_day_to_day_until_the_quiz_asks_again(morning, cast, bank, at):
    make(cast.county, share=100, days=200)
    knows(cast.jiang, queries.practice_pool(cast.jiang))
    assert quizzes.today(cast.jiang, clock.today()).aim_met
    at.later(days=60)
    today = quizzes.today(cast.jiang, clock.today())
    assert not today.aim_met
    assert today.total


def test_a_regulation_without_questions_says_so(morning, cast, bank, as_jiang):
    db.session.execute(update(Revision).values(uses="exam"))
    db.session.commit()
    assert "还没有可以练习的试题" in as_jiang.page(f"/practice/mastery/{SLUG}").text
    assert as_jiang.get("/practice/mastery/none").status_code == 404


def test_the_mastery_page_writes_nothing_and_asks_a_constant_number_of_times(morning, cast, bank, as_jiang):
    def statements():
        with counted() as sent:
            as_jiang.get(f"/practice/mastery/{SLUG}")
        assert not [s for s in sent if not s.lstrip().upper().startswith(("SELECT", "PRAGMA", "WITH"))]
        return len(sent)

    before = statements()
    make(cast.county)
    knows(cast.jiang, queries.practice_pool(cast.jiang)[:50])
    assert statements() == before <= 20


def test_nobody_is_ranked_and_no_time_is_shown(morning, cast, bank, as_jiang, as_he):
    """国办函〔2026〕12号."""
    make(cast.county)
    addresses = [(as_jiang, f"/practice/mastery/{SLUG}"), (as_jiang, "/practice/daily")]
    for client, address in [*addresses, (as_he, "/practice/plans"), (as_he, "/practice/plans/new")]:
        text = client.page(address).text
        for word in ("连续", "积分", "打卡", "名次", "用时", "排行"):
            assert word not in text, (address, word)


# Making plans -------------------------------------------------------------------------------------------------------


def test_a_plan_is_made_changed_and_ended_on_pages(morning, cast, bank, as_he, as_jiang):
    page = as_he.page("/practice/plans")
    assert "还没有学习计划" in page.text
    page = page.follow("新建计划").press(
        "保存计划", unit=str(cast.office), regulations=[SLUG], share="80", by_day="2026-12-25"
    )
    assert "已保存学习计划" in page.text
    assert "2026年12月25日前掌握80%的条文" in page.text
    plan = db.session.scalars(select(StudyPlan)).one()
    assert (plan.unit_id, plan.share, plan.created_by_id) == (cast.office, 80, cast.he)
    assert "2026年12月25日前，掌握80%的条文" in as_jiang.page("/practice/daily").text
    page = page.follow("修改").press("保存计划", share="60")
    db.session.expire_all()
    assert (plan.share, "掌握60%的条文" in page.text) == (60, True)
    page = page.press("结束计划")
    assert "已结束“县信访局”的学习计划" in page.text
    assert plans.plan_of(cast.jiang, clock.today()) is None
    assert as_he.get(f"/practice/plans/{plan.id}").status_code == 404
    told = db.session.scalars(
        select(AuditEvent.action).where(AuditEvent.action.startswith("plan.")).order_by(AuditEvent.id)
    ).all()
    assert told == ["plan.made", "plan.changed", "plan.ended"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"share": "9"}, "10至100"),
        ({"share": "101"}, "10至100"),
        ({"share": ""}, "10至100"),
        ({"by_day": "2026-11-22"}, "不能早于今天"),
        ({"by_day": ""}, "请填写日期"),
        ({"regulations": []}, "请至少选择一部法规"),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_nothing_is_kept(morning, cast, bank, as_he, wrong, said):
    fields = {"unit": str(cast.office), "regulations": [SLUG], "share": "80", "by_day": "2026-12-25"} | wrong
    page = as_he.page("/practice/plans/new").press("保存计划", **fields)
    assert (page.status, said in page.text) == (422, True)
    assert db.session.scalar(select(func.count()).select_from(StudyPlan)) == 0


def test_a_second_plan_of_a_unit_is_refused_on_the_page(morning, cast, bank, as_he):
    make(cast.office)
    page = as_he.page("/practice/plans/new").press(
        "保存计划", unit=str(cast.office), regulations=[SLUG], share="80", by_day="2026-12-25"
    )
    assert (page.status, "该单位已有学习计划，没有新建" in page.text) == (422, True)


def test_plans_are_made_for_the_own_unit_and_below_only(morning, cast, bank, as_fang, as_jiang):
    county = make(cast.county)
    assert as_jiang.get("/practice/plans").status_code == 404
    db.session.add(
        Grant(person_id=cast.fang, role="unit_administrator", unit_id=cast.town, granted_at=clock.now())
    )
    db.session.commit()
    page = as_fang.page("/practice/plans")
    assert "还没有学习计划" in page.text  # the county's is none of hers to change
    assert "预测准确度" not in page.text
    form = page.follow("新建计划")
    assert form.form("保存计划").choices["unit"] == {str(cast.town)}
    sent = {"unit": str(cast.county), "regulations": SLUG, "share": "80", "by_day": "2026-12-25"}
    reply = as_fang.post("/practice/plans/new", data=sent | {"csrf_token": as_fang.token})
    assert reply.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(StudyPlan)) == 1
    for act in ("", "/end"):
        data = {"csrf_token": as_fang.token}
        assert as_fang.post(f"/practice/plans/{county.id}{act}", data=data).status_code == 404


# What is foretold ---------------------------------------------------------------------------------------------------


def kept(report) -> None:
    value = {"cells": {}, "report": report.to_json()}
    db.session.add(Calibration(made_at=clock.now(), report=value))
    db.session.commit()


def test_an_exam_is_foretold_as_a_range_only_while_answers_are_foretold_well(morning, cast, bank, as_jiang):
    exam_of_chapter(cast, bank, "3")
    knows(cast.jiang, queries.practice_pool(cast.jiang))
    assert "考试预测" not in as_jiang.page("/practice/").text
    kept(GOOD)
    text = as_jiang.page("/practice/").text
    assert "如果今天参加，预计得分" in text
    assert "满分100分，合格线60分" in text
    found = outlook.foretold(cast.jiang, clock.now())
    assert 60 < found.range.low <= found.range.high <= 100
    bad = type(GOOD)(**{**vars(GOOD), "brier": 0.3})
    db.session.execute(update(Calibration).values(made_at=clock.now() - timedelta(days=1)))
    kept(bad)
    assert "考试预测" not in as_jiang.page("/practice/").text


def test_who_has_practised_little_or_has_no_exam_is_told_nothing(morning, cast, bank):
    kept(GOOD)
    knows(cast.jiang, queries.practice_pool(cast.jiang))
    assert outlook.foretold(cast.jiang, clock.now()) is None
    exam_of_chapter(cast, bank, "3")
    assert outlook.foretold(cast.jiang, clock.now()) is not None
    assert outlook.foretold(cast.luo, clock.now()) is None
