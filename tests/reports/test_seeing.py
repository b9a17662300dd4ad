"""Whose score a reader sees: one rule, by properties on random trees, and walked over every page and file."""

import io
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from quizapp import clock, config
from quizapp.db import db
from quizapp.exams.models import Candidate, Exam, ExamUnit, Tally
from quizapp.exams.seeing import is_leading, may_see_score, sees_only_from, words
from quizapp.people import tree
from quizapp.people.models import Grant
from quizapp.reports.jobs import refresh_spreads
from quizapp.reports.models import ExamSpread
from tests.cast import sign_in
from tests.people.test_tree import ancestors, trees
from tests.pulling import Puller, make_token


@given(trees(), st.data())
def test_scores_are_seen_from_the_own_unit_or_above_and_those_of_leaders_only_from_above(places, data):
    numbers = tree.numbering(places)
    granted = data.draw(st.lists(st.sampled_from(places), max_size=3))
    person = data.draw(st.sampled_from(places))
    above = {place.id for place in granted} & ancestors(places, person)
    here = person.id in {place.id for place in granted}
    reach = [numbers[place.id] for place in granted]
    lft = numbers[person.id][0]
    assert may_see_score(lft, reach, leading=False, own=False) is bool(above or here)
    assert may_see_score(lft, reach, leading=True, own=False) is bool(above)
    assert may_see_score(lft, [], leading=True, own=True)


@pytest.mark.parametrize(
    ("category", "post", "named", "leading"),
    [
        ("领导班子成员", "", "领导班子成员", True),
        ("公务员", "党组书记、局长", "领导班子成员、局长", True),
        ("公务员", "副局长", "局长", False),
        ("公务员", "局长", "", False),
        ("", "", "领导班子成员", False),
    ],
)
def test_the_setting_names_categories_and_posts(category, post, named, leading):
    assert is_leading(category, post, named) is leading
    assert "" not in words(named)


PATHS = (
    *("/reports/", "/reports/exams/{exam}", "/reports/exams/{exam}?unit={office}"),
    *(f"/reports/exams/{{exam}}/people?only={only}" for only in ("all", "done", "open", "excluded")),
    "/reports/exams/{exam}/people?only=all&unit={office}",
    "/reports/exams/{exam}/file.csv",
    "/reports/exams/{exam}/file.xlsx",
    "/reports/exams/{exam}/file.xlsx?unit={office}",
    *("/reports/exams/{exam}/heat", "/reports/exams/{exam}/heat?unit={office}"),
    "/reports/exams/{exam}/heat?by=chapter&unit={office}",
    "/reports/people/{jiang}",
    "/reports/daily",
    "/reports/daily/file.csv",
)


