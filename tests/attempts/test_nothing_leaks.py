"""Hazard H37, invariant I14: before release no reply differs between a right and a wrong option."""

import re

import pytest

from quizapp.attempts import marks
from quizapp.attempts.models import Attempt, MarkingRun
from quizapp.bank.models import Revision
from quizapp.db import db
from tests.attempts.conftest import own_phone
from tests.attempts.test_handing_in import right_sheet
from tests.statements import statements

TOKEN = re.compile(r'(csrf[-_]token"?[^>]*?(?:value|content)="|"csrf_token":")[^"]*')


def plain(reply):
    """Status, headers and bytes of a reply, without what differs each time: CSRF tokens, cookies."""
    headers = sorted((k, v) for k, v in reply.headers if k not in ("Set-Cookie", "Content-Length"))
    return reply.status_code, headers, TOKEN.sub(r"\1", reply.get_data(as_text=True))


@pytest.fixture
def sitting(exam, as_jiang):
    """江's running attempt, started on her rules page; nothing may show before release."""
    exam.show_score = exam.show_key = "released"
    db.session.commit()
    client = own_phone(as_jiang)
    client.page(f"/my-exams/{exam.id}").press("开始答题", pledge="y").press("保存", q1="A")
    return client, db.session.query(Attempt).one()


def everything(client, exam, attempt):
    paths = ["/my-exams/", f"/my-exams/{exam.id}"]
    paths += [f"/attempts/{attempt.token}{end}" for end in ("", "/status", "/hand-in", "/receipt", "/result")]
    return {path: plain(client.get(path)) for path in paths}


def permute_keys():
    """Make other letters right, in the bank and in the marking run."""
    for revision in db.session.query(Revision):
        revision.key = {"B": "D", "D": "B", "ACE": "BDE", "A": "B"}[revision.key]
        revision.explanation = f"另一种解析{revision.id}"
    run = db.session.query(MarkingRun).one()
    keys = marks.keys_from_json(run.keys)
    run.keys = marks.keys_to_json(
        {
            revision_id: marks.Key(key.kind, (frozenset("B") if key.kind != "multiple" else frozenset("BD"),))
            for revision_id, key in keys.items()
        }
    )
    db.session.commit()


def test_all_replies_are_the_same_whatever_the_keys_are(sitting, exam):
    client, attempt = sitting
    before = everything(client, exam, attempt)
    permute_keys()
    assert everything(client, exam, attempt) == before


def test_after_the_hand_in_still_nothing_differs(sitting, exam):
    client, attempt = sitting
    client.page(f"/attempts/{attempt.token}/hand-in").press("交卷")
    before = everything(client, exam, attempt)
    permute_keys()
    after = everything(client, exam, attempt)
    assert after == before
    for status, _, body in after.values():
        assert status in (200, 302, 303)
        assert "解析" not in body.replace("各题答案和解析将在", "").replace("查看成绩和解析", "")


def test_a_right_and_a_wrong_answer_are_acknowledged_alike(sitting):
    client, attempt = sitting
    right = right_sheet(attempt)
    wrong = ".".join("B" if letters == "A" else "A" for letters in right.split("."))
    replies = []
    for revision, sheet in ((11, right), (12, wrong)):
        body = {"epoch": 1, "revision": revision, "sheet": sheet}
        replies.append(client.send("PUT", f"/attempts/{attempt.token}/sheet", body))
    first, second = (plain(reply) for reply in replies)
    assert first[:2] == second[:2]
    assert first[2].replace('"revision":11', "") == second[2].replace('"revision":12', "")


def test_the_paper_reads_neither_key_nor_explanation(sitting):
    client, attempt = sitting
    with statements() as seen:
        client.page(f"/attempts/{attempt.token}")
    assert seen
    for sql in seen:
        assert "revision.key" not in sql
        assert "revision.explanation" not in sql
        assert "marking_run" not in sql


def test_signed_in_replies_are_kept_by_no_cache(sitting, exam):
    """Hazard H51."""
    client, attempt = sitting
    for _, headers, _ in everything(client, exam, attempt).values():
        assert ("Cache-Control", "no-store") in headers
        assert "ETag" not in dict(headers)
