"""What is believed of those who forward requests, and living under a path."""

import pytest

SPOOFED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}


def seen_by(app):
    from flask import request

    app.add_url_rule("/seen", "seen", lambda: f"{request.remote_addr} {request.url}")
    return app.test_client().get("/seen", headers=SPOOFED).text


def test_forwarded_headers_say_nothing_without_a_trusted_proxy(app):
    assert seen_by(app) == "127.0.0.1 http://localhost/seen"


def test_a_trusted_proxy_is_believed(make_app):
    assert seen_by(make_app(TRUSTED_PROXY=1)) == "203.0.113.9 https://evil.example/seen"


@pytest.mark.parametrize("sent", ["/xuekao/healthz", "/healthz"])
def test_the_app_answers_below_its_path_whether_or_not_the_proxy_cuts_it(make_app, sent):
    assert make_app(URL_PREFIX="/xuekao").test_client().get(sent).status_code == 200


def test_links_and_cookies_carry_the_path_and_the_name_of_the_installation(make_app):
    client = make_app(URL_PREFIX="/xuekao", INSTALLATION="qingshan").test_client()
    reply = client.get("/xuekao/")
    assert reply.status_code == 303
    assert reply.headers["Location"].startswith("/xuekao/sign-in")
    page = client.get(reply.headers["Location"])
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("qingshan=")
    assert "Path=/;" in f"{cookie};"
    assert 'href="/xuekao/static/' in page.text


def test_cookies_are_secure_where_the_installation_is(make_app):
    reply = make_app(SECURE_COOKIES=True).test_client().get("/sign-in")
    cookie = reply.headers["Set-Cookie"]
    assert cookie.startswith("__Host-quizapp=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Strict-Transport-Security" in reply.headers
