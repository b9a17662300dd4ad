"""A page that was filled is the page that the template draws for that person alone, character for character."""

import re
from html import unescape

from flask import render_template

from quizapp.attempts import own_page, paper_html, paper_page, protocol, starting, wording
from quizapp.db import db
from quizapp.people.models import Person
from tests.attempts.conftest import Page, candidate_of, csrf_of, own_phone, started

TOKEN = re.compile(r"""((?:csrf-token" content|name="csrf_token" value)=")[^"]*""")


def by_the_template(attempt, exam, doubts, _who, now):
    """The whole page as the template says it, with everything in its place."""
    made = paper_html.paper(attempt, exam, doubts)
    left, answered = (attempt.closes_at - now).total_seconds(), len(made.done)
    mine = own_page.is_held(attempt)
    return render_template(
        "attempts/paper.html",
        **{"exam": exam, "attempt": attempt, "mine": mine, "late": left < 300, "done": made.done},
        **{"page_key": attempt.page_key if mine else "", "clock": wording.minutes(left)},
        **{"epoch": attempt.epoch, "revision": attempt.revision + 1},
        **{"server_time": protocol.stamp(now), "closes_at": protocol.stamp(attempt.closes_at)},
        **{"answered": answered, "left_open": attempt.slots - answered, "marked": len(doubts)},
        **{"questions": made.questions, "grid": made.grid},
    )


def read(client, token: str) -> str:
    reply = client.get(f"/attempts/{token}")
    assert reply.status_code == 200
    return TOKEN.sub(r"\1", reply.text)


def alike(client, token: str, monkeypatch) -> None:
    """Twice by the memory, as it may have been drawn by this reading, and once by the template alone."""
    first, second = read(client, token), read(client, token)
    with monkeypatch.context() as patch:
        patch.setattr(paper_page, "page", by_the_template)
        whole = read(client, token)
    assert first == second == whole


def test_whoever_reads_it_and_whatever_stands_on_it(page, exam, cast, as_luo, at, monkeypatch):
    other = started(exam, cast.luo, at.later(seconds=7))
    alike(page.client, page.token, monkeypatch)  # opened by a script: not this cookie's page
    alike(own_phone(as_luo), other.token, monkeypatch)
    page.save("A.B.AC.A", doubts=[2, 3])
    alike(page.client, page.token, monkeypatch)
    at.later(minutes=56)
    alike(page.client, page.token, monkeypatch)  # the last minutes
    alike(as_luo, other.token, monkeypatch)
    db.session.get(Person, cast.luo).text_size = "xlarge"
    db.session.commit()
    alike(as_luo, other.token, monkeypatch)
    alike(page.client, page.token, monkeypatch)


def test_each_reader_has_an_own_token_key_and_page(jiang, as_luo, exam, monkeypatch):
    pages = {}
    for client in (jiang, own_phone(as_luo)):
        token, text = begin(client, exam)
        assert token in text
        assert TOKEN.sub(r"\1", text) == read(client, token)  # the second one came by the short way
        alike(client, token, monkeypatch)
        pages[token] = text
    (mine, first), (theirs, second) = pages.items()
    assert mine not in second
    assert theirs not in first
    for name in ("csrf-token", "page-key"):
        own = [re.search(rf'{name}"? ?(?:content)?="([^"]+)"', text)[1] for text in (first, second)]
        assert own[0] != own[1]
    assert "~" not in unescape(first)


def begin(client, exam, address: str = "") -> tuple[str, str]:
    """Press 开始答题 and read the paper to which it leads: its token and text."""
    address = address or f"/my-exams/{exam.id}"
    form = client.page(address).form("开始答题")
    reply = client.post(address, data=form.values.to_dict() | {"pledge": "y"})
    assert reply.status_code == 303
    token = reply.location.removeprefix("/attempts/")
    return token, client.get(reply.location).text


def test_what_is_said_once_stands_on_the_next_page_alone(jiang, exam, monkeypatch):
    """已保存。 is not kept for the next reader."""
    token, _ = begin(jiang, exam)
    plain = read(jiang, token)
    with jiang.session_transaction() as cookie:
        cookie["_flashes"] = [("ok", "已保存。")]
    assert "已保存。" in read(jiang, token).replace("data-save-text>已保存。", "")
    assert read(jiang, token) == plain


def test_an_exam_that_is_renamed_is_read_by_its_new_name(page, exam):
    read(page.client, page.token)
    exam.title = "改过名的考试"
    db.session.commit()
    assert "改过名的考试" in read(page.client, page.token)


def test_a_rehearsal_and_a_trial_have_frames_of_their_own(page, exam, cast, as_luo, at, monkeypatch):
    other = started(exam, cast.luo, at.later(seconds=7))
    read(page.client, page.token)
    for kind in ("trial", "rehearsal"):
        setattr(other, kind, True)
        db.session.commit()
        alike(own_phone(as_luo), other.token, monkeypatch)


def test_no_more_kinds_are_kept_than_few(app, page, monkeypatch):
    monkeypatch.setattr(paper_page._kinds, "_most", 2)
    for size in ("standard", "large", "xlarge"):
        db.session.query(Person).update({"text_size": size})
        db.session.commit()
        read(page.client, page.token)
    assert len(app.extensions["remembered:paper_pages"]) == 2


def test_a_page_that_a_script_opened_is_read_by_another_browser_as_not_its_own(exam, cast, as_jiang):
    attempt = starting.start(exam, candidate_of(exam, cast.jiang), pledge="", now=exam.opens_at)
    db.session.commit()
    csrf_of(own_phone(as_jiang))
    assert Page(as_jiang, attempt.token).open().status_code == 200
    assert 'data-page-key=""' in read(as_jiang, attempt.token)
