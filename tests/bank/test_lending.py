"""出借: the page that lends, and what each level opens of a bank's pages to a borrower's people."""

import re

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.bank import access, lending
from quizapp.bank.models import ErrorReport, Loan, Question, Revision
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people.models import Unit
from tests.lent import SECRET, grant, lend, make_bank, village_of
from tests.statements import statements

ROLES = ("writer", "reviewer", "administrator", "exam_administrator")
HOME = "/banks/xinfangju"


@pytest.fixture
def lent(bank, cast):
    """A bank of 县信访局; 方 holds every role on 云岭镇, to which it may be lent."""
    grant(cast.fang, cast.town, *ROLES)
    return make_bank(cast.office)


@pytest.fixture
def as_owner(as_luo, cast):
    """罗 administers 县信访局."""
    grant(cast.luo, cast.office, "administrator")
    return as_luo


def audited(action):
    return db.session.scalars(select(AuditEvent).where(AuditEvent.action == action)).all()


def loans():
    return [(loan.unit_id, loan.level) for loan in db.session.scalars(select(Loan))]


# The page -------------------------------------------------------------------------------------------------------


def test_an_administrator_of_the_owner_finds_a_unit_and_lends(lent, cast, as_owner):
    page = as_owner.page(HOME).follow("出借")
    assert "还没有出借给其他单位" in page.text
    page = page.press("搜索", q="云岭")
    assert "县信访局" not in [words for words, _ in page.links if "选择" in words]
    page = page.follow("云岭镇")
    assert "出借给“云岭镇”" in page.text
    assert "看不到标准答案" in page.text
    assert page.press("出借题库").status == 422  # no level chosen
    page = page.press("出借题库", level="compose")
    assert "已出借给“云岭镇”及全部下级单位：组卷可用。" in page.text
    assert loans() == [(cast.town, "compose")]
    [trace] = audited("bank.lent")
    assert trace.detail == {"unit": cast.town, "level": "compose"}


def test_a_level_is_changed_and_a_loan_ended_with_a_trace(lent, cast, as_owner):
    lend(lent, cast.town, "practise")
    page = as_owner.page(f"{HOME}/loans").follow("更改或结束")
    assert "已发布的考试和已有的练习记录不受影响" in page.text
    assert page.form("更改使用方式").values["level"] == "practise"
    page = page.press("更改使用方式", level="maintain")
    assert "已改为“共同维护”" in page.text
    assert loans() == [(cast.town, "maintain")]
    assert audited("bank.loan_changed")[0].detail["before"] == "practise"
    page = page.follow("更改或结束").press("结束")
    assert "已结束出借" in page.text
    assert loans() == []
    assert audited("bank.loan_ended")[0].detail == {"unit": cast.town, "level": "maintain"}


def test_a_unit_has_a_bank_once(lent, cast, as_owner):
    page = as_owner.page(f"{HOME}/loans?unit={cast.town}")
    page.press("出借题库", level="practise")
    again = page.press("出借题库", level="maintain")
    assert (again.status, "已经出借给“云岭镇”" in again.text) == (409, True)
    assert loans() == [(cast.town, "practise")]


def test_a_sealed_bank_is_lent_for_exams_but_never_for_practice(lent, cast, as_owner):
    lent.sealed = True
    db.session.commit()
    page = as_owner.page(f"{HOME}/loans?unit={cast.town}")
    assert page.form("出借题库").choices["level"] == {"compose", "maintain"}
    data = {"csrf_token": page.token, "unit": cast.town, "level": "practise"}
    assert as_owner.post(f"{HOME}/loans", data=data).status_code == 409
    page.press("出借题库", level="compose")
    loan = db.session.scalars(select(Loan)).one()
    step = f"{HOME}/loans/{loan.id}/change"
    assert as_owner.post(step, data={"csrf_token": page.token, "level": "practise"}).status_code == 409
    assert loans() == [(cast.town, "compose")]


def test_what_makes_no_sense_is_refused(lent, bank, cast, as_owner, as_zhou):
    page = as_owner.page(f"{HOME}/loans")
    own = {"csrf_token": page.token, "unit": cast.office, "level": "compose"}
    assert as_owner.post(f"{HOME}/loans", data=own).status_code == 409
    assert as_owner.post(f"{HOME}/loans", data=own | {"unit": 999}).status_code == 404
    assert as_owner.post(f"{HOME}/loans", data=own | {"level": "own"}).status_code == 422
    as_zhou.page("/banks/xinfang-gongzuo-tiaoli/loans", status=404)  # shipped: everybody has it
    with pytest.raises(Refused):
        lending.lend(
            db.session.get_one(access.Bank, bank),
            db.session.get_one(Unit, cast.town),
            "compose",
            by_id=cast.zhou,
            now=clock.now(),
        )
    assert loans() == []


