"""Practising without a network on a real phone's browser: nothing answered is lost, nothing arrives twice, and nobody
meets what another person left on the device."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from sqlalchemy import select

from quizapp.db import db
from tests.browser.conftest import Handset, Live, Watch
from tests.browser.sitting import open_exam, sign_in
from tests.cast import PASSWORD, PEOPLE, make_cast
from tests.live import soon

NO_NETWORK = (
    "ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_FAILED|ERR_EMPTY_RESPONSE"
)
ANSWERS = "**/practice/answers"


def log(live: Live, who: str = "jiang") -> list[tuple[int, str, str]]:
    """What the server's log has of a person: (revision, letters, source), in the order of answering."""

    def read() -> list[tuple[int, str, str]]:
        from quizapp.people.models import Person
        from quizapp.practice.models import PracticeAnswer

        rows = db.session.execute(
            select(PracticeAnswer.revision_id, PracticeAnswer.chosen, PracticeAnswer.source)
            .join(Person, Person.id == PracticeAnswer.person_id)
            .where(Person.account == PEOPLE[who][0])
            .order_by(PracticeAnswer.answered_at)
        )
        return [tuple(row) for row in rows]

    return live.run(read)


def keep(page: Page, who: str = "jiang", start: str = "") -> None:
    """Sign in and keep the set on this device."""
    sign_in(page, who)
    page.goto(f"{start}/practice/offline")
    page.get_by_role("button", name="保存到本机").click()
    expect(page.get_by_role("heading", name="本机内容")).to_be_visible(timeout=60_000)


def waits(page: Page, count: int) -> None:
    words = f"还有{count}条答案待上传" if count else "已全部上传"
    expect(page.locator("[data-save-text]")).to_have_text(words, timeout=60_000)


def answer(page: Page, letter: str = "A") -> None:
    """Answer the question that is shown; its feedback appears."""
    page.locator(f".option:has(input[value='{letter}'])").click()
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#feedback")).to_be_visible()


def asked(page: Page) -> int:
    """How many questions the day has, as its first one says."""
    number = re.compile(r"第\s*1\s*/\s*(\d+)\s*题")
    expect(page.locator("body")).to_contain_text(number, use_inner_text=True)
    said = number.search(page.locator("body").inner_text())
    assert said
    return int(said[1])


def further(page: Page) -> None:
    page.get_by_role("link", name="下一题").click()
    expect(page.get_by_role("button", name="提交")).to_be_visible()


@pytest.fixture
def county(live: Live) -> Live:
    live.run(make_cast)
    return live


def test_a_day_without_network(
    county: Live, phone: BrowserContext, watch: Watch, shot: Callable[..., None]
) -> None:
    watch.expected.append(NO_NETWORK)
    page = phone.new_page()
    sign_in(page, "jiang")
    page.goto("/practice/offline")
    shot(page, "offline-nothing")
    page.get_by_role("button", name="保存到本机").click()
    expect(page.get_by_text(re.compile("共[0-9]+题，已答0题"))).to_be_visible(timeout=60_000)
    waits(page, 0)
    shot(page, "offline-home")
    phone.set_offline(True)
    county.kill()  # a worker's requests are cut as well
    page.get_by_role("link", name="开始答题").click()
    shot(page, "offline-question")
    total = asked(page)
    for number in range(1, total + 1):
        answer(page)
        waits(page, number)
        if number < total:
            further(page)
    shot(page, "offline-answered")
    page.reload()
    waits(page, total)
    expect(page.locator("#feedback")).to_be_visible()
    page.get_by_role("link", name="查看结果").click()
    expect(page.get_by_role("heading", name="今天的测验已完成")).to_be_visible()
    shot(page, "offline-done")
    page.goto("/practice/offline#practice")
    answer(page, "B")
    waits(page, total + 1)
    page.locator(".law-source a").first.click()
    expect(page.locator("article.reader .law-text").first).to_be_visible()
    shot(page, "offline-article")
    page.goto("/")  # what the person knows by heart leads here too
    expect(page.get_by_role("heading", name="离线练习")).to_be_visible()
    expect(page.get_by_text(re.compile("共[0-9]+题，已完成"))).to_be_visible()
    page.get_by_role("link", name="信访工作条例").click()
    page.get_by_text("第三章").first.click()
    shot(page, "offline-contents")
    page.get_by_role("link", name="第二十二条").click()
    expect(page.locator("article.reader").get_by_text("第二十二条", exact=True)).to_be_visible()
    county.start()
    phone.set_offline(False)
    waits(page, 0)
    kept = log(county)
    assert [row[2] for row in kept] == ["daily"] * total + ["self"]
    assert [row[1] for row in kept] == ["A"] * total + ["B"]
    page.reload()
    waits(page, 0)
    assert len(log(county)) == total + 1


