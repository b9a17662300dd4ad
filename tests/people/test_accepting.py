"""What a person accepts of a roster: choices on the check page, and nothing dropped or merged by silence."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from quizapp import clock, spreadsheets
from quizapp.db import db
from quizapp.people import alike, standing
from quizapp.people.models import Leave, Membership, Person, RosterImport

HEADER = ["姓 名", "单位全称", "主要职务", "工号", "联系方式", "备注"]  # noqa: RUF001 - as offices type it


@pytest.fixture
def check(as_zhou):
    """Uploads a sheet: the page with what would change."""

    def upload(*lines):
        rows = [list(line) + [""] * (len(HEADER) - len(line)) for line in lines]
        data = spreadsheets.workbook([spreadsheets.Sheet("人员", HEADER, rows)])
        return as_zhou.page("/people/import").press("检查文件", file=(BytesIO(data), "名册.xlsx"))

    return upload


def current(person_id):
    wanted = select(Membership.unit_id).where(Membership.person_id == person_id, Membership.until.is_(None))
    return list(db.session.scalars(wanted))


def test_who_is_missing_stays_unless_somebody_says_otherwise(check, cast):
    page = check(("罗成", "县信访局", "科员"))
    assert "系统中有，表中没有" in page.text
    page.press("确认导入")
    assert current(cast.jiang) == [cast.office]


def test_who_left_has_a_last_day_and_who_retires_cannot_sign_in(check, cast):
    page = check(("罗成", "县信访局", "科员"))
    day = clock.today() - timedelta(days=3)
    page.press("确认导入", **{f"way-m{cast.jiang}": "retired", f"day-m{cast.jiang}": str(day)})
    ended = db.session.scalars(select(Membership).where(Membership.person_id == cast.jiang)).one()
    assert ended.until == day
    assert db.session.get_one(Person, cast.jiang).disabled_at is not None


def test_what_is_not_ticked_is_not_done(check, cast):
    page = check(("罗成", "县信访局", "科员"), ("钱七", "县信访局", "科员", "31"))
    page.press("确认导入", take=["n3"])
    assert db.session.scalars(select(Membership.post).where(Membership.person_id == cast.luo)).one() == ""
    assert db.session.scalars(select(Person).where(Person.staff_number == "31")).one().name == "钱七"


@pytest.mark.parametrize(("said", "people"), [("", 6), ("other", 7), ("same", 6)])
def test_a_number_that_lost_its_zeros_is_asked_about(check, cast, said, people):
    db.session.get_one(Person, cast.luo).staff_number = "00123"
    db.session.commit()
    page = check(("罗成", "云岭镇", "", "123"), ("方圆", "云岭镇", "镇长"))
    assert "工号或手机号相似" in page.text
    page.press("确认导入", **{"way-d2": str(cast.luo) if said == "same" else said})
    assert len(db.session.scalars(select(Person.id)).all()) == people
    assert current(cast.luo) == [cast.town if said == "same" else cast.office]
    assert db.session.get_one(Person, cast.luo).staff_number == "00123"


def test_rows_with_problems_are_left_out_only_knowingly(check, cast):
    page = check(("钱七", "没有的单位", "", "31"), ("罗成", "县信访局", "科员"))
    assert "单位不存在" in page.text
    refused = page.press("确认导入")
    assert refused.status == 409
    assert db.session.scalars(select(RosterImport)).all() == []
    refused.press("确认导入", take=[f"e{cast.luo}", "skip"])
    assert db.session.scalars(select(Membership.post).where(Membership.person_id == cast.luo)).one() == "科员"


def test_a_leave_begins_by_the_remark_and_ends_when_the_person_is_back(check, cast):
    first = clock.today() - timedelta(days=10)
    check(("罗成", "县信访局", "", "", "", f"产假（{first:%Y.%m.%d}起）")).press("确认导入")
    leave = db.session.scalars(select(Leave)).one()
    assert (leave.person_id, leave.kind, leave.since, leave.until) == (cast.luo, "maternity", first, None)
    check(("罗成", "县信访局", "", "", "", "在岗")).press("确认导入")
    db.session.expire_all()
    assert db.session.scalars(select(Leave.until)).one() == clock.today() - timedelta(days=1)


def test_a_last_day_before_the_membership_is_refused(check, cast):
    page = check(("罗成", "县信访局", "科员"))
    fields = {f"way-m{cast.jiang}": "left", f"day-m{cast.jiang}": "2019-01-01"}
    assert "最后一日应在" in page.press("确认导入", **fields).text
    assert current(cast.jiang) == [cast.office]


def test_a_private_character_is_listed_with_its_row(check):
    assert "自造字" in check(("钱\ue123", "县信访局", "", "31")).text


@pytest.mark.parametrize(
    ("one", "other", "similar"),
    [
        ("00123", "123", True),
        ("13812345678.0", "13812345678", True),
        ("1.38E+10", "13812345678", True),
        ("1.38E+10", "13912345678", False),
        ("123", "123", False),
        ("123", "124", False),
    ],
)
def test_numbers_that_a_program_may_have_changed_look_alike(one, other, similar):
    assert alike.alike(one, other) is alike.alike(other, one) is similar


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("退休", standing.Standing("retired")),
        ("产假2026.3.1—2026.8.31", standing.Standing("maternity", date(2026, 3, 1), date(2026, 8, 31))),
        ("病假（2026年2月30日起）", standing.Standing("sick")),  # noqa: RUF001 - a day that does not exist
        ("负责退休人员工作", None),
        ("", None),
    ],
)
def test_only_a_remark_that_begins_with_a_word_counts(text, said):
    assert standing.standing(text) == said
