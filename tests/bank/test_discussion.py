"""What writers and reviewers say to each other about a question, and versions of it side by side."""

import re

import pytest
from sqlalchemy import func, select

from quizapp import clock
from quizapp.bank import actions, discussion, review
from quizapp.bank.catalogue import history
from quizapp.bank.models import Bank, Comment, ImportBatch, Question, Revision
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people.models import Grant

ADDRESS = "/banks/xinfang-gongzuo-tiaoli"
QUESTION = f"{ADDRESS}/questions/LX-01"


@pytest.fixture
def batch(bank, cast, draft):
    """A draft by 何 from an import."""
    made, _ = actions.accept(
        [draft()],
        db.session.get(Bank, bank),
        file_name="题.md",
        data=b"x",
        by_id=cast.he,
        now=clock.now(),
    )
    db.session.commit()
    return made.id


def told(page):
    return re.findall(r'<li class="(\w+)">', page.html.split('class="timeline"')[1])


def test_writers_and_reviewers_see_each_others_words_with_name_and_time(as_he, as_zhou, batch, at):
    at.later(minutes=1)
    as_zhou.page(QUESTION).press("提交意见", text="第一款还是第二款？\r\n请核对。")
    at.later(minutes=5)
    page = as_he.page(QUESTION).press("提交意见", text="第一款。")
    time = r"\d{4}年\d+月\d+日 \d\d:\d\d"
    assert re.search(f"周明 提出意见，第1版，{time} 第一款还是第二款？ 请核对。", page.text)
    assert re.search(f"何平 提出意见，第1版，{time} 第一款。", page.text)
    assert told(page) == ["written", "comment", "comment"]


@pytest.mark.parametrize("text", ["", " \n　", "长" * 1001])
def test_an_empty_or_endless_comment_is_refused(as_he, batch, text):
    token = as_he.page(QUESTION).token
    reply = as_he.post(f"{QUESTION}/1/comments", data={"csrf_token": token, "text": text})
    assert reply.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 0


def test_a_comment_is_text(as_he, batch):
    assert (
        "<script>alert" not in as_he.page(QUESTION).press("提交意见", text="<script>alert(1)</script>").html
    )


def test_who_only_sees_the_bank_says_nothing_in_it(as_fang, cast, batch):
    db.session.add(Grant(person_id=cast.fang, role="reviewer", unit_id=cast.town, granted_at=clock.now()))
    page = as_fang.page(QUESTION)
    assert "提交意见" not in page.text
    reply = as_fang.post(f"{QUESTION}/1/comments", data={"csrf_token": page.token, "text": "好"})
    assert reply.status_code == 404


def test_the_reason_of_a_return_stays_in_the_line_of_time_after_it_is_submitted_again(as_he, as_zhou, batch):
    as_he.page(QUESTION).press("提交审核")
    page = as_zhou.page(QUESTION).press("退回", reason="依据不足")
    assert told(page).count("returned") == 1
    assert "周明 退回，第1版" in page.text
    page = as_he.page(QUESTION).press("提交审核")
    assert "依据不足" in page.text
    page = as_zhou.page(QUESTION).press("审核通过")
    assert told(page) == ["written", "returned", "published"]


def test_a_reason_from_before_comments_were_kept_is_shown_too(batch, bank):
    row = db.session.scalars(select(Revision).where(Revision.batch_id == batch)).one()
    row.status_reason = "旧的理由"
    db.session.commit()
    last = discussion.timeline(history(row.question_id))[-1]
    assert (last.at, last.kind, last.text) == (None, "returned", "旧的理由")


def test_undoing_an_import_takes_the_words_about_its_drafts_along(as_he, as_zhou, batch):
    as_zhou.page(QUESTION).press("提交意见", text="重复。")
    as_he.page(f"{ADDRESS}/imports").press("撤销导入")
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 0
    assert db.session.get(ImportBatch, batch).undone_at


def test_a_set_is_sent_back_with_one_comment_each(bank, cast, draft):
    shipped = db.session.get(Bank, bank)
    drafts = [draft(code=f"LX-{n}", stem=f"第{n}问（　　）。") for n in range(3)]
    ids = actions.store(drafts, shipped, by_id=cast.he, now=clock.now(), status="in_review").new
    review.send_back(ids, shipped, actor_id=cast.zhou, now=clock.now(), reason="请补充解析")
    assert set(db.session.scalars(select(Comment.text))) == {"退回：请补充解析"}
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 3


def test_an_action_refuses_what_the_form_would(bank, cast, batch):
    row = db.session.scalars(select(Revision).where(Revision.batch_id == batch)).one()
    with pytest.raises(Refused):
        discussion.comment(row, "LX-01", db.session.get(Bank, bank), "　", by_id=cast.he, now=clock.now())


# Versions side by side ------------------------------------------------------------------------------------------


def edit(client, code="XF-024-01", **fields):
    client.page(f"{ADDRESS}/questions/{code}/edit").press("保存为草稿", **fields)


def test_a_version_is_compared_with_the_one_before_it(as_he, bank):
    edit(as_he, explanation="首先由所涉及的机关、单位协商受理。", tags="受理")
    page = as_he.page(f"{ADDRESS}/questions/XF-024-01").follow("与上一版比较")
    assert page.h1 == "试题XF-024-01：第1版与第2版"
    assert "2处不同" in page.text
    assert "<ins" in page.html
    assert "<del" in page.html
    assert "【新增：受理】" in page.text
    assert "没有变化的" in page.text


def test_any_two_versions_are_compared(as_he, bank):
    edit(as_he, difficulty="4")
    edit(as_he, difficulty="5")
    page = as_he.page(f"{ADDRESS}/questions/XF-024-01/3/changes?from=1")
    assert "第1版与第3版" in page.h1
    assert "第2版与第3版" in as_he.page(f"{ADDRESS}/questions/XF-024-01/3/changes").h1
    assert page.form("比较").choices["from"] == {"1", "2"}


@pytest.mark.parametrize("path", ["1/changes", "2/changes", "1/changes?from=1", "1/changes?from=9"])
def test_there_is_nothing_to_compare_with_what_is_not_there(as_he, bank, path):
    as_he.page(f"{ADDRESS}/questions/XF-024-01/{path}", status=404)


def test_a_question_of_another_bank_is_not_compared_here(as_he, bank):
    assert db.session.scalars(select(Question).where(Question.code == "XF-024-01")).one().bank_id == bank
    as_he.page("/banks/none/questions/XF-024-01/1/changes", status=404)
