"""E-mails through a real mail server on loopback, by TLS, with every way in which one may fail."""

import pytest

from quizapp import clock
from quizapp.reports.reminders import mailing
from quizapp.reports.reminders.mailing import Letter, Post
from quizapp.reports.reminders.outcomes import NotSent, Unclear
from tests.reports.reminders.servers import mail_server

LETTER = Letter(
    "jiang@example.cn", "请在12月25日24:00前参加“年度考试”", "您还没有参加“年度考试”。\n\n.点在行首", 7
)


def test_a_letter_arrives_as_it_was_written(mail):
    with Post() as post:
        post.send(LETTER, clock.now())
        post.send(Letter("luo@example.cn", "主题", "内容", 8), clock.now())
    (to, came), (other, _) = mail.came
    assert (to, other) == ("jiang@example.cn", "luo@example.cn")
    assert came["To"] == "jiang@example.cn"
    assert came["Subject"] == LETTER.subject
    assert came["From"] == "条例学考 <tixing@example.cn>"
    assert came["Message-ID"] == "<reminder-7@example.cn>"
    assert came["Auto-Submitted"] == "auto-generated"
    assert came.get_content().strip() == LETTER.text
    assert mail.logins == [("tixing", "Kouling-1")]  # one connection for both


def test_by_starttls_nothing_but_the_greeting_goes_in_clear(app, mail, certificate):
    with mail_server(certificate, starttls=True, account="tixing", password="Kouling-1") as other:
        app.config.update(MAIL_PORT=other.port, MAIL_SECURITY="starttls")
        with Post() as post:
            post.send(LETTER, clock.now())
        assert other.recipients == ["jiang@example.cn"]
        assert set(other.in_clear) == {"EHLO", "STARTTLS"}


def fails(number=1):
    """How the n-th letter ends."""
    with Post() as post:
        for _ in range(number - 1):
            post.send(LETTER, clock.now())
        with pytest.raises(NotSent) as error:
            post.send(LETTER, clock.now())
    return error.value


def test_a_certificate_that_nobody_trusts_is_refused(app, mail):
    app.config.update(MAIL_CA="")
    assert fails().sentence == "连接不上邮件服务器"
    assert (mail.came, mail.logins) == ([], [])


def test_a_wrong_password_is_told(app, mail):
    app.config.update(MAIL_PASSWORD="another")
    assert fails().sentence == "邮件服务器不接受账号或口令"


def test_a_server_that_is_not_there_is_told(app, mail):
    app.config.update(MAIL_PORT=1)
    assert fails().sentence == "连接不上邮件服务器"


def test_a_sender_that_is_no_address_is_told_before_anything_is_sent(app, mail):
    app.config.update(MAIL_SENDER="提醒")
    assert fails().sentence == "发件地址或收件地址不能识别"
    assert mail.logins == []


def test_a_refused_address_is_told_and_the_next_letter_goes_on(mail):
    mail.refuses.add("luo@example.cn")
    with Post() as post:
        with pytest.raises(NotSent, match="550"):
            post.send(Letter("luo@example.cn", "主题", "内容", 8), clock.now())
        post.send(LETTER, clock.now())
    assert mail.recipients == ["jiang@example.cn"]


def test_a_letter_that_the_server_does_not_take_was_not_sent(mail):
    mail.data_code = 554
    error = fails()
    assert "554" in error.sentence
    assert not isinstance(error, Unclear)


def test_a_server_that_hangs_up_without_an_answer_may_have_taken_it(mail):
    mail.after_data = lambda number: number != 2
    assert isinstance(fails(number=2), Unclear)
    assert len(mail.came) == 2


def test_without_a_server_or_a_sender_there_is_no_mail(app):
    assert not mailing.is_set_up()
    app.config.update(MAIL_SERVER="127.0.0.1")
    assert not mailing.is_set_up()
    app.config.update(MAIL_SENDER="tixing@example.cn")
    assert mailing.is_set_up()
