"""The set, the page and the worker over HTTP: what they hold, what they never hold, and what they weigh."""

import gzip
import json
import re
from typing import Any

import pytest
from sqlalchemy import select, update

from quizapp import clock
from quizapp.bank import queries as bank_queries
from quizapp.bank.models import Bank, Revision
from quizapp.db import db
from quizapp.people.models import Person
from quizapp.practice import actions, offline, offline_views, queries
from quizapp.practice.models import DailyQuiz
from tests.lent import make_bank, revisions_of
from tests.practice.conftest import counted

SLUG = "xinfang-gongzuo-tiaoli"
JSON = {"Accept": "application/json"}
QUESTION_PAGE, WHOLE_SET = 15_000, 150_000  # bytes compressed, first visit


def fetched(client, **headers: str) -> Any:
    return client.get("/practice/offline-set", headers=JSON | headers)


def carried(client) -> dict[str, Any]:
    reply = fetched(client)
    assert reply.status_code == 200
    return json.loads(reply.data)


@pytest.fixture
def morning(at):
    return at("2026-11-23 08:00")


def test_the_set_is_what_practice_would_show(morning, bank, cast, as_jiang):
    found = carried(as_jiang)
    assert (found["format"], found["day"], found["daily"]) == (1, "2026-11-23", None)
    assert len(found["practice"]) == min(len(queries.practice_pool(cast.jiang)), offline.MOST_QUESTIONS)
    assert set(found["questions"]) == {str(one) for one in found["practice"]}
    rows = db.session.execute(select(Revision).where(Revision.id.in_(found["practice"]))).scalars()
    for revision in rows:
        asked = found["questions"][str(revision.id)]
        assert (asked["stem"], asked["options"]) == (revision.stem, revision.options)
        assert asked["key"] == revision.key
        text, reasons = asked["why"]
        said = text + "".join(words for _, words in reasons)
        assert sorted(re.sub("[。；]", "", said)) == sorted(re.sub(r"[。；\s]", "", revision.explanation))
        assert asked["laws"]
        for key, in_words, _, marks in asked["laws"]:
            article = found["articles"][key]
            assert in_words.startswith(article["words"])
            assert all(0 <= start < end <= len(article["lines"][line][2]) for line, start, end in marks)
    [law] = found["laws"]
    numbers = [number for chapter in law["chapters"] for number in chapter["articles"]]
    assert len(numbers) == 50
    assert {f"{law['edition']}/{number}" for number in numbers} <= set(found["articles"])


def test_todays_quiz_is_carried_once_it_is_drawn_and_a_get_draws_nothing(morning, bank, cast, as_jiang):
    assert carried(as_jiang)["daily"] is None
    assert db.session.scalars(select(DailyQuiz)).all() == []
    as_jiang.page("/practice/")
    reply = as_jiang.post("/practice/offline-set", json={}, headers={"X-CSRFToken": as_jiang.token})
    assert reply.json["code"] == "prepared"
    quiz = db.session.scalars(select(DailyQuiz)).one()
    daily = carried(as_jiang)["daily"]
    assert daily == {"day": "2026-11-23", "questions": quiz.revisions, "given": {}}
    first = quiz.revisions[0]
    now = clock.now()
    actions.record([actions.Answer("client-1", cast.jiang, first, "A", "daily", clock.today(), now)], now)
    db.session.commit()
    assert carried(as_jiang)["daily"]["given"] == {str(first): "A"}
    as_jiang.post("/practice/offline-set", json={}, headers={"X-CSRFToken": as_jiang.token})
    assert db.session.scalars(select(DailyQuiz)).one().revisions == quiz.revisions


def test_nothing_to_draw_is_no_fault(morning, cast, as_jiang):
    """Without any bank: the set is empty and fetching it works."""
    as_jiang.page("/practice/")
    reply = as_jiang.post("/practice/offline-set", json={}, headers={"X-CSRFToken": as_jiang.token})
    assert reply.json["code"] == "prepared"
    found = carried(as_jiang)
    assert (found["daily"], found["practice"], found["questions"]) == (None, [], {})


