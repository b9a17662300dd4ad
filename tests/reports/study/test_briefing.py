"""学情简报: what it says, from whom, on one sheet; Word and the page say the same."""

import io
import re
from datetime import UTC, date, datetime

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from quizapp import clock
from quizapp.bank.models import Citation, Revision
from quizapp.db import db
from quizapp.people.models import Grant, Membership, Unit
from quizapp.practice import actions
from quizapp.practice.mastery import Mastery
from quizapp.regulations.models import Regulation
from quizapp.reports.daily import DailyCounts
from quizapp.reports.documents import briefing_docx
from quizapp.reports.study import briefing, choices, queries
from quizapp.reports.study.briefing import Chosen, Weak, Wrong, compose, most_wrong, most_wrong_each
from tests.cast import sign_in
from tests.statements import statements

OPTIONS = ("甲", "乙", "丙", "丁")
AS_OF = datetime(2026, 12, 10, 1, 5, tzinfo=UTC)
given_answers = st.dictionaries(st.sampled_from(["A", "B", "C", "D", "AB", "ABC", "ACD"]), st.integers(1, 9))


def chosen(stem, key, given):
    """given: how many people last chose which letters."""
    chose = tuple(sum(n for letters, n in given.items() if letter in letters) for letter in "ABCD")
    return Chosen(stem, OPTIONS, key, sum(given.values()), chose)


def test_the_wrong_option_that_most_people_chose():
    questions = [
        chosen("一", "B", {"A": 3, "B": 5}),
        chosen("二", "AC", {"AC": 2, "ACD": 3, "AD": 2, "BC": 1}),
    ]
    wrong = most_wrong(questions, 5)
    assert (wrong.stem, wrong.letter, wrong.option, wrong.told) == ("二", "D", "丁", "63%误选D")


def test_a_question_that_few_answered_is_not_told():
    few = chosen("少", "B", {"A": 4})
    assert most_wrong([few], 5) is None
    assert most_wrong([few, chosen("多", "B", {"A": 1, "B": 9})], 5).stem == "多"
    assert most_wrong([chosen("对", "B", {"B": 9})], 5) is None
    assert most_wrong([], 5) is None


def test_a_question_that_cites_two_articles_is_told_once():
    both, other = chosen("一", "B", {"A": 9}), chosen("二", "B", {"A": 5, "B": 4})
    first, second, third = most_wrong_each([[both], [both, other], [both]], 5)
    assert (first.stem, second.stem, third) == ("一", "二", None)


@given(st.lists(given_answers, max_size=4), st.sampled_from(["A", "B", "AC"]))
def test_no_other_wrong_option_has_a_larger_share(answers, key):
    questions = [chosen(str(n), key, one) for n, one in enumerate(answers)]
    wrong = most_wrong(questions, 5)
    shares = [
        sum(n for letters, n in one.items() if letter in letters) / sum(one.values())
        for one in answers
        if sum(one.values()) >= 5
        for letter in set("ABCD") - set(key)
    ]
    assert (wrong.chose / wrong.answered if wrong else 0) == max(shares, default=0)
    assert wrong is None or wrong.letter not in key


def long_weak(number):
    wrong = Wrong("A", "长" * 200, "题" * 300, 38, 100)
    return Weak("", f"第二十{number}条", "第三章　信访事项的提出和受理", "条" * 900, "12%", wrong)


def test_what_it_says():
    counts = DailyCounts(326, 281, 4000, 3100, Mastery(52_000, 100, 70))
    weak = [
        Weak("", "第三十四条", "第五章　监督和追责", "信访工作……", "46%", Wrong("A", "甲", "题干", 38, 100))
    ]
    told = compose("青石县", counts, weak, AS_OF, date(2026, 12, 10), 30, 5)
    assert "共326人。近30天有281人参加日常测验，参加率86.2%；" in told.overview
    assert "答对率77.5%；对全部日常试题的掌握度为52%。数据截至2026年12月10日 09:05。" in told.overview
    assert told.rows == (("第三十四条", "46%", "信访工作……", "38%误选A（甲）。试题：题干"),)
    assert told.advice[0] == "1．集中学习第五章监督和追责中的第三十四条。"
    assert "重点讲清第三十四条的规定" in told.advice[1]
    assert "不作为考核依据，不排名" in told.note


def test_long_words_are_cut_so_that_one_sheet_holds_them():
    told = compose(
        "县" * 30, DailyCounts(), [long_weak(n) for n in range(5)], AS_OF, date(2026, 12, 10), 30, 5
    )
    for row in told.rows:
        assert len(row[2]) <= briefing.LONGEST["law"]
        assert row[2].endswith("……")
        assert len(row[3]) <= sum(briefing.LONGEST.values()) - briefing.LONGEST["law"] + 12


