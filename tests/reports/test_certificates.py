"""合格证 of a unit: who may see scores lists them, finds them and prints them; 领导班子 only from above."""

import io

import pypdf
import pytest
from sqlalchemy import select

from quizapp import clock, jobs
from quizapp.attempts.certificates.models import Certificate
from quizapp.db import db
from quizapp.exams.models import Candidate, Exam
from quizapp.jobs import Job
from quizapp.people.models import Grant
from tests.cast import sign_in
from tests.statements import statements


@pytest.fixture
def issuing(results):
    """The exam of `results` (江 合格, 罗 failed, 何 优秀) issues certificates. Gives its address of certificates."""
    db.session.get_one(Exam, results).certificates = True
    db.session.commit()
    return f"/reports/exams/{results}/certificates"


def print_all(client, path):
    done = client.page(path).press("生成PDF")
    job = db.session.scalars(select(Job).order_by(Job.id.desc())).first()
    jobs.run(job.id)
    db.session.expire_all()
    return done, db.session.get_one(Job, job.id)


def words_of(client, job):
    reply = client.get(f"/jobs/{job.token}/file")
    return [
        "".join(leaf.extract_text().split()) for leaf in pypdf.PdfReader(io.BytesIO(reply.get_data())).pages
    ]


def test_the_list_names_who_has_passed_and_who_has_no_certificate_yet(issuing, as_li):
    page = as_li.page(issuing)
    assert "江映雪" in page.text
    assert "何平" in page.text
    assert "罗成" not in page.text
    assert page.text.count("未领取") == 2


def test_one_file_holds_a_sheet_for_everybody_who_has_passed(issuing, as_li):
    _, job = print_all(as_li, issuing)
    assert job.state == "done", job.sentence
    leaves = words_of(as_li, job)
    assert len(leaves) == 2
    together = "".join(leaves)
    assert "江映雪" in together
    assert "何平" in together
    assert "罗成" not in together
    assert sorted(one.level for one in db.session.query(Certificate)) == ["优秀", "合格"]
    again = as_li.page(issuing)
    assert "未领取" not in again.text
    assert again.text.count("有效") == 2
    print_all(as_li, issuing)
    assert db.session.query(Certificate).count() == 2


def test_the_list_finds_by_name_and_by_number(issuing, as_li):
    print_all(as_li, issuing)
    number = db.session.scalars(select(Certificate.number).where(Certificate.name == "江映雪")).one()
    for words in ("江", "jyx", number, number.lower().replace("-", "")):
        page = as_li.page(f"{issuing}?q={words}")
        assert "江映雪" in page.text
        assert "何平" not in page.text
    assert "没有找到" in as_li.page(f"{issuing}?q=无此人").text


def test_the_unit_that_was_asked_for_bounds_list_and_file(issuing, as_li, cast):
    page = as_li.page(f"{issuing}?unit={cast.office}")
    assert "江映雪" in page.text
    assert "何平" not in page.text
    _, job = print_all(as_li, f"{issuing}?unit={cast.office}")
    assert len(words_of(as_li, job)) == 1


def test_a_leader_of_one_unit_reaches_no_other(app, issuing, cast):
    db.session.add(Grant(person_id=cast.fang, role="leader", unit_id=cast.town, granted_at=clock.now()))
    db.session.commit()
    fang = sign_in(app.test_client(), cast.fang)
    assert fang.get(f"{issuing}?unit={cast.office}").status_code == 404
    assert fang.get(f"{issuing}?unit={cast.county}").status_code == 404
    assert "江映雪" not in fang.page(f"{issuing}?unit={cast.town}").text


def test_who_administers_a_unit_without_the_right_to_scores_sees_none(app, issuing, cast):
    db.session.add(
        Grant(person_id=cast.fang, role="unit_administrator", unit_id=cast.county, granted_at=clock.now())
    )
    db.session.commit()
    fang = sign_in(app.test_client(), cast.fang)
    assert fang.get(issuing).status_code == 404


def test_certificates_of_the_own_board_are_seen_only_from_above(app, issuing, results, cast, as_li):
    """合格 is a result: the rule of scores holds for list, file and single PDF."""
    print_all(as_li, issuing)
    candidate = db.session.scalars(select(Candidate).where(Candidate.person_id == cast.jiang)).one()
    candidate.category = "领导班子成员"
    db.session.add(Grant(person_id=cast.luo, role="leader", unit_id=cast.office, granted_at=clock.now()))
    db.session.commit()
    luo = sign_in(app.test_client(), cast.luo)
    number = db.session.scalars(select(Certificate.number).where(Certificate.name == "江映雪")).one()
    assert "江映雪" not in luo.page(f"{issuing}?unit={cast.office}").text
    assert luo.get(f"/reports/certificates/{number}/file").status_code == 404
    assert number not in luo.page(f"/reports/people/{cast.jiang}").text
    assert as_li.get(f"/reports/certificates/{number}/file").status_code == 200
    assert number in as_li.page(f"/reports/people/{cast.jiang}").text


def test_before_the_score_shows_nothing_is_made(issuing, results, as_li):
    db.session.get_one(Exam, results).show_score = "released"
    db.session.commit()
    page = as_li.page(issuing).press("生成PDF")
    assert "不能颁发合格证" in page.text
    assert db.session.query(Certificate).count() == 0
    assert db.session.query(Job).count() == 0


def test_what_fell_between_asking_and_printing_is_not_printed(issuing, as_li, cast):
    as_li.page(issuing).press("生成PDF")
    job = db.session.scalars(select(Job)).one()
    jiang = db.session.scalars(select(Candidate).where(Candidate.person_id == cast.jiang)).one()
    jiang.passed = False
    db.session.commit()
    jobs.run(job.id)
    db.session.expire_all()
    leaves = words_of(as_li, db.session.get_one(Job, job.id))
    assert len(leaves) == 1
    assert "何平" in leaves[0]
    page = as_li.page(issuing)
    assert "已撤销" in page.text
    number = db.session.scalars(select(Certificate.number).where(Certificate.name == "江映雪")).one()
    assert as_li.get(f"/reports/certificates/{number}/file").status_code == 409


def test_a_longer_list_costs_no_more_statements(issuing, as_li, at):
    at.later(minutes=1)
    with statements() as few:
        as_li.get(issuing)
    print_all(as_li, issuing)
    with statements() as more:
        as_li.get(issuing)
    assert len(more) == len(few)
