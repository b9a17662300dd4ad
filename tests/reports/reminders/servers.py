"""A mail server and a server of robots on loopback, real enough for what sends to them: sockets, TLS, refusals."""

import base64
import email
import json
import shutil
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.databases import lacking


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, signed by itself, and its key."""
    program = shutil.which("openssl")
    if program is None:
        lacking("openssl is missing, install it with: sudo apt install openssl")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            str(program),
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", str(key), "-out", str(certificate), "-days", "2"),
            *("-subj", "/CN=quizapp test", "-addext", "subjectAltName=IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# E-mail -----------------------------------------------------------------------------------------------------


@dataclass
class MailServer:
    """What came, and how it behaves. refuses: addresses it does not take; after_data: called before it answers."""

    port: int = 0
    starttls: bool = False
    account: str = ""
    password: str = ""
    refuses: set[str] = field(default_factory=set)
    after_data: Callable[[int], bool] = lambda _number: True  # False: it hangs up without an answer
    data_code: int = 250
    came: list[tuple[str, EmailMessage]] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    in_clear: list[str] = field(default_factory=list)  # commands that came without encryption

    @property
    def recipients(self) -> list[str]:
        return sorted(to for to, _ in self.came)


class _Smtp(socketserver.StreamRequestHandler):
    """One connection, as RFC 5321 has it."""

    server: "_SmtpServer"

    def setup(self) -> None:
        self.secure = not self.server.facts.starttls
        if self.secure:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
        self.wfile.flush()

    def handle(self) -> None:
        with suppress(OSError):
            self.say("220 test")
            while line := self.rfile.readline().decode("ascii").rstrip("\r\n"):
                if not self.secure:
                    self.server.facts.in_clear.append(line.split()[0].upper())
                if self.answer(line.split()[0].upper(), line):
                    return

    def answer(self, verb: str, line: str) -> bool:
        """Answer one command; True ends the connection."""
        facts = self.server.facts
        if verb == "EHLO":
            more = "250-AUTH PLAIN" if self.secure else "250-STARTTLS"
            self.say(f"250-test\r\n{more}\r\n250 8BITMIME")
        elif verb == "STARTTLS":
            self.say("220 go on")
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
            super().setup()
            self.secure = True
        elif verb == "AUTH":
            _, account, password = base64.b64decode(line.split()[2]).decode().split("\0")
            facts.logins.append((account, password))
            self.say("235 ok" if (account, password) == (facts.account, facts.password) else "535 no")
        elif verb == "RCPT":
            self.to = line.partition("<")[2].partition(">")[0]
            self.say("550 no such mailbox" if self.to in facts.refuses else "250 ok")
        elif verb == "DATA":
            return self.take()
        else:
            self.say("221 bye" if verb == "QUIT" else "250 ok")
        return verb == "QUIT"

    def take(self) -> bool:
        self.say("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        facts = self.server.facts
        message: Any = email.message_from_bytes(b"".join(lines), policy=default)
        facts.came.append((self.to, message))
        if not facts.after_data(len(facts.came)):
            return True
        self.say(f"{facts.data_code} ok")
        return False

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.request.close()


class _SmtpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True

    def __init__(self, facts: MailServer, certificate: tuple[Path, Path]) -> None:
        self.facts = facts
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(*certificate)
        super().__init__(("127.0.0.1", 0), _Smtp)
        facts.port = self.server_address[1]

    def handle_error(self, _request: Any, _address: Any) -> None:
        """A client that went away in the middle is what some tests are about."""


@contextmanager
def mail_server(certificate: tuple[Path, Path], **facts: Any) -> Iterator[MailServer]:
    known = MailServer(**facts)
    with serving(_SmtpServer(known, certificate)):
        yield known


# Robots -----------------------------------------------------------------------------------------------------


@dataclass
class Robots:
    """What was posted, and how the server answers."""

    host: str = ""
    status: int = 200
    errcode: int = 0
    silent: bool = False  # it takes the post and hangs up without an answer
    headers: dict[str, str] = field(default_factory=dict)
    came: list[tuple[str, dict[str, list[str]], Any]] = field(default_factory=list)  # path, query, JSON

    @property
    def texts(self) -> list[str]:
        return [body["text"]["content"] for _, _, body in self.came]


class _Http(BaseHTTPRequestHandler):
    server: "_HttpServer"

    def do_POST(self) -> None:
        facts, parts = self.server.facts, urlsplit(self.path)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        facts.came.append((parts.path, parse_qs(parts.query), body))
        if facts.silent:
            self.close_connection = True
            return
        reply = json.dumps({"errcode": facts.errcode, "errmsg": "…"}).encode()
        self.send_response(facts.status)
        for name, value in (facts.headers | {"Content-Length": str(len(reply))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_: Any) -> None:
        """Nothing on the console."""


class _HttpServer(ThreadingHTTPServer):
    def __init__(self, facts: Robots) -> None:
        self.facts = facts
        super().__init__(("127.0.0.1", 0), _Http)
        facts.host = f"127.0.0.1:{self.server_address[1]}"


@contextmanager
def robots_server() -> Iterator[Robots]:
    known = Robots()
    with serving(_HttpServer(known)):
        yield known
