"""闭卷: while one sits an exam, no page shows the words of the law, a question of a bank, a key or an explanation.

Every page of the house is asked, by 何, who may see them all and who sits the exam like everybody on the list.
"""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.attempts import starting
from quizapp.bank.models import Citation, Loan, Question, Revision
from quizapp.db import db
from quizapp.exams.models import Candidate, Exam
from quizapp.exams.pages import WITHOUT_QUESTIONS
from quizapp.jobs import Job
from quizapp.practice.models import SelfTest
from quizapp.regulations.models import Provision
from tests.attempts.conftest import live_session, own_phone
from tests.test_routes import ROUTES, address, methods, world  # noqa: F401 - a fixture

LAW = "xinfang-gongzuo-tiaoli"
PAPER = {"attempts.paper", "attempts.check"}  # where one's own questions stand


@pytest.fixture
def house(app, world, cast):  # noqa: F811
    """The world of the table of routes; 何's own self-test, and a question of the county's bank with a key to see."""
    db.session.query(SelfTest).update({"person_id": cast.he})
    db.session.query(Loan).update({"level": "maintain"})
    own = db.session.scalars(select(Revision).join(Question).where(Question.code == world["code"])).one()
    own.stem, own.explanation = "县题库的题干（　　）。", "县题库的解析，只有命题人员可以看到。"
    db.session.commit()
    return world


def sit(client, exam_id, person, *, open_book=False):
    """Open this person's attempt; gives its row."""
    from quizapp.attempts import opening
    from quizapp.attempts.protocol import OpenBody

    now = clock.now()
    exam = db.session.get_one(Exam, exam_id)
    exam.open_book = open_book
    candidate = db.session.query(Candidate).filter_by(exam_id=exam_id, person_id=person).one()
    attempt = starting.start(exam, candidate, pledge="承诺", now=now)
    opening.open_page(attempt.token, OpenBody(), live_session(person, now), now)
    db.session.commit()
    own_phone(client)
    return attempt


def secrets(*, law=True):
    """Words that stand nowhere but in the law, in questions and in explanations."""
    words = {text for text in db.session.scalars(select(Revision.explanation)) if text}
    words |= {
        stem.split("（")[0]
        for stem in db.session.scalars(select(Revision.stem))
        if len(stem.split("（")[0]) > 9
    }
    words |= {quote for quote in db.session.scalars(select(Citation.quote)) if len(quote) > 11}
    if law:
        texts = db.session.scalars(select(Provision.text).where(Provision.kind == "paragraph"))
        words |= {text for text in texts if len(text) > 19}
    return words


def pages(app, house, client):
    """endpoint → (status, text) of every page of the house as this person gets it, but for the paper itself."""
    found = {}
    for endpoint, _ in methods(app, "GET"):
        if endpoint not in PAPER | {"static"}:
            reply = client.get(address(app, endpoint, house), follow_redirects=True)
            found[endpoint] = (reply.status_code, words_of(reply.data))
    return found


def words_of(body):
    """The text of a page, and what stands inside a workbook or a Word file."""
    if body.startswith(b"PK"):
        packed = ZipFile(BytesIO(body))
        body = b"\n".join(packed.read(name) for name in packed.namelist())
    return body.decode(errors="replace")


def told(found, words):
    return sorted(endpoint for endpoint, (_, text) in found.items() if any(word in text for word in words))


def test_without_an_exam_these_pages_are_full_of_it(app, house, as_he):
    """The counterpart: the walk finds what it looks for."""
    open_to_him = told(pages(app, house, own_phone(as_he)), secrets())
    wanted = {
        "analysis.item",
        "bank.question",
        "exams.preview",
        "exams.questions",
        "practice.test",
        "regulations.article",
    }
    assert wanted <= set(open_to_him)
    assert len(open_to_him) > 10


