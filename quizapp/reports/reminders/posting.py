"""One JSON post to the robot of a group. http.client follows no redirect: only the host that was given is asked."""

from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from quizapp.reports.reminders import posts
from quizapp.reports.reminders.outcomes import NotSent, Unclear

SECONDS = 10.0  # to connect, and for each piece of the answer
MOST_READ = 65_536  # bytes of an answer


def send(address: str, text: str) -> None:
    """Post a text. Raises NotSent when it was certainly not taken, Unclear when nobody knows."""
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.netloc, timeout=SECONDS)
    try:
        try:
            connection.connect()
        except OSError as error:
            raise NotSent("连接不上对方的服务器") from error
        try:
            connection.request(
                "POST",
                f"{parts.path}?{parts.query}",
                posts.body(text),
                {"Content-Type": "application/json; charset=utf-8"},
            )
            reply = connection.getresponse()
            why = posts.refusal(reply.status, reply.read(MOST_READ))
        except (OSError, HTTPException) as error:
            raise Unclear("已经发出，没有收到对方的答复；为避免重复，不再发送") from error
        if why:
            raise NotSent(why)
    finally:
        connection.close()