def test_a_connection_cut_while_answers_are_on_their_way(
    county: Live, phone: BrowserContext, watch: Watch
) -> None:
    """The server has stored them and its reply is lost: they are sent again and stand in the log once."""
    watch.expected.append(NO_NETWORK)
    page = phone.new_page()
    keep(page)
    cut = []

    def lose_the_reply(route: Route) -> None:
        if route.request.method != "POST" or len(cut) == 3:
            return route.continue_()
        cut.append(route.fetch().status)
        return route.abort("connectionreset")

    phone.route(ANSWERS, lose_the_reply)
    page.goto("/practice/offline#practice")
    answer(page)
    waits(page, 1)
    further(page)
    answer(page, "B")
    waits(page, 0)
    assert cut == [200, 200, 200]
    assert [row[1:] for row in log(county)] == [("A", "self"), ("B", "self")]


def test_a_browser_killed_without_network_keeps_its_answers(
    county: Live, handset: Handset, watch: Watch
) -> None:
    watch.expected += [NO_NETWORK, "status of 401"]  # the open page tries again before anybody signs in
    page = handset.page
    keep(page)
    county.kill()
    page.goto("/practice/offline#practice")
    answer(page)
    waits(page, 1)
    handset.kill()
    page = handset.start()
    page.goto("/practice/offline")
    waits(page, 1)
    expect(page.get_by_text("已答1题")).to_be_visible()
    county.start()
    sign_in(page, "jiang")  # a session of a shared kind ends with its browser
    page.goto("/practice/offline")
    waits(page, 0)
    assert [row[1:] for row in log(county)] == [("A", "self")]


def test_two_devices_without_network(
    county: Live, browse: Callable[..., BrowserContext], watch: Watch
) -> None:
    """Both carry today's quiz and answer it otherwise: both answers arrive, and the pages say so."""
    watch.expected.append(NO_NETWORK)
    pages = [browse("phone").new_page() for _ in range(2)]
    for page in pages:
        keep(page)
    county.kill()
    for page, letter in zip(pages, "AB", strict=True):
        page.goto("/practice/offline#daily")
        answer(page, letter)
        further(page)
        answer(page, letter)
        waits(page, 2)
    county.start()
    for page in reversed(pages):
        page.reload()
        waits(page, 0)
    kept = log(county)
    assert [row[1:] for row in kept] == [("A", "daily"), ("A", "daily"), ("B", "daily"), ("B", "daily")]
    assert [row[0] for row in kept[:2]] == [row[0] for row in kept[2:]]


def test_what_was_answered_on_other_pages_is_known_here(county: Live, phone: BrowserContext) -> None:
    page = phone.new_page()
    sign_in(page, "jiang")
    page.goto("/practice/offline")
    page.get_by_role("button", name="保存到本机").click()
    expect(page.get_by_text(re.compile("共[0-9]+题，已答0题"))).to_be_visible(timeout=60_000)
    page.goto("/practice/daily")
    answer(page)
    page.goto("/practice/offline")
    expect(page.get_by_text(re.compile("共[0-9]+题，已答1题"))).to_be_visible(timeout=60_000)
    waits(page, 0)


def test_the_wrong_question_book_follows_what_is_answered_elsewhere(
    county: Live, phone: BrowserContext, watch: Watch
) -> None:
    """A new day or a new set is not needed: the book alone is asked for, when it is another one."""
    watch.expected.append(NO_NETWORK)
    page = phone.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/practice/")[2]))
    keep(page)
    expect(book(page)).to_contain_text("0题")
    asked.clear()
    county.run(lambda: miss("jiang", 3))
    page.reload()
    expect(book(page)).to_contain_text("3题")
    assert "offline-book" in asked
    assert "offline-set" not in asked
    page.reload()
    waits(page, 0)
    assert asked.count("offline-book") == 1  # the same book is not fetched again
    phone.set_offline(True)
    page.reload()
    book(page).click()
    expect(page.get_by_text("共3题")).to_be_visible()