def test_while_one_sits_a_closed_book_exam_no_page_tells_anything(app, house, cast, as_he):
    sit(as_he, int(house["exam"]), cast.he)
    found = pages(app, house, as_he)
    assert told(found, secrets()) == []
    for endpoint in ROUTES:
        if endpoint.startswith(("regulations.", "practice.", "bank.", "analysis.")) and endpoint in found:
            assert found[endpoint][0] == 403, endpoint


def test_open_book_opens_the_law_and_nothing_else(app, house, cast, as_he):
    sit(as_he, int(house["exam"]), cast.he, open_book=True)
    open_to_him = told(pages(app, house, as_he), secrets())
    assert "regulations.article" in open_to_him
    assert all(endpoint.startswith("regulations.") for endpoint in open_to_him)


def test_searching_prints_and_old_editions_are_closed_too(app, house, cast, as_he):
    sit(as_he, int(house["exam"]), cast.he)
    for path in (
        "/regulations/search?q=信访",
        "/regulations/search?q=第二十四条",
        f"/regulations/{LAW}/text",
        f"/regulations/{LAW}/24?edition=2022-05-01",
        f"/regulations/{LAW}/chapters/3",
        f"/practice/article/{LAW}/24",
        f"/practice/self-test/{house['test']}/1",
        "/practice/wrong",
    ):
        assert as_he.get(path).status_code == 403, path


def test_nothing_of_a_bank_or_a_paper_is_changed_or_printed_meanwhile(app, house, cast, as_he):
    """A preview shows questions, a print shows keys."""
    attempt = sit(as_he, int(house["exam"]), cast.he)
    token = as_he.page(f"/attempts/{attempt.token}").token
    for endpoint, method in methods(app, "POST"):
        area, _, name = endpoint.partition(".")
        if area in ("bank", "practice", "analysis") or (area == "exams" and name not in WITHOUT_QUESTIONS):
            reply = as_he.open(address(app, endpoint, house), method=method, data={"csrf_token": token})
            assert reply.status_code == 403, endpoint


def test_papers_printed_before_are_not_fetched_meanwhile(app, house, cast, as_he, at):
    """A job leaves its file, with keys, for who asked for it."""
    folder = Path(app.config["INSTANCE_DIR"]) / "files"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "printed.zip").write_bytes(b"PK")
    db.session.query(Job).update(
        {"person_id": cast.he, "result": {"file": "printed.zip", "name": "试卷.zip"}}
    )
    attempt = sit(as_he, int(house["exam"]), cast.he)
    address = f"/jobs/{house['job']}/file"
    assert as_he.get(address).status_code == 403
    at(attempt.refused_after + timedelta(seconds=1))
    assert as_he.get(address).status_code == 200


def test_colleagues_and_everybody_after_the_hand_in_read_on(app, house, cast, as_he, as_zhou, at):
    attempt = sit(as_he, int(house["exam"]), cast.he)
    assert as_zhou.get(f"/regulations/{LAW}/24").status_code == 200
    at(attempt.refused_after + timedelta(seconds=1))
    assert as_he.get(f"/regulations/{LAW}/24").status_code == 200
    assert as_he.get(f"/exams/{house['exam']}/preview").status_code == 200


def test_an_earlier_result_is_closed_while_one_sits_again(app, house, cast, as_he, at):
    """Its key may be the key of the paper that lies on the table."""
    exam = db.session.get_one(Exam, int(house["exam"]))
    exam.attempts_allowed = 2
    exam.show_right = exam.show_key = exam.show_explanation = "at_once"
    first = sit(as_he, exam.id, cast.he)
    as_he.page(f"/attempts/{first.token}").press("在此继续")
    as_he.page(f"/attempts/{first.token}/hand-in").press("交卷")
    result = f"/attempts/{first.token}/result"
    assert "正确答案" in as_he.page(result).text
    second = sit(as_he, exam.id, cast.he)
    assert second.number == 2
    page = as_he.page(result, status=403)
    assert "考试进行中，不能查看各题对错、答案和解析。" in page.text
    assert told({"result": (403, page.html)}, secrets()) == []
    assert as_he.get(f"/attempts/{first.token}/receipt").status_code == 200
