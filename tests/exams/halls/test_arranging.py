"""Sessions, places and invigilators: only while the exam is published and not over, each change recorded."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions as exams
from quizapp.exams.halls import actions, queries
from quizapp.exams.halls.models import HallPlace, HallSession
from quizapp.exams.models import Candidate
from tests.statements import statements

hour = timedelta(hours=1)


def values(exam, **changes):
    return {
        "title": "第一场",
        "hall": "县委党校机房",
        "address": "解放路1号",
        "seats": 30,
        "opens_at": exam.opens_at + hour,
        "closes_at": exam.opens_at + 3 * hour,
    } | changes


@pytest.fixture
def make_session(published, cast):
    def make(**changes):
        made = actions.create(published, values(published, **changes), clock.now(), actor_id=cast.he)
        db.session.commit()
        return made

    return make


@pytest.fixture
def session(make_session):
    return make_session()


def names(session):
    return [(one.place.seat, one.candidate.name) for one in queries.places(session.id)]


def traces(action):
    return [row.detail for row in db.session.scalars(select(AuditEvent).where(AuditEvent.action == action))]


def test_a_session_has_a_start_code_of_six_figures_that_can_be_renewed(published, session, cast):
    before = session.start_code
    assert len(before) == 6
    assert before.isdigit()
    actions.renew_code(published, session, clock.now(), actor_id=cast.he)
    assert session.start_code != before
    assert len(session.start_code) == 6
    assert all(before not in str(detail) for detail in traces("hall.code_renewed"))


@pytest.mark.parametrize(
    ("opens", "closes"), [(-hour, hour), (hour, timedelta(days=30))], ids=["too early", "too late"]
)
def test_a_session_outside_of_the_exams_window_is_refused(published, cast, opens, closes):
    wrong = values(published, opens_at=published.opens_at + opens, closes_at=published.opens_at + closes)
    with pytest.raises(Refused, match="window"):
        actions.create(published, wrong, clock.now(), actor_id=cast.he)


def test_nothing_is_arranged_before_publishing_or_after_the_end(make_exam, published, session, cast):
    draft = make_exam()
    with pytest.raises(Refused, match="not_published"):
        actions.create(draft, values(draft), clock.now(), actor_id=cast.he)
    after = published.closes_at + timedelta(seconds=published.grace_s + 1)
    for act in (
        lambda: actions.create(published, values(published), after, actor_id=cast.he),
        lambda: actions.fill(published, session, after, actor_id=cast.he),
        lambda: actions.appoint(published, session, "10000041", after, actor_id=cast.he),
    ):
        with pytest.raises(Refused, match="over"):
            act()
    exams.cancel(published, "停电", clock.now(), actor_id=cast.he)
    with pytest.raises(Refused, match="not_published"):
        actions.fill(published, session, clock.now(), actor_id=cast.he)


def test_filling_takes_candidates_in_tree_order_up_to_the_seats(published, make_session, cast):
    small, large = make_session(seats=2), make_session(title="第二场", seats=30)
    assert actions.fill(published, small, clock.now(), actor_id=cast.he) == (2, 4)
    assert names(small) == [(1, "何平"), (2, "李文")]
    assert actions.fill(published, large, clock.now(), actor_id=cast.he) == (4, 0)
    assert names(large) == [(1, "周明"), (2, "江映雪"), (3, "罗成"), (4, "方圆")]
    assert actions.fill(published, large, clock.now(), actor_id=cast.he) == (0, 0)
    assert len(traces("hall.placed")) == 2


def test_a_unit_is_placed_with_all_below_it(published, session, cast):
    assert actions.fill(published, session, clock.now(), actor_id=cast.he, unit_id=cast.office) == (2, 0)
    assert names(session) == [(1, "江映雪"), (2, "罗成")]
    assert [(u.name, u.left) for u in queries.units(published.id)] == [("青石县", 4), ("云岭镇", 1)]
    with pytest.raises(Refused, match="unknown_unit"):
        actions.fill(published, session, clock.now(), actor_id=cast.he, unit_id=999_999)


def test_a_list_of_accounts_is_placed_whole_or_not_at_all(published, make_session, cast):
    first, second = make_session(seats=3), make_session(title="第二场")
    assert actions.place(published, first, ["10000066", "10000017"], clock.now(), actor_id=cast.he) == 2
    assert names(first) == [(1, "江映雪"), (2, "方圆")]
    db.session.commit()
    with pytest.raises(Refused) as refusal:
        actions.place(published, second, ["10000025", "99999999", "10000017"], clock.now(), actor_id=cast.he)
    assert "“99999999”不在考生名单中；江映雪已安排座位" in refusal.value.sentence
    assert "没有保存任何改动" in refusal.value.sentence
    assert names(second) == []
    with pytest.raises(Refused, match="full"):
        actions.place(published, first, ["10000025", "10000033"], clock.now(), actor_id=cast.he)


def test_who_is_exempt_or_has_begun_gets_no_place(published, session, cast):
    for person, change in ((cast.jiang, {"status": "exempt"}), (cast.luo, {"started": True})):
        one = db.session.query(Candidate).filter_by(exam_id=published.id, person_id=person).one()
        for name, value in change.items():
            setattr(one, name, value)
    db.session.commit()
    assert actions.fill(published, session, clock.now(), actor_id=cast.he) == (4, 0)
    with pytest.raises(Refused, match="江映雪已开始考试或已免考"):
        actions.place(published, session, ["10000017"], clock.now(), actor_id=cast.he)


def test_a_freed_seat_is_given_again(published, session, cast):
    actions.fill(published, session, clock.now(), actor_id=cast.he)
    luo = next(one.candidate.id for one in queries.places(session.id) if one.candidate.name == "罗成")
    assert actions.unplace(published, session, [luo], clock.now(), actor_id=cast.he) == 1
    assert actions.place(published, session, ["10000025"], clock.now(), actor_id=cast.he) == 1
    assert (5, "罗成") in names(session)
    came = db.session.get(HallPlace, (session.id, luo))
    came.arrived_at = clock.now()
    db.session.flush()
    assert actions.unplace(published, session, None, clock.now(), actor_id=cast.he) == 5
    assert names(session) == [(5, "罗成")]


def test_a_session_to_which_somebody_came_stays_as_it_is(published, session, cast):
    actions.fill(published, session, clock.now(), actor_id=cast.he)
    with pytest.raises(Refused, match="6号座位已安排考生"):
        actions.update(published, session, values(published, seats=5), clock.now(), actor_id=cast.he)
    actions.update(published, session, values(published, title="上午场"), clock.now(), actor_id=cast.he)
    assert traces("hall.changed") == [{"exam_id": published.id, "fields": ["title"]}]
    queries.places(session.id)[0].place.arrived_at = clock.now()
    db.session.flush()
    for act in (
        lambda: actions.update(published, session, values(published), clock.now(), actor_id=cast.he),
        lambda: actions.remove(published, session, clock.now(), actor_id=cast.he),
    ):
        with pytest.raises(Refused, match="begun"):
            act()


def test_a_session_is_taken_back_with_its_places(published, session, cast):
    actions.appoint(published, session, "10000041", clock.now(), actor_id=cast.he)
    actions.fill(published, session, clock.now(), actor_id=cast.he)
    actions.remove(published, session, clock.now(), actor_id=cast.he)
    db.session.commit()
    assert db.session.query(HallSession).count() == db.session.query(HallPlace).count() == 0
    assert [unit.left for unit in queries.units(published.id) if unit.depth == 0] == [6]


def test_any_account_may_watch_over_a_session_but_not_its_own(published, session, cast):
    assert actions.appoint(published, session, "10000041", clock.now(), actor_id=cast.he) == "李文"
    assert [name for _, name, _ in queries.invigilators(session.id)] == ["李文"]
    with pytest.raises(Refused, match="appointed"):
        actions.appoint(published, session, "10000041", clock.now(), actor_id=cast.he)
    with pytest.raises(Refused, match="unknown_person"):
        actions.appoint(published, session, "99999999", clock.now(), actor_id=cast.he)
    actions.place(published, session, ["10000017"], clock.now(), actor_id=cast.he)
    with pytest.raises(Refused, match="own_session"):
        actions.appoint(published, session, "10000017", clock.now(), actor_id=cast.he)
    with pytest.raises(Refused, match="李文是本场监考人员"):
        actions.place(published, session, ["10000041"], clock.now(), actor_id=cast.he)
    actions.fill(published, session, clock.now(), actor_id=cast.he)
    assert "李文" not in [name for _, name in names(session)]
    actions.dismiss(published, session, cast.li, clock.now(), actor_id=cast.he)
    assert queries.invigilators(session.id) == []


def test_placing_costs_as_many_statements_for_one_as_for_all(published, make_session, cast):
    seen = []
    for seats in (1, 5):
        session = make_session(title=f"{seats}座", seats=seats)
        with statements() as asked:
            actions.fill(published, session, clock.now(), actor_id=cast.he)
        seen.append(len(asked))
        db.session.commit()
    assert seen[0] == seen[1]


# The pages --------------------------------------------------------------------------------------------------


def test_he_arranges_a_session_on_its_pages(published, cast, as_he):
    page = as_he.page(f"/exams/{published.id}").follow("集中考试")
    day = published.opens_at.astimezone(clock.CHINA).date() + timedelta(days=1)
    filled = {"title": "第一场", "hall": "县委党校机房", "seats": 30, "day": day.isoformat()}
    wrong = page.press("新建场次", **filled, opens_time="11:00", closes_time="09:00")
    assert wrong.status == 422
    assert "结束时间应晚于开始时间" in wrong.text
    page = page.press("新建场次", **filled, opens_time="09:00", closes_time="11:00")
    assert page.h1 == "第一场"
    assert "空座位30个，未安排考生6人" in page.text
    page = page.press("安排这些考生", accounts="10000017\n10000025")
    assert "已安排2人" in page.text
    page = page.press("安排该单位", unit=cast.town)
    assert "空座位27个，未安排考生3人" in page.text
    page = page.press("增加监考人员", login="10000041")
    assert "李文已列为监考人员" in page.text
    jiang = db.session.query(Candidate).filter_by(exam_id=published.id, person_id=cast.jiang).one()
    page = page.press("取消所选座位", candidate=[jiang.id])
    assert "已取消1人的座位安排" in page.text
    page = page.press("按单位顺序自动安排")
    assert "已安排3人" in page.text
    assert "未安排考生1人" in page.text  # 李 watches over this session
    code = db.session.query(HallSession).one().start_code
    assert code in page.text
    page = page.press("更换开考码")
    assert db.session.query(HallSession).one().start_code != code
    page = page.press("移除")
    assert "还没有确定" in page.text
    page = page.follow("修改").press("保存", hall="县一中机房")
    assert "县一中机房" in page.text
    page = page.press("删除场次")
    assert "还没有场次" in page.text


def test_what_does_not_fit_on_a_page_is_refused_in_words(published, session, cast, as_he):
    page = as_he.page(f"/exams/{published.id}/halls/{session.id}")
    refused = page.press("安排这些考生", accounts="99999999")
    assert refused.status == 422
    assert "“99999999”不在考生名单中" in refused.text
    assert db.session.query(HallPlace).count() == 0


def test_the_pages_of_a_session_cost_a_fixed_number_of_statements(published, session, cast, as_he):
    seen = []
    for _ in range(2):
        with statements() as asked:
            as_he.page(f"/exams/{published.id}/halls/{session.id}")
            as_he.page(f"/exams/{published.id}/halls")
        seen.append(len(asked))
        actions.fill(published, session, clock.now(), actor_id=cast.he)
        db.session.commit()
    assert seen[0] == seen[1]