def test_no_key_of_a_question_that_is_not_for_daily_use_is_carried(morning, bank, cast, as_jiang):
    """Hazard H37: exam-only, trial, draft, sealed and foreign questions, also where the quiz of today has them."""
    quiz = actions.begin_daily(cast.jiang, clock.today())
    changed = [*quiz.revisions[:3], *carried(as_jiang)["practice"][-3:]]
    for one, values in zip(
        changed,
        [{"uses": "exam"}, {"uses": "mock,exam"}, {"status": "draft", "published_at": None}] * 2,
        strict=True,
    ):
        db.session.execute(update(Revision).where(Revision.id == one).values(**values))
    sealed, foreign = make_bank(cast.office), make_bank(cast.town, slug="zhen")
    sealed.sealed = True
    db.session.commit()
    out = {*changed, *revisions_of(sealed), *revisions_of(foreign)}
    text = fetched(as_jiang).get_data(as_text=True)
    found = json.loads(text)
    assert out.isdisjoint(map(int, found["questions"]))
    assert out.isdisjoint(found["practice"])
    assert out.isdisjoint(found["daily"]["questions"])
    for stem in db.session.scalars(select(Revision.stem).where(Revision.id.in_(out))):
        assert stem not in text
    db.session.execute(update(Bank).values(sealed=True))
    db.session.commit()
    assert carried(as_jiang)["questions"] == {}


def test_the_wrong_question_book_is_carried_by_chapter_the_latest_errors_first(
    morning, bank, cast, as_jiang, at
):
    pool = {one.revision_id: one for one in queries.practice_pool(cast.jiang)}
    keys = dict(db.session.execute(select(Revision.id, Revision.key)).all())
    missed = sorted(pool)[:130]
    now = clock.now()
    actions.record(
        [
            actions.Answer(
                f"client-{n:03}",
                cast.jiang,
                one,
                next(letter for letter in "AB" if letter != keys[one]),
                *("self", clock.today(now), now - clock.timedelta(minutes=n)),
            )
            for n, one in enumerate(missed)
        ],
        now,
    )
    db.session.commit()
    found = carried(as_jiang)
    assert found["wrong"]["total"] == 130
    assert sum(len(ones) for _, ones in found["wrong"]["groups"]) == offline.MOST_WRONG
    assert found["practice"][: offline.MOST_WRONG] == missed[: offline.MOST_WRONG]
    assert all(re.match("第.+章　", title) for title, _ in found["wrong"]["groups"])


def missed(person, revisions, now, tag="missed"):
    """The person answers these questions wrongly."""
    right = bank_queries.keys(revisions)
    actions.record(
        [
            actions.Answer(
                f"{tag}-{one:05}",
                person,
                one,
                "B" if right[one] == "A" else "A",
                "self",
                clock.today(now),
                now,
            )
            for one in revisions
        ],
        now,
    )
    db.session.commit()


def posted(client, path, body) -> Any:
    token = client.get("/practice/answers", headers=JSON).json["csrf_token"]
    return client.post(path, json=body, headers=JSON | {"X-CSRFToken": token})


def book_of(client, have) -> dict[str, Any]:
    reply = posted(client, "/practice/offline-book", {"have": have})
    assert reply.status_code == 200
    return reply.json


def test_the_book_alone_comes_with_the_questions_that_the_phone_has_not(morning, bank, cast, as_jiang, at):
    before = carried(as_jiang)
    have = [int(one) for one in before["questions"]]
    pool = [one.revision_id for one in queries.practice_pool(cast.jiang)]
    known, new = have[0], next(one for one in pool if one not in have)
    ready = as_jiang.get("/practice/answers", headers=JSON).json
    assert ready["book"] == before["wrong"]["mark"]
    missed(cast.jiang, [known, new], clock.now())
    ready = as_jiang.get("/practice/answers", headers=JSON).json
    assert ready["book"] != before["wrong"]["mark"]
    found = book_of(as_jiang, have)
    after = carried(as_jiang)
    assert found["wrong"] == after["wrong"]
    assert found["wrong"]["mark"] == ready["book"]
    assert sorted(one for _, ones in found["wrong"]["groups"] for one in ones) == sorted([known, new])
    assert found["questions"] == {str(new): after["questions"][str(new)]}
    assert {key for key, *_ in found["questions"][str(new)]["laws"]} == set(found["articles"])
    assert found["person"] == before["person"]