def test_a_loan_is_touched_only_from_its_own_bank(lent, cast, as_owner):
    other = make_bank(cast.town, slug="yunling")
    foreign = lend(other, cast.office, "practise")
    page = as_owner.page(f"{HOME}/loans")
    reply = as_owner.post(f"{HOME}/loans/{foreign.id}/end", data={"csrf_token": page.token})
    assert reply.status_code == 404
    assert loans() == [(cast.office, "practise")]


def test_units_are_found_by_name_in_trees_of_any_size(lent, cast, as_owner):
    town = db.session.get_one(Unit, cast.town)
    rows = [
        Unit(
            code=f"V-{n}",
            name=f"第{n}村",
            parent_id=town.id,
            lft=town.lft + 2 * n - 1,
            rgt=town.lft + 2 * n,
            sort=n,
        )
        for n in range(1, 41)
    ]
    db.session.add_all(rows)
    db.session.commit()
    page = as_owner.page(f"{HOME}/loans")
    assert "共42个单位，显示前30个" in page.text
    assert "第37村" not in page.text
    assert "第37村" in as_owner.page(f"{HOME}/loans?q=37村").text
    assert "没有找到单位" in as_owner.page(f"{HOME}/loans?q=%25").text


def test_the_page_runs_a_constant_number_of_statements(lent, cast, as_owner):
    def count():
        with statements("SELECT") as seen:
            as_owner.page(f"{HOME}/loans")
            as_owner.page("/banks/")
        return len(seen)

    lend(lent, cast.town, "compose")
    before = count()
    for slug, unit in (("eins", cast.office), ("zwei", cast.office)):
        lend(make_bank(unit, slug=slug), cast.town, "maintain")
    lend(lent, cast.county, "practise")
    lend(lent, village_of(cast.town).id, "maintain")
    assert count() == before


def test_what_a_closed_unit_has_can_still_be_ended_but_nothing_more_is_lent_to_it(lent, cast, as_owner):
    lend(lent, cast.town, "compose")
    db.session.get_one(Unit, cast.town).closed_on = clock.today()
    db.session.commit()
    page = as_owner.page(f"{HOME}/loans").follow("更改或结束").press("结束")
    assert loans() == []
    assert "云岭镇" not in page.text
    data = {"csrf_token": page.token, "unit": cast.town, "level": "compose"}
    assert as_owner.post(f"{HOME}/loans", data=data).status_code == 409


# A walk over all bank routes as a borrower ------------------------------------------------------------------------

OPEN_TO_ALL = {"bank.index", "bank.index_new", "bank.template", "bank.my_reports", "bank.reports"}
NOTHING_THERE = {
    "bank.batch",
    "bank.question_changes",
    "bank.bulk_change",
}  # no batch, one version, no choice
KEPT_BY_OWNER = {"bank.loans", "bank.loan_step", "bank.seal"}


def routes(app, lent, report, loan):
    """(endpoint, method, address) of every route of one bank."""
    values = {
        "slug": lent.slug,
        "code": "xinfangju-1",
        "number": 1,
        "token": "no-such-upload",
        "batch_id": 1,
        "loan_id": loan.id if loan else 1,
        "report_id": report.id,
        "place": 0,
    }
    chosen = {
        "bank.question_step": "submit",
        "bank.batch": "undo",
        "bank.loan_step": "change",
        "bank.load_decide": "take",
    }
    with app.test_request_context():
        return [
            (
                rule.endpoint,
                method,
                app.url_for(
                    rule.endpoint,
                    **{
                        name: chosen[rule.endpoint] if name == "step" else values[name]
                        for name in rule.arguments
                    },
                ),
            )
            for rule in app.url_map.iter_rules()
            if rule.endpoint.startswith("bank.") and rule.endpoint not in OPEN_TO_ALL
            for method in sorted((rule.methods or set()) & {"GET", "POST"})
        ]


