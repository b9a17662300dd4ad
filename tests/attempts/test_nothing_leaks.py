"""Hazard H37, invariant I14: before release no reply differs between a right and a wrong option."""

import itertools
import re
from datetime import timedelta

import pytest

from quizapp.attempts import marks
from quizapp.attempts.models import Attempt, AttemptMark, MarkingRun
from quizapp.bank.models import Citation, Revision
from quizapp.db import db
from quizapp.exams import release
from quizapp.exams.models import Candidate
from tests.attempts.conftest import own_phone
from tests.attempts.test_handing_in import right_sheet
from tests.statements import statements

TOKEN = re.compile(r'(csrf[-_]token"?[^>]*?(?:value|content)="|"csrf_token":")[^"]*')


def plain(reply):
    """Status, headers and bytes of a reply, without what differs each time: CSRF tokens, cookies, its number."""
    headers = sorted(
        (k, v) for k, v in reply.headers if k not in ("Set-Cookie", "Content-Length", "X-Request-Id")
    )
    return reply.status_code, headers, TOKEN.sub(r"\1", reply.get_data(as_text=True))


@pytest.fixture
def sitting(exam, as_jiang):
    """江's running attempt, started on her rules page; nothing may show before release."""
    exam.show_score = exam.show_right = exam.show_key = exam.show_explanation = "released"
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
        assert not re.search("解析[0-9]", body)


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


# Four parts, each at its own time ---------------------------------------------------------------------------------

IN_ORDER = [three for three in itertools.product(release.WHEN, repeat=3) if release.consistent(*three)]
SETTINGS = [
    *((("at_once", "closed", "released", "never")[n % 4], *three) for n, three in enumerate(IN_ORDER)),
    *((score, "never", "never", "never") for score in release.WHEN),
    *((score, "at_once", "at_once", "at_once") for score in release.WHEN),
]
HALF_RIGHT = "20.0.20.0"  # tenths: the third is worth 40
MOMENTS = ["handed_in", "closed", "released"]


@pytest.fixture
def half_right(sitting, exam, cast):
    """江's sheet, handed in: one right, one wrong, one lacking a letter, one left open. Each cites a text."""
    client, attempt = sitting
    right = right_sheet(attempt).split(".")
    wrong = next(letter for letter in "ABCD" if letter != right[1])
    for revision in db.session.query(Revision):
        quoted = {"source": f"《文件{revision.id}》", "quote": f"决定性原文{revision.id}"}
        db.session.add(Citation(revision_id=revision.id, position=1, kind="document", **quoted))
    db.session.commit()
    page = client.page(f"/attempts/{attempt.token}")
    page.press("保存", q1=right[0], q2=wrong, q3=list(right[2][:2]))
    client.page(f"/attempts/{attempt.token}/hand-in").press("交卷")
    assert db.session.query(AttemptMark).one().marks == HALF_RIGHT
    return client, attempt


def set_when(exam, score, right, key, explanation):
    exam.show_score, exam.show_right, exam.show_key, exam.show_explanation = score, right, key, explanation
    db.session.commit()


def results(client, exam, attempt):
    paths = ["/my-exams/", f"/my-exams/{exam.id}"]
    paths += [
        f"/attempts/{attempt.token}{end}" for end in ("/status", "/receipt", "/result", "/result/1/report")
    ]
    return {path: plain(client.get(path)) for path in paths}


