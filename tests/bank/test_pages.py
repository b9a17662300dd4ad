"""The pages of banks: who sees and changes what, and each road from a file or a form to a published question."""

import os
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.bank import storing
from quizapp.bank.actions import create_bank
from quizapp.bank.models import Bank, ImportBatch, Question, Revision
from quizapp.db import db
from quizapp.people.models import Grant
from quizapp.regulations.models import Regulation
from tests.statements import statements

ADDRESS = "/banks/xinfang-gongzuo-tiaoli"
NEW = """## 单选题

1. 涉及两个或者两个以上机关、单位的信访事项，受理有争议的，由其（　　）决定受理机关。
A. 共同的上一级机关、单位
B. 本级党委和政府
答案：A
依据：第二十四条第一款 “由其共同的上一级机关、单位决定受理机关”
解析：第二十四条第一款原文；本级党委和政府是第二款职责不清时的规定。
编号：LX-01

2. 没有答案的题（　　）。
A. 甲
B. 乙
编号：LX-02
"""


def upload(page, text, name="题.md"):
    data = text if isinstance(text, bytes) else text.encode()
    return page.press("检查试题", file=(BytesIO(data), name))


def revisions(code):
    return db.session.scalars(
        select(Revision).join(Question).where(Question.code == code).order_by(Revision.number)
    ).all()


def audited(action):
    return db.session.scalars(select(AuditEvent).where(AuditEvent.action == action)).all()


@pytest.fixture
def own_bank(app, bank, cast):
    """A bank of 云岭镇, beside the shipped one."""
    made = create_bank(
        slug="yunling",
        title="云岭镇题库",
        regulation_id=db.session.scalars(select(Regulation.id)).one(),
        unit_id=cast.town,
        sealed=True,
        by_id=cast.zhou,
        now=clock.now(),
    )
    db.session.commit()
    return made.id


# Who sees what --------------------------------------------------------------------------------------------------


def test_a_cadre_and_a_leader_know_of_no_bank(as_jiang, as_li, bank):
    for path in ("/banks/", ADDRESS, f"{ADDRESS}/questions/XF-024-01", f"{ADDRESS}/import"):
        as_jiang.page(path, status=404)
        as_li.page(path, status=404)


def test_a_writer_below_sees_the_shipped_bank_but_does_not_change_it(as_fang, cast, bank):
    db.session.add(Grant(person_id=cast.fang, role="writer", unit_id=cast.town, granted_at=clock.now()))
    assert "导入试题" not in as_fang.page(ADDRESS).text
    as_fang.page(f"{ADDRESS}/import", status=404)
    as_fang.page(f"{ADDRESS}/questions/XF-024-01/edit", status=404)


def test_a_bank_is_for_its_unit_and_those_above(as_fang, as_luo, as_he, cast, own_bank):
    for person, unit in ((cast.fang, cast.town), (cast.luo, cast.office)):
        db.session.add(Grant(person_id=person, role="writer", unit_id=unit, granted_at=clock.now()))
    assert "云岭镇题库" in as_fang.page("/banks/").text
    assert "云岭镇题库" in as_he.page("/banks/").text
    assert "云岭镇题库" not in as_luo.page("/banks/").text
    as_luo.page("/banks/yunling", status=404)
    as_luo.page("/banks/yunling/imports", status=404)


# Reading --------------------------------------------------------------------------------------------------------


def test_the_list_is_narrowed_by_article_kind_use_and_words(as_he, bank):
    def codes(query):
        return set(re.findall(r"XF-\d{3}-\d\d", as_he.page(f"{ADDRESS}?{query}").text))

    of_article = codes("article=24")
    assert "XF-024-01" in of_article
    assert "XF-001-01" not in of_article
    assert codes("article=24&kind=single") < of_article
    assert codes("article=24&use=mock") <= of_article
    assert codes("q=XF-024-01") == {"XF-024-01"}
    assert codes("q=%25") == codes("status=draft") == set()
    assert codes("page=2").isdisjoint(codes("page=1"))


def test_filters_that_make_no_sense_find_nothing_or_are_ignored(as_he, bank):
    assert "没有符合条件的试题" in as_he.page(f"{ADDRESS}?kind=none").text
    assert "XF-001-01" in as_he.page(f"{ADDRESS}?difficulty=x&batch=y&page=-3").text


def test_a_question_stands_beside_its_article_with_the_quote_marked(as_he, bank):
    page = as_he.page(f"{ADDRESS}/questions/XF-024-01")
    assert "由所涉及的机关、单位协商受理" in page.html.split("<mark>")[1].split("</mark>")[0]
    assert "标准答案" in page.text