def words_of(file):
    document = Document(io.BytesIO(file))
    table = document.tables[0] if document.tables else None
    rows = [[cell.text for cell in row.cells] for row in table.rows] if table else []
    return [p.text for p in document.paragraphs if p.text], rows


def test_word_holds_all_that_was_composed():
    told = compose(
        "青石县", DailyCounts(9, 5), [long_weak(n) for n in range(5)], AS_OF, date(2026, 12, 10), 30, 5
    )
    paragraphs, rows = words_of(briefing_docx.write(told))
    expected = [told.title, f"{told.unit}　{told.day}", told.heads[0], told.overview]
    assert paragraphs == [*expected, told.heads[1], told.heads[2], *told.advice, told.note]
    assert rows == [list(told.headings), *(list(row) for row in told.rows)]
    section = Document(io.BytesIO(briefing_docx.write(told))).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


@pytest.fixture
def stumbled(crowd, people_of, practise, refreshed):
    """Everybody of 县信访局 answers a question of a single right letter; five of seven choose the same wrong one."""
    practise(30, people_of(crowd.office))
    now = clock.now()
    revision = (
        db.session.query(Revision).filter_by(kind="single", status="published").order_by(Revision.id).first()
    )
    wrong = "B" if revision.key == "A" else "A"
    actions.record(
        [
            actions.Answer(
                f"stumble-{person}",
                person,
                revision.id,
                wrong if n < 5 else revision.key,
                "self",
                clock.today(now),
                now,
            )
            for n, person in enumerate(people_of(crowd.office))
        ],
        now,
    )
    db.session.commit()
    refreshed()
    return revision, wrong


def test_the_page_and_the_file_say_the_same(stumbled, crowd, app):
    client = sign_in(app.test_client(), crowd.li)
    page = client.page("/reports/daily").follow("学情简报")
    paragraphs, rows = words_of(client.get("/reports/briefing/file.docx").data)
    flat = re.sub(r"\s", "", page.text)
    for words in [*paragraphs, *(cell for row in rows for cell in row)]:
        assert re.sub(r"\s", "", words) in flat
    assert len(rows) == 1 + briefing.WEAKEST
    assert "江映雪" not in page.text
    kept = queries.figures(db.session.get_one(Unit, crowd.county)).whole
    assert f"共{kept.people}人" in paragraphs[3]


def test_the_wrong_option_is_counted_from_the_latest_answer_of_each(stumbled, crowd, refreshed):
    revision, wrong = stumbled
    [(slug, article)] = (
        db.session.query(Regulation.slug, Citation.article)
        .filter(Citation.revision_id == revision.id, Citation.regulation_id == Regulation.id)
        .order_by(Citation.position)
        .limit(1)
    )

    def told(unit_id):
        asked = choices.of_articles(db.session.get_one(Unit, unit_id), [f"{slug}:{article}"])
        [found] = [one for one in asked[f"{slug}:{article}"] if one.stem == revision.stem]
        return found.people, {letter: n for letter, n in zip("ABCD", found.chose, strict=False) if n}

    assert told(crowd.office) == told(crowd.county) == (7, {wrong: 5, revision.key: 2})
    now = clock.now()
    again = actions.Answer(
        "again-0001", crowd.jiang, revision.id, revision.key, "self", clock.today(now), now
    )
    actions.record([again], now)
    db.session.commit()
    refreshed()
    assert told(crowd.office) == told(crowd.county) == (7, {wrong: 4, revision.key: 3})
    assert told(crowd.town) == (0, {})


def test_small_units_and_the_time_before_the_job_have_no_briefing(crowd, refreshed, app, cast):
    client = sign_in(app.test_client(), crowd.li)
    assert "每5分钟更新一次" in client.page("/reports/briefing").text
    assert client.get("/reports/briefing/file.docx").status_code == 409
    db.session.query(Grant).filter_by(person_id=crowd.li).update({"unit_id": crowd.town})
    db.session.query(Membership).filter(
        Membership.unit_id == crowd.town, Membership.person_id != crowd.fang
    ).update({"unit_id": crowd.office})
    db.session.commit()
    refreshed()
    client = sign_in(app.test_client(), crowd.li)
    assert "不足5人，不生成学情简报" in client.page("/reports/briefing").text
    assert client.get("/reports/briefing/file.docx").status_code == 409
    assert "不足5人，不显示数据" in client.page("/reports/mastery").text


def test_the_pages_cost_as_many_statements_for_many_people_as_for_few(
    crowd, everybody, practise, refreshed, app
):
    def asked(address):
        client = sign_in(app.test_client(), crowd.li)
        client.get(address)
        with statements() as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    addresses = ["/reports/briefing", "/reports/mastery", "/reports/daily"]
    practise(31, everybody[:2])
    refreshed()
    few = [asked(address) for address in addresses]
    practise(32, everybody, most=40)
    refreshed()
    assert [asked(address) for address in addresses] == few