@pytest.mark.parametrize("level", ["none", "practise", "compose", "maintain"])
def test_a_walk_over_all_bank_routes_as_a_borrower(app, lent, cast, as_fang, level):
    loan = None if level == "none" else lend(lent, cast.town, level)
    revision = db.session.scalars(select(Revision).join(Question).where(Question.bank_id == lent.id)).first()
    report = ErrorReport(
        question_id=revision.question_id,
        revision_id=revision.id,
        person_id=cast.jiang,
        text="错",
        sent_at=clock.now(),
    )
    db.session.add(report)
    db.session.commit()
    as_fang.page("/banks/")
    listed = {"none": False, "practise": False, "compose": True, "maintain": True}[level]
    assert ("xinfangju题库" in as_fang.page("/banks/").text) == listed
    wrong = []
    walked = routes(app, lent, report, loan)
    assert len(walked) > 20
    for endpoint, method, address in walked:
        data = {"csrf_token": as_fang.token} if method == "POST" else None
        reply = as_fang.open(address, method=method, data=data)
        status = reply.status_code
        if SECRET.encode() in reply.data and level != "maintain":
            wrong.append((endpoint, "shows an explanation"))
        if level == "maintain" and endpoint not in KEPT_BY_OWNER:
            absent = "no-such-upload" in address or endpoint in NOTHING_THERE
            fine = status in (303, 404, 409) if absent else status in (200, 303, 409, 422)
        elif level == "compose" and (endpoint, method) == ("bank.show", "GET"):
            fine = status == 200
        else:
            fine = status == 404
        if not fine:
            wrong.append((endpoint, method, status))
    assert not wrong, "\n".join(map(str, wrong))
    assert lent.sealed is False
    assert len(loans()) == (0 if loan is None else 1)


# What the levels open ---------------------------------------------------------------------------------------------


def test_composing_shows_figures_and_nothing_else(lent, cast, as_fang):
    lend(lent, cast.town, "compose")
    page = as_fang.page("/banks/")
    assert "组卷可用" in page.text
    page = page.follow("xinfangju题库")
    assert "已发布6题" in page.text
    assert re.search("第三章.*6", page.text)
    for hidden in ("第1道题干", SECRET, "导出", "导入", "新建试题", "出借"):
        assert hidden not in page.text.replace("由其他单位出借", ""), hidden


def test_maintaining_is_writing_and_reviewing_but_not_lending_or_sealing(lent, cast, as_fang, as_owner):
    lend(lent, cast.town, "maintain")
    page = as_fang.page(HOME)
    assert "共同维护" in as_fang.page("/banks/").text
    assert "设为封闭题库" not in page.html
    assert "/loans" not in page.html
    assert "/loans" in as_owner.page(HOME).html
    as_fang.page(f"{HOME}/questions/xinfangju-1").press("停用", reason="重复")
    statuses = db.session.scalars(select(Revision.status).join(Question).where(Question.bank_id == lent.id))
    assert sorted(statuses) == ["published"] * 5 + ["retired"]


def test_each_role_of_the_borrower_does_what_it_does_at_the_owner(lent, cast, as_jiang):
    lend(lent, cast.town, "maintain")
    grant(cast.jiang, cast.town, "writer")
    as_jiang.page(f"{HOME}/questions/xinfangju-1/edit")
    page = as_jiang.page(f"{HOME}/questions/xinfangju-1")
    reply = as_jiang.post(f"{HOME}/questions/xinfangju-1/1/approve", data={"csrf_token": page.token})
    assert reply.status_code == 404  # a writer does not review


def test_a_loan_reaches_the_unit_and_all_below_but_no_neighbour(lent, cast, as_jiang, as_luo):
    village = village_of(cast.town)
    grant(cast.jiang, village.id, "writer")
    other = make_bank(cast.county, slug="xian")
    lend(other, cast.town, "compose")
    assert "xian题库" in as_jiang.page("/banks/").text
    grant(cast.luo, cast.office, "writer")
    assert "xian题库" not in as_luo.page("/banks/").text
    as_luo.page("/banks/xian", status=404)


def test_keepers_by_loan_answer_error_reports(lent, cast, as_fang):
    revision = db.session.scalars(select(Revision).join(Question).where(Question.bank_id == lent.id)).first()
    row = ErrorReport(
        question_id=revision.question_id,
        revision_id=revision.id,
        person_id=cast.jiang,
        text="有错",
        sent_at=clock.now(),
    )
    db.session.add(row)
    loan = lend(lent, cast.town, "compose")
    assert "江映雪" not in as_fang.page("/banks/reports").text
    loan.level = "maintain"
    assert "江映雪" in as_fang.page("/banks/reports").text


def test_when_the_loan_ends_so_does_everything(lent, cast, as_fang, as_owner):
    lend(lent, cast.town, "maintain")
    as_fang.page(HOME)
    as_owner.page(f"{HOME}/loans?unit={cast.town}").press("结束")
    as_fang.page(HOME, status=404)
    assert "xinfangju题库" not in as_fang.page("/banks/").text
