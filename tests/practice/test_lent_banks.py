"""Whose questions a person meets in practice: of the shipped banks, of the own unit and those above, and lent ones."""

from datetime import date

import pytest

from quizapp import clock
from quizapp.bank.models import Loan
from quizapp.db import db
from quizapp.people.models import Membership
from quizapp.practice import actions, queries, quizzes
from quizapp.practice.models import Card, SelfTest
from tests.lent import lend, make_bank, revisions_of, village_of
from tests.practice.conftest import counted

SLUG = "xinfang-gongzuo-tiaoli"


@pytest.fixture
def own(bank, cast):
    """A bank of 县信访局, where 江 works; 方 works in 云岭镇, 何 in the county above both."""
    return make_bank(cast.office)


def offered(person_id):
    return {entry.revision_id for entry in queries.practice_pool(person_id)}


def test_a_units_bank_is_practised_by_its_own_people_only(own, cast):
    mine = revisions_of(own)
    assert mine <= offered(cast.jiang)
    for other in (cast.fang, cast.he):  # the county lies above: its own people are not of the office
        assert offered(other).isdisjoint(mine)
        assert offered(other) == offered(cast.jiang) - mine  # the shipped bank is everybody's
    assert offered(None) == offered(cast.fang)


def test_a_bank_of_a_unit_above_reaches_all_below(bank, cast):
    county = revisions_of(make_bank(cast.county, slug="xian"))
    for person in (cast.he, cast.jiang, cast.fang):
        assert county <= offered(person)


@pytest.mark.parametrize("level", ["practise", "compose", "maintain"])
def test_every_level_lets_the_borrower_and_all_below_practise(own, cast, level):
    village = village_of(cast.town)
    lend(own, cast.town, level)
    assert revisions_of(own) <= offered(cast.fang)
    assert offered(cast.he).isdisjoint(revisions_of(own))
    db.session.query(Membership).filter_by(person_id=cast.he).update({"unit_id": village.id})
    assert revisions_of(own) <= offered(cast.he)
    db.session.query(Loan).delete()
    assert offered(cast.fang).isdisjoint(revisions_of(own))


def test_a_sealed_bank_is_practised_by_nobody_whatever_was_lent(own, cast):
    lend(own, cast.town, "practise")
    own.sealed = True
    db.session.commit()
    for person in (cast.jiang, cast.fang):
        assert offered(person).isdisjoint(revisions_of(own))


def test_only_the_main_unit_of_today_counts(own, cast):
    db.session.add(
        Membership(
            person_id=cast.fang, unit_id=cast.office, since=date(2020, 1, 1), kind="seconded", main=False
        )
    )
    db.session.commit()
    assert offered(cast.fang).isdisjoint(revisions_of(own))
    for person in (cast.jiang, cast.fang):
        db.session.query(Membership).filter_by(person_id=person, main=True).update(
            {"until": date(2021, 1, 1)}
        )
    assert offered(cast.fang) == offered(None)  # a second unit is none in which one is counted
    assert offered(cast.jiang) == offered(None)  # without a unit: the shipped banks


def test_every_page_of_practice_follows(own, cast, as_jiang, as_fang):
    """Article practice, chapters, self-test, wrong book and daily quiz: 江 meets the bank, 方 does not."""
    mine = revisions_of(own)

    def begun(client, address, words, **fields):
        client.page(address).press(words, **fields)
        return set(db.session.query(SelfTest).order_by(SelfTest.id.desc()).first().revisions)

    assert mine <= begun(as_jiang, f"/practice/article/{SLUG}/24", "开始练习")
    assert mine.isdisjoint(begun(as_fang, f"/practice/article/{SLUG}/24", "开始练习"))
    assert mine <= begun(as_jiang, "/practice/", "开始自测", scope=f"{SLUG}:3", count="all")
    assert mine.isdisjoint(begun(as_fang, "/practice/", "开始自测", scope="all", count="all"))
    day = clock.today()
    for person, meets in ((cast.jiang, True), (cast.fang, False)):
        chosen = {entry.revision_id for entry in queries.practice_pool(person)}
        assert set(quizzes.plan(person, day)) <= chosen
        assert bool(mine & chosen) == meets


def test_the_wrong_book_lets_go_of_what_is_no_longer_lent(own, cast, answer, as_fang):
    loan = lend(own, cast.town, "practise")
    revision = min(revisions_of(own))
    actions.record([answer(cast.fang, revision, "A", "client-id-1")], clock.now())
    db.session.commit()
    assert [entry.revision_id for entry in queries.wrong_entries(cast.fang)] == [revision]
    db.session.delete(loan)
    db.session.commit()
    assert queries.wrong_entries(cast.fang) == []
    assert "错题本是空的" in as_fang.page("/practice/wrong").text
    assert db.session.query(Card).count() == 1  # what was learned is kept


def mastery_everywhere():
    everywhere, today = [(1, 100_000)], clock.today()
    people = queries.participation(everywhere, today, today)
    return queries.mastery_by_unit(everywhere, people, today, clock.now())


def test_mastery_counts_for_each_unit_what_its_people_may_practise(own, cast, answer):
    shipped = len(offered(None))
    revision = min(revisions_of(own))
    actions.record(
        [answer(cast.jiang, revision, "B", "client-id-1"), answer(cast.fang, revision, "B", "client-id-2")],
        clock.now(),
    )
    db.session.commit()

    def figures():
        found = mastery_everywhere()
        return {unit: (mastery.questions, mastery.met) for unit, mastery in found.items()}

    assert figures() == {
        cast.office: (2 * (shipped + 6), 1),
        cast.town: (shipped, 0),  # 方's card belongs to a bank that the town does not have
        cast.county: (3 * shipped, 0),
    }
    lend(own, cast.town, "practise")
    assert figures()[cast.town] == (shipped + 6, 1)


def test_the_statements_stay_the_same_however_many_banks_and_loans(own, cast):
    with counted() as few:
        queries.practice_pool(cast.jiang)
        mastery_everywhere()
    for slug in ("eins", "zwei", "drei"):
        lend(make_bank(cast.county, slug=slug), cast.town, "practise")
    with counted() as more:
        queries.practice_pool(cast.jiang)
        mastery_everywhere()
    assert len(few) == len(more)
