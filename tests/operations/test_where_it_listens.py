"""`quizapp serve` refuses to start where nobody could sign in, and says what to do."""

import socket
from contextlib import closing
from pathlib import Path

import click
import pytest
from flask import Flask

from quizapp.operations import server
from quizapp.operations.server import Place

ONCE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
CERTIFICATE, KEY = Path("cert.pem"), Path("key.pem")


@pytest.fixture(autouse=True)
def nothing_is_served(monkeypatch):
    """Should `serve` not refuse, the test fails instead of serving for ever."""
    monkeypatch.setattr(server, "run", lambda place, workers: pytest.fail(f"{place} was served"))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1", "[::1]"])
def test_these_addresses_reach_only_this_machine(host):
    assert Place(host, 8000, None, None).is_local


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.10", "fe80::1", "xuekao.example"])  # noqa: S104
def test_these_addresses_reach_other_machines(host):
    assert not Place(host, 8000, None, None).is_local


@ONCE
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.10", "xuekao.example"])  # noqa: S104
def test_without_https_it_refuses_other_machines_and_names_both_ways_out(app: Flask, host):
    result = app.test_cli_runner().invoke(args=["serve", "--host", host])
    assert result.exit_code == 1
    assert "--tls-cert" in result.output
    assert "--tls-key" in result.output
    assert "QUIZAPP_TRUSTED_PROXY" in result.output


@ONCE
@pytest.mark.parametrize("given", ["--tls-cert", "--tls-key"])
def test_a_certificate_needs_its_key(app: Flask, tmp_path, given):
    (tmp_path / "half.pem").write_text("half")
    result = app.test_cli_runner().invoke(args=["serve", given, str(tmp_path / "half.pem")])
    assert result.exit_code == 1
    assert "须同时提供" in result.output


@ONCE
def test_behind_a_trusted_proxy_or_with_a_certificate_it_may_listen_everywhere(make_app):
    everywhere = "0.0.0.0"  # noqa: S104
    with make_app(TRUSTED_PROXY=1).app_context():
        server.check_place(Place(everywhere, 0, None, None))
    with make_app().app_context():
        server.check_place(Place(everywhere, 0, CERTIFICATE, KEY))
        with pytest.raises(click.ClickException):
            server.check_place(Place(everywhere, 0, None, None))


@ONCE
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_port_that_is_taken_is_told(app: Flask, monkeypatch, host):
    monkeypatch.setattr(server, "PORT_PATIENCE", 0.0)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.create_server((host, 0), family=family)) as taken:
        port = taken.getsockname()[1]
        result = app.test_cli_runner().invoke(args=["serve", "--host", host, "--port", str(port)])
    assert result.exit_code == 1
    assert f"{host}的{port}端口" in result.output


@ONCE
@pytest.mark.parametrize(
    ("host", "certificate", "url"),
    [
        ("127.0.0.1", None, "http://127.0.0.1:8000"),
        ("::1", None, "http://[::1]:8000"),
        ("[::1]", None, "http://[::1]:8000"),
        ("192.0.2.10", CERTIFICATE, "https://192.0.2.10:8000"),
    ],
)
def test_the_address_is_printed_as_browsers_take_it(app: Flask, host, certificate, url):
    assert Place(host, 8000, certificate, certificate and KEY).url == url
