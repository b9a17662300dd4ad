"""The pages of reminders, as people use them: who may, what they show, what they never show."""

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.exams.models import Holiday
from quizapp.people.models import Grant
from quizapp.reports.reminders.models import GroupRobot, MailAddress, Reminder
from tests.cast import sign_in
from tests.reports.reminders.test_posts import DINGTALK, WECOM
from tests.statements import statements

NAMES = ("江映雪", "罗成", "何平", "周明", "方圆")


@pytest.fixture(autouse=True)
def on_monday(exam):
    """Whoever signs in does so on the morning on which the exam runs."""


@pytest.fixture
def address(exam, cast):
    return f"/reports/exams/{exam.id}/reminders"


# The leader -------------------------------------------------------------------------------------------------


def test_from_the_list_of_names_to_the_reminder_sent(work, as_li, exam, address, cast, sits):
    sits(cast.luo)
    page = as_li.page(f"/reports/exams/{exam.id}/people").follow("提醒")
    assert page.path == address
    assert "现在可以提醒5人。" in page.text
    assert "7天内不会再次提醒同一个人" in page.text
    assert "提交后立即发送。发出后不能收回" in page.text
    assert "提醒正在发送" in page.press("发送提醒").text
    work()
    page = as_li.page(address)
    assert "2026年12月14日 09:00李文 青石县 系统内提醒 5人 已发送" in page.text
    assert "5人近期已提醒过，不提醒。" in page.text
    assert "现在没有需要提醒的人员" in page.text


def test_the_page_names_nobody_but_who_sent(work, as_li, address, addresses):
    as_li.page(address).press("发送提醒")
    work()
    page = as_li.page(address)
    assert not [name for name in NAMES if name in page.html]
    assert "example.cn" not in page.html


def test_in_the_evening_the_page_says_when_it_goes_out_and_it_can_be_withdrawn(as_li, cast, address, at):
    at("2026-12-18 20:30")
    sign_in(as_li, cast.li)
    before = as_li.page(address)
    assert "现在不是发送提醒的时间，将于2026年12月21日（星期一）8:00发送" in before.text
    page = before.press("发送提醒")
    assert "提醒将于2026年12月21日（星期一）8:00发送" in page.text
    assert "等待发送 2026年12月21日（星期一）8:00发送" in page.text
    assert "没有重复发送" in before.press("发送提醒").text
    assert not [form for form in page.forms if form.action.startswith(address)]
    page = as_li.page(address).press("撤回提醒")
    assert "没有发出任何提醒" in page.text
    assert "已撤回" in page.text


def test_the_last_evening_offers_no_reminder(as_li, cast, address, at):
    at("2026-12-25 20:30")
    sign_in(as_li, cast.li)
    page = as_li.page(address)
    assert "此前没有可以发送提醒的时间" in page.text
    assert not [form for form in page.forms if form.action.endswith("reminders")]
    at("2026-12-26 09:00")
    sign_in(as_li, cast.li)
    assert "考试不在进行中，不能发送提醒" in as_li.page(address).text


def test_a_year_without_a_table_of_holidays_is_told(as_li, address):
    assert "没有这一年的节假日安排" not in as_li.page(address).text
    db.session.execute(db.delete(Holiday))
    db.session.commit()
    assert "没有这一年的节假日安排" in as_li.page(address).text


def test_without_a_way_chosen_nothing_is_sent(as_li, address):
    page = as_li.page(address).press("发送提醒", channels=None)
    assert page.status == 422
    assert "请至少选择一种提醒方式" in page.text
    assert db.session.scalars(select(Reminder)).all() == []


def test_by_mail_and_to_groups_the_page_says_how_many_failed(
    tick, as_li, address, mail, robots, addresses, at
):
    mail.refuses.add("luo@example.cn")
    robots.errcode = 93000
    page = as_li.page("/reports/robots")
    address_of_robot = f"http://{robots.host}/cgi-bin/webhook/send?key=0123456789abcdef"
    page.press("添加群机器人", label="县工作群", address=address_of_robot)
    page = as_li.page(address)
    assert "电子邮件6人" in page.text
    assert "工作群1个" in page.text
    page.press("发送提醒", channels=["app", "mail", "group"])
    tick()
    at.later(seconds=61)
    tick()
    page = as_li.page(address)
    assert "邮件5封，未成功1封" in page.text
    assert "工作群0个，未成功1个" in page.text
    assert "邮件服务器不接受这个地址（550）（1条）" in page.text
    assert "错误码93000（地址无效或机器人已被移出群聊）（1条）" in page.text
    assert "luo@" not in page.html