def test_reading_takes_a_constant_number_of_statements(app, as_he, bank):
    def count(path):
        with statements("SELECT") as seen:
            as_he.page(path)
        return len(seen)

    def load(number):
        text = NEW.replace("LX-", f"LX{number}-").replace("由其（", f"第{number}种情形由其（")
        upload(as_he.page(f"{ADDRESS}/import"), text).press("确认导入")

    paths = ["/banks/", ADDRESS, f"{ADDRESS}/questions/XF-024-01", f"{ADDRESS}/imports"]
    paths += [f"{ADDRESS}/questions/XF-024-01/edit?article=24", f"{ADDRESS}/bulk?step=tag&scope=all"]
    load(1)
    few = [count(path) for path in paths]
    load(2)
    load(3)
    assert [count(path) for path in paths] == few
    assert max(few) <= 20


# Import ---------------------------------------------------------------------------------------------------------


def test_an_import_tells_everything_first_and_writes_nothing_before(as_he, bank):
    before = db.session.scalar(select(func.count()).select_from(Revision))
    page = upload(as_he.page(f"{ADDRESS}/import"), NEW)
    assert "共2题，1题可导入，1题有错误。" in page.text
    assert "第11行，答案：没有答案" in page.text
    assert db.session.scalar(select(func.count()).select_from(Revision)) == before
    page = page.press("确认导入")
    assert "导入完成：新增1题，更新0题，未变0题。" in page.text
    [made] = revisions("LX-01")
    assert (made.status, made.number) == ("draft", 1)
    assert revisions("LX-02") == []
    assert len(audited("bank.imported")) == 1


def test_the_same_file_again_makes_no_revision(as_he, bank):
    upload(as_he.page(f"{ADDRESS}/import"), NEW).press("确认导入")
    page = upload(as_he.page(f"{ADDRESS}/import"), NEW)
    assert "1题与题库相同，不再导入" in page.text
    assert 'id="store"' in page.html
    assert 'form="store"' not in page.html  # nothing to confirm
    assert len(revisions("LX-01")) == 1


def test_an_accepted_import_cannot_be_accepted_twice(as_he, bank):
    page = upload(as_he.page(f"{ADDRESS}/import"), NEW)
    page.press("确认导入")
    assert as_he.read(as_he.post(page.path, data={"csrf_token": page.token})).status == 409
    assert len(revisions("LX-01")) == 1
    assert db.session.scalar(select(func.count()).select_from(ImportBatch)) == 1


def test_an_upload_is_nobody_elses(as_he, as_zhou, bank):
    page = upload(as_he.page(f"{ADDRESS}/import"), NEW)
    as_zhou.page(page.path, status=404)
    as_zhou.page(f"{page.path}/problems.csv", status=404)


def test_the_template_as_it_comes_is_a_file_that_imports(as_he, bank):
    template = as_he.get("/banks/template.xlsx")
    assert template.headers["Content-Disposition"].startswith("attachment")
    page = upload(as_he.page(f"{ADDRESS}/import"), template.data, "模板.xlsx")
    assert "共2题，1题可导入，1题请核对" in page.text
    assert "题库中已有相同题干的试题XF-024-01" in page.text


UNREADABLE = [
    ("题.exe", b"MZ", "不能读取这种文件"),
    ("题.docx", b"PK", "损坏"),
    ("题.xlsx", b"PK\x03\x04 half a zip", "损坏"),
    ("题.xlsx", b"<html>", "不是真正的Excel"),
    ("题.md", b"\xff\xff\xff", "编码无法识别"),
    ("题.csv", b"", "空的"),
]


def test_a_file_that_cannot_be_read_is_refused_with_a_sentence_and_not_kept(app, as_he, bank):
    page = as_he.page(f"{ADDRESS}/import")
    for name, data, words in UNREADABLE:
        form = {"csrf_token": page.token, "file": (BytesIO(data), name)}
        reply = as_he.read(as_he.post(page.path, data=form))
        assert (reply.status, words in reply.text) == (422, True), name
    assert not (Path(app.config["INSTANCE_DIR"]) / "uploads").exists()


def test_a_batch_is_submitted_approved_by_another_and_can_no_longer_be_undone(as_he, as_zhou, bank):
    upload(as_he.page(f"{ADDRESS}/import"), NEW).press("确认导入")
    as_he.page(f"{ADDRESS}/imports").press("全部提交审核")
    assert "已发布1题" in as_zhou.page(f"{ADDRESS}/imports").press("发布").text
    assert revisions("LX-01")[0].status == "published"
    page = as_he.page(f"{ADDRESS}/imports")
    assert "撤销导入" not in page.text
    batch_id = db.session.scalars(select(ImportBatch.id)).one()
    reply = as_he.post(f"{ADDRESS}/imports/{batch_id}/undo", data={"csrf_token": page.token})
    assert reply.status_code == 409
    assert revisions("LX-01")[0].status == "published"


