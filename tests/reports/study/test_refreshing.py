"""The kept figures of daily quizzes and mastery are what counting all answers and cards gives, and cost little."""

import csv
import io
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from quizapp import clock
from quizapp.db import db
from quizapp.people.models import Membership, Person, Unit
from quizapp.practice import queries as practice
from quizapp.practice.mastery import Mastery, mastery
from quizapp.practice.models import PracticeAnswer
from quizapp.reports import daily
from quizapp.reports.jobs import refresh_study
from quizapp.reports.study import counting, queries, refreshing
from quizapp.reports.study.models import StudyState, StudyUnit
from quizapp.reports.study.sums import first_kept, study_of
from tests.cast import sign_in
from tests.lent import lend, make_bank
from tests.statements import statements


def slowly(unit, first):
    """A unit's figures counted from all answers and cards."""
    now = clock.now()
    inside = [(unit.lft, unit.rgt)]
    took_part = practice.participation(inside, first, clock.today(now))
    reached = practice.mastery_by_unit(inside, took_part, clock.today(now), now)
    return daily.summed(unit.lft, unit.rgt, took_part, reached)


def chosen_slowly(unit, today):
    """What a unit's people and those below it chose, answer by answer from the log: the last of each person counts."""
    people = db.session.scalars(
        select(Membership.person_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .join(Person, Person.id == Membership.person_id)
        .where(*counting.members(today), Unit.lft.between(unit.lft, unit.rgt))
    ).all()
    asked = {entry.revision_id for person in people for entry in practice.practice_pool(person)}
    log = select(PracticeAnswer).where(PracticeAnswer.person_id.in_(people)).order_by(PracticeAnswer.id)
    latest = {
        (answer.person_id, answer.revision_id): answer.chosen
        for answer in db.session.scalars(log)
        if answer.revision_id in asked and (today - answer.day).days in range(30)
    }
    found = {}
    for (_, revision), letters in latest.items():
        row = found.setdefault(str(revision), [0] * 9)
        row[0] += 1
        for letter in letters:
            row["-ABCDEFGH".index(letter)] += 1
    return found


def agrees():
    """Compare every unit, for periods of many lengths."""
    today = clock.today(clock.now())
    for unit in db.session.scalars(select(Unit)):
        kept = queries.figures(unit).whole
        row = db.session.get_one(StudyUnit, unit.id, populate_existing=True)
        assert row.chosen == chosen_slowly(unit, today), unit.name
        for back in (0, 1, 6, 29, 60, (today - first_kept(today)).days):
            first = today - timedelta(days=back)
            assert daily.kept(kept, first) == slowly(unit, first), (unit.name, back)
    return True


def test_kept_figures_equal_a_slow_recomputation_whatever_happens(crowd, everybody, practise, refreshed, at):
    refreshed()
    assert agrees()
    assert practise(1, everybody)
    refreshed()
    assert agrees()
    practise(2, everybody[:5])
    db.session.execute(
        update(Membership).where(Membership.person_id == crowd.jiang).values(unit_id=crowd.town)
    )
    db.session.get_one(Person, crowd.fang).disabled_at = clock.now()
    db.session.commit()
    refreshed()
    assert agrees()
    bank = make_bank(crowd.office)
    refreshed()
    assert agrees()
    practise(3, everybody)
    lend(bank, crowd.town, "practise")
    refreshed()
    assert agrees()
    at(clock.now() + timedelta(days=9))
    refreshed()  # recall has fallen
    assert agrees()
    town = db.session.get_one(Unit, crowd.town)
    office = db.session.get_one(Unit, crowd.office)
    town.parent_id, town.lft, town.rgt = office.id, 10_120, 10_140
    db.session.commit()
    refreshed()
    assert agrees()


def test_articles_are_the_mastery_of_the_questions_that_cite_them(
    crowd, everybody, people_of, practise, refreshed
):
    practise(4, everybody, most=40)
    refreshed()
    kept = queries.figures(db.session.get_one(Unit, crowd.county)).whole
    now = clock.now()
    by_article = {}
    for person in everybody:
        memories = practice.memories(person)
        for entry in practice.practice_pool(person):
            for slug, article in entry.places:
                one = mastery([entry.question_id], memories, now)
                by_article[f"{slug}:{article}"] = by_article.get(f"{slug}:{article}", Mastery()) + one
    assert {key: (row[1], row[2]) for key, row in kept.articles.items()} == {
        key: (one.thousandths, one.questions) for key, one in by_article.items()
    }
    assert {row[0] for row in kept.articles.values()} == {len(everybody)}


def test_units_in_which_nothing_happened_are_not_counted_again(
    crowd, everybody, people_of, practise, refreshed, at
):
    practise(5, everybody)
    refreshed()
    refreshed()  # the answers of the last turn but one are looked at once more
    practise(6, people_of(crowd.office))
    now = at(clock.now() + timedelta(minutes=5))
    assert list(refreshing.due(now).changed) == [crowd.office]
    refreshed(0)
    refreshed()
    assert not refreshing.due(at(clock.now() + timedelta(minutes=5))).changed
    assert len(refreshing.due(at(clock.now() + timedelta(days=1))).changed) == 3


def test_between_two_turns_the_job_asks_once(crowd, refreshed):
    refreshed()
    with statements() as seen:
        refresh_study()
    assert len(seen) == 1


def test_an_answer_that_was_committed_late_is_counted_too(crowd, people_of, practise, refreshed):
    practise(7, people_of(crowd.town))
    refreshed()
    newest = db.session.scalar(select(StudyState.seen))
    practise(8, people_of(crowd.office))
    db.session.execute(update(StudyState).values(seen=newest + 10_000))  # a higher id was committed before
    db.session.commit()
    refreshed()
    assert agrees()


def test_a_turn_that_gives_way_changes_no_sums(crowd, everybody, practise, refreshed, at):
    refreshed()
    practise(9, everybody)
    now = at(clock.now() + timedelta(minutes=5))
    what = refreshing.due(now)
    refreshing.count(what.changed, what, now)
    db.session.execute(update(StudyState).values(figures_at=now))
    db.session.commit()
    before = dict(db.session.execute(select(StudyUnit.unit_id, StudyUnit.whole)).all())
    assert refreshing.sum_up(what, now) is False
    db.session.rollback()
    assert dict(db.session.execute(select(StudyUnit.unit_id, StudyUnit.whole)).all()) == before
    refreshed()
    assert agrees()


def test_a_turn_counts_so_many_units_and_the_next_one_goes_on(crowd, everybody, practise, at, monkeypatch):
    monkeypatch.setattr(refreshing, "A_MINUTE", 2)
    practise(10, everybody)
    refresh_study()
    assert queries.as_of() is None
    assert db.session.scalar(select(func.count()).select_from(StudyUnit)) == 2
    refresh_study()
    assert queries.as_of() == clock.now()
    assert agrees()


def test_many_people_cost_as_many_statements_as_few(crowd, everybody, practise, refreshed, at):
    def asked():
        at(clock.now() + timedelta(minutes=5))
        with statements() as seen:
            refresh_study()
        return len(seen)

    refreshed()
    practise(11, everybody[:1])
    few = asked()
    asked()
    practise(12, everybody)
    assert asked() == few


def test_the_page_tells_the_kept_figures_and_of_when_they_are(crowd, everybody, practise, refreshed, app, at):
    practise(13, everybody)
    refreshed()
    practise(14, everybody)  # not seen yet
    now = at(clock.now() + timedelta(minutes=3))
    client = sign_in(app.test_client(), crowd.li)
    text = client.get("/reports/daily/file.csv").data.decode("utf-8-sig")
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(text))}
    office = db.session.get_one(Unit, crowd.office)
    kept = daily.kept(queries.figures(office).whole, clock.today(now) - timedelta(days=29))
    assert rows["县信访局"][:3] == ["7", str(kept.took_part), kept.words["参加率"]]
    assert rows["县信访局"][6] == kept.words["掌握度"]
    assert rows["青石县（本级）"][0] == "不足5人，不显示"
    assert "数据截至2026年12月10日 09:05" in client.page("/reports/daily").text


