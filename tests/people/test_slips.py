"""口令条 as PDF and in batches: eight to a page, every name whole, no code anywhere else, former ones void."""

import io
import re
from datetime import timedelta

import pypdf
import pytest
import segno
from sqlalchemy import select

from quizapp import clock, typesetting
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.jobs import Job
from quizapp.people import actions, slip_queries, slip_sheet
from quizapp.people.actions import NewPerson, Slip
from quizapp.people.models import Person

pytestmark = pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:pypdf")

LONG = "阿布都热西提·阿布都卡德尔·买买提依明·吐尔逊尼亚孜·艾合买提江·库尔班江·阿卜杜外力"
RARE = ["𠮷田正", "䶮鑫", "㛃然", "𬭩铭", LONG, "江映雪", "罗成", "何平", "李文"]
SITE = "https://xuekao.qingshi.example/sign-in"


def slip(number: int, name: str) -> Slip:
    until = clock.now() + timedelta(days=30)
    return Slip(number, f"1000{number:04}", name, "青石县云岭镇人民政府", f"k7mfx-{number:05}", until)


def pages(data: bytes) -> list[str]:
    """The text of each page, without blanks, line breaks and the marks that let a long word break."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    return [re.sub(r"[\s\u200b]", "", page.extract_text()) for page in reader.pages]


def test_eight_slips_stand_on_a_page_with_all_that_a_person_needs(at):
    at("2026-11-27 09:00")
    made = [slip(number, name) for number, name in enumerate(RARE)]
    first, second = pages(slip_sheet.pdf(made, SITE, "条例学考"))
    assert first.count("学法账号") == 8
    assert second.count("学法账号") == 1
    for one in made[:8]:
        for words in (one.name, one.account, one.one_time_password):
            assert words in first, f"{words} is not on the page"
    for words in ("青石县云岭镇人民政府", "2026年12月27日09:00", SITE, "重新打印后本条作废"):
        assert words in second


def test_the_page_is_a4():
    box = pypdf.PdfReader(io.BytesIO(slip_sheet.pdf([slip(1, "江映雪")], SITE, "条例学考"))).pages[0].mediabox
    assert (round(box.width / 72 * 25.4), round(box.height / 72 * 25.4)) == (210, 297)


def test_the_qr_code_says_where_to_sign_in_and_no_password(monkeypatch):
    said = []
    make = segno.make
    monkeypatch.setattr(segno, "make", lambda text, **how: said.append(text) or make(text, **how))
    slip_sheet.pdf([slip(1, "江映雪")], SITE, "条例学考")
    assert said == [f"{SITE}?login=10000001"]


# Through the page -------------------------------------------------------------------------------------------


@pytest.fixture
def newcomers(app, cast):
    """Three in 云岭镇: one never got a slip, one has one, that of the third ran out."""
    ids = actions.add_people(
        [NewPerson("安新", cast.town), NewPerson("白新", cast.town), NewPerson("蔡新", cast.town)],
        clock.now(),
    )
    actions.issue_slips(ids[1:], clock.now())
    db.session.get_one(Person, ids[2]).slip_expires_at = clock.now() - timedelta(days=1)
    db.session.commit()
    return ids


def as_pdf(page):
    fields = page.form("生成口令条PDF").values.copy()
    fields["as"] = "pdf"
    return page.client.post("/people/slips", data=fields)


def test_the_pdf_comes_once_opens_the_account_and_leaves_no_trace_of_a_code(
    as_zhou, client, newcomers, caplog
):
    reply = as_pdf(as_zhou.page("/people/slips?only=none"))
    assert reply.mimetype == "application/pdf"
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Content-Disposition"].startswith("attachment")
    [text] = pages(reply.data)
    codes = re.findall(r"一次性口令(\w{5}-\w{5})", text)
    assert len(codes) == 2
    account = db.session.get_one(Person, newcomers[0]).account
    assert client.page("/sign-in").press("登录", login=account, password=codes[0]).h1 == "设置新口令"
    kept = str(db.session.scalars(select(AuditEvent.detail)).all()) + caplog.text
    assert not any(code in kept for code in codes)
    assert db.session.scalars(select(Job)).all() == []


def test_the_lists_are_of_those_in_need_and_of_all_who_never_came(as_zhou, newcomers):
    needing = as_zhou.page("/people/slips?only=none")
    assert "安新、蔡新" in needing.text
    assert "白新" not in needing.text
    everybody = needing.follow("所有没有登录过的人员")
    assert "安新、白新、蔡新" in everybody.text
    assert "以前打印的口令条同时作废，其中2张还没有使用" in everybody.text
    assert "江映雪" not in everybody.text


def test_a_new_slip_ends_the_former_one(as_zhou, client, newcomers):
    [former] = actions.issue_slips([newcomers[0]], clock.now())
    db.session.commit()
    as_pdf(as_zhou.page(f"/people/slips?person={newcomers[0]}"))
    page = client.page("/sign-in").press("登录", login=former.account, password=former.one_time_password)
    assert page.status == 401


def test_without_a_font_no_password_has_ended(as_zhou, newcomers, monkeypatch):
    before = db.session.get_one(Person, newcomers[1]).password_hash
    page = as_zhou.page("/people/slips?only=waiting")

    def none(*_arguments):
        raise Refused("no_font", "服务器上没有中文字体。")

    monkeypatch.setattr(typesetting, "families", none)
    assert as_pdf(page).status_code == 409
    assert db.session.get_one(Person, newcomers[1]).password_hash == before


def test_a_long_list_of_those_in_need_is_printed_in_several_goes(as_zhou, newcomers, cast, monkeypatch):
    monkeypatch.setattr(slip_queries, "MOST", 1)
    page = as_zhou.page("/people/slips?only=none")
    assert "继续打印其余1人" in page.text
    as_pdf(page)
    later = as_zhou.page("/people/slips?only=none")
    assert "蔡新" in later.text
    assert "继续打印" not in later.text
    assert "按下级单位分批打印" in as_zhou.page(f"/people/slips?unit={cast.town}", status=422).text


def test_a_long_list_is_counted_only_so_far(app, cast, newcomers, monkeypatch):
    monkeypatch.setattr(slip_queries, "MOST", 2)
    found = slip_queries.waiting([(10_300, 10_400)], clock.today(), clock.now())
    assert found.more
    assert found.needing + found.holding == 3


def test_the_numbers_are_those_of_the_lists(app, cast, newcomers):
    now = clock.now()
    assert slip_queries.waiting([(10_300, 10_400)], clock.today(now), now) == slip_queries.Waiting(2, 1)
    db.session.get_one(Person, newcomers[0]).disabled_at = now
    assert slip_queries.waiting([(10_300, 10_400)], clock.today(now), now) == slip_queries.Waiting(1, 1)
    assert slip_queries.waiting([(10_100, 10_200)], clock.today(now), now) == slip_queries.Waiting(0, 0)