def test_answers_that_arrive_tell_the_book_behind_them(morning, bank, cast, as_jiang):
    one = carried(as_jiang)["practice"][0]
    ready = as_jiang.get("/practice/answers", headers=JSON).json
    letter = "B" if bank_queries.keys([one])[one] == "A" else "A"
    row = {"id": "waited-0001", "revision": one, "chosen": letter, "day": None, "at": ready["time"]}
    sent = {"person": ready["person"], "answers": [row]}
    reply = posted(as_jiang, "/practice/answers", sent).json
    assert reply["book"] == carried(as_jiang)["wrong"]["mark"] != ready["book"]


@pytest.mark.parametrize("body", [[], {}, {"have": "1"}, {"have": [1.5]}, {"have": [True]}, {"have": None}])
def test_a_request_for_the_book_of_another_shape_is_refused(morning, bank, cast, as_jiang, body):
    reply = posted(as_jiang, "/practice/offline-book", body)
    assert (reply.status_code, reply.json["code"]) == (422, "shape")


def test_the_book_carries_no_question_that_is_not_practised_and_costs_the_same_for_many(
    morning, bank, cast, as_jiang
):
    pool = [one.revision_id for one in queries.practice_pool(cast.jiang)]
    costs = []
    for n, ones in enumerate((pool[:2], pool[2:60])):
        missed(cast.jiang, ones, clock.now(), f"more{n}")
        with counted() as seen:
            book_of(as_jiang, [])
        costs.append(len(seen))
    assert costs[0] == costs[1]
    db.session.execute(update(Bank).values(sealed=True))
    db.session.commit()
    assert book_of(as_jiang, [])["questions"] == {}


