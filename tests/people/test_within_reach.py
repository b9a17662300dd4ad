"""方, unit administrator of 云岭镇, on people and candidates of the county: every route that acts on one refuses."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.exams import actions as exams
from quizapp.exams.models import Candidate, ExcuseRequest
from quizapp.people import actions
from quizapp.people.models import LoginSession, Person, Unit
from tests.cast import sign_in
from tests.papers import totals

FOREIGN = {  # what is asked: (method, address, fields)
    "a person": ("GET", "/people/{jiang}", {}),
    "people of a unit": ("GET", "/people?unit={office}", {}),
    "people of the unit above": ("GET", "/people?unit={county}", {}),
    "a roster": ("GET", "/people/export?unit={office}", {}),
    "disabling": ("POST", "/people/{jiang}/disable", {}),
    "enabling": ("POST", "/people/{jiang}/enable", {}),
    "slips of a unit": ("POST", "/people/slips", {"unit": "{office}"}),
    "slips of those in need": ("POST", "/people/slips", {"unit": "{county}", "only": "none"}),
    "confirming a recovery": (
        "POST",
        "/people/recoveries/{jiang}/confirm",
        {"code": "123456", "how": "in_person"},
    ),
    "refusing a recovery": ("POST", "/people/recoveries/{jiang}/refuse", {}),
    "withdrawing a request": ("POST", "/excuses/requests/{request}/withdraw", {}),
    "deciding on requests": ("POST", "/exams/excuses", {"request": "{request}", "decision": "grant"}),
    "the categories and names of the roster": ("GET", "/people/import", {}),
    "changing the roster": ("POST", "/people/import", {}),
    "a unit": ("GET", "/units/{office}", {}),
    "changing a unit": ("POST", "/units/{office}", {"kind": "乡镇街道", "sort": "1"}),
    "merging units": ("POST", "/units/{office}/merge", {}),
    "grants": ("POST", "/grants", {"login": "10000017", "role": "leader", "unit": "{office}"}),
    "the completion of a unit": ("GET", "/reports/exams/{exam}?unit={office}", {}),
    "the names of a unit": ("GET", "/reports/exams/{exam}/people?unit={county}", {}),
    "a person's exams": ("GET", "/reports/people/{jiang}", {}),
}
SILENT = {  # lists of ids: foreign ones are passed over, as if they were not there
    "slips of ticked people": ("/people/slips", {"person": "{jiang}", "as": "page"}, 200),
    "asking for an excuse": (
        "/excuses/{exam}",
        {"candidate": "{candidate}", "kind": "exempt", "cause": "产假"},
        422,
    ),
}


@pytest.fixture
def world(app, cast, bank):
    now = clock.now()
    values = {
        "title": "年度考试",
        "purpose": "annual",
        "bank_ids": [bank],
        "points": {"single": 50, "multiple": 50, "judge": 50},
        "blueprint": totals(single=2, multiple=2, judge=2),
        "opens_at": now + timedelta(minutes=1),
        "closes_at": now + timedelta(days=5),
        "pass_mark": 200,
        "excellent_mark": 270,
        "bands": [["合格", 200]],
    }
    exam = exams.create(
        unit_id=cast.county, values=values, audience=[(cast.county, True)], now=now, actor_id=cast.he
    )
    exams.publish(exam, now, actor_id=cast.he)
    candidate = db.session.scalars(
        select(Candidate).where(Candidate.exam_id == exam.id, Candidate.person_id == cast.jiang)
    ).one()
    asked = ExcuseRequest(candidate_id=candidate.id, kind="exempt", reason="产假", asked_at=now)
    db.session.add(asked)
    town = db.session.get_one(Unit, cast.town)
    actions.grant(db.session.get_one(Person, cast.fang), "unit_administrator", town, now=now, actor_id=None)
    db.session.commit()
    return {
        **{name: str(getattr(cast, name)) for name in ("county", "office", "town", "jiang")},
        "exam": str(exam.id),
        "candidate": str(candidate.id),
        "request": str(asked.id),
    }


@pytest.fixture
def as_town(app, cast, world):
    client = sign_in(app.test_client(), cast.fang)
    client.page("/people")
    return client


def state():
    """What must not have changed."""
    audits = db.session.scalar(select(func.count()).select_from(AuditEvent))
    requests = db.session.execute(select(ExcuseRequest.id, ExcuseRequest.state)).all()
    people = db.session.execute(select(Person.id, Person.password_hash, Person.disabled_at)).all()
    sessions = db.session.scalar(
        select(func.count()).select_from(LoginSession).where(LoginSession.ended_at.is_not(None))
    )
    return audits, requests, people, sessions


def filled(fields, world):
    return {name: value.format(**world) for name, value in fields.items()}


@pytest.mark.parametrize("what", FOREIGN)
def test_what_belongs_to_the_county_is_not_there(as_town, world, what):
    method, address, fields = FOREIGN[what]
    before = state()
    data = {"csrf_token": as_town.token, **filled(fields, world)} if method == "POST" else None
    reply = as_town.open(address.format(**world), method=method, data=data)
    assert reply.status_code == 404
    assert state() == before


@pytest.mark.parametrize("what", SILENT)
def test_people_of_the_county_cannot_be_slipped_into_a_list(as_town, world, what):
    address, fields, status = SILENT[what]
    before = state()
    data = {"csrf_token": as_town.token, **filled(fields, world)}
    reply = as_town.post(address.format(**world), data=data)
    assert reply.status_code == status
    assert state() == before
    assert "江映雪" not in reply.get_data(as_text=True)


def test_the_own_people_are_in_reach(as_town, world, cast):
    [mine] = actions.add_people([actions.NewPerson("镇里人", cast.town)], clock.now())
    assert as_town.page(f"/people/{mine}").status == 200
    page = as_town.page(f"/people/slips?unit={cast.town}&only=none").press("生成并显示口令条")
    assert page.html.count('class="slip"') == 1
    assert as_town.page(f"/reports/exams/{world['exam']}?unit={cast.town}").status == 200
    assert as_town.page(f"/excuses/{world['exam']}").status == 200
