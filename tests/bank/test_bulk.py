"""The list of a bank's questions narrowed and sorted, and many of them changed at once."""

import re

import pytest
from sqlalchemy import func, select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.bank import bulk, catalogue, review
from quizapp.bank.catalogue import Filters
from quizapp.bank.models import Bank, Comment, Question, Revision
from quizapp.bank.storing import store
from quizapp.db import db
from quizapp.errors import Refused
from tests.statements import statements

ADDRESS = "/banks/xinfang-gongzuo-tiaoli"
MINE = "q=LX-"  # the questions of `many`


@pytest.fixture
def shipped(bank):
    return db.session.get(Bank, bank)


@pytest.fixture
def many(shipped, cast, draft):
    """Questions by 何: four drafts, LX-1 … LX-4."""
    drafts = [
        draft(
            code=f"LX-{n}",
            stem=f"第{n}问（　　）。",
            options=["共同受理", "协商受理", f"第{n}种办法"],
            difficulty=n,
            tags=["受理"] if n < 3 else [],
            explanation=f"理由之{n}。",
        )
        for n in range(1, 5)
    ]
    ids = store(drafts, shipped, by_id=cast.he, now=clock.now()).new
    db.session.commit()
    return ids


def codes(page):
    return list(dict.fromkeys(re.findall(r'<td class="nowrap wide-only">((?:LX|XF)-[\d-]+)</td>', page.html)))


def listed(client, query):
    return codes(client.page(f"{ADDRESS}?{query}"))


def statuses(ids):
    found = dict(db.session.execute(select(Revision.id, Revision.status).where(Revision.id.in_(ids))).all())
    return [found[one] for one in ids]


def revisions(code):
    query = select(Revision).join(Question).where(Question.code == code).order_by(Revision.number)
    return db.session.scalars(query).all()


def bulk_page(client, step, scope="all", query=MINE, **picks):
    picked = "".join(f"&pick={one}" for one in picks.get("pick", []))
    return client.page(f"{ADDRESS}/bulk?step={step}&scope={scope}&{query}{picked}")


# The list -------------------------------------------------------------------------------------------------------


def test_words_are_found_in_stem_option_explanation_and_code(as_he, many):
    assert listed(as_he, "q=第3种办法") == ["LX-3"]
    assert listed(as_he, "q=理由之2") == ["LX-2"]
    assert listed(as_he, "q=第4问") == ["LX-4"]
    assert listed(as_he, "q=lx-1") == ["LX-1"]
    assert listed(as_he, "q=第3种办法+LX-4") == []
    assert listed(as_he, "q=%25") == []


def test_letters_of_the_stored_form_are_not_words(as_he, many):
    """A list is kept as JSON, in which Han characters may be written as escapes: nobody finds those."""
    assert listed(as_he, "q=u7b2c") == []
    assert listed(as_he, f"{MINE}+5171") == []


def test_the_list_is_narrowed_by_tag_and_by_author(as_he, cast, many):
    assert listed(as_he, f"tag=受理&{MINE}") == ["LX-1", "LX-2"]
    assert listed(as_he, f"tag=受&{MINE}") == []
    assert listed(as_he, f"author={cast.he}") == ["LX-1", "LX-2", "LX-3", "LX-4"]
    assert listed(as_he, f"author={cast.zhou}") == []
    form = as_he.page(ADDRESS).form("查找")
    assert "受理" in form.choices["tag"]
    assert form.choices["author"] == {"", str(cast.he)}


def test_the_list_is_sorted_and_paged_as_asked_and_the_pager_keeps_it(as_he, many):
    assert listed(as_he, f"sort=changed&{MINE}") == ["LX-1", "LX-2", "LX-3", "LX-4"]
    assert listed(as_he, "sort=changed")[0] == "LX-1"
    assert listed(as_he, "sort=difficulty&size=120")[-1] != listed(as_he, "size=120")[-1]
    assert len(listed(as_he, "size=60")) == 60
    assert len(listed(as_he, "size=7&sort=none")) == 30
    page = as_he.page(f"{ADDRESS}?status=published&sort=difficulty&size=60&q=信访&_scheme=x&slug=y").follow(
        "下一页"
    )
    form = page.form("查找")
    assert [form.values[name] for name in ("status", "sort", "size", "q")] == [
        "published",
        "difficulty",
        "60",
        "信访",
    ]


def test_an_address_hands_on_nothing_but_what_the_list_knows(as_he, bank):
    reply = as_he.get(f"{ADDRESS}/bulk?q=LX-&_external=1&_scheme=ftp&_anchor=x&slug=y&csrf_token=z")
    assert (reply.status_code, reply.headers["Location"]) == (303, f"{ADDRESS}?q=LX-")


