"""Importing a regulation, as a trainer does."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from quizapp import clock, dates
from quizapp.audit import AuditEvent
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.people.models import Grant
from quizapp.regulations import queries
from quizapp.regulations.models import Edition, Provision, Regulation
from tests.statements import statements

SLUG = "xinfang-gongzuo-tiaoli"
TEXT = """试验工作办法
（2026年1月5日试验机关公布　自2026年3月1日起施行）
第一章 总则
第一条 为了做好试验工作，制定本办法。
第二条 试验工作遵循下列原则：
（一）依法；
（二）便民。
第二章 附则
第三条 本办法由试验机关解释。
"""
DOUBTFUL = TEXT.replace("第三条 本办法", "第四条 本办法")
BROKEN = TEXT.replace("第三条 本办法", "第二条 本办法")


def chosen(client, text, name="办法.txt"):
    """The page after the file was sent."""
    data = text if isinstance(text, bytes) else text.encode()
    return client.page("/regulations/import").press("识别结构", file=(io.BytesIO(data), name))


def counts() -> tuple[int, ...]:
    return tuple(
        db.session.scalar(select(func.count()).select_from(m)) for m in (Regulation, Edition, Provision)
    )


def test_a_regulation_comes_in_by_three_steps_and_nothing_is_stored_before_the_last(app, cast, as_he):
    page = chosen(as_he, TEXT)
    assert page.h1 == "核对结构"
    for words in ("共3条，没有疑问", "第一章 总则", "第二条", "（二）", "便民。", "2 章", "2 项"):
        assert words in page.text
    values = page.form("下一步").values
    assert values["title"] == "试验工作办法"
    assert values["slug"] == "shiyan-gongzuo-banfa"
    assert (values["effective_on"], values["published_on"]) == ("2026-03-01", "2026-01-05")
    assert values["issued_by"] == "试验机关"
    page = page.press("下一步", issued_by="试验机关办公室")
    assert page.h1 == "确认入库"
    assert "新的法规，入库后可以阅读" in page.text
    assert counts() == (0, 0, 0)
    page = page.press("确认入库")
    assert page.path == "/regulations/shiyan-gongzuo-banfa"
    assert "《试验工作办法》已入库。" in page.text
    _, edition, law = queries.law_in_force("shiyan-gongzuo-banfa")
    assert (edition.issued_by, edition.effective_on) == ("试验机关办公室", date(2026, 3, 1))
    assert law.words("2.1.2") == "（二）便民。"
    assert edition.source == TEXT
    row = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "regulation.imported")).one()
    assert (row.actor_id, row.object_id, row.detail["articles"]) == (cast.he, str(edition.id), 3)


def test_doubts_stand_first_with_their_lines_and_have_to_be_ticked_off(app, cast, as_he):
    page = chosen(as_he, DOUBTFUL)
    assert "第9行：第二条之后是第四条，缺少第三条。" in page.text
    assert page.text.index("缺少第三条") < page.text.index("基本信息")
    again = page.press("下一步")
    assert (again.status, "请逐条核对疑问" in again.text) == (422, True)
    stored = again.press("下一步", accepted="y").press("确认入库")
    assert "已入库" in stored.text
    row = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "regulation.imported")).one()
    assert row.detail["doubts"] == ["missing"]


def test_a_text_that_cannot_be_stored_offers_another_file_only(app, cast, as_he):
    page = chosen(as_he, BROKEN)
    assert "有疑问必须在文件中改正" in page.text
    assert "第二条重复出现" in page.text
    with pytest.raises(LookupError):
        page.form("下一步")
    sent = {
        "csrf_token": page.token,
        "title": "试",
        "slug": "shi",
        "effective_on": "2026-03-01",
        "accepted": "y",
    }
    assert as_he.post(page.path, data=sent).status_code == 422
    assert as_he.get(f"{page.path}/confirm").status_code == 404
    assert counts() == (0, 0, 0)


def test_a_day_that_the_text_lacks_is_asked_for(app, cast, as_he):
    page = chosen(as_he, TEXT.replace("　自2026年3月1日起施行", ""))
    assert page.form("下一步").values["effective_on"] == ""
    assert "请填写日期" in page.press("下一步").text
    assert page.press("下一步", effective_on="2026-04-01").h1 == "确认入库"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("slug", "import", "系统使用的地址"),
        ("slug", "search", "系统使用的地址"),
        ("slug", "试验", "只用小写字母"),
        ("slug", SLUG, f"“{SLUG}”是《信访工作条例》的标识"),
        ("title", "", "请填写名称"),
        ("title", "信访工作条例", "已经入库，标识是“xinfang-gongzuo-tiaoli”"),
        ("effective_on", "2026-13-01", "请填写日期"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(bank, as_he, field, value, sentence):
    page = chosen(as_he, TEXT).press("下一步", **{field: value})
    assert page.status == 422
    assert sentence in page.text


@pytest.mark.parametrize("name", ["办法.pdf", "办法.docx", "办法.exe"])
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(app, cast, as_he, name):
    page = chosen(as_he, b"\x00\x01\x02 not a document", name)
    assert page.status == 422
    assert "没有保存任何内容。" in page.text
    assert "请选择文件" in as_he.page("/regulations/import").press("识别结构").text


def test_what_was_chosen_stays_with_its_uploader_and_goes_when_given_up(app, cast, as_he, as_zhou):
    page = chosen(as_he, TEXT)
    assert as_zhou.get(page.path).status_code == 404
    assert "已放弃导入" in page.press("/discard").text
    assert as_he.get(page.path).status_code == 404


def test_nothing_is_stored_twice(app, cast, as_he):
    page = chosen(as_he, TEXT).press("下一步")
    page.press("确认入库")
    before = counts()
    assert "该文件正在入库或已经入库" in page.press("确认入库").text
    confirm = chosen(as_he, TEXT).press("下一步")
    assert "这份文本已经入库（2026年3月1日起施行的版本）" in confirm.text
    with pytest.raises(LookupError):
        confirm.form("确认入库")
    assert counts() == before


# A new edition ---------------------------------------------------------------------------------------------------


def revised(text: str, day: str) -> str:
    """An amended text of the shipped regulation."""
    return text.replace("施行日期：2022-05-01", f"施行日期：{day}").replace("协商受理", "共同受理")


def in_days(count: int) -> str:
    return (clock.today() + timedelta(days=count)).isoformat()


def suspended() -> int:
    return db.session.scalar(select(func.count()).where(Revision.status == "suspended"))


def test_a_new_edition_tells_what_it_changes_and_how_many_questions_stop(bank, as_he, text):
    page = chosen(as_he, revised(text, in_days(-5)), "条例.md")
    assert page.form("下一步").values["slug"] == SLUG
    page = page.press("下一步")
    assert "入库后立即成为现行版本，代替2022年5月1日起施行的版本" in page.text
    assert "1条：第二十四条" in page.text
    assert "49条" in page.text
    foretold = page.text.partition("入库后，")[2].partition("道已发布的试题")[0]
    page.press("确认入库")
    assert int(foretold) == suspended() > 0


def test_an_edition_for_a_later_day_waits_for_it(bank, as_he, text):
    page = chosen(as_he, revised(text, in_days(30)), "条例.md").press("下一步")
    day = dates.day(date.fromisoformat(in_days(30)))
    assert f"{day}起自动成为现行版本" in page.text
    assert f"从{day}起，" in page.text
    stored = page.press("确认入库")
    assert stored.status == 200
    assert queries.law_in_force(SLUG)[1].effective_on == date(2022, 5, 1)
    assert suspended() == 0


def test_an_older_edition_stops_nothing(bank, as_he, text):
    page = chosen(as_he, revised(text, "2005-05-01"), "条例.md").press("下一步")
    assert "早于现行版本的旧版本" in page.text
    assert "待复核" not in page.text
    page.press("确认入库")
    assert (queries.law_in_force(SLUG)[1].effective_on, suspended()) == (date(2022, 5, 1), 0)


def test_another_text_for_a_day_that_is_taken_is_told_at_the_day(bank, as_he, text):
    page = chosen(as_he, text.replace("协商受理", "共同受理"), "条例.md").press("下一步")
    assert (page.status, "已有这一天施行的版本" in page.text) == (422, True)


# Who may ---------------------------------------------------------------------------------------------------------


def test_only_who_writes_questions_or_administers_at_the_top_may(
    app, cast, as_jiang, as_li, as_fang, as_he, as_zhou
):
    db.session.add(Grant(person_id=cast.fang, role="writer", unit_id=cast.town, granted_at=clock.now()))
    db.session.commit()
    for client, may in ((as_jiang, False), (as_li, False), (as_fang, False), (as_he, True), (as_zhou, True)):
        assert client.get("/regulations/import").status_code == (200 if may else 404)
        assert ("导入法规" in client.page("/regulations/").text) is may


def test_the_number_of_statements_does_not_grow_with_the_text(bank, as_he, text):
    pages = [chosen(as_he, revised(text, "2026-01-01"), "条例.md"), chosen(as_he, TEXT)]
    seen = []
    for page in pages:
        with statements() as check:
            as_he.page(page.path)
        confirm = page.press("下一步")
        with statements() as sure:
            as_he.page(confirm.path)
        seen.append((len(check), len(sure)))
    assert max(seen[0]) < 16
    assert seen[0][0] == seen[1][0]


def test_a_title_with_an_edition_of_another_name_is_not_touched(bank, as_he, text):
    db.session.execute(update(Regulation).values(title="另一条例"))
    db.session.commit()
    page = chosen(as_he, revised(text, "2026-01-01"), "条例.md").press("下一步", slug=SLUG)
    assert (page.status, "是《另一条例》的标识" in page.text) == (422, True)