@pytest.mark.parametrize("role", ["leader", "unit_administrator"])
def test_who_answers_for_one_unit_reminds_that_unit_alone(as_fang, cast, exam, address, role, as_li):
    db.session.add(Grant(person_id=cast.fang, role=role, unit_id=cast.town, granted_at=clock.now()))
    db.session.commit()
    page = as_fang.page(address)
    assert "云岭镇及下级单位" in page.text
    assert "现在可以提醒1人" in page.text
    page.press("发送提醒")
    for other in (cast.county, cast.office):
        as_fang.page(f"{address}?unit={other}", status=404)
        as_fang.page(f"/reports/robots?unit={other}", status=404)
    as_li.page(address).press("发送提醒")
    mine, above = db.session.scalars(select(Reminder).order_by(Reminder.id)).all()
    assert (mine.unit_id, above.unit_id) == (cast.town, cast.county)
    assert "青石县" not in as_fang.page(address).text
    reply = as_fang.post(f"/reports/reminders/{above.id}/withdraw", data={"csrf_token": as_fang.token})
    assert reply.status_code == 404


def test_cadres_have_no_page_of_reminders(as_jiang, address):
    as_jiang.page(address, status=404)
    as_jiang.page("/reports/robots", status=404)


def test_the_page_costs_the_same_however_many_reminders_and_people(work, as_li, address, cast, exam):
    as_li.page(address)
    with statements() as few:
        as_li.page(address)
    as_li.page(f"{address}?unit={cast.town}").press("发送提醒")
    as_li.page(f"{address}?unit={cast.office}").press("发送提醒")
    work()
    with statements() as many:
        as_li.page(address)
    assert len(many) == len(few)


# Robots -----------------------------------------------------------------------------------------------------


def test_a_robot_is_entered_and_its_address_is_never_shown_again(as_li, cast):
    page = as_li.page("/reports/robots").press(
        "添加群机器人", label="县工作群", address=DINGTALK, secret="SEC000000"
    )
    assert "已添加群机器人" in page.text
    assert "oapi.dingtalk.com，密钥末四位d8d8已加签" in page.text
    assert "没有发送过" in page.text
    for secret in (DINGTALK, "566cc69da782ec55", "SEC000000"):
        assert secret not in page.html
    robot = db.session.scalars(select(GroupRobot)).one()
    assert (robot.unit_id, robot.maker, robot.address, robot.secret) == (
        cast.county,
        "dingtalk",
        DINGTALK,
        "SEC000000",
    )
    told = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "robot.added")).one()
    assert told.detail == {"unit": "QS", "label": "县工作群", "maker": "dingtalk"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"address": "https://10.0.0.5/cgi-bin/webhook/send?key=1"},
            "只能填写oapi.dingtalk.com、qyapi.weixin.qq.com的地址",
        ),
        ({"address": WECOM.replace("https", "http")}, "地址应以https://开头"),
        ({"address": "https://qyapi.weixin.qq.com/"}, "不是企业微信或钉钉群机器人的完整地址"),
        ({"address": WECOM, "secret": "SEC1"}, "企业微信群机器人没有加签密钥"),
        ({"address": WECOM, "label": None}, "请填写"),
    ],
)
def test_another_address_is_refused_and_said_why(as_li, fields, words):
    page = as_li.page("/reports/robots").press("添加群机器人", **{"label": "县工作群"} | fields)
    assert page.status == 422
    assert words in page.text
    assert db.session.scalars(select(GroupRobot)).all() == []


def test_the_same_robot_twice_is_refused(as_li):
    for _ in range(2):
        page = as_li.page("/reports/robots").press("添加群机器人", label="县工作群", address=WECOM)
    assert "本单位已有这个群机器人" in page.text