def test_what_the_list_shows_is_what_all_means(shipped, many):
    for filters in (Filters(), Filters(words="LX-", tag="受理"), Filters(status="published", kind="judge")):
        ids = catalogue.revision_ids(shipped.id, filters)
        rows = catalogue.questions(shipped.id, filters, limit=1000)
        assert sorted(ids) == sorted(row.revision_id for row in rows)
        assert len(ids) == catalogue.count_questions(shipped.id, filters)


# Many at once ---------------------------------------------------------------------------------------------------


def test_the_picked_ones_are_submitted_and_the_list_comes_back_as_it_was(as_he, many):
    page = as_he.page(f"{ADDRESS}?{MINE}").press("下一步", pick=[many[0], many[2]], step="submit")
    assert "提交审核2题？" in page.text
    assert "由草稿转为待审" in page.text
    assert statuses(many) == ["draft"] * 4
    page = page.press("提交审核2题")
    assert "已提交审核2题。" in page.text
    assert (page.path, page.form("查找").values["q"]) == (ADDRESS, "LX-")
    assert statuses(many) == ["in_review", "draft", "in_review", "draft"]


def test_a_page_and_all_are_chosen_without_script(as_he, many):
    assert "提交审核4题？" in bulk_page(as_he, "submit", "page").text
    page = as_he.page(f"{ADDRESS}?size=30").press("下一步", scope="all", step="retire")
    total = db.session.scalar(select(func.count(Question.id)))
    assert f"停用{total}题？" in page.text
    assert "（前10题）" in page.text
    assert f"停用{30}题？" in as_he.page(ADDRESS).press("下一步", scope="page", step="retire").text


def test_nothing_chosen_and_nothing_possible_are_told(as_he, many):
    assert "没有选择试题" in as_he.page(ADDRESS).press("下一步", step="submit").text
    assert "没有可以提交审核的试题" in bulk_page(as_he, "submit", query="status=published").text
    token = as_he.page(ADDRESS).token
    reply = as_he.post(
        f"{ADDRESS}/bulk", data={"csrf_token": token, "step": "submit", "ids": "x,,9999999999"}
    )
    assert reply.status_code == 422


def test_a_reviewer_publishes_and_sends_back_many_with_a_reason(as_he, as_zhou, many):
    bulk_page(as_he, "submit").press("提交审核4题")
    page = bulk_page(as_zhou, "return", query="tag=受理&status=in_review").press(
        "退回2题", reason="请补充依据"
    )
    assert "已退回2题。" in page.text
    assert set(db.session.scalars(select(Comment.text))) == {"退回：请补充依据"}
    page = bulk_page(as_zhou, "approve", query=MINE)
    assert "审核通过2题？" in page.text
    assert "选中的另外2题状态不符，不改动" in page.text
    page = page.press("审核通过2题")
    assert "已发布2题。" in page.text
    assert "2题没有发布" in page.text
    assert statuses(many) == ["draft", "draft", "published", "published"]


def test_a_reason_is_asked_for(as_he, many):
    page = bulk_page(as_he, "retire")
    assert page.press("停用4题", reason=" ").status == 409
    assert statuses(many) == ["draft"] * 4
    assert "已停用4题。" in page.press("停用4题", reason="重复").text
    assert {revisions(f"LX-{n}")[0].status_reason for n in range(1, 5)} == {"重复"}


def test_tags_make_drafts_and_what_is_published_stays_until_they_are_approved(as_he, as_zhou, bank):
    query = "article=24&status=published"
    before = {row.code for row in catalogue.questions(bank, Filters(article="24", status="published"))}
    page = bulk_page(as_he, "tag", query=query)
    assert "各产生一个新的草稿版本；已发布的版本继续使用" in page.text
    page = page.press(f"加标签{len(before)}题", tags="复习、受理")
    assert f"已加标签{len(before)}题。" in page.text
    for code in before:
        old, new = revisions(code)
        assert (old.status, new.status) == ("published", "draft")
        assert new.tags == [*old.tags, *(tag for tag in ("复习", "受理") if tag not in old.tags)]
    made = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "bank.revised")).one()
    assert set(made.detail["codes"]) == before
    bulk_page(as_he, "submit", query="tag=复习").press("提交审核")
    bulk_page(as_zhou, "approve", query="tag=复习").press("审核通过")
    assert {revisions(code)[1].status for code in before} == {"published"}


