"""The page of what a roster would change: by kind, in pages, and nothing that was chosen is ever lost."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select

from quizapp import clock, jobs, spreadsheets
from quizapp.db import db
from quizapp.people import actions
from quizapp.people.models import Membership, Person
from tests.statements import statements

HEADER = ["姓名", "单位编码", "工号", "职务"]


@pytest.fixture
def check(as_zhou):
    """Uploads a sheet: the page with what would change."""

    def upload(*lines):
        data = spreadsheets.workbook([spreadsheets.Sheet("人员", HEADER, lines)])
        return as_zhou.page("/people/import").press("检查文件", file=(BytesIO(data), "名册.xlsx"))

    return upload


def newcomers(count):
    return [(f"新人{i:03}", "QS-YL", f"N{i:03}", "") for i in range(count)]


def ticked(page):
    return set(page.form("/people/import").values.getlist("take"))


def numbers():
    wanted = select(Person.staff_number).where(Person.staff_number.startswith("N"))
    return set(db.session.scalars(wanted))


def test_kinds_have_counts_and_long_ones_pages_of_their_own(check):
    page = check(*newcomers(120))
    assert "新进120项，将写入120项" in page.text
    assert len(ticked(page)) == 10
    page = page.press("查看全部120项")
    assert len(ticked(page)) == 50
    assert "第1/3页，共120项" in page.text
    assert len(ticked(page.press("下一页").press("下一页"))) == 20


def test_what_is_chosen_stays_from_page_to_page_and_is_what_is_applied(check):
    page = check(*newcomers(70)).press("查看全部70项")
    page = page.press("下一页", take=[])
    assert len(ticked(page)) == 20
    page = page.press("上一页", take=sorted(ticked(page) - {"n71"}))
    assert ticked(page) == set()
    page = page.press("保存并返回")
    assert "新进70项，将写入19项" in page.text
    page.press("确认导入")
    assert numbers() == {f"N{i:03}" for i in range(50, 70)} - {"N069"}


def test_a_long_kind_is_searched_by_name_and_by_number(check):
    page = check(*newcomers(70)).press("查看全部70项")
    assert ticked(page.press("查找", q="新人007")) == {"n9"}
    assert ticked(page.press("查找", q="N065")) == {"n67"}
    assert "没有找到" in page.press("查找", q="没有此人").text


def test_all_of_a_kind_are_taken_or_left_at_once(check, cast):
    page = check(*newcomers(70), ("罗成", "QS-XF", "", "科员"))
    page = choose_all(page, "new:no")
    assert "新进70项，将写入0项" in page.text
    page.press("确认导入")
    assert numbers() == set()
    assert db.session.scalars(select(Membership.post).where(Membership.person_id == cast.luo)).one() == "科员"


def choose_all(page, value):
    """Press the button of one kind among several of the same words."""
    sent = {**page.form("确认导入").values.to_dict(flat=False), "all": value}
    client = page.client
    return client.read(client.post(page.path, data=sent, follow_redirects=True))


def test_a_refusal_keeps_what_was_chosen(check, cast):
    page = check(*newcomers(3), ("罗成", "QS-XF", "", "科员"))
    chosen = {f"way-m{cast.jiang}": "left", f"day-m{cast.jiang}": "2019-01-01"}
    refused = page.press("确认导入", take=["n3"], **chosen)
    assert refused.status == 409
    assert "最后一日应在" in refused.text
    assert ticked(refused) == {"n3"}
    assert refused.form("确认导入").values[f"way-m{cast.jiang}"] == "left"
    day = clock.today() - timedelta(days=1)
    refused.press("确认导入", **{f"day-m{cast.jiang}": str(day)})
    assert numbers() == {"N001"}
    assert db.session.scalars(select(Membership.until).where(Membership.person_id == cast.jiang)).one() == day


def test_what_was_chosen_survives_a_change_of_the_roster(check, cast):
    page = check(*newcomers(3))
    actions.add_people([actions.NewPerson("新人000", cast.office, staff_number="N000")], clock.now())
    again = page.press("确认导入", take=["n4"])
    assert again.status == 409
    assert "已作的选择仍然保留" in again.text
    assert ticked(again) - {"n2"} == {"n4"} | {key for key in ticked(again) if key.startswith("e")}
    again.press("确认导入")
    assert numbers() == {"N000", "N002"}


def test_the_last_administrator_does_not_retire_and_nothing_is_lost(check, cast):
    page = check(("李文", "QS", "", ""), *newcomers(1))
    key = f"m{cast.zhou}"
    assert f'name="way-{key}"' in page.html
    refused = page.press("确认导入", **{f"way-{key}": "retired"})
    assert refused.status == 409
    assert "最后一名" in refused.text
    assert numbers() == set()
    assert refused.form("确认导入").values[f"way-{key}"] == "retired"


def test_the_page_says_how_much_was_read(check):
    page = check(*newcomers(3))
    assert "连同表头共4行" in page.text
    assert "最后一行“新人002、QS-YL、N002”" in page.text


def test_a_long_sheet_is_compared_as_a_job(check, as_zhou, app, monkeypatch):
    from quizapp.people import import_views

    monkeypatch.setattr(import_views, "COMPARED_LATER", 0)
    app.extensions["huey_run"] = lambda _job_id: None
    page = check(*newcomers(2))
    assert "正在排队" in page.text
    jobs.run(db.session.scalars(select(jobs.Job.id)).one())
    page = as_zhou.page(page.path).follow("查看结果")
    assert "新进2项" in page.text
    page.press("确认导入")
    assert numbers() == {"N000", "N001"}


def test_a_job_that_was_refused_leads_back_to_what_was_chosen(check, as_zhou, app, monkeypatch, cast):
    from quizapp.people import import_views

    monkeypatch.setattr(import_views, "LONG", 0)
    app.extensions["huey_run"] = lambda _job_id: None
    job = check(*newcomers(3)).press("确认导入", take=["n3"])
    actions.add_people([actions.NewPerson("新人000", cast.office, staff_number="N000")], clock.now())
    db.session.commit()
    jobs.run(db.session.scalars(select(jobs.Job.id)).one())
    page = as_zhou.page(job.path).follow("返回核对")
    assert "n3" in ticked(page)
    assert "n4" not in ticked(page)
    page.press("确认导入")
    for number in db.session.scalars(select(jobs.Job.id).where(jobs.Job.state == "waiting")).all():
        jobs.run(number)
    assert numbers() == {"N000", "N001"}


def test_the_page_asks_as_often_for_many_lines_as_for_few(check, as_zhou):
    def asked(count):
        page = check(*newcomers(count))
        with statements() as seen:
            as_zhou.page(page.path)
        return len(seen)

    assert asked(3) == asked(200)


def test_every_line_of_a_kind_is_on_one_of_its_pages(check):
    page = check(*newcomers(120)).press("查看全部120项")
    seen = set(re.findall(r"新人\d{3}", page.html))
    for _ in range(2):
        page = page.press("下一页")
        seen |= set(re.findall(r"新人\d{3}", page.html))
    assert len(seen) == 120
    assert db.session.scalar(select(func.count()).select_from(Person)) == 6