def test_it_is_not_sent_again_while_nothing_has_changed(morning, bank, cast, as_jiang):
    first = fetched(as_jiang, **{"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(first.data)) == carried(as_jiang)
    tag = first.headers["ETag"]
    again = fetched(as_jiang, **{"If-None-Match": tag, "Accept-Encoding": "gzip"})
    assert (again.status_code, again.data) == (304, b"")
    actions.begin_daily(cast.jiang, clock.today())
    db.session.commit()
    assert fetched(as_jiang, **{"If-None-Match": tag}).status_code == 200


def test_each_person_has_a_set_and_a_name_of_their_own(morning, bank, cast, as_jiang, as_luo):
    assert carried(as_jiang)["person"] != carried(as_luo)["person"]
    db.session.get_one(Person, cast.jiang).text_size = "xlarge"
    db.session.commit()
    assert carried(as_jiang)["size"] == "xlarge"


def test_the_set_writes_nothing_and_runs_a_constant_number_of_statements(morning, bank, cast, as_jiang):
    def statements() -> int:
        with counted() as sent:
            fetched(as_jiang)
        assert not [s for s in sent if not s.lstrip().upper().startswith(("SELECT", "PRAGMA", "WITH"))]
        return len(sent)

    actions.begin_daily(cast.jiang, clock.today())
    db.session.commit()
    before, now = statements(), clock.now()
    pool = queries.practice_pool(cast.jiang)[:50]
    actions.record(
        [
            actions.Answer(
                f"client-{e.revision_id:04}", cast.jiang, e.revision_id, "A", "self", clock.today(), now
            )
            for e in pool
        ],
        now,
    )
    db.session.commit()
    assert statements() == before <= 20


# What it weighs -----------------------------------------------------------------------------------------------------


def weight(data: bytes) -> int:
    return len(gzip.compress(data, 6, mtime=0))


def files_of(client, html: str) -> list[str]:
    """Styles and scripts that a page loads."""
    return re.findall(r'<(?:link rel="stylesheet" href|script type="module" src)="([^"]+)"', html)


def test_a_question_page_weighs_at_most_15_kb_on_the_first_visit(morning, bank, cast, as_jiang):
    html = as_jiang.page("/practice/daily").press("开始今天的测验").html
    parts = {"page": weight(html.encode())} | {
        path: weight(as_jiang.get(path).data) for path in files_of(as_jiang, html)
    }
    assert len(parts) > 4
    assert sum(parts.values()) <= QUESTION_PAGE, parts


def test_the_whole_offline_set_weighs_at_most_150_kb(morning, bank, cast, as_jiang):
    actions.begin_daily(cast.jiang, clock.today())
    db.session.commit()
    reply = fetched(as_jiang, **{"Accept-Encoding": "gzip"})
    found = json.loads(gzip.decompress(reply.data))
    assert len(found["practice"]) == offline.MOST_QUESTIONS
    kept = json.loads(re.match("const KEPT = (.+);", as_jiang.get("/sw.js").get_data(as_text=True))[1])
    addresses = [kept["page"], "/sw.js", *kept["files"], *kept["modules"]]
    parts = {path: weight(as_jiang.get(path).data) for path in addresses} | {"set": len(reply.data)}
    assert sum(parts.values()) <= WHOLE_SET, parts


# The page and its worker --------------------------------------------------------------------------------------------


def worker_of(client) -> dict[str, Any]:
    reply = client.get("/sw.js")
    assert reply.mimetype == "text/javascript"
    return json.loads(re.match("const KEPT = (.+);", reply.get_data(as_text=True))[1])


def test_the_page_is_the_same_for_everybody_and_names_nobody(bank, as_jiang, as_zhou, client):
    pages = {one.get("/practice/offline").data for one in (client, as_jiang, as_zhou)}
    assert len(pages) == 1
    html = pages.pop().decode()
    assert "江映雪" not in html
    assert 'name="csrf-token" content=""' in html
    assert "离线练习需要浏览器允许运行脚本" in html


def test_the_worker_keeps_the_page_its_files_and_nothing_else(client):
    kept = worker_of(client)
    assert kept["page"] == "/practice/offline"
    everything = [kept["page"], *kept["files"], *kept["modules"]]
    for path in everything:
        reply = client.get(path)
        assert reply.status_code == 200, path
        assert path == kept["page"] or path.startswith("/static/")
    html = client.get("/practice/offline").get_data(as_text=True)
    assert set(files_of(client, html)) <= {*kept["files"], *kept["modules"]}
    imported = re.findall(
        r'from "\./(\w+)\.js"', "".join(client.get(path).get_data(as_text=True) for path in kept["modules"])
    )
    assert {f"/static/js/offline/{name}.js" for name in imported} <= set(kept["modules"])
    assert kept["fallback"] == ["/", "/practice/", "/regulations/"]  # never a page of an exam


def test_a_change_of_the_page_or_of_a_script_changes_the_worker(make_app, monkeypatch):
    def version(**settings: str) -> str:
        return worker_of(make_app(**settings).test_client())["version"]

    first = version()
    assert version() == first
    assert version(SITE_NAME="青石学考") != first
    of_file = offline_views._script
    monkeypatch.setattr(offline_views, "_script", lambda name: of_file(name) + "/* changed */")
    assert version() != first


def test_everything_moves_along_under_a_path(make_app):
    client = make_app(URL_PREFIX="/xuekao").test_client()
    reply = client.get("/xuekao/sw.js")
    kept = json.loads(re.match("const KEPT = (.+);", reply.get_data(as_text=True))[1])
    flat = [kept["page"], kept["signOut"], *kept["files"], *kept["modules"], *kept["fallback"]]
    assert all(path.startswith("/xuekao/") for path in flat)


def test_no_browser_offers_to_install_the_app_unless_the_installation_says_so(make_app):
    plain = make_app().test_client()
    assert plain.get("/manifest.webmanifest").status_code == 404
    assert 'rel="manifest"' not in plain.get("/sign-in").get_data(as_text=True)
    on = make_app(INSTALLABLE=True, SITE_NAME="青石学考").test_client()
    reply = on.get("/manifest.webmanifest")
    told = json.loads(reply.data)
    assert reply.mimetype == "application/manifest+json"
    assert (told["name"], told["start_url"], told["scope"]) == ("青石学考", "/", "/")
    assert [on.get(icon["src"]).status_code for icon in told["icons"]] == [200, 200, 200]
    assert 'rel="manifest" href="/manifest.webmanifest"' in on.get("/sign-in").get_data(as_text=True)