def test_a_batch_of_drafts_is_undone_as_a_whole(as_he, bank):
    before = db.session.scalar(select(func.count()).select_from(Question))
    upload(as_he.page(f"{ADDRESS}/import"), NEW).press("确认导入")
    assert "已撤销该批次，删除1题" in as_he.page(f"{ADDRESS}/imports").press("撤销导入").text
    assert db.session.scalar(select(func.count()).select_from(Question)) == before
    assert len(audited("bank.import_undone")) == 1


# One question ---------------------------------------------------------------------------------------------------


def write(client, **fields):
    page = client.page(f"{ADDRESS}/new-question")
    values = {
        "kind": "judge",
        "stem": "信访事项由所涉及的机关、单位协商受理。",
        "key": "正确",
        "citations": "第二十四条第一款 “由所涉及的机关、单位协商受理”",
        "explanation": "原文。",
        "code": "LX-09",
    }
    return page.press("保存为草稿", **{**values, **fields})


def test_a_question_is_written_submitted_and_published_by_another(as_he, as_zhou, bank):
    page = write(as_he)
    assert "已保存为草稿" in page.text
    page.press("提交审核")
    assert "已发布" in as_zhou.page(f"{ADDRESS}/questions/LX-09").press("审核通过").text
    [made] = revisions("LX-09")
    assert (made.status, made.key, made.options) == ("published", "A", ["正确", "错误"])
    assert [len(audited(action)) for action in ("bank.written", "bank.submitted", "bank.published")] == [
        1,
        1,
        1,
    ]


def test_nobody_approves_their_own_question(as_zhou, cast, bank):
    write(as_zhou).press("提交审核")
    page = as_zhou.page(f"{ADDRESS}/questions/LX-09")
    assert "由其他审题人员审核" in page.text
    assert "审核通过" not in page.text
    reply = as_zhou.read(
        as_zhou.post(f"{ADDRESS}/questions/LX-09/1/approve", data={"csrf_token": page.token})
    )
    assert (reply.status, "不能审核自己" in reply.text) == (409, True)
    assert revisions("LX-09")[0].status == "in_review"


def test_a_writer_does_not_review(as_he, bank):
    write(as_he).press("提交审核")
    page = as_he.page(f"{ADDRESS}/questions/LX-09")
    for step in ("approve", "return"):
        reply = as_he.post(f"{ADDRESS}/questions/LX-09/1/{step}", data={"csrf_token": page.token})
        assert reply.status_code == 404


def test_a_misquoting_question_is_not_saved_and_what_was_typed_stays(as_he, bank):
    page = write(as_he, citations="第二十四条第一款 “共同受理”")
    assert page.status == 422
    assert "引文与第二十四条第一款的原文不一致" in page.text
    assert "共同受理" in page.html
    assert revisions("LX-09") == []


def test_a_code_that_is_taken_is_refused(as_he, bank):
    page = write(as_he, code="XF-024-01")
    assert (page.status, "已有相同编号" in page.text) == (409, True)
    assert len(revisions("XF-024-01")) == 1


def test_an_edit_is_a_new_draft_and_the_published_one_stays_until_it_is_approved(as_he, as_zhou, bank):
    page = as_he.page(f"{ADDRESS}/questions/XF-024-01/edit")
    page.press("保存为草稿", explanation="新的解析。")
    assert [r.status for r in revisions("XF-024-01")] == ["published", "draft"]
    as_he.page(f"{ADDRESS}/questions/XF-024-01").press("提交审核")
    as_zhou.page(f"{ADDRESS}/questions/XF-024-01").press("审核通过")
    assert [r.status for r in revisions("XF-024-01")] == ["retired", "published"]


def test_saving_without_a_change_makes_no_revision(as_he, bank):
    page = as_he.page(f"{ADDRESS}/questions/XF-024-01/edit").press("保存为草稿")
    assert "没有变化" in page.text
    assert len(revisions("XF-024-01")) == 1


def test_sending_back_and_retiring_need_a_reason(as_he, as_zhou, bank):
    write(as_he).press("提交审核")
    page = as_zhou.page(f"{ADDRESS}/questions/LX-09")
    reply = as_zhou.read(as_zhou.post(f"{ADDRESS}/questions/LX-09/1/return", data={"csrf_token": page.token}))
    assert (reply.status, "请写明理由" in reply.text) == (409, True)
    page.press("退回", reason="依据不足")
    assert (revisions("LX-09")[0].status, revisions("LX-09")[0].status_reason) == ("draft", "依据不足")
    as_he.page(f"{ADDRESS}/questions/LX-09").press("停用", reason="重复")
    assert revisions("LX-09")[0].status == "retired"


