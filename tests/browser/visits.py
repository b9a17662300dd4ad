"""Ways to pages that have no address of their own: what must be pressed and filled in before one is there."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from quizapp import spreadsheets
from tests.browser.sitting import expect_saved
from tests.browser.ways import LAW, take

Way = Callable[[Page], None]
BANK = f"/banks/{LAW}"
LAW_TEXT = (
    "信访工作条例\n施行日期：2003-05-01\n第一章 总则\n第一条 制定本条例。\n"
    "第二条 遵循下列原则：\n（一）依法；\n（二）便民。\n第三条 由某机关解释。\n"
)
QUESTIONS = "1. 以下正确的是（　　）。\nA. 甲\nB. 乙\n答案：E\n依据：第一条 “不是原文”\n"


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name).first.click()


def bring(page: Page, label: str, name: str, data: bytes) -> None:
    page.get_by_label(label).set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )
    page.locator("main").get_by_role("button", name=re.compile("检查(文件|试题)")).click()
    expect(page.locator(".stepper, .steps").first).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("检查(文件|试题)"))).to_have_count(0)


def unit_change_checked(page: Page) -> None:
    page.goto("/units")
    page.locator("a[href^='/units/']", has_text="修改").last.click()
    page.get_by_role("link", name="并入").click()
    page.get_by_label("并入哪个单位").fill("QS-Z02")
    page.get_by_label("依据或原因").fill("机构改革")
    page.get_by_role("button", name="核对影响").click()
    expect(page.get_by_role("button", name="确认并入")).to_be_visible()


def units_checked(page: Page) -> None:
    page.goto("/units/import")
    rows = [("QS-X1", "新设单位", "QS", "3"), ("QS-X2", "", "QS-没有", "三")]
    header = ("单位编码", "单位名称", "上级单位编码", "单位排序号")
    bring(page, "选择文件", "单位.xlsx", spreadsheets.workbook([spreadsheets.Sheet("单位", header, rows)]))


def people_checked(page: Page) -> None:
    """Newcomers, a name with a dot, a unit that there is not, a character of one's own, people who are missing."""
    page.goto("/people/import")
    rows = [(f"新同事{n}", "QS-Z02", f"XT{n:03}", "") for n in range(60)]
    rows += [
        ("另一位·同事", "QS-Z02", "", "产假"),
        ("钱七", "QS-没有", "", ""),
        ("孙\ue123", "QS-Z02", "XT900", ""),
    ]
    sheet = spreadsheets.Sheet("人员", ("姓名", "单位编码", "工号", "备注"), rows)
    bring(page, "选择文件", "人员.xlsx", spreadsheets.workbook([sheet]))


def people_of_a_kind(page: Page) -> None:
    people_checked(page)
    page.get_by_role("button", name="查看全部62项").click()
    expect(page.get_by_role("button", name="下一页")).to_be_visible()


def questions_checked(page: Page) -> None:
    page.goto(f"{BANK}/import")
    bring(page, "试题文件", "第一章.md", QUESTIONS.encode())


def question_edited(page: Page) -> None:
    questions_checked(page)
    page.locator("main").get_by_role("link", name="编辑").first.click()
    expect(page.get_by_role("button", name="保存并确认")).to_be_visible()


