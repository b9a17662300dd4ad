"""Starting, starting again, and what is left when the server is killed. Real processes, no browser but one."""

import os
import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from quizapp.db import db
from quizapp.people.models import Person
from tests.cast import make_cast
from tests.live import children_of, consumer_of, parent_of, soon

pytestmark = pytest.mark.from_scratch
FOUR = ("江映雪", "何平", "李文", "周明")
ON_LINUX = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")


def people() -> list[tuple[str, str]]:
    return [tuple(row) for row in db.session.execute(select(Person.account, Person.name).order_by(Person.id))]


def printed(live, since: int = 0) -> str:
    return live.log.read_text()[since:]


def test_a_plain_start_prints_the_first_administrator_once_and_keeps_all_data(make_live, browse):
    live = make_live(bare=True)
    live.start()
    first = printed(live)
    account = re.search(r"学法账号：(\d{8})", first)[1]
    password = re.search(r"一次性口令：(\S+)", first)[1]
    assert f"{live.url}/" in first
    assert live.run(people) == [(account, "系统管理员")]  # nobody of a demonstration county
    assert not [name for name in FOUR if name in first]

    page = browse("desktop", base_url=live.url).new_page()
    page.goto("/sign-in")
    page.locator("[name=login]").fill(account)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page).to_have_url(re.compile("/welcome"))  # a password of one's own comes first

    live.stop()
    before = len(first)
    live.start()
    again = printed(live, before)
    assert f"{live.url}/" in again
    assert "一次性口令" not in again
    assert "已载入" not in again
    assert live.run(people) == [(account, "系统管理员")]
    page.reload()  # the sign-in of before still stands
    expect(page).to_have_url(re.compile("/welcome"))


def test_the_demonstration_county_tells_each_time_how_to_sign_in(make_live, browse):
    live = make_live()
    live.start("--demo")
    first = printed(live)
    told = dict(re.findall(r"(\S+?)（.*?）\s+学法账号：(\d{8})", first))
    passwords = re.findall(r"口令：(\S+)", first)
    assert tuple(told) == FOUR
    assert len(passwords) == len(FOUR)
    for account, password in zip(told.values(), passwords, strict=True):
        page = browse("phone", base_url=live.url).new_page()
        page.goto("/sign-in")
        page.locator("[name=login]").fill(account)
        page.locator("[name=password]").fill(password)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        page.close()  # a page that still fetches its icon would complain of the stop below

    live.stop()
    count = live.run(lambda: db.session.scalar(select(func.count()).select_from(Person)))
    live.start("--demo")
    again = printed(live, len(first))
    assert dict(re.findall(r"(\S+?)（.*?）\s+学法账号：(\d{8})", again)) == told
    assert re.findall(r"口令：(\S+)", again) == passwords
    assert live.run(lambda: db.session.scalar(select(func.count()).select_from(Person))) == count
    assert (live.folder / "instance" / "demo.txt").stat().st_mode & 0o077 == 0


def test_a_county_of_real_people_is_never_mixed_with_the_demonstration(make_live):
    live = make_live()
    live.run(make_cast)
    before = live.run(people)
    live.start("--demo")
    assert "没有建立演示县" in printed(live)
    assert live.run(people) == before


@ON_LINUX
def test_nothing_of_a_killed_server_stays_behind_and_it_starts_again_at_once(make_live):
    live = make_live()
    live.start()
    server = live.pid
    started = children_of(server)
    assert len(started) >= 3  # two web workers and the job consumer
    os.kill(server, signal.SIGKILL)  # only the first process: no group, nobody told the others
    assert soon(lambda: not any(parent_of(child) is not None for child in started))
    live.stop()
    live.start()
    assert live.is_well()


@ON_LINUX
def test_a_restart_right_after_a_kill_waits_for_the_port(make_live):
    live = make_live()
    live.start()
    dead, live._process = live._process, None  # what it leaves behind holds the port for a moment
    dead.kill()
    dead.wait()
    live.start()
    assert soon(lambda: printed(live).count(f"{live.url}/") == 2 and live.is_well(), 60)


@ON_LINUX
def test_a_killed_web_worker_is_replaced_and_the_other_goes_on(make_live):
    live = make_live()
    live.start()
    consumer = consumer_of(live.pid)
    victim = next(child for child in children_of(live.pid) if child != consumer)
    os.kill(victim, signal.SIGKILL)
    assert soon(lambda: len(children_of(live.pid)) >= 3 and victim not in children_of(live.pid))
    assert soon(live.is_well)


@ON_LINUX
def test_workers_that_die_together_and_again_at_once_do_not_end_the_server(make_live):
    live = make_live()
    live.start()
    for _ in range(3):
        killed = live.workers
        for worker in killed:
            os.kill(worker, signal.SIGKILL)
        assert soon(lambda killed=killed: len(set(live.workers) - set(killed)) == 2, 30)
    assert soon(live.is_well, 30)


@ON_LINUX
def test_a_killed_job_consumer_is_replaced(make_live):
    live = make_live()
    live.start()
    first = consumer_of(live.pid)
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert soon(lambda: consumer_of(live.pid) not in (None, first))


@ON_LINUX
def test_a_stopped_server_takes_its_processes_along(make_live):
    live = make_live()
    live.start()
    server, started = live.pid, children_of(live.pid)
    os.kill(server, signal.SIGTERM)
    assert soon(lambda: not any(parent_of(child) is not None for child in (server, *started)), 30)
