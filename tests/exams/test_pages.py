"""The pages of 何, who makes exams: forms keep what was typed, and nobody sees another unit's exams."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from quizapp import clock
from quizapp.db import db
from quizapp.exams import actions, blueprint
from quizapp.exams.models import Candidate, Exam, ExamAudience
from quizapp.people.models import Grant, Membership, Person, Unit
from tests.cast import sign_in


def people_of(unit_id: int, count: int, start: int) -> None:
    """Further people of a unit."""
    people = [
        Person(
            account=f"{start + n:08d}", name=f"学员{n}", name_key=f"xue yuan {n:05d}", created_at=clock.now()
        )
        for n in range(count)
    ]
    db.session.add_all(people)
    db.session.flush()
    db.session.add_all([Membership(person_id=p.id, unit_id=unit_id, since=date(2020, 1, 1)) for p in people])
    db.session.commit()


def only_exam() -> Exam:
    return db.session.scalars(select(Exam)).one()


def test_a_new_exam_proposes_a_paper_that_the_bank_serves(as_he, bank, cast):
    page = as_he.page("/exams/new")
    assert page.h1 == "新建考试"
    page = page.press(
        "保存草稿", title="2026年度条例考试", opens_on="2026-12-01", closes_on="2026-12-25", minutes="45"
    )
    exam = only_exam()
    assert page.path == f"/exams/{exam.id}"
    assert "2026年12月1日 00:00" in page.text
    assert "2026年12月25日 24:00" in page.text
    assert exam.closes_at == clock.end_of(exam.closes_at.astimezone(clock.CHINA).date() - timedelta(days=1))
    assert exam.unit_id == cast.county
    assert exam.minutes == 45
    assert blueprint.total(blueprint.read(exam.blueprint), exam.points) == 1000
    assert len(exam.seed) == 32
    assert db.session.scalars(select(ExamAudience.unit_id)).all() == [cast.county]


def test_a_saved_draft_is_shown_again_as_it_was(as_he, bank, cast):
    page = as_he.page("/exams/new").press(
        "保存草稿",
        **{
            "title": "单位测验",
            "purpose": "unit",
            "opens_on": "2026-12-01",
            "opens_time": "09:00",
            "closes_on": "2026-12-01",
            "closes_time": "11:30",
            "band-name": ["良好", "优秀", "", ""],
            "band-mark": ["20", "22.5", "", ""],
            "pass_mark": "15.5",
            "hours_from": "09:00",
            "hours_until": "00:00",
            "show_right": "closed",
            "gate": "y",
            "appeal_days": "5",
            "audience": [f"{cast.office}", f"{cast.town}"],
        },
    )
    exam = only_exam()
    assert "9:00至24:00" in page.text
    assert "5天内可以申请" in page.text
    assert exam.pass_mark == 155
    values = as_he.page(f"/exams/{exam.id}/edit").form("保存草稿").values
    assert (values["closes_time"], values["hours_from"], values["hours_until"]) == ("11:30", "09:00", "00:00")
    assert (values["show_right"], values["gate"], exam.daily_until) == ("closed", "y", 1440)
    assert (values["appeal_days"], exam.appeal_days) == ("5", 5)
    assert values.getlist("band-name")[:2] == ["优秀", "良好"]
    assert values.getlist("audience") == [str(cast.office), str(cast.town)]
    assert exam.bands == [["优秀", 225], ["良好", 200]]
    assert (exam.opens_at, exam.closes_at) == (
        clock.from_local(clock.datetime(2026, 12, 1, 9)),
        clock.from_local(clock.datetime(2026, 12, 1, 11, 30)),
    )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the shape of input is the same on both
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": " "}, "请填写考试名称。"),
        ({"minutes": "4"}, "请填写5至240的整数。"),
        ({"minutes": "一小时"}, "请填写整数。"),
        ({"attempts_allowed": "6"}, "请填写1至5的整数。"),
        ({"appeal_days": "61"}, "请填写0至60的整数。"),
        ({"hours_from": "09:00"}, "每日开始时间和结束时间应当都填写，或都不填写。"),
        ({"hours_from": "18:00", "hours_until": "09:00"}, "每日结束时间应晚于开始时间。"),
        ({"last_start_on": "2026-12-02"}, "最迟开始时间应在考试起止时间之内。"),
        ({"pass_mark": "NaN"}, "请填写数字，最多一位小数。"),
        ({"pass_mark": ""}, "请填写合格线。"),
        ({"opens_on": "2026-12-02", "closes_on": "2026-12-01"}, "结束时间应晚于开始时间。"),
        ({"opens_on": "2026-12-02"}, "开始日期和结束日期应当都填写，或都不填写。"),
        ({"opens_on": "明天", "closes_on": "2026-12-01"}, "请填写日期，如2026-12-25。"),
        (
            {"band-name": ["优秀", "", "", ""], "band-mark": [""] * 4},
            "等级的名称和分数应当都填写，或都不填写。",
        ),
        (
            {"band-name": ["甲", "甲", "", ""], "band-mark": ["90", "80", "", ""]},
            "等级的名称和分数不能重复。",
        ),
    ],
)
def test_bad_input_is_kept_and_named(as_he, bank, typed, sentence):
    page = as_he.page("/exams/new").press("保存草稿", **{"notice": "须知原文", **typed})
    assert page.status == 422
    assert sentence in page.text
    values = page.form("保存草稿").values
    assert values["notice"].strip() == "须知原文"
    for name, value in typed.items():
        kept = [text.strip() for text in values.getlist(name)]
        assert kept == (value if isinstance(value, list) else [value.strip()])
    assert db.session.scalars(select(Exam)).all() == []


def test_an_incomplete_draft_is_saved_and_says_what_is_missing(as_he, bank):
    page = as_he.page("/exams/new").press("保存草稿", title="空的", audience=[], bank_ids=[])
    only_exam().bank_ids = [bank]
    db.session.commit()
    page = as_he.page(page.path)
    assert "还没有设置题数" in page.text
    assert "还没有设置考试起止时间" in page.text
    assert "考生范围内没有人员" in page.text
    assert not [form for form in page.forms if form.action.endswith("/publish")]


def test_a_foreign_unit_in_the_audience_is_refused(app, cast, bank):
    db.session.add(
        Grant(person_id=cast.luo, role="exam_administrator", unit_id=cast.office, granted_at=clock.now())
    )
    luo = sign_in(app.test_client(), cast.luo)
    values = luo.page("/exams/new").form("保存草稿").values
    values.setlist("audience", [str(cast.town)])
    reply = luo.post("/exams/new", data=values)
    assert reply.status_code == 409
    assert "不属于主办单位" in reply.get_data(as_text=True)
    assert db.session.scalars(select(Exam)).all() == []


def test_publishing_names_people_and_questions_and_asks_about_warnings(as_he, make_exam):
    exam = make_exam()
    page = as_he.page(f"/exams/{exam.id}")
    assert "考生6人，可抽试题" in page.text
    assert "公开题库，试题和答案可被查到" in page.text
    refused = page.press("/publish")
    assert refused.status == 409
    assert "请勾选" in refused.text
    assert db.session.get(Exam, exam.id).state == "draft"
    done = page.press("/publish", warned="1")
    assert "考试已发布：考生6人" in done.text
    assert db.session.get(Exam, exam.id).state == "published"


def test_a_roster_that_moved_meanwhile_stops_the_publishing(as_he, make_exam, cast):
    exam = make_exam()
    page = as_he.page(f"/exams/{exam.id}")
    db.session.scalars(select(Membership).where(Membership.person_id == cast.luo)).one().until = (
        clock.today() - timedelta(days=1)
    )
    refused = page.press("/publish", warned="1")
    assert "考生由6人变为5人" in refused.text
    assert db.session.get(Exam, exam.id).state == "draft"


def test_a_published_exam_leads_to_trial_candidates_and_report(as_he, published):
    page = as_he.page(f"/exams/{published.id}")
    assert page.form("试考").action == f"/exams/{published.id}/trial"
    assert page.follow("考生名单").h1 == "考生名单"
    assert page.follow("完成情况").path == f"/reports/exams/{published.id}"


def test_a_published_exam_offers_no_form(as_he, published):
    assert as_he.page(f"/exams/{published.id}/edit").path == f"/exams/{published.id}"


def test_the_preview_shows_a_paper_without_keys(as_he, published):
    first, second = (
        as_he.page(f"/exams/{published.id}/preview"),
        as_he.page(f"/exams/{published.id}/preview?n=2"),
    )
    assert "一、单选题（共6题）" in first.text
    assert first.html.count("data-question") == 10
    assert first.text != second.text
    assert first.text == as_he.page(f"/exams/{published.id}/preview").text
    for word in ("答案", "解析", "第二十四条第一款"):
        assert word not in first.text


def test_questions_are_listed_with_their_articles(as_he, published):
    page = as_he.page(f"/exams/{published.id}/questions")
    assert "试题版本已固定" in page.text
    assert "第一条" in page.text


def test_candidates_are_found_by_name_initials_account_and_status(as_he, published, cast):
    address = f"/exams/{published.id}/candidates"
    everybody = as_he.page(address)
    for name in ("江映雪", "罗成", "何平", "李文", "周明", "方圆"):
        assert name in everybody.text
    for words in ("映雪", "jyx", "10000017"):
        found = as_he.page(f"{address}?q={words}")
        assert [name for name in ("江映雪", "罗成", "方圆") if name in found.text] == ["江映雪"]
    assert "没有符合条件的考生" in as_he.page(f"{address}?status=已交卷").text


def candidate_of(exam, person_id) -> Candidate:
    return db.session.scalar(
        select(Candidate).where(Candidate.exam_id == exam.id, Candidate.person_id == person_id)
    )


def test_exemption_and_more_time_on_a_candidate(as_he, published, cast):
    jiang = candidate_of(published, cast.jiang)
    address = f"/exams/{published.id}/candidates/{jiang.id}"
    page = as_he.page(address).press("更新状态", **{"status-status": "exempt", "status-reason": "产假"})
    assert "免考" in page.text
    page = as_he.page(address).press(
        "更新状态", **{"status-status": "expected", "status-reason": "本人申请参加"}
    )
    day = published.closes_at.astimezone(clock.CHINA).date() + timedelta(days=1)
    page = page.press(
        "延长时间",
        **{"time-extra_minutes": "15", "time-closes_on": day.isoformat(), "time-reason": "视力障碍"},
    )
    jiang = candidate_of(published, cast.jiang)
    assert (jiang.status, jiang.extra_minutes, jiang.personal_closes_at) == (
        "expected",
        15,
        clock.end_of(day),
    )
    refused = page.press("延长时间", **{"time-extra_minutes": "999", "time-reason": "视力障碍"})
    assert refused.status == 422
    assert "请填写0至240的整数" in refused.text


def test_the_answers_are_released_after_the_end_only(as_he, published, at):
    page = as_he.page(f"/exams/{published.id}")
    assert not [form for form in page.forms if form.action.endswith("/release")]
    token = page.token
    reply = as_he.post(f"/exams/{published.id}/release", data={"csrf_token": token})
    assert reply.status_code == 409
    at(published.closes_at + timedelta(seconds=121))
    sign_in(as_he, published.created_by_id)
    done = as_he.page(f"/exams/{published.id}").press("/release")
    assert "答案已公布" in done.text


def test_cancelling_needs_a_reason(as_he, published):
    page = as_he.page(f"/exams/{published.id}")
    assert page.press("/cancel").status == 422
    assert "考试已取消" in page.press("/cancel", reason="试题有误").text
    assert db.session.get(Exam, published.id).state == "cancelled"


ADDRESSES = [
    "",
    "/edit",
    "/blueprint",
    "/papers",
    "/preview",
    "/questions",
    "/candidates",
    "/candidates/{candidate}",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_another_units_exam_does_not_exist(app, cast, published, address):
    db.session.add(
        Grant(person_id=cast.fang, role="exam_administrator", unit_id=cast.town, granted_at=clock.now())
    )
    fang = sign_in(app.test_client(), cast.fang)
    path = f"/exams/{published.id}{address}".format(candidate=candidate_of(published, cast.fang).id)
    assert fang.get(path).status_code == 404
    assert published.title not in fang.page("/exams/").text


def test_a_candidate_of_another_exam_does_not_exist(as_he, published, make_exam, cast):
    other = make_exam(title="另一次")
    actions.publish(other, clock.now(), actor_id=cast.he)
    stranger = candidate_of(other, cast.jiang)
    assert as_he.get(f"/exams/{published.id}/candidates/{stranger.id}").status_code == 404


@pytest.mark.parametrize("who", ["jiang", "li"])
def test_for_others_there_is_no_exam_management(app, cast, who):
    client = sign_in(app.test_client(), getattr(cast, who))
    assert client.get("/exams/").status_code == 404
    assert client.get("/exams/new").status_code == 404


def test_a_person_with_two_units_chooses_the_one_that_holds_the_exam(app, cast, bank):
    for unit in (cast.office, cast.town):
        db.session.add(
            Grant(person_id=cast.luo, role="exam_administrator", unit_id=unit, granted_at=clock.now())
        )
    luo = sign_in(app.test_client(), cast.luo)
    page = luo.page("/exams/new").follow("云岭镇")
    page.press("保存草稿", title="云岭镇测验")
    assert only_exam().unit_id == cast.town
    assert db.session.scalars(select(ExamAudience.unit_id)).all() == [cast.town]  # a unit without units below
    assert luo.get(f"/exams/new?unit={cast.county}").status_code == 404
    assert db.session.get(Unit, cast.town).name in luo.page("/exams/").text


def test_the_pages_cost_the_same_for_six_people_and_for_more(as_he, make_exam, cast):
    def cost(address: str) -> int:
        seen = []

        def one_more(*_arguments: object) -> None:
            seen.append(1)

        event.listen(db.engine, "before_cursor_execute", one_more)
        try:
            as_he.page(address)
        finally:
            event.remove(db.engine, "before_cursor_execute", one_more)
        return len(seen)

    def all_costs(exam: Exam) -> list[int]:
        pages = ["", "/candidates", "/questions", "/preview"]
        return [cost("/exams/"), cost("/exams/new")] + [cost(f"/exams/{exam.id}{page}") for page in pages]

    def publish(exam: Exam) -> Exam:
        actions.publish(exam, clock.now(), actor_id=cast.he)
        db.session.commit()
        return exam

    draft, small = make_exam(), publish(make_exam())
    all_costs(small)  # what is kept per process is read once
    before, before_draft = all_costs(small), cost(f"/exams/{draft.id}")
    people_of(cast.office, 60, 30000000)
    more = {"blueprint": blueprint.stored(blueprint.of_grid({("single", ""): 40, ("judge", ""): 20}))}
    large = publish(make_exam(**more))
    all_costs(large)
    assert all_costs(large) == before
    assert cost(f"/exams/{draft.id}") == before_draft
    assert max(before) < 20