def columns_asked(page: Page) -> None:
    page.goto(f"{BANK}/import")
    sheet = "甲列,乙列\n代表人数不得超过（）,B\n"
    page.get_by_label("试题文件").set_input_files(
        {"name": "怪表.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    )
    press(page, "检查试题")
    expect(page.get_by_label("A列的内容")).to_be_visible()


def law_checked(page: Page) -> None:
    """A text with a doubt, and one article that is missing."""
    page.goto("/regulations/import")
    bring_law(page, LAW_TEXT.replace("第三条", "第四条"))
    expect(page.get_by_role("heading", name="疑问")).to_be_visible()


def law_refused(page: Page) -> None:
    page.goto("/regulations/import")
    bring_law(page, LAW_TEXT.replace("第三条", "第二条"))
    expect(page.get_by_role("link", name="重新选择文件")).to_be_visible()


def law_confirmed(page: Page) -> None:
    page.goto("/regulations/import")
    bring_law(page, LAW_TEXT)
    press(page, "下一步")
    expect(page.get_by_role("button", name="确认入库")).to_be_visible()


def bring_law(page: Page, text: str) -> None:
    page.get_by_label("法规文件").set_input_files(
        {"name": "条例.txt", "mimeType": "text/plain", "buffer": text.encode()}
    )
    press(page, "识别结构")


def paper_results_checked(page: Page) -> None:
    """A sheet with one row that nobody can read."""
    page.goto(page.url)
    page.get_by_label("选择文件").set_input_files(
        {"name": "成绩.csv", "mimeType": "text/csv", "buffer": "学法账号,卷别,作答\n99999999,甲,A\n".encode()}
    )
    press(page, "检查文件")
    expect(page.get_by_text("没有导入任何成绩").first).to_be_visible()


def question_to_correct(page: Page) -> None:
    page.goto("/exams/")
    page.get_by_role("link", name=re.compile("2026年度")).first.click()
    page.get_by_role("link", name="更正答案").click()
    page.get_by_role("link", name="更正答案").click()
    press(page, "更正本题")
    expect(page.get_by_label("更正后的标准答案")).to_be_visible()


def holidays_checked(page: Page) -> None:
    page.goto("/exams/holidays/import")
    rows = "日期,类型,名称\n2027-01-01,放假,元旦\n2027-01-03,上班,调休\n"
    page.get_by_label("选择文件").set_input_files(
        {"name": "节假日.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    press(page, "检查文件")
    expect(page.get_by_role("button", name="确认导入")).to_be_visible()


def export_asked(page: Page) -> None:
    page.goto(BANK)
    page.locator("details.confirm > summary", has_text="导出").click()
    page.get_by_label("文件格式").select_option("aiken")
    page.locator("form.panel").get_by_role("button", name="导出").click()
    expect(page.get_by_role("button", name="仍然导出")).to_be_visible()


def slips(page: Page) -> None:
    page.goto("/people?q=罗成")
    page.locator("main .pick").first.click()
    press(page, "打印所选人员口令条")
    press(page, "生成并显示口令条")
    expect(page.locator(".slip")).to_have_count(1)


def recovery_asked(page: Page) -> None:
    page.goto("/recover")
    page.get_by_label("学法账号、工号或姓名").fill("10000017")
    page.get_by_label("本人手机号").fill("13800000017")
    press(page, "提交申请")
    expect(page.locator(".check-code")).to_be_visible()


def slips_asked(page: Page) -> None:
    page.goto("/people")
    page.locator("main .pick").nth(3).click()
    press(page, "打印所选人员口令条")
    expect(page.get_by_role("button", name="生成并显示口令条")).to_be_visible()


def token_made(page: Page) -> None:
    page.goto("/grants/tokens")
    page.get_by_label("用途").fill("省信访局数据平台")
    page.get_by_label("考试完成情况").check()
    press(page, "制作令牌")
    expect(page.locator("[data-token]")).to_be_visible()


def daily_question(page: Page) -> None:
    page.goto("/practice/daily")
    press(page, "开始今天的测验")
    expect(page.get_by_role("button", name="提交")).to_be_visible()


def daily_answered(page: Page) -> None:
    take(page, "AB" if page.locator(".question.many").count() else "A")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#feedback")).to_be_visible()


def daily_report(page: Page) -> None:
    page.get_by_role("link", name="本题有误？纠错").click()
    expect(page.get_by_role("button", name="提交纠错")).to_be_visible()


def reported(page: Page) -> None:
    page.get_by_label("错误说明").fill("选项与条文原文不一致。")
    press(page, "提交纠错")
    expect(page.get_by_text("已收到您对本题的纠错")).to_be_visible()


def daily_done(page: Page) -> None:
    page.goto("/practice/daily")
    while not page.get_by_role("heading", name="今天的测验已完成").count():
        page.locator(".dock .primary").click()
        expect(page.locator("[data-progress-number], .done").first).to_be_visible()
        if page.get_by_role("button", name="提交").count():
            daily_answered(page)


def self_test(page: Page) -> None:
    page.goto("/practice/")
    page.locator("[name=other]").fill("1")
    press(page, "开始自测")
    expect(page.get_by_role("button", name="提交")).to_be_visible()


def self_turned(page: Page) -> None:
    page.goto("/practice/")
    page.locator("[name=mode][value=recite]").check(force=True)
    press(page, "开始自测")
    expect(page.locator("#feedback")).to_be_visible()


def mock_begun(page: Page) -> None:
    page.goto("/practice/mock")
    page.get_by_role("button", name="开始模拟").first.click()
    expect(page.locator("#answer")).to_be_visible()


def mock_checked(page: Page) -> None:
    page.locator("[data-open=answer-card]").click()
    page.get_by_role("dialog", name="答题卡").get_by_role("button", name="检查并交卷").click()
    expect(page.get_by_role("button", name="交卷")).to_be_visible()


def mock_handed_in(page: Page) -> None:
    press(page, "交卷")
    expect(page.get_by_role("heading", name="模拟考试结果")).to_be_visible()


def certainty_asked(page: Page) -> None:
    page.goto("/practice/certainty")
    press(page, "打开")
    expect(page.get_by_text("已打开")).to_be_visible()


def self_report(page: Page) -> None:
    daily_answered(page)
    daily_report(page)


def self_tested(page: Page) -> None:
    page.go_back()
    page.locator(".dock .primary").click()
    expect(page.get_by_role("heading", name="自测结果")).to_be_visible()


def offline_kept(page: Page) -> None:
    press(page, "保存到本机")
    expect(page.get_by_role("heading", name="本机内容")).to_be_visible(timeout=30_000)


def offline_question(page: Page) -> None:
    page.goto("/practice/offline#practice/1")
    expect(page.get_by_role("button", name="提交")).to_be_visible()


def offline_answered(page: Page) -> None:
    page.locator(".option").first.click()
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#feedback")).to_be_visible()
    expect(page.locator("[data-save-text]")).to_have_text("已全部上传", timeout=30_000)


def offline_article(page: Page) -> None:
    page.locator(".law-source a").first.click()
    expect(page.locator("article.reader")).to_be_visible()


def offline_contents(page: Page) -> None:
    page.locator(".topbar a.iconbtn").click()
    page.locator("summary").filter(has_text="第四章").click()


def offline_wrong(page: Page) -> None:
    page.goto("/practice/offline#wrong")
    expect(page.get_by_role("heading", name="错题本")).to_be_visible()


OFFLINE: tuple[Way, ...] = (
    *(offline_kept, offline_question, offline_answered, offline_article, offline_contents, offline_wrong),
)


def reminder_asked(page: Page) -> None:
    """What it would do, opened; in the week before a long holiday the exam of the county ends too early for one."""
    if not page.get_by_text("此前没有可以发送提醒的时间").count():
        page.locator("details.confirm > summary", has_text="发送提醒").click()
        expect(page.get_by_text("同一个群每天最多一次")).to_be_visible()


def robot_added(page: Page) -> None:
    page.get_by_label("群名称").fill("县信访局工作群")
    page.get_by_label("机器人地址").fill(
        f"https://oapi.dingtalk.com/robot/send?access_token={'0123456789' * 6}"
    )
    page.get_by_label("加签密钥").fill("0123456789")
    press(page, "添加群机器人")
    expect(page.get_by_text("已添加群机器人")).to_be_visible()


def address_kept(page: Page) -> None:
    page.get_by_label("电子邮箱").fill("jiangyingxue@example.cn")
    press(page, "保存")
    expect(page.get_by_text("已保存。")).to_be_visible()


def paper(page: Page) -> None:
    """Of a dry run: it hides nothing of what a candidate sees, and counts nowhere."""
    page.get_by_role("button", name="试考").click()
    expect_saved(page)


def handed_in(page: Page) -> None:
    page.locator("[data-open=answer-card]").locator("visible=true").click()
    page.get_by_role("dialog", name="答题卡").get_by_role("button", name="交卷").click()
    page.wait_for_url("**/receipt")


def first_password(page: Page) -> None:
    expect(page.get_by_role("heading", name="设置新口令")).to_be_visible()


def notice(page: Page) -> None:
    page.get_by_label("新口令").fill("Luocheng-0451")
    page.get_by_label("再输入一次").fill("Luocheng-0451")
    press(page, "保存口令")
    expect(page.get_by_role("heading", name="个人信息处理告知")).to_be_visible()


def codes_offered(page: Page) -> None:
    press(page, "已阅读并同意")
    expect(page.get_by_role("button", name="生成备用码")).to_be_visible()


def hall_notice(page: Page) -> None:
    """江 at a shared computer; what is to be typed stands after the # of the page's address."""
    account, code = urlsplit(page.url).fragment.split("-")
    page.get_by_label("学法账号").fill(account)
    page.get_by_label("开考码").fill(code)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="个人信息处理告知")).to_be_visible()


def hall_entered(page: Page) -> None:
    press(page, "已阅读并同意")
    expect(page.get_by_text("江映雪")).to_be_visible()


def codes(page: Page) -> None:
    press(page, "生成备用码")
    expect(page.locator(".codes code")).to_have_count(5)