def test_a_question_missed_without_network_stands_in_the_book_once_it_arrived(
    county: Live, phone: BrowserContext, watch: Watch
) -> None:
    watch.expected.append(NO_NETWORK)
    page = phone.new_page()
    keep(page)
    phone.set_offline(True)
    page.goto("/practice/offline#practice/1")
    answer(page, "A")
    right = page.locator("#feedback").get_by_text("回答正确").count()
    waits(page, 1)
    phone.set_offline(False)
    waits(page, 0)
    page.goto("/practice/offline#")
    expect(book(page)).to_contain_text("0题" if right else "1题")


def book(page: Page) -> Locator:
    return page.get_by_role("link", name=re.compile("^错题本"))


def miss(who: str, count: int) -> None:
    """Somebody of the cast answers questions wrongly on another page."""
    from quizapp import clock
    from quizapp.bank.queries import keys
    from quizapp.people.models import Person
    from quizapp.practice import actions
    from quizapp.practice.queries import practice_pool

    person = db.session.scalars(select(Person.id).where(Person.account == PEOPLE[who][0])).one()
    pool, now = [entry.revision_id for entry in practice_pool(person)], clock.now()
    right = keys(pool[:count])
    actions.record(
        [
            actions.Answer(
                f"elsewhere-{one}", person, one, "B" if key == "A" else "A", "self", clock.today(now), now
            )
            for one, key in right.items()
        ],
        now,
    )
    db.session.commit()


def test_storage_full(county: Live, phone: BrowserContext, watch: Watch, shot: Callable[..., None]) -> None:
    """Neither for an answer nor for a set: it is said, and what was kept stays."""
    watch.expected.append(NO_NETWORK)
    page = phone.new_page()
    keep(page)
    county.kill()
    page.goto("/practice/offline#practice")
    answer(page)
    waits(page, 1)
    further(page)
    fill(phone, page, county)
    answer(page, "B")
    expect(page.get_by_text("本机存储空间不足，这条答案只留在本页")).to_be_visible()
    waits(page, 2)
    shot(page, "offline-full")
    second = phone.new_page()  # what was kept before is there
    second.goto("/practice/offline")
    waits(second, 1)
    second.close()
    county.start()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    waits(page, 0)
    expect(page.get_by_text("本机存储空间不足")).to_have_count(0)
    assert [row[1:] for row in log(county)] == [("A", "self"), ("B", "self")]
    page.goto("/practice/offline")
    page.get_by_role("button", name="更新内容").click()
    expect(page.get_by_text("本机存储空间不足，没有保存新的内容")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("已答1题，共200题")).to_be_visible()  # as it was kept
    shot(page, "offline-no-room")


REFUSES = """async () => {
  const result = (asked) =>
    new Promise((done, fail) => Object.assign(asked, { onsuccess: () => done(asked.result), onerror: fail }));
  const opening = indexedDB.open("probe", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("probe");
  try {
    const database = await result(opening);
    const work = database.transaction("probe", "readwrite");
    work.objectStore("probe").put("x".repeat(1000), Math.random());
    return await new Promise((done) => {
      work.oncomplete = () => done(false);
      work.onabort = () => done(true);
    }).finally(() => database.close());
  } catch {
    return true;
  }
}"""