def everything(client, cast, exam):
    """The text of all pages and files of reports that this person may open; some must open."""
    found, opened = [], 0
    for path in PATHS:
        reply = client.get(path.format(exam=exam, office=cast.office, jiang=cast.jiang))
        assert reply.status_code in (200, 404), path
        opened += reply.status_code == 200
        if reply.status_code == 200 and ".xlsx" in path:
            book = CalamineWorkbook.from_filelike(io.BytesIO(reply.data))
            found += [str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
        else:
            found.append(reply.data.decode("utf-8-sig"))
    assert opened > 5
    return re.sub(r"<svg.*?</svg>", "", "\n".join(found), flags=re.S)


def holding(app, cast, role, unit, who="luo"):
    db.session.add(Grant(person_id=getattr(cast, who), role=role, unit_id=unit, granted_at=clock.now()))
    db.session.commit()
    return sign_in(app.test_client(), getattr(cast, who))


@pytest.fixture
def leading(results, cast):
    """江, who scored 78.5, belongs to the 领导班子 of 县信访局."""
    db.session.execute(
        update(Candidate).where(Candidate.person_id == cast.jiang).values(category="领导班子成员")
    )
    db.session.commit()
    refresh_spreads()
    return results


def test_a_leader_of_the_own_unit_sees_the_score_of_a_colleague_and_not_of_the_board(leading, app, cast):
    text = everything(holding(app, cast, "leader", cast.office), cast, leading)
    assert "42.5" in text
    assert "78.5" not in text
    assert "不显示" in text


# Of 县信访局, 罗 has 42.5 (failed) and 江, of the 领导班子, 78.5 (passed): what the two make together tells hers.
TOGETHER = {
    "平均分": "60.5",
    "得分之和": "121分",
    "合格率": "50.0%",
    "合格人数": "合格1人",
    "中位数": "60.5",
    "分布": "不合格（60分以下）150.0%",
}
OTHERS = {"平均分": "42.5", "得分之和": "42.5分", "合格率": "0.0%", "合格人数": "合格0人"}


@pytest.mark.parametrize("figure", TOGETHER)
def test_no_figure_of_the_own_unit_lets_the_score_of_the_board_be_worked_out(leading, app, cast, figure):
    text = everything(holding(app, cast, "leader", cast.office), cast, leading)
    plain = re.sub(r"<[^>]*>|\s", "", text)
    assert TOGETHER[figure] not in plain
    assert OTHERS.get(figure, "42.5") in plain


def test_it_says_who_is_left_out_and_still_counts_everybody_as_having_sat_it(leading, app, cast):
    page = holding(app, cast, "leader", cast.office).page(f"/reports/exams/{leading}")
    assert "不含本单位领导班子成员1人，其成绩由上级单位查看" in page.text
    plain = page.text.replace(" ", "")
    assert "应考人数2人" in plain
    assert "参考率100.0%" in plain
    assert "领导班子成员1/1100.0%不显示不显示" in plain
    assert "公务员1/1100.0%0.0%0.0%42.542.5" in plain


def test_the_file_carries_what_the_page_carries(leading, app, cast):
    client = holding(app, cast, "leader", cast.office)
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"/reports/exams/{leading}/file.xlsx").data))
    header, whole, own = book.get_sheet_by_name("完成情况").to_python()
    assert own[1:] == whole[1:]
    told = dict(zip(header, whole, strict=True))
    assert {name: told[name] for name in ("实考", "合格人数", "合格率", "平均分", "中位数")} == {
        "实考": 2,
        "合格人数": 0,
        "合格率": "0.0%",
        "平均分": "42.5",
        "中位数": "42.5",
    }
    assert "不含本单位领导班子成员1人" in str(book.get_sheet_by_name("说明").to_python())


def test_the_documents_tell_what_the_page_tells_the_same_reader(leading, app, as_li, cast):
    own = holding(app, cast, "leader", cast.office)
    summary = own.get(f"/reports/exams/{leading}/summary.xlsx").data
    table = str(CalamineWorkbook.from_filelike(io.BytesIO(summary)).get_sheet_by_name("汇总表").to_python())
    assert "42.5" in table
    assert "60.5" not in table
    assert "不含本单位领导班子成员1人" in table
    names = own.get(f"/reports/exams/{leading}/scores.xlsx").data
    table = str(CalamineWorkbook.from_filelike(io.BytesIO(names)).get_sheet_by_name("成绩名册").to_python())
    assert "42.5" in table
    assert "78.5" not in table
    assert "不显示" in table
    text = own.page(f"/reports/exams/{leading}/circular").text
    assert "平均分为42.5分" in text
    assert "60.5" not in text
    above = as_li.page(f"/reports/exams/{leading}/circular?unit={cast.office}").text
    assert "平均分为60.5分" in above


def test_from_above_the_board_is_in_every_figure(leading, as_li, cast):
    page = as_li.page(f"/reports/exams/{leading}?unit={cast.office}")
    plain = page.text.replace(" ", "")
    assert "60.5分" in plain
    assert "不含本单位领导班子成员" not in plain
    assert "合格1人，应考合格率50.0%" in plain


def test_a_board_by_post_is_left_out_of_its_category_too(leading, app, cast):
    db.session.execute(
        update(Candidate)
        .where(Candidate.person_id == cast.jiang)
        .values(category="公务员", post="党组书记、局长")
    )
    config.store("LEADING_STAFF", "领导班子成员、局长")
    db.session.commit()
    client = holding(app, cast, "leader", cast.office)
    before = client.page(f"/reports/exams/{leading}").text.replace(" ", "")
    assert "78.5" not in before
    assert "42.542.5" not in before  # the job has not left her out yet: no median, no 人员类别
    db.session.get_one(Exam, leading).figures_at = None
    db.session.commit()
    refresh_spreads()
    after = client.page(f"/reports/exams/{leading}").text.replace(" ", "")
    assert "公务员2/2100.0%0.0%0.0%42.542.5" in after


