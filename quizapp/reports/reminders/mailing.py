"""E-mails, one to a person, through the mail server of the settings: always by TLS, its certificate checked."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from types import TracebackType

from quizapp import config
from quizapp.clock import CHINA
from quizapp.reports.reminders.outcomes import NotSent, Unclear

SECONDS = 20.0  # for each answer of the mail server


def is_set_up() -> bool:
    """Whether e-mails can be sent at all: off unless a server and a sender are named."""
    return bool(config.value("MAIL_SERVER") and config.value("MAIL_SENDER"))


@dataclass(frozen=True)
class Letter:
    """One e-mail. number: makes its Message-ID, so that a mail server recognises a repeat."""

    to: str
    subject: str
    text: str
    number: int


def message(letter: Letter, sender: str, site: str, now: datetime) -> EmailMessage:
    """The e-mail as it goes out. Raises ValueError for what is no address."""
    mail = EmailMessage()
    name, _, domain = sender.rpartition("@")
    if not (name and domain and sender.isascii()):
        raise ValueError(f"{sender} is no address")
    mail["From"] = Address(site, name, domain)
    mail["To"] = letter.to
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(now.astimezone(CHINA))
    mail["Message-ID"] = f"<reminder-{letter.number}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text, cte="base64")
    return mail


class Post:
    """A connection to the mail server, opened for the first letter and kept for the next ones."""

    def __init__(self) -> None:
        self.sender, self.site = str(config.value("MAIL_SENDER")), str(config.value("SITE_NAME"))
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> "Post":
        return self

    def __exit__(
        self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._leave()

    def open(self) -> None:
        """Connect and log in. Raises NotSent."""
        if self._server is None:
            try:
                self._server = _connected(self.sender.rpartition("@")[2])
            except smtplib.SMTPAuthenticationError as error:
                raise NotSent("邮件服务器不接受账号或口令") from error
            except (OSError, smtplib.SMTPException) as error:
                raise NotSent("连接不上邮件服务器") from error

    def send(self, letter: Letter, now: datetime) -> None:
        """Hand over one letter. Raises NotSent when it was certainly not taken, Unclear when nobody knows."""
        try:
            mail = message(letter, self.sender, self.site, now).as_bytes(policy=SMTP)
        except ValueError as error:
            raise NotSent("发件地址或收件地址不能识别") from error
        self.open()
        server = self._server
        if server is None:
            raise NotSent("连接不上邮件服务器")
        try:
            for code, _said in (server.mail(self.sender), server.rcpt(letter.to)):
                if code not in (250, 251):
                    server.rset()
                    raise NotSent(f"邮件服务器不接受这个地址（{code}）")
        except (OSError, ValueError, smtplib.SMTPException) as error:
            self._leave()
            raise NotSent("与邮件服务器的连接中断") from error
        self._hand_over(server, mail)

    def _hand_over(self, server: smtplib.SMTP, mail: bytes) -> None:
        try:
            code, _said = server.data(mail)
        except smtplib.SMTPDataError as error:
            raise NotSent(f"邮件服务器没有接收（{error.smtp_code}）") from error
        except (OSError, smtplib.SMTPException) as error:
            self._leave()
            raise Unclear("已经交给邮件服务器，没有收到答复；为避免重复，不再发送") from error
        if code != 250:
            raise NotSent(f"邮件服务器没有接收（{code}）")

    def _leave(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()


def _connected(domain: str) -> smtplib.SMTP:
    """A logged-in connection. Raises OSError, SMTPException."""
    trusted = ssl.create_default_context(cafile=config.value("MAIL_CA") or None)
    place = (config.value("MAIL_SERVER"), config.value("MAIL_PORT"), domain)
    if config.value("MAIL_SECURITY") == "starttls":
        server = smtplib.SMTP(*place, timeout=SECONDS)
        try:
            server.starttls(context=trusted)
        except BaseException:
            server.close()
            raise
    else:
        server = smtplib.SMTP_SSL(*place, timeout=SECONDS, context=trusted)
    try:
        server.ehlo_or_helo_if_needed()
        if config.value("MAIL_ACCOUNT"):
            server.login(config.value("MAIL_ACCOUNT"), config.value("MAIL_PASSWORD"))
    except BaseException:
        server.close()
        raise
    return server