def test_tags_go_and_uses_change_and_the_same_again_makes_nothing(as_he, many):
    page = bulk_page(as_he, "untag").press("去标签4题", tags="受理")
    assert "已去标签2题。" in page.text
    assert "2题内容没有变化" in page.text
    assert [row.tags for row in revisions("LX-1")] == [["受理"], []]
    page = bulk_page(as_he, "uses").press("改用途4题", uses=["mock"])
    assert "已改用途4题。" in page.text
    assert revisions("LX-1")[-1].uses == "mock"
    assert "4题内容没有变化" in bulk_page(as_he, "uses").press("改用途4题", uses=["mock"]).text
    assert bulk_page(as_he, "uses").press("改用途4题", uses=[]).status == 422
    assert len(revisions("LX-1")) == 3


def test_a_stopped_question_is_not_revived_and_one_that_misquotes_is_left_with_its_reason(
    as_he, shipped, cast, draft, many
):
    bulk_page(as_he, "retire", query="q=LX-1").press("停用1题", reason="重复")
    row = db.session.get(Revision, many[1])
    row.stem = ""  # as if the rules had become stricter since
    db.session.commit()
    page = bulk_page(as_he, "tag")
    assert "加标签3题？" in page.text
    page = page.press("加标签3题", tags="新")
    assert "已加标签2题。" in page.text
    assert "2题没有加标签" in page.text
    assert "LX-1：试题已停用" in page.text
    assert "LX-2：没有题干" in page.text


def test_of_two_versions_of_a_question_one_draft_is_made(as_he, bank):
    bulk_page(as_he, "tag", query="article=24&status=published&q=XF-024-01").press("加标签1题", tags="甲")
    both = [row.id for row in revisions("XF-024-01")]
    page = bulk_page(as_he, "tag", "picked", query="", pick=both)
    page.press("加标签1题", tags="乙")
    assert [row.tags[-2:] for row in revisions("XF-024-01")][-1] == ["甲", "乙"]
    assert len(revisions("XF-024-01")) == 3


# Who, and how dear ----------------------------------------------------------------------------------------------


def test_each_act_is_for_its_role(as_he, as_zhou, many):
    offered = as_he.page(ADDRESS).form("下一步").choices["step"]
    assert offered == {"submit", "retire", "tag", "untag", "uses"}
    assert as_zhou.page(ADDRESS).form("下一步").choices["step"] == offered | {"approve", "return"}
    as_he.page(f"{ADDRESS}/bulk?step=approve&scope=all", status=404)
    as_he.page(f"{ADDRESS}/bulk?step=none", status=404)
    token = as_he.page(ADDRESS).token
    reply = as_he.post(f"{ADDRESS}/bulk", data={"csrf_token": token, "step": "approve", "ids": many[0]})
    assert reply.status_code == 404


def test_questions_of_another_bank_are_never_touched(as_he, cast, draft, many, shipped):
    other = Bank(slug="other", title="别的题库", regulation_id=shipped.regulation_id, created_at=clock.now())
    db.session.add(other)
    db.session.flush()
    [theirs] = store([draft()], other, by_id=cast.he, now=clock.now()).new
    db.session.commit()
    assert "没有选择试题" in bulk_page(as_he, "submit", "picked", pick=[theirs]).text
    page = bulk_page(as_he, "submit")
    data = {"csrf_token": page.token, "step": "submit", "ids": f"{theirs},{many[0]}"}
    as_he.post(f"{ADDRESS}/bulk", data=data)
    assert statuses([theirs, many[0]]) == ["draft", "in_review"]


def test_too_many_are_refused(shipped):
    with pytest.raises(Refused):
        bulk.chosen(shipped.id, range(bulk.MOST + 1))


@pytest.mark.parametrize(
    ("step", "fields"),
    [("submit", {}), ("approve", {}), ("retire", {"reason": "旧"}), ("tag", {"tags": "甲"})],
)
def test_an_act_takes_as_many_statements_for_four_as_for_two(
    as_he, as_zhou, shipped, cast, draft, step, fields
):
    client = as_zhou if step == "approve" else as_he

    def count(numbers):
        drafts = [draft(code=f"N-{n}", stem=f"情形{n}（　　）。") for n in numbers]
        ids = store(drafts, shipped, by_id=cast.he, now=clock.now()).new
        if step == "approve":
            review.submit(ids, shipped, actor_id=cast.he)
        db.session.commit()
        page = bulk_page(client, step, "picked", query="", pick=ids)
        data = {"csrf_token": page.token, "step": step, "ids": ",".join(map(str, ids)), **fields}
        with statements() as seen:
            assert client.post(f"{ADDRESS}/bulk", data=data).status_code == 303
        if step == "approve":
            assert set(statuses(ids)) == {"published"}
        return len(seen)

    assert count([1, 2]) == count([3, 4, 5, 6])