def test_what_is_written_in_a_question_is_text_and_never_markup(as_he, bank):
    """Hazard H36, on the bank's own pages."""
    canary = "<b\"'&><script>alert(1)</script>"
    write(as_he, stem=canary, explanation=canary, tags=canary, code="LX-36")
    for path in (
        f"{ADDRESS}/questions/LX-36",
        f"{ADDRESS}/questions/LX-36/edit",
        f"{ADDRESS}?q=LX-36&status=draft",
    ):
        html = as_he.page(path).html
        assert "&lt;b" in html
        assert "<script>alert" not in html
        assert canary not in html
    page = upload(as_he.page(f"{ADDRESS}/import"), f"## 判断题\n1. {canary}\n{canary}\n", f"{canary}.md")
    assert "<script>alert" not in page.html


def test_an_upload_waits_a_day_and_an_old_one_goes(app, as_he, bank):
    page = upload(as_he.page(f"{ADDRESS}/import"), NEW)
    [old] = (Path(app.config["INSTANCE_DIR"]) / "uploads").iterdir()
    os.utime(old, (0, 0))
    upload(as_he.page(f"{ADDRESS}/import"), NEW)
    as_he.page(page.path, status=404)
    assert not old.exists()


# Export and sealing ---------------------------------------------------------------------------------------------


def export(client, slug, **fields):
    page = client.page(f"/banks/{slug}")
    return client.post(f"/banks/{slug}/export", data={"csrf_token": page.token, **fields})


def test_a_bank_is_exported_and_imports_again_without_a_revision(as_he, bank):
    for kind in ("md", "xlsx"):
        reply = export(as_he, "xinfang-gongzuo-tiaoli", format=kind, reason="")
        assert reply.status_code == 200
        page = upload(as_he.page(f"{ADDRESS}/import"), reply.data, f"导出.{kind}")
        assert "新增0题" in page.text.replace(" ", "")
        assert "更新0题" in page.text.replace(" ", "")
    assert [event.detail["format"] for event in audited("bank.exported")] == ["md", "xlsx"]


def test_a_sealed_bank_is_exported_only_with_a_reason_that_is_logged(as_he, own_bank):
    reply = as_he.read(export(as_he, "yunling", format="md", reason=" "))
    assert (reply.status, "须写明理由" in reply.text) == (409, True)
    assert audited("bank.exported") == []
    assert export(as_he, "yunling", format="md", reason="送审").status_code == 200
    assert audited("bank.exported")[0].detail["reason"] == "送审"


def test_only_an_administrator_seals(as_he, as_zhou, bank):
    page = as_he.page(ADDRESS)
    assert as_he.post(f"{ADDRESS}/seal", data={"csrf_token": page.token, "sealed": "1"}).status_code == 404
    as_zhou.page(ADDRESS).press("设为封闭")
    assert db.session.get(Bank, bank).sealed is True
    assert len(audited("bank.sealed")) == 1


def test_a_new_bank_belongs_to_a_unit_of_its_maker(as_he, cast, bank):
    page = as_he.page("/banks/new").press(
        "新建题库", title="考试题库", slug="kaoshi", unit=str(cast.county), sealed=["y"]
    )
    assert "考试题库" in page.h1
    made = db.session.scalars(select(Bank).where(Bank.slug == "kaoshi")).one()
    assert (made.unit_id, made.sealed) == (cast.county, True)
    assert as_he.page("/banks/new").press("新建题库", title="又一个", slug="kaoshi").status == 409
    assert as_he.page("/banks/new").press("新建题库", title="又一个", slug="New").status == 200


def test_what_only_shows_over_the_whole_bank_stands_on_one_page(as_he, own_bank, draft, cast):
    own = db.session.get_one(Bank, own_bank)
    address = f"/banks/{own.slug}/soundness"
    assert "还没有已发布的试题" in as_he.page(address).text
    judged = draft(kind="judge", options=["正确", "错误"], key="A")
    drafts = [replace(judged, code=f"P-{n}", stem=f"第{n}种情形应当协商受理。") for n in range(40)]
    told = replace(draft(), code="P-40", options=["由其中一方受理", "第7种情形应当协商受理"], key="B")
    ids = storing.store([*drafts, told], own, by_id=cast.he, now=clock.now()).new
    db.session.execute(update(Revision).where(Revision.id.in_(ids)).values(status="published"))
    db.session.commit()
    page = as_he.page(address)
    for words in ("判断题中答案为正确的占100%", "少于4题的条文：第一条（0题）", "P-40", "P-7", "第二十四条"):
        assert words in page.text
    assert f'href="/banks/{own.slug}?article=24' in page.html
