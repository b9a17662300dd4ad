"""何 brings questions in a real browser: a file, every problem with its line, drafts; 周 reviews and publishes."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect
from sqlalchemy import select

from quizapp.db import db
from quizapp.people.models import Unit
from tests.browser.sitting import sign_in
from tests.cast import make_cast

BANK = "/banks/xinfang-gongzuo-tiaoli"
PAPER = """## 单选题

1. 受理有争议且没有共同的上一级机关、单位的，由（　　）协调处理。
A. 共同的信访工作联席会议
B. 本级党委和政府
C. 最先收到的机关、单位
答案：A
依据：第二十四条第一款 “由共同的信访工作联席会议协调处理”
解析：第二十四条第一款原文；本级党委和政府出自第二款，是职责不清时的规定。
编号：LX-01

2. 引文不对的题（　　）。
A. 甲
B. 乙
答案：A
依据：第二十四条第一款 “由最先收到的机关、单位受理”
解析：略。
编号：LX-02
"""


def prepare() -> None:
    first = db.session.scalars(select(Unit)).one()  # made by serve, with the first administrator
    first.lft, first.rgt = 2001, 2100  # beside the county of the cast
    make_cast()


def test_a_sheet_with_strange_headings_is_explained_and_its_questions_decided(
    live: Any, screen: Any, shot: Callable[..., None], axe: Callable[..., Any]
) -> None:
    live.run(prepare)
    page = screen.new_page()
    sign_in(page, "he")
    page.goto(f"{BANK}/import")
    sheet = "序,内容如下,甲,乙,对的是\n1,代表人数不得超过（）,3人,5人,B\n2,代表人数不得少于（）,3人,5人,F\n"
    file = {"name": "怪表.csv", "mimeType": "text/csv", "buffer": sheet.encode("gb18030")}
    page.get_by_label("试题文件").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="检查试题").click()
    for letter, meaning in (("B", "题干"), ("C", "选项A"), ("D", "选项B"), ("E", "答案")):
        page.get_by_label(f"{letter}列的内容").select_option(label=meaning)
    axe(page)
    shot(page, "bank-columns")
    page.get_by_role("button", name="检查试题").click()
    expect(page.get_by_text("共2题，0题可导入，1题请核对，1题有错误。")).to_be_visible()
    page.get_by_role("button", name="采用").first.click()
    expect(page.get_by_text("第二十条第三款", exact=False).first).to_be_visible()
    page.get_by_role("button", name="确认可导入").click()
    axe(page)
    shot(page, "bank-desk")
    page.get_by_role("button", name="确认导入1题").click()
    expect(page.get_by_text("导入完成：新增1题", exact=False)).to_be_visible()


def test_from_a_file_to_published(
    live: Any,
    screen: Any,
    browse: Callable[..., Any],
    shot: Callable[..., None],
    axe: Callable[..., Any],
) -> None:
    live.run(prepare)
    page = screen.new_page()
    sign_in(page, "he")
    page.goto(BANK)
    axe(page)
    shot(page, "bank", full=False)

    page.get_by_role("link", name="导入试题").click()
    paper = {"name": "第三章试题.md", "mimeType": "text/markdown", "buffer": PAPER.encode()}
    page.get_by_label("试题文件").set_input_files(paper)  # type: ignore[arg-type]
    axe(page)
    page.get_by_role("button", name="检查试题").click()
    expect(page.get_by_text("共2题，1题可导入，1题有错误。")).to_be_visible()
    expect(page.get_by_text("第16行，依据", exact=False)).to_be_visible()
    expect(page.get_by_text("引文与第二十四条第一款的原文不一致", exact=False)).to_be_visible()
    axe(page)
    shot(page, "bank-check")
    page.get_by_role("button", name="确认导入1题").click()
    expect(page.get_by_text("导入完成：新增1题", exact=False)).to_be_visible()

    page.goto(f"{BANK}/questions/LX-01")
    expect(page.locator("mark")).to_have_text("由共同的信访工作联席会议协调处理")
    axe(page)
    page.get_by_role("link", name="编辑").click()
    axe(page)
    shot(page, "bank-edit")
    page.get_by_label("解析").fill("第二十四条第一款的原文。")
    page.get_by_role("button", name="保存为草稿").click()
    expect(page.get_by_text("第2版", exact=False).first).to_be_visible()
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_text("已提交审核。")).to_be_visible()

    reviewer = browse("narrow").new_page()
    sign_in(reviewer, "zhou")
    reviewer.goto(f"{BANK}?status=in_review")
    reviewer.get_by_role("link", name="受理有争议且没有共同的上一级机关", exact=False).click()
    shot(reviewer, "bank-review")
    reviewer.get_by_role("button", name="审核通过").click()
    expect(reviewer.get_by_text("已发布。")).to_be_visible()
    axe(reviewer)
