"""周, the administrator: from an empty system to units, people, slips, grants, the footer and a 投诉建议 answered."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from quizapp.spreadsheets import Sheet, workbook
from tests.browser.conftest import Live
from tests.browser.ways import first_sign_in, h1, menu

OWN = "Guanli-2026-qs"
UNITS = ("单位编码", "单位名称", "上级单位编码", "简称", "单位类别", "单位排序号")
GOOD_UNITS = [
    ("QS", "青石县", "", "", "", "1"),
    ("QS-XF", "青石县信访局", "QS", "县信访局", "政府部门", "1"),
    ("QS-YL", "青石县云岭镇人民政府", "QS", "云岭镇", "乡镇街道", "2"),
]
BAD_UNITS = [
    *GOOD_UNITS,
    ("QS-XF", "青石县信访局", "QS", "", "", ""),
    ("QS-BH", "", "QS", "", "", "3"),
    ("QS-SQ", "石桥镇", "QS-ZZ", "", "", "第四"),
]
PEOPLE = ("姓名", "单位编码", "工号", "手机号", "人员类别", "职务", "身份证号")
GOOD_PEOPLE = [
    ("周明", "QS-XF", "1001", "13800000001", "公务员", "局长", ""),
    ("江映雪", "QS-XF", "", "13800000002", "公务员", "科员", ""),
    ("阿依古丽·买买提", "QS-YL", "1003", "", "公务员", "副镇长", ""),
    ("𠮷田正", "QS-YL", "1004", "", "事业编制", "工作人员", ""),
]
BAD_PEOPLE = [
    *GOOD_PEOPLE,
    ("", "QS-XF", "1005", "", "", "", ""),
    ("方圆", "QS-ZZ", "1006", "", "", "", ""),
    ("罗成", "QS-XF", "1007", "12345", "", "", "110101199003071234"),
]
Shot = Callable[..., Any]


def test_the_way_of_an_administrator(
    live: Live, screen: BrowserContext, browse: Callable[..., BrowserContext], shot: Shot, tmp_path: Path
) -> None:
    visitor = browse("narrow").new_page()
    code = somebody_complains(visitor)
    page = screen.new_page()
    he_comes_in(live, page)
    he_imports_units(page, tmp_path, shot)
    he_imports_people(page, tmp_path, shot)
    slips = he_prints_slips(page, shot)
    she_may_come_in(browse("narrow").new_page(), *slips["江映雪"])
    he_grants_a_role(page, shot)
    he_changes_the_footer(page, shot)
    he_answers(page, shot)
    visitor.get_by_label("查询码").fill(code)
    visitor.get_by_role("button", name="查询").click()
    expect(visitor.get_by_text("字号可以在右上角调大。")).to_be_visible()


def somebody_complains(page: Page) -> str:
    """Without signing in: a 查询码 takes the place of the list. Gives it."""
    page.goto("/feedback")
    page.get_by_label("内容").fill("字太小，看不清楚。")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已收到。请记下查询码", exact=False)).to_be_visible()
    code = page.locator("dd").first.inner_text()
    page.goto("/feedback")
    return code


def he_comes_in(live: Live, page: Page) -> None:
    """As the first administrator, with what the console said once."""
    said = re.search(r"学法账号：(\d{8})\s+一次性口令：(\S+)", live.log.read_text())
    assert said
    first_sign_in(page, said[1], said[2], OWN)
    page.get_by_role("link", name="以后再说").click()
    expect(page.get_by_text("目前没有需要完成的考试。")).to_be_visible()


# Units and people -------------------------------------------------------------------------------------------


def upload(page: Page, folder: Path, name: str, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    path = folder / f"{name}.xlsx"
    path.write_bytes(workbook([Sheet(name, header, rows, text_columns=tuple(range(len(header))))]))
    page.get_by_label("选择文件").set_input_files(path)
    page.get_by_role("button", name="检查文件").click()


def problems(page: Page, caption: str = "问题") -> list[str]:
    """Row, column and message of each problem that the page names under this caption."""
    rows = page.locator("table", has=page.locator("caption", has_text=caption)).locator("tbody tr").all()
    return ["|".join(row.locator("td, th").all_text_contents()) for row in rows]


def he_imports_units(page: Page, folder: Path, shot: Shot) -> None:
    page.locator("main").get_by_role("link", name="单位", exact=True).click()
    page.get_by_role("link", name="导入单位").click()
    upload(page, folder, "单位", UNITS, BAD_UNITS)
    expect(page.get_by_text("没有写入任何内容", exact=False)).to_be_visible()
    assert problems(page) == [
        "5|单位编码|与第3行的编码“QS-XF”重复",
        "6|单位名称|没有填写",
        "7|上级单位编码|没有编码为“QS-ZZ”的单位",
        "7|单位排序号|“第四”不是0至9999的整数",
    ]
    expect(page.get_by_role("button", name="确认导入")).to_have_count(0)
    shot(page, "zhou-units-problems")
    page.get_by_role("main").get_by_role("link", name="重新选择文件").click()
    upload(page, folder, "单位", UNITS, GOOD_UNITS)
    expect(page.get_by_text("新增2个单位，更新1个单位", exact=False)).to_be_visible()
    page.get_by_role("button", name="确认导入").click()
    h1(page, "单位")
    expect(page.locator("tbody tr")).to_have_count(3)
    shot(page, "zhou-units")


def he_imports_people(page: Page, folder: Path, shot: Shot) -> None:
    menu(page, "人员")
    page.get_by_role("link", name="导入人员").click()
    upload(page, folder, "人员", PEOPLE, BAD_PEOPLE)
    expect(page.get_by_text("没有写入任何内容", exact=False)).to_be_visible()
    assert problems(page, "单位不存在") == ["7|方圆|单位编码|没有编码为“QS-ZZ”的单位"]
    assert problems(page, "其他问题") == ["6|—|姓名|没有填写姓名", "8|罗成|手机号|不是11位手机号"]
    expect(page.get_by_text("系统没有读取，也不会保存", exact=False)).to_be_visible()
    shot(page, "zhou-people-problems")
    page.get_by_role("main").get_by_role("link", name="重新选择文件").click()
    upload(page, folder, "人员", PEOPLE, GOOD_PEOPLE)
    expect(page.get_by_text("新增4人，更新0人", exact=False)).to_be_visible()
    shot(page, "zhou-people-check")
    page.get_by_role("button", name="确认导入").click()
    h1(page, "人员")
    expect(page.locator("tbody tr")).to_have_count(5)  # and the first administrator
    he_takes_it_back(page, shot)
    page.get_by_role("link", name="人员", exact=True).last.click()
    page.get_by_role("link", name="导入人员").click()
    upload(page, folder, "人员", PEOPLE, GOOD_PEOPLE)
    page.get_by_role("button", name="确认导入").click()
    expect(page.locator("tbody tr")).to_have_count(5)
    expect(page.get_by_role("link", name="𠮷田正")).to_be_visible()
    page.get_by_role("link", name="导入人员").click()
    upload(page, folder, "人员", PEOPLE, GOOD_PEOPLE)
    expect(page.get_by_text("内容与系统中的一致，不需要导入。", exact=False)).to_be_visible()
    expect(page.get_by_role("button", name="确认导入")).to_have_count(0)


def he_takes_it_back(page: Page, shot: Shot) -> None:
    """The whole import, after a page that says what that does."""
    page.get_by_role("link", name="导入人员").click()
    page.get_by_role("link", name="导入记录").click()
    page.get_by_role("main").get_by_role("link", name=re.compile("^撤销")).click()
    expect(page.get_by_text("导入时新增的4人删除", exact=False)).to_be_visible()
    shot(page, "zhou-import-undo")
    page.get_by_role("button", name="撤销导入").click()
    expect(page.get_by_text("已撤销：恢复0人，删除新增的4人。", exact=False)).to_be_visible()


# Slips and grants -------------------------------------------------------------------------------------------


def he_prints_slips(page: Page, shot: Shot) -> dict[str, tuple[str, str]]:
    """Slips for two of the five; gives account and one-time password by name."""
    menu(page, "人员")
    for name in ("江映雪", "𠮷田正"):
        page.locator("label", has_text=f"选择{name}").click()
    page.get_by_role("button", name="打印所选人员口令条").click()
    expect(page.get_by_text("江映雪、𠮷田正")).to_be_visible()
    page.get_by_role("button", name="生成并显示口令条").click()
    expect(page.locator(".slip")).to_have_count(2)
    expect(page.locator(".slip svg")).to_have_count(2)
    shot(page, "zhou-slips")
    slips = {}
    for slip in page.locator(".slip").all():
        account, password = slip.locator(".code").all_inner_texts()
        slips[slip.locator("b").inner_text()] = (account, password)
    page.emulate_media(media="print")
    expect(page.locator(".slip").first).to_be_visible()
    expect(page.locator("main .btn").first).to_be_hidden()
    page.emulate_media(media="screen")
    return slips


def she_may_come_in(page: Page, account: str, one_time: str) -> None:
    first_sign_in(page, account, one_time, "Jiangnan-0451")


def he_grants_a_role(page: Page, shot: Shot) -> None:
    menu(page, "授权")
    page.get_by_label("学法账号、工号或手机号").fill("1001")
    page.get_by_label("角色").select_option(label="单位管理员")
    page.get_by_label("单位（含所有下级单位）").select_option(label=choice(page, "信访局"))
    page.get_by_role("button", name="授予角色").click()
    given = page.locator("tbody tr", has_text="周明")
    expect(given).to_contain_text("单位管理员")
    expect(given).to_contain_text("信访局")
    shot(page, "zhou-grants")


def choice(page: Page, words: str) -> str:
    options = page.get_by_label("单位（含所有下级单位）").locator("option").all_inner_texts()
    return next(option for option in options if words in option)


# The site ---------------------------------------------------------------------------------------------------


def he_changes_the_footer(page: Page, shot: Shot) -> None:
    menu(page, "设置")
    page.get_by_label("主办单位").fill("青石县信访工作联席会议办公室")
    page.get_by_label("备案编号").fill("青信备2026-01")
    page.get_by_label("联系电话").fill("0451-1234567")
    page.get_by_role("button", name="保存设置").click()
    expect(page.get_by_text("已保存，改动了3项。")).to_be_visible()
    foot = page.get_by_role("contentinfo")
    for words in (
        "主办单位：青石县信访工作联席会议办公室",
        "备案编号：青信备2026-01",
        "联系电话：0451-1234567",
    ):
        expect(foot).to_contain_text(words)
    expect(foot).to_contain_text("本系统为非涉密系统，严禁录入、处理国家秘密和工作秘密。")
    shot(page, "zhou-settings")


def he_answers(page: Page, shot: Shot) -> None:
    menu(page, "投诉建议")
    page.get_by_role("link", name="字太小，看不清楚。").click()
    page.get_by_label("已答复").check()
    page.get_by_label("答复", exact=True).fill("字号可以在右上角调大。")
    shot(page, "zhou-answer")
    page.get_by_role("button", name="保存答复").click()
    expect(page.get_by_text("已保存，提交人可以看到处理情况和答复。")).to_be_visible()
    expect(page.locator("tbody tr", has_text="字太小")).to_contain_text("已答复")