def test_last_years_board_stays_out_of_the_comparison(leading, app, cast):
    this = db.session.get_one(Exam, leading)
    values = {c.name: getattr(this, c.name) for c in Exam.__table__.columns if c.name != "id"}
    moments = {"opens_at": this.opens_at.replace(year=2025), "closes_at": this.closes_at.replace(year=2025)}
    other = Exam(**values | moments | {"title": "2025年度考试"})
    db.session.add(other)
    db.session.flush()
    for table in (ExamUnit, Tally, ExamSpread):
        for row in db.session.scalars(select(table).where(table.exam_id == leading)).all():
            copied = {c.name: getattr(row, c.name) for c in table.__table__.columns}
            db.session.add(table(**copied | {"exam_id": other.id}))
    for row in db.session.scalars(select(Candidate).where(Candidate.exam_id == leading)).all():
        copied = {c.name: getattr(row, c.name) for c in Candidate.__table__.columns if c.name != "id"}
        db.session.add(Candidate(**copied | {"exam_id": other.id}))
    db.session.commit()
    text = holding(app, cast, "leader", cast.office).page(f"/reports/exams/{leading}").text.replace(" ", "")
    assert "平均分42.542.5持平" in text
    assert "中位数42.542.5持平" in text
    assert "合格率0.0%0.0%持平" in text
    assert "实考2人2人持平" in text
    above = sign_in(app.test_client(), cast.li)
    assert "平均分60.560.5持平" in above.page(f"/reports/exams/{leading}?unit={cast.office}").text.replace(
        " ", ""
    )


def test_a_program_of_the_own_unit_is_told_what_its_leader_is_told(leading, client, cast, at):
    exam = db.session.get_one(Exam, leading)
    exam.released_at = at(exam.closes_at + timedelta(days=2))
    db.session.commit()
    scopes = ("completion:read", "results:read")
    own = Puller(client, make_token(cast.office, *scopes))
    above = Puller(client, make_token(cast.county, *scopes))

    def result(puller, name):
        [one] = [one for one in puller.all(f"/exams/{leading}/results") if one["name"] == name]
        return [one[field] for field in ("status", "points", "passed", "excellent", "band", "finished_at")]

    def office(puller):
        [one] = [one for one in puller.all(f"/exams/{leading}/completion") if one["unit_code"] == "QS-XF"]
        return [one[field] for field in ("submitted", "scored", "passed", "pass_percent", "mean_points")]

    assert result(own, "江映雪") == ["submitted", None, None, None, None, None]
    assert result(own, "罗成")[:3] == ["submitted", "42.5", False]
    assert result(above, "江映雪")[:3] == ["submitted", "78.5", True]
    assert office(own) == [2, 1, 0, "0.0", "42.5"]
    assert office(above) == [2, 2, 1, "50.0", "60.5"]


@given(trees(), st.data())
def test_a_board_is_left_out_of_sums_exactly_where_its_scores_are_not_seen(places, data):
    numbers = tree.numbering(places)
    granted = data.draw(st.lists(st.sampled_from(places), max_size=3))
    reach = [numbers[place.id] for place in granted]
    for place in places:
        lft = numbers[place.id][0]
        seen = may_see_score(lft, reach, leading=False, own=False)
        board = may_see_score(lft, reach, leading=True, own=False)
        assert sees_only_from(lft, reach) is (seen and not board)


def test_the_unit_above_sees_the_scores_of_the_board(leading, as_li, cast):
    assert "78.5" in everything(as_li, cast, leading)


def test_who_belongs_to_the_board_sees_the_own_score(leading, app, cast):
    client = holding(app, cast, "leader", cast.office, "jiang")
    assert "78.5分" in client.page(f"/reports/people/{cast.jiang}").text


def test_another_setting_takes_the_protection_away(leading, app, cast):
    config.store("LEADING_STAFF", "局长")
    db.session.commit()
    assert "78.5" in everything(holding(app, cast, "leader", cast.office), cast, leading)


def test_a_unit_administrator_sees_no_score_and_no_figure_made_of_scores(leading, app, cast):
    client = holding(app, cast, "unit_administrator", cast.office)
    text = everything(client, cast, leading)
    for figure in ("42.5", "78.5", "60.5", "合格率", "平均分", "中位数", "优秀"):
        assert figure not in text, figure
    assert "参考率" in text


def test_a_person_outside_of_the_readers_units_has_no_page(leading, app, cast):
    client = holding(app, cast, "leader", cast.town, "fang")
    assert client.get(f"/reports/people/{cast.jiang}").status_code == 404
    assert client.get("/reports/people/999999").status_code == 404


def test_voided_exams_are_on_nobodys_page(leading, as_li, cast):
    db.session.get_one(Exam, leading).state = "voided"
    db.session.commit()
    assert as_li.get(f"/reports/people/{cast.jiang}").status_code == 404