def test_a_robot_is_removed(as_li):
    as_li.page("/reports/robots").press("添加群机器人", label="县工作群", address=WECOM)
    page = as_li.page("/reports/robots").press("/remove")
    assert "已删除“县工作群”的群机器人" in page.text
    assert "还没有群机器人" in page.text


# One's own --------------------------------------------------------------------------------------------------


def test_the_notice_stands_on_the_first_page_and_on_the_exams_until_it_is_put_away(
    send, as_jiang, as_luo, exam
):
    send("app")
    words = "您还没有参加“2026年度考试”，请在2026年12月25日 24:00前完成。"
    page = as_jiang.page("/")
    assert words in page.text
    assert not [name for name in ("罗成", "李文") if name in page.html]
    assert words in as_jiang.page(f"/my-exams/{exam.id}").text
    page = page.press("知道了")
    assert page.path == "/"
    assert words not in page.text
    assert words not in as_jiang.page(f"/my-exams/{exam.id}").text
    assert words in as_luo.page("/").text


def test_who_has_sat_it_sees_no_notice(send, sits, cast, as_jiang):
    send("app")
    sits(cast.jiang)
    assert "单位提醒" not in as_jiang.page("/").text


def test_after_the_end_there_is_no_notice(send, as_jiang, cast, at):
    send("app")
    at("2026-12-26 00:00")
    sign_in(as_jiang, cast.jiang)
    assert "单位提醒" not in as_jiang.page("/").text


def test_a_new_reminder_brings_the_notice_back(send, as_jiang, cast, at):
    send("app")
    as_jiang.page("/").press("知道了")
    at("2026-12-21 09:00")
    send("app")
    sign_in(as_jiang, cast.jiang)
    assert "单位提醒" in as_jiang.page("/").text


def test_nobody_puts_away_what_was_never_told(send, cast, as_fang, exam):
    send("app", unit=cast.office)
    page = as_fang.page("/me/mail")
    reply = as_fang.post(f"/reminders/{exam.id}/dismiss", data={"csrf_token": page.token})
    assert reply.status_code == 404


def test_an_address_is_entered_changed_and_removed_at_any_time(as_jiang, as_li, cast):
    page = as_jiang.page("/me").follow("电子邮箱")
    assert "只用于向您本人发送考试提醒" in page.text
    assert "没有开通邮件提醒" in page.text
    as_jiang.page("/me/mail").press("保存", address="jiang@example.cn")
    as_jiang.page("/me/mail").press("保存", address="  ying-xue@example.cn ")
    kept = db.session.scalars(select(MailAddress)).one()
    assert (kept.person_id, kept.address) == (cast.jiang, "ying-xue@example.cn")
    assert "example.cn" not in as_li.page("/me/mail").html
    page = as_jiang.page("/me/mail").press("删除")
    assert "已删除电子邮箱" in page.text
    assert db.session.scalars(select(MailAddress)).all() == []
    done = db.session.scalars(select(AuditEvent).where(AuditEvent.action.like("mail_address.%"))).all()
    assert [row.action for row in done] == ["mail_address.set", "mail_address.set", "mail_address.removed"]
    assert all(row.detail == {} for row in done)


@pytest.mark.parametrize(
    "typed", ["jiang", "jiang@", "a b@example.cn", "江@example.cn", "a@b", "a@example.cn,b@example.cn"]
)
def test_what_is_no_address_is_refused(as_jiang, typed):
    page = as_jiang.page("/me/mail").press("保存", address=typed)
    assert page.status == 422
    assert "不是电子邮箱地址" in page.text
    assert db.session.scalars(select(MailAddress)).all() == []


def test_an_address_that_is_removed_gets_no_letter_that_still_waits(
    ask, mail, addresses, as_jiang, cast, at, tick
):
    at("2026-12-14 21:00")
    ask("app", "mail")
    sign_in(as_jiang, cast.jiang).page("/me/mail").press("删除")
    at("2026-12-15 08:00")
    tick()
    assert "jiang@example.cn" not in mail.recipients
    assert len(mail.came) == 5