def fill(context: BrowserContext, page: Page, live: Live) -> None:
    """Leave the site no room; the browser believes for half a minute what it knew before."""
    session = context.new_cdp_session(page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": live.url, "quotaSize": 1})
    assert soon(lambda: page.evaluate(REFUSES), 120)


KEPT_HERE = """async () => {
  const result = (asked) => new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  const addresses = [];
  for (const name of await caches.keys())
    for (const one of await (await caches.open(name)).keys()) addresses.push(new URL(one.url).pathname);
  const rows = {};
  for (const { name } of await indexedDB.databases()) {
    const database = await result(indexedDB.open(name));
    for (const store of name.startsWith("offline ") ? database.objectStoreNames : [])
      rows[store] = await result(database.transaction(store).objectStore(store).getAll());
    database.close();
  }
  return { addresses, rows };
}"""


def kept_here(page: Page) -> dict[str, Any]:
    """What the browser keeps for this site: addresses in caches, and rows by store."""
    return page.evaluate(KEPT_HERE)


def test_signing_out_clears_the_device_but_not_the_answers_that_wait(
    county: Live, desktop: BrowserContext, watch: Watch
) -> None:
    watch.expected += [NO_NETWORK, "status of 401"]
    page = desktop.new_page()
    keep(page)
    desktop.route(ANSWERS, lambda route: route.abort())
    page.goto("/practice/offline#practice")
    answer(page)
    waits(page, 1)
    page.goto("/practice/")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/sign-in")
    desktop.unroute(ANSWERS)
    assert soon(lambda: not page.evaluate("caches.keys()"))
    here = kept_here(page)
    assert (here["addresses"], here["rows"]["kept"], here["rows"]["given"]) == ([], [], [])
    assert [row["chosen"] for row in here["rows"]["queue"]] == ["A"]
    page.goto("/practice/offline")
    expect(page.get_by_role("button", name="保存到本机")).to_be_visible()

    keep(page, "luo")  # on the same device
    waits(page, 0)
    page.goto("/practice/offline#practice")
    answer(page, "B")
    waits(page, 0)
    assert log(county, "luo")[0][1:] == ("B", "self")
    assert log(county) == []
    page.goto("/practice/")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/sign-in")

    sign_in(page, "jiang")
    page.goto("/practice/")  # no need to open the offline page
    assert soon(lambda: not kept_here(page)["rows"]["queue"])
    assert [row[1:] for row in log(county)] == [("A", "self")]


def test_another_person_who_signs_in_finds_nothing_of_the_first(county: Live, phone: BrowserContext) -> None:
    """The first one's session is over without signing out."""
    page = phone.new_page()
    keep(page)
    phone.clear_cookies()
    sign_in(page, "luo")
    page.goto("/practice/offline")
    expect(page.get_by_role("button", name="保存到本机")).to_be_visible()
    here = kept_here(page)["rows"]
    of_somebody = [
        one for one in here["kept"] if not isinstance(one, int | float)
    ]  # a number: the clock's lag
    assert (here["given"], of_somebody, here["queue"]) == ([], [], [])


def test_a_session_that_is_over_keeps_the_answers(
    county: Live, phone: BrowserContext, watch: Watch, shot
) -> None:
    watch.expected.append("status of 401")
    page = phone.new_page()
    keep(page)
    phone.clear_cookies()
    page.goto("/practice/offline#practice")
    answer(page)
    waits(page, 1)
    expect(page.get_by_text("登录已过期，答案都在本机")).to_be_visible()
    shot(page, "offline-signed-out")
    page.get_by_role("link", name="重新登录").click()
    page.locator("[name=login]").fill(PEOPLE["jiang"][0])
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/practice/offline")
    waits(page, 0)
    assert [row[1:] for row in log(county)] == [("A", "self")]


def one_cache(page: Page) -> bool:
    """Whether the new worker has thrown the old one's files away."""
    return len(page.evaluate("caches.keys()")) == 1


def test_an_update_of_the_app_loses_no_answer(county: Live, phone: BrowserContext, watch: Watch) -> None:
    watch.expected.append(NO_NETWORK)
    page = phone.new_page()
    keep(page)
    before = page.evaluate("caches.keys()")
    phone.route(ANSWERS, lambda route: route.abort())
    page.goto("/practice/offline#practice")
    answer(page)
    waits(page, 1)
    county.stop()
    county.environment["QUIZAPP_SITE_NAME"] = "青石学考"
    county.start()
    page.goto("/practice/")  # the browser looks for a new worker
    assert soon(lambda: page.evaluate("caches.keys()") not in (before, []) and one_cache(page), 60)
    page.goto("/practice/offline")
    expect(page).to_have_title("离线练习 · 青石学考")
    waits(page, 1)
    expect(page.get_by_text("已答1题")).to_be_visible()
    phone.unroute(ANSWERS)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    waits(page, 0)
    assert [row[1:] for row in log(county)] == [("A", "self")]


def test_an_exam_is_never_kept_and_closes_the_set(
    live: Live, phone: BrowserContext, watch: Watch, shot
) -> None:
    watch.expected.append("status of 403")
    sitting = open_exam(live)
    page = phone.new_page()
    keep(page)
    page.goto(f"/my-exams/{sitting.exam}")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="开始答题").click()
    expect(page.locator("[data-save-text]")).to_have_text("已保存")
    page.reload()
    expect(page.locator("[data-save-text]")).to_have_text("已保存")
    assert not [
        a for a in kept_here(page)["addresses"] if not a.startswith(("/static/", "/practice/offline"))
    ]
    page.goto("/practice/offline#practice/1")
    expect(page.get_by_text("考试进行中，练习暂停")).to_be_visible()
    expect(page.locator(".ask")).to_have_count(0)
    shot(page, "offline-locked")


