"""A 合格证 from the exam to a stranger's hands: 何 lets the exam issue them, 江 takes hers and keeps it as PDF, whoever
holds the number sees whether it stands and no more of her than her surname, and a voided exam shows there too."""

import io
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pypdf
from playwright.sync_api import BrowserContext, Page, expect

from quizapp.attempts import layout as layouts
from quizapp.attempts.certificates import claims, signing
from quizapp.db import db
from tests.browser.conftest import Live
from tests.browser.sitting import QUESTIONS, Sitting, choose, expect_saved, go_to, open_exam, sign_in
from tests.browser.ways import keys
from tests.cast import PEOPLE

Shot = Callable[..., None]
Axe = Callable[[Page], None]


def test_the_way_of_a_certificate(
    live: Live,
    narrow: BrowserContext,
    desktop: BrowserContext,
    browse: Callable[..., BrowserContext],
    shot: Shot,
    axe: Axe,
) -> None:
    rules = {"pass_mark": 100, "excellent_mark": 900, "bands": [["合格", 100]], "show_right": "released"}
    sitting = open_exam(live, purpose="annual", shuffle_options=False, **rules)
    hers, desk, stranger = narrow.new_page(), desktop.new_page(), browse("phone").new_page()
    passes(sitting, hers)
    sign_in(desk, "he")
    switched_on(desk, sitting, shot, axe)
    address = taken(hers, shot, axe)
    checked(stranger, address, shot, axe)
    kept_for_the_years(hers, address, shot, axe)
    voided(desk, sitting)
    stranger.reload()
    expect(stranger.get_by_text("证书已撤销。考试已作废，成绩无效。")).to_be_visible()
    shot(stranger, "revoked")
    axe(stranger)
    hers.reload()
    expect(hers.get_by_text("已作废").first).to_be_visible()
    expect(hers.get_by_role("link", name="合格证")).to_have_count(0)


def passes(sitting: Sitting, page: Page) -> None:
    """江 answers the first question right, which is enough here, and hands in."""
    sitting.begin(page)

    def right() -> str:
        from quizapp.attempts.models import Attempt

        first = layouts.from_text(db.session.query(Attempt.layout).scalar())[0].revision_id
        return keys([first])[first][0]

    choose(page, sitting.live.run(right))
    expect_saved(page)
    go_to(page, QUESTIONS)
    page.locator(".dock").get_by_role("button", name="检查并交卷").click()
    page.get_by_role("button", name="交卷", exact=True).click()
    expect(page.get_by_text("合格", exact=False).first).to_be_visible()
    expect(page.get_by_role("button", name="领取合格证")).to_have_count(0)


def switched_on(page: Page, sitting: Sitting, shot: Shot, axe: Axe) -> None:
    page.goto(f"/exams/{sitting.exam}")
    page.get_by_role("link", name="合格证").click()
    expect(page.get_by_text("目前合格1人")).to_be_visible()
    page.get_by_label("发证单位").fill("青石县法治办")
    page.get_by_label("原因").fill("按通知要求颁发")
    shot(page, "switching-on")
    axe(page)
    page.get_by_role("button", name="开始颁发").click()
    expect(page.get_by_text("已开始颁发合格证。")).to_be_visible()


def taken(page: Page, shot: Shot, axe: Axe) -> str:
    """From the receipt to the PDF; gives the address that its first code leads to."""
    page.reload()
    page.get_by_role("button", name="领取合格证").click()
    expect(page.get_by_text("证书有效")).to_be_visible()
    shot(page, "certificate")
    axe(page)
    address = page.get_by_role("button", name="复制查验网址").get_attribute("data-copy") or ""
    words, attached = pdf_behind(page, "下载PDF")
    number = address.rsplit("/", 1)[1]
    assert re.fullmatch(r"XF-\d{4}-[A-Z0-9]{5}-[A-Z0-9]{5}", number)
    for said in ("合格证书", "县信访局江映雪同志", "“2026年度条例考试”", "成绩合格", "青石县法治办", number):
        assert said in words
    page.goto("/c/keys")
    signed = claims.read(attached)
    assert signed.printed.number == number
    assert signing.problem(signed, signing.keys_in(page.locator("code.lines").inner_text())) == ""
    return address


def pdf_behind(page: Page, link: str) -> tuple[str, str]:
    """Download; the words of the first sheet without blanks, and the text that is attached, if any."""
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    document = pypdf.PdfReader(io.BytesIO(download.value.path().read_bytes()))
    texts = [part.decode() for parts in document.attachments.values() for part in parts]
    return "".join(document.pages[0].extract_text().split()), "".join(texts)


def checked(page: Page, address: str, shot: Shot, axe: Axe) -> None:
    """Signed out, on the phone of somebody who scanned the code."""
    page.goto(address)
    assert urlsplit(page.url).path.startswith("/c/")
    expect(page.get_by_text("证书有效")).to_be_visible()
    expect(page.get_by_text("江＊＊", exact=True)).to_be_visible()
    source = page.content()
    for hidden in ("映雪", PEOPLE["jiang"][0], "10分"):
        assert hidden not in source
    shot(page, "checked")
    axe(page)


def kept_for_the_years(page: Page, address: str, shot: Shot, axe: Axe) -> None:
    page.goto("/my-exams/")
    page.get_by_role("link", name="学法档案").click()
    expect(page.get_by_role("link", name="合格证")).to_be_visible()
    shot(page, "record")
    axe(page)
    words, _ = pdf_behind(page, "下载PDF")
    for said in ("江映雪", "2026年度条例考试", "10分", address.rsplit("/", 1)[1]):
        assert said in words


def voided(page: Page, sitting: Sitting) -> None:
    page.goto(f"/exams/{sitting.exam}")
    page.get_by_role("link", name="作废考试").click()
    page.get_by_label("原因").fill("试题泄露")
    page.get_by_label("考试名称").fill("2026年度条例考试")
    page.get_by_role("button", name="作废考试").click()
    expect(page.get_by_text("考试已作废。")).to_be_visible()
