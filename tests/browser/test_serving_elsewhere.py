"""Served elsewhere than on http://127.0.0.1:8000/: over HTTPS to other machines, over IPv6, under a path."""

import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.cast import PASSWORD, PEOPLE, make_cast
from tests.databases import lacking

pytestmark = pytest.mark.from_scratch
JIANG = PEOPLE["jiang"][0]


def sign_in(page: Page, address: str) -> None:
    """江 signs in through the form; home appears."""
    page.goto(address)
    page.locator("[name=login]").fill(JIANG)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def cookies(context: BrowserContext) -> dict[str, dict]:
    return {cookie["name"]: cookie for cookie in context.cookies()}


@pytest.fixture
def certificate(tmp_path: Path, own_address: str) -> tuple[Path, Path]:
    """A certificate for this machine's own address, signed by itself, and its key."""
    program = shutil.which("openssl")
    if program is None:
        lacking("openssl is missing, install it with: sudo apt install openssl")
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        [
            str(program),
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", str(key), "-out", str(certificate), "-days", "2"),
            *("-subj", "/CN=quizapp test", "-addext", f"subjectAltName=IP:{own_address}"),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


def test_a_cadre_signs_in_over_https_from_another_machine(
    make_live: Callable, browse: Callable, own_address: str, certificate: tuple[Path, Path]
):
    live = make_live()
    live.run(make_cast)
    live.scheme, live.host = "https", own_address
    live.start("--host", own_address, "--tls-cert", str(certificate[0]), "--tls-key", str(certificate[1]))
    context = browse("phone", base_url=live.url, ignore_https_errors=True)
    page = context.new_page()
    sign_in(page, "/sign-in")
    cookie = cookies(context)["__Host-quizapp"]
    assert cookie["secure"]
    assert cookie["httpOnly"]
    assert (cookie["path"], cookie["sameSite"]) == ("/", "Lax")
    assert page.reload().status == 200
    assert "sign-in" not in page.url  # the browser kept the cookie and sends it
    assert page.request.get("/healthz").headers["strict-transport-security"]


def test_ipv6_works(make_live: Callable, browse: Callable):
    if not _has_ipv6():
        pytest.skip("this machine has no IPv6 loopback address")
    live = make_live()
    live.run(make_cast)
    live.host = "[::1]"
    live.start("--host", "::1")
    context = browse("phone", base_url=live.url)
    page = context.new_page()
    sign_in(page, "/sign-in")
    assert page.url == f"{live.url}/"
    assert not cookies(context)["quizapp"]["secure"]


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("screen_name", ["narrow", "desktop"])
def test_under_a_path_every_link_stays_below_it(make_live: Callable, browse: Callable, screen_name: str):
    live = make_live(QUIZAPP_URL_PREFIX="/xuekao", QUIZAPP_INSTALLATION="qingshan")
    live.run(make_cast)
    live.start()
    context = browse(screen_name, base_url=live.url)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url.removeprefix(live.url)))
    page = context.new_page()
    sign_in(page, "/xuekao/")  # not signed in: leads to the form and back
    assert page.url == f"{live.url}/xuekao/"
    page.goto("/xuekao/regulations/xinfang-gongzuo-tiaoli/24")
    expect(page.get_by_text("两个或者两个以上机关、单位").first).to_be_visible()
    page.get_by_role("link", name="返回目录").click()
    expect(page.get_by_text("信访工作条例").first).to_be_visible()
    links = page.evaluate(
        "[...document.querySelectorAll('a[href],form[action]')].map(e => e.href || e.action)"
    )
    assert [
        link for link in links if not link.startswith((f"{live.url}/xuekao/", f"{live.url}/xuekao"))
    ] == []
    assert [path for path in asked if not path.startswith("/xuekao/")] == []
    assert set(cookies(context)) == {"qingshan"}


def test_two_installations_on_one_host_do_not_sign_each_other_out(make_live: Callable, browse: Callable):
    first, second = make_live(QUIZAPP_INSTALLATION="qingshan"), make_live(QUIZAPP_INSTALLATION="baihe")
    context = browse("phone")
    page = context.new_page()
    for live in (first, second):
        live.run(make_cast)
        live.start()
        sign_in(page, f"{live.url}/sign-in")
    for live in (first, second):  # cookies know no ports: both servers see both cookies
        page.goto(f"{live.url}/")
        assert page.url == f"{live.url}/"
    assert set(cookies(context)) == {"qingshan", "baihe"}