def test_under_a_path_of_a_host(
    make_live: Callable[..., Live], browse: Callable[..., BrowserContext], watch
) -> None:
    watch.expected.append(NO_NETWORK)
    live = make_live(QUIZAPP_URL_PREFIX="/xuekao")
    live.run(make_cast)
    live.start()
    page = browse("phone", base_url=live.url).new_page()
    page.goto("/xuekao/sign-in")
    page.locator("[name=login]").fill(PEOPLE["jiang"][0])
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto("/xuekao/practice/offline")
    page.get_by_role("button", name="保存到本机").click()
    expect(page.get_by_role("heading", name="本机内容")).to_be_visible(timeout=60_000)
    live.kill()
    page.goto("/xuekao/")
    expect(page.get_by_role("heading", name="离线练习")).to_be_visible()
    page.goto("/xuekao/practice/offline#daily")
    answer(page)
    waits(page, 1)
    live.start()
    page.reload()
    waits(page, 0)
    assert [row[1:] for row in log(live)] == [("A", "daily")]


# The same look as the server's pages -------------------------------------------------------------------------------

SAME = """async (address) => {
  const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
  const plain = (place) => {
    const found = place.querySelector(".ask, .none").cloneNode(true);
    const came = place.querySelector("#feedback")?.cloneNode(true);
    for (const one of [found, came].filter(Boolean)) {
      for (const link of one.querySelectorAll("a")) link.setAttribute("href", "");
      for (const own of one.querySelectorAll(".no-print")) own.remove(); /* 纠错 needs the network */
    }
    const text = [found, came].filter(Boolean).map((one) => one.outerHTML).join("");
    return text.replace(/\\s+/g, " ").replace(/> | </g, (m) => m.trim()).replace(/class="([^"]*?) +"/g, 'class="$1"');
  };
  return [plain(page), plain(document)];
}"""


def test_a_question_looks_like_the_servers_own(
    make_live: Callable[..., Live], browse: Callable[..., BrowserContext]
) -> None:
    live = make_live(QUIZAPP_DAILY_MINUTES="10")
    live.run(make_cast)
    live.start()
    page = browse("phone", base_url=live.url).new_page()
    keep(page)
    quiz, kinds = live.run(lambda: _quiz())
    assert kinds == {"single", "multiple", "judge"}

    def compare() -> None:
        for number in range(1, len(quiz) + 1):
            page.goto(f"/practice/offline#daily/{number}")
            expect(page.locator("[data-progress-number]")).to_have_text(str(number))
            theirs, ours = page.evaluate(SAME, f"/practice/daily/{_today(live)}/{number}")
            assert ours == theirs, number

    compare()
    live.run(lambda: _answer_all(quiz))
    page.goto("/practice/offline")
    page.get_by_role("button", name="更新内容").click()
    expect(page.get_by_text(re.compile("共[0-9]+题，已完成"))).to_be_visible(timeout=60_000)
    compare()


def _today(live: Live) -> str:
    from quizapp import clock

    return live.run(lambda: clock.today().isoformat())


def _quiz() -> tuple[list[int], set[str]]:
    from quizapp.bank.models import Revision
    from quizapp.practice.models import DailyQuiz

    quiz = db.session.scalars(select(DailyQuiz.revisions)).one()
    return quiz, set(db.session.scalars(select(Revision.kind).where(Revision.id.in_(quiz))))


def _answer_all(quiz: list[int]) -> None:
    """Every third rightly, every third with one letter, every third wrongly."""
    from quizapp import clock
    from quizapp.bank import queries
    from quizapp.people.models import Person
    from quizapp.practice import actions

    person = db.session.scalars(select(Person.id).where(Person.account == PEOPLE["jiang"][0])).one()
    keys, now = queries.keys(quiz), clock.now()
    chosen = [
        keys[one] if n % 3 == 0 else keys[one][0] if n % 3 == 1 else ("B" if keys[one] == "A" else "A")
        for n, one in enumerate(quiz)
    ]
    actions.record(
        [
            actions.Answer(f"client-{one:05}", person, one, letters, "daily", clock.today(now), now)
            for one, letters in zip(quiz, chosen, strict=True)
        ],
        now,
    )