def change_what_is_hidden(seen, n):
    """Other marks, keys, explanations and deciding words, as far as they do not show; n: anything."""
    mark, candidate = (
        db.session.query(AttemptMark).one(),
        db.session.query(Candidate).filter_by(sat=True).one(),
    )
    if not seen.score:
        mark.total = candidate.points = 10 + n % 40
        mark.marks = f"20.0.{n % 30}.0"  # the third stays wrong, whatever part it earns
    if not seen.right:
        mark.marks = ["0.20.0.20", "0.0.40.0", "20.10.0.10"][n % 3]
    run = db.session.query(MarkingRun).one()
    if not seen.key:
        letters = {"single": "ABCD"[n % 4], "multiple": ["AB", "BD", "ACDE"][n % 3], "judge": "AB"[n % 2]}
        for revision in db.session.query(Revision):
            revision.key = letters[revision.kind]
        run.keys = {
            revision_id: [kind, [letters[kind]], treatment]
            for revision_id, (kind, _, treatment) in run.keys.items()
        }
    if not seen.explanation:
        for revision in db.session.query(Revision):
            revision.explanation = f"解析{'甲' * (n % 7)}"
        for citation in db.session.query(Citation):
            citation.quote, citation.source = f"原文{'乙' * (n % 5)}", f"《另一文件{n}》"
    db.session.commit()


def at_moment(moment, exam, at):
    if moment != "handed_in":
        at(exam.closes_at + timedelta(minutes=3))
    if moment == "released":
        exam.released_at = exam.closes_at + timedelta(minutes=3)
        db.session.commit()
    return {"handed_in": True, "closed": moment != "handed_in", "released": moment == "released"}


@pytest.mark.parametrize("moment", MOMENTS)
def test_no_reply_tells_anything_of_a_part_before_its_time(half_right, exam, at, moment):
    client, attempt = half_right
    facts, hidden = at_moment(moment, exam, at), 0
    for n, settings in enumerate(sorted(set(SETTINGS), key=lambda s: sum(map(list(release.WHEN).index, s)))):
        db.session.query(AttemptMark).update({"marks": HALF_RIGHT})
        set_when(exam, *settings)
        seen = release.shown(exam, **facts)
        before = results(client, exam, attempt)
        change_what_is_hidden(seen, n)
        assert results(client, exam, attempt) == before, settings
        hidden += seen != release.EVERYTHING
    assert hidden > 10


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_its_time_has_come_for_is_there(half_right, exam, at, moment):
    """The counterpart: were nothing ever shown, nothing would leak either."""
    client, attempt = half_right
    facts = at_moment(moment, exam, at)
    for settings in SETTINGS:
        set_when(exam, *settings)
        seen = release.shown(exam, **facts)
        text = client.page(f"/attempts/{attempt.token}/result").text
        assert ("4分，满分9分" in text) == seen.score, settings
        assert ("答对1题，共4题" in text) == seen.right, settings
        assert ("得2分，满分4分" in text) == (seen.score and seen.right), settings
        assert ("正确答案：" in text) == seen.key, settings
        assert ("回答错误，您的答案：" in text) == (seen.right and not seen.key), settings
        assert ("本题有误？纠错" in text) == seen.key, settings
        assert ("解析0" in text) == ("决定性原文" in text) == seen.explanation, settings
        report = client.get(f"/attempts/{attempt.token}/result/1/report").status_code
        assert (report == 200) == seen.key, settings


def test_right_and_wrong_alone_read_no_key(half_right, exam):
    client, attempt = half_right
    set_when(exam, "at_once", "at_once", "never", "never")
    with statements() as seen:
        assert "回答正确" in client.page(f"/attempts/{attempt.token}/result").text
    for sql in seen:
        assert "revision.key" not in sql
        assert "revision.explanation" not in sql
        assert "citation" not in sql


def test_the_result_says_when_each_part_comes(half_right, exam, at):
    client, attempt = half_right
    set_when(exam, "at_once", "closed", "released", "released")
    sentence = "各题对错将于12月25日21:00后显示；标准答案、依据和解析将在考试结束后由主办单位公布。"
    for end in ("/receipt", "/result"):
        assert sentence in client.page(f"/attempts/{attempt.token}{end}").text
    assert "查看成绩" in client.page(f"/attempts/{attempt.token}/receipt").text
    at_moment("closed", exam, at)
    page = client.page(f"/attempts/{attempt.token}/receipt").follow("查看成绩和各题对错")
    assert "标准答案、依据和解析将在考试结束后由主办单位公布。" in page.text
    assert "各题对错将于" not in page.text