@pytest.mark.parametrize("days", [{"to": "2026-12-09"}, {"from": "2026-01-01"}])
def test_other_periods_are_counted_when_they_are_asked_for(crowd, everybody, practise, refreshed, app, days):
    practise(15, everybody)
    refreshed()
    db.session.execute(update(StudyUnit).values(whole={"people": 999}))
    db.session.commit()
    client = sign_in(app.test_client(), crowd.li)
    text = client.get("/reports/daily/file.csv", query_string=days).data.decode("utf-8-sig")
    assert "999" not in text
    assert "999" in client.get("/reports/daily/file.csv").data.decode("utf-8-sig")


def test_closed_units_stay_in_the_whole_and_leave_the_parts(crowd, everybody, practise, refreshed):
    practise(16, everybody)
    refreshed()
    county = db.session.get_one(Unit, crowd.county)
    before = queries.figures(county)
    db.session.get_one(Unit, crowd.town).closed_on = date(2026, 6, 30)
    db.session.commit()
    after = queries.figures(county)
    assert after.whole == before.whole
    assert [part.name for part in after.parts] == [
        part.name for part in before.parts if part.name != "云岭镇"
    ]
    assert after.parts[0].study == before.parts[0].study  # 本级


def test_every_unit_has_a_row_and_none_is_behind(crowd, everybody, practise, refreshed):
    practise(17, everybody)
    refreshed()
    rows = db.session.execute(select(StudyUnit.unit_id, StudyUnit.behind, StudyUnit.whole)).all()
    assert {row.unit_id for row in rows} == {crowd.county, crowd.office, crowd.town}
    assert not any(row.behind for row in rows)
    assert study_of({row.unit_id: row.whole for row in rows}[crowd.county]).people == 16


def test_a_unit_that_moves_counts_where_it_stood_until_the_next_sums(crowd, everybody, practise, refreshed):
    practise(18, everybody)
    refreshed()
    county, office, town = (
        db.session.get_one(Unit, unit) for unit in (crowd.county, crowd.office, crowd.town)
    )
    before = [(part.name, part.study) for part in queries.figures(county).parts]
    town.parent_id, town.lft, town.rgt = office.id, 10_120, 10_140
    db.session.commit()
    assert [(part.name, part.study) for part in queries.figures(county).parts] == before
    assert queries.figures(office).parts == []
    refreshed()
    assert [part.name for part in queries.figures(county).parts] == ["青石县（本级）", "县信访局"]
    assert [part.name for part in queries.figures(office).parts] == ["县信访局（本级）", "云岭镇"]
