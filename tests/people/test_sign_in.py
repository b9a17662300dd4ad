"""Signing in: by what, for how long, what is refused and what is told; hazards H15, H17, H40, H41, H43."""

import argon2
import pytest
from flask_login import current_user
from sqlalchemy import func, select

from quizapp import clock
from quizapp.db import db
from quizapp.people import actions, passwords, sessions
from quizapp.people.models import BackupCode, LoginFailure, LoginSession, Person
from quizapp.people.returning import is_safe_next
from tests.cast import PASSWORD, sign_in
from tests.statements import statements

WRONG = "Wrong-password-1"


def attempt(client, login, password, **fields):
    page = client.page("/sign-in")
    return page.press("登录", login=login, password=password, **fields)


def session_of(person_id):
    return db.session.scalars(
        select(LoginSession)
        .where(LoginSession.person_id == person_id)
        .order_by(LoginSession.started_at.desc())
    ).first()


def person(person_id):
    return db.session.get_one(Person, person_id)


def slip_for(person_id):
    [slip] = actions.issue_slips([person_id], clock.now())
    db.session.commit()
    return slip


@pytest.mark.parametrize("login", ["10000017", "１００００ 017", "XF-7", "13800000017"])
def test_account_staff_number_and_phone_all_sign_in(client, cast, login):
    person(cast.jiang).staff_number, person(cast.jiang).phone = "XF-7", "13800000017"
    page = attempt(client, login, PASSWORD)
    assert page.path == "/"
    assert session_of(cast.jiang).ended_at is None


@pytest.mark.parametrize("before", [None, "jiang"])
def test_a_sign_in_costs_two_statements_and_one_more_on_sqlite_where_another_ends(
    client, cast, database, before
):
    if before:
        sign_in(client, getattr(cast, before))
    client.page("/sign-in" if before is None else "/")
    with statements() as seen:
        reply = client.send("POST", "/sign-in.json", {"login": "10000017", "password": PASSWORD})
    assert reply.json["code"] == "signed_in"
    assert len(seen) == (3 if before and database.dialect == "sqlite" else 2)


def test_somebodys_account_wins_over_anothers_staff_number(client, cast):
    person(cast.luo).staff_number = person(cast.jiang).account
    attempt(client, "10000017", PASSWORD)
    assert session_of(cast.jiang) is not None
    assert session_of(cast.luo) is None


@pytest.mark.parametrize(("name", "kind"), [("jiang", "study"), ("li", "short"), ("zhou", "short")])
def test_only_cadres_without_any_role_stay_signed_in(client, cast, name, kind):
    person_id = getattr(cast, name)
    attempt(client, person(person_id).account, PASSWORD, keep="y")
    assert session_of(person_id).kind == kind


def test_without_the_tick_nobody_stays_signed_in(client, cast):
    attempt(client, "10000017", PASSWORD)
    assert session_of(cast.jiang).kind == "short"


def test_a_role_given_later_ends_the_long_sign_in(client, cast):
    attempt(client, "10000017", PASSWORD, keep="y")
    unit = db.session.get_one(actions.Unit, cast.office)
    actions.grant(person(cast.jiang), "leader", unit, now=clock.now(), actor_id=cast.zhou)
    assert client.page("/me").path == "/sign-in"


def test_signing_in_again_leaves_no_second_session_on_this_browser(client, cast):
    client.page("/sign-in")
    for _ in range(2):
        reply = client.send("POST", "/sign-in.json", {"login": "10000017", "password": PASSWORD})
        client.token = reply.json["csrf_token"]
    ended = [row.ended_at for row in db.session.scalars(select(LoginSession))]
    assert sorted(at is None for at in ended) == [False, True]


# H40: the same answer, the same work, for everybody ---------------------------------------------------------


@pytest.fixture
def verifications(monkeypatch):
    """Counts argon2 verifications, and notes whether a connection was taken meanwhile, and so a transaction open."""
    calls = []
    real = argon2.PasswordHasher.verify

    def verify(self, hashed, typed):
        calls.append(db.engine.pool.checkedout() > 0)
        return real(self, hashed, typed)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", verify)
    return calls


CASES = [
    "right",
    "wrong",
    "unknown",
    "locked",
    "disabled",
    "no password",
    "slip",
    "expired slip",
    "code",
    "slowed",
]


def prepare(case, cast):
    """(login, password, whether it opens)"""
    jiang, now = person(cast.jiang), clock.now()
    if case == "slip":
        return jiang.account, slip_for(jiang.id).one_time_password, True
    if case == "expired slip":
        slip = slip_for(jiang.id)
        person(cast.jiang).slip_expires_at = now
        return slip.account, slip.one_time_password, False
    if case == "code":
        return jiang.account, actions.issue_codes(jiang)[2], True
    if case == "disabled":
        jiang.disabled_at = now
    if case == "no password":
        jiang.password_hash = None
    if case == "locked":
        db.session.add_all([LoginFailure(login=jiang.account, address="x", at=now) for _ in range(5)])
    if case == "slowed":
        db.session.add_all([LoginFailure(login="other", address="127.0.0.1", at=now) for _ in range(100)])
    if case == "unknown":
        return "99999999", PASSWORD, False
    return jiang.account, WRONG if case == "wrong" else PASSWORD, case == "right"


@pytest.mark.parametrize("case", CASES)
def test_h40_every_path_verifies_exactly_one_hash_outside_any_transaction(client, cast, verifications, case):
    login, password, opens = prepare(case, cast)
    client.page("/sign-in")
    reply = client.send("POST", "/sign-in.json", {"login": login, "password": password})
    assert (reply.status_code == 200) is opens
    assert verifications == [False]


def test_h40_every_refusal_says_the_same(client, cast):
    told = set()
    for case in CASES:
        login, password, opens = prepare(case, cast)
        if not opens:
            page = attempt(client, login, password)
            told.add((page.status, page.text.replace(login, "")))
        db.session.rollback()
        for row in db.session.scalars(select(LoginFailure)):
            db.session.delete(row)
        person(cast.jiang).disabled_at = None
    assert len(told) == 1
    status, text = told.pop()
    assert status == 401
    assert "请过15分钟再试" in text


# What happens while the hash is verified ---------------------------------------------------------------------


@pytest.fixture
def meanwhile(monkeypatch):
    """`meanwhile(act)`: once the next hash has been verified, and before the sign-in is written, somebody does this."""
    acts = []
    real = passwords.verify

    def verify(stored, typed):
        matches = real(stored, typed)
        while acts:
            acts.pop()()
            db.session.commit()
        return matches

    monkeypatch.setattr(passwords, "verify", verify)
    return acts.append


def change(cast, what):
    if what == "password":
        person(cast.jiang).password_hash = passwords.hash_password(WRONG)
    elif what == "removed password":
        person(cast.jiang).password_hash = None
    else:
        person(cast.jiang).disabled_at = clock.now()


@pytest.mark.parametrize("failures", [0, 2])
@pytest.mark.parametrize("what", ["password", "removed password", "disabled"])
def test_who_changes_while_the_hash_is_verified_is_refused_and_the_earlier_sign_in_stands(
    client, cast, meanwhile, what, failures
):
    sign_in(client, cast.luo)
    client.page("/me")
    for _ in range(failures):
        db.session.add(LoginFailure(login="10000017", address="127.0.0.1", at=clock.now()))
    meanwhile(lambda: change(cast, what))
    reply = client.send("POST", "/sign-in.json", {"login": "10000017", "password": PASSWORD})
    assert (reply.status_code, reply.json["code"]) == (422, "refused")
    assert session_of(cast.jiang) is None
    assert session_of(cast.luo).ended_at is None
    assert db.session.scalar(select(func.count()).select_from(LoginFailure)) == failures + 1
    assert client.page("/me").path == "/me", "still signed in as before"


def test_a_code_used_while_the_hash_is_verified_opens_nothing(client, cast, meanwhile):
    sign_in(client, cast.luo)
    codes = actions.issue_codes(person(cast.jiang))
    client.page("/me")

    def use_up():
        for code in db.session.scalars(select(BackupCode)):
            code.used_at = clock.now()

    meanwhile(use_up)
    reply = client.send("POST", "/sign-in.json", {"login": "10000017", "password": codes[0]})
    assert reply.status_code == 422
    assert session_of(cast.jiang) is None
    assert session_of(cast.luo).ended_at is None


def test_a_sign_in_with_nothing_to_forget_leaves_others_failures_alone(client, cast):
    db.session.add(LoginFailure(login="10000025", address="10.0.0.9", at=clock.now()))
    assert attempt(client, "10000017", PASSWORD).path == "/"
    assert db.session.scalar(select(func.count()).select_from(LoginFailure)) == 1


def test_whoever_was_known_before_a_sign_in_is_looked_up_anew(app, cast):
    with app.test_request_context("/"):
        assert not current_user.is_authenticated
        sessions.start(person(cast.jiang), kind="short", now=clock.now())
        db.session.commit()
        assert current_user.id == cast.jiang


# H41: locks, and locks as an attack -------------------------------------------------------------------------


def test_h41_five_failures_lock_for_fifteen_minutes(client, cast, at):
    at("2026-12-20 19:00")
    for _ in range(5):
        attempt(client, "10000017", WRONG)
    at("2026-12-20 19:14:59")
    assert attempt(client, "10000017", PASSWORD).status == 401
    at("2026-12-20 19:15")
    assert attempt(client, "10000017", PASSWORD).path == "/"


def test_h41_knocking_at_a_locked_account_does_not_keep_it_locked(client, cast, at):
    at("2026-12-20 19:00")
    for _ in range(20):
        attempt(client, "10000017", WRONG)
    assert db.session.scalar(select(func.count()).select_from(LoginFailure)) == 5
    at("2026-12-20 19:15")
    assert attempt(client, "10000017", PASSWORD).path == "/"


def test_h41_aliases_share_one_lock(client, cast):
    person(cast.jiang).staff_number = "XF-7"
    for login in ("10000017", "XF-7", "10000017", "XF-7", "10000017"):
        attempt(client, login, WRONG)
    assert attempt(client, "XF-7", PASSWORD).status == 401


def test_h41_success_forgets_the_failures_before(client, cast):
    for _ in range(4):
        attempt(client, "10000017", WRONG)
    attempt(client, "10000017", PASSWORD).client.post("/sign-out")
    assert db.session.scalar(select(func.count()).select_from(LoginFailure)) == 0


def test_h41_a_lock_never_ends_an_open_session(app, as_jiang):
    stranger = app.test_client()
    for _ in range(6):
        attempt(stranger, "10000017", WRONG)
    assert as_jiang.page("/me").path == "/me"


@pytest.mark.parametrize("way", ["slip", "code"])
def test_h41_a_slip_or_a_code_opens_a_locked_account(client, cast, way):
    [*codes] = actions.issue_codes(person(cast.jiang))
    for _ in range(5):
        attempt(client, "10000017", WRONG)
    secret = slip_for(cast.jiang).one_time_password if way == "slip" else codes[0]
    page = attempt(client, "10000017", secret)
    assert page.status == 200
    assert page.path in ("/welcome", "/password")


def test_h41_an_address_is_slowed_long_after_an_account_is_locked(client, cast, at):
    at("2026-12-20 19:00")
    for number in range(100):
        db.session.add(LoginFailure(login=f"guess{number}", address="127.0.0.1", at=clock.now()))
    assert attempt(client, "10000017", PASSWORD).status == 401
    at.later(minutes=15)
    assert attempt(client, "10000017", PASSWORD).path == "/"


# Slips, codes, rehash ---------------------------------------------------------------------------------------


def test_a_slip_is_typed_without_care_for_case_dashes_and_blanks(client, cast):
    slip = slip_for(cast.jiang)
    typed = slip.one_time_password.upper().replace("-", " ")
    assert attempt(client, slip.account, typed).path == "/welcome"


def test_a_code_opens_once(client, app, cast):
    codes = actions.issue_codes(person(cast.jiang))
    assert attempt(client, "10000017", codes[0]).path == "/password"
    assert attempt(app.test_client(), "10000017", codes[0]).status == 401
    assert attempt(app.test_client(), "10000017", codes[1]).path == "/password"
    used = db.session.scalars(select(BackupCode.used_at)).all()
    assert sum(at is not None for at in used) == 2


def test_a_code_of_one_person_opens_nobody_else(client, cast):
    codes = actions.issue_codes(person(cast.jiang))
    assert attempt(client, "10000025", codes[0]).status == 401


def test_a_hash_of_other_parameters_is_renewed_at_sign_in(make_app, cast):
    before = person(cast.jiang).password_hash
    stronger = make_app(ARGON2_TIME_COST=2)
    attempt(stronger.test_client(), "10000017", PASSWORD)
    db.session.expire_all()
    after = person(cast.jiang).password_hash
    assert after != before
    assert "t=2" in after


def test_secrets_are_not_stored_as_printed(cast):
    slip = slip_for(cast.jiang)
    codes = actions.issue_codes(person(cast.jiang))
    stored = [person(cast.jiang).password_hash, *db.session.scalars(select(BackupCode.code_hash))]
    assert not any(secret in text for secret in (slip.one_time_password, *codes) for text in stored)
    assert passwords.is_one_time(person(cast.jiang).password_hash)


# Over the page, H15, H16, H17 -------------------------------------------------------------------------------


def test_h15_signing_in_over_the_page_gives_a_token_that_works(client, as_jiang, cast, at):
    as_jiang.page("/me")
    at.later(minutes=31)
    assert as_jiang.get("/me").status_code == 303, "idle for too long"
    refused = as_jiang.send("POST", "/sign-in.json", {"login": "10000017", "password": PASSWORD})
    if refused.status_code == 401:  # the old token went with the old session: the reply carries a new one
        as_jiang.token = refused.json["csrf_token"]
        refused = as_jiang.send("POST", "/sign-in.json", {"login": "10000017", "password": PASSWORD})
    assert refused.status_code == 200
    assert refused.json["code"] == "signed_in"
    as_jiang.token = refused.json["csrf_token"]
    reply = as_jiang.post("/me/end-others", headers={"X-CSRFToken": as_jiang.token})
    assert reply.status_code == 303


def test_h15_a_wrong_password_over_the_page_keeps_the_token_usable(client, cast):
    client.page("/sign-in")
    reply = client.send("POST", "/sign-in.json", {"login": "10000017", "password": WRONG})
    assert (reply.status_code, reply.json["code"]) == (422, "refused")
    client.token = reply.json["csrf_token"]
    assert (
        client.send("POST", "/sign-in.json", {"login": "10000017", "password": PASSWORD}).status_code == 200
    )


@pytest.mark.parametrize(
    "body",
    [
        {"login": "10000017"},
        {"login": "10000017", "password": PASSWORD, "role": "administrator"},
        {"login": "10000017", "password": PASSWORD, "kind": "study"},
        {"login": 10000017, "password": PASSWORD},
        ["10000017", PASSWORD],
        None,
    ],
)
def test_h39_the_json_sign_in_takes_its_own_keys_and_nothing_else(client, cast, body):
    client.page("/sign-in")
    reply = client.send("POST", "/sign-in.json", body, headers={"Content-Type": "application/json"})
    assert reply.status_code in (400, 422)
    assert session_of(cast.jiang) is None


def test_h42_a_form_of_another_site_signs_nobody_in(client, cast):
    """A page elsewhere can post a form with our cookies, but neither the token nor JSON with its header."""
    fields = {"login": "10000017", "password": PASSWORD}
    headers = {"Origin": "https://evil.example", "Referer": "https://evil.example/"}
    replies = [
        client.post("/sign-in", data=fields, headers=headers),
        client.post("/sign-in.json", data=fields, headers=headers),
        client.post("/sign-in.json", json=fields, headers=headers),
        client.post(
            "/sign-in.json", data='{"login": "10000017"}', content_type="text/plain", headers=headers
        ),
    ]
    assert [reply.status_code for reply in replies] == [400, 400, 401, 400]
    assert session_of(cast.jiang) is None


def test_h16_a_token_older_than_the_exam_still_counts(as_jiang, at):
    page = as_jiang.page("/me")
    for _ in range(13):
        at.later(minutes=25)
        as_jiang.get("/me")
    fields = {"size": "large", "next": "/me", "csrf_token": page.token}
    assert as_jiang.post("/text-size", data=fields).headers["Location"] == "/me"


@pytest.mark.parametrize("keep", ["y", None])
def test_h17_a_phone_that_changes_its_network_stays_signed_in(client, cast, keep):
    attempt(client, "10000017", PASSWORD, keep=keep)
    for address, browser in (("10.1.1.1", "MicroMessenger"), ("2001:db8::7", "MicroMessenger/8")):
        reply = client.get("/me", environ_base={"REMOTE_ADDR": address}, headers={"User-Agent": browser})
        assert reply.status_code == 200


def test_signing_out_ends_the_row_not_only_the_cookie(as_jiang, cast):
    with as_jiang.session_transaction() as cookie:
        kept = dict(cookie)
    fields = {"csrf_token": as_jiang.page("/me").token}
    assert as_jiang.post("/sign-out", data=fields).headers["Location"] == "/sign-in"
    with as_jiang.session_transaction() as cookie:
        cookie.update(kept)
    assert as_jiang.page("/me").path == "/sign-in"


def test_a_disabled_person_is_signed_out_at_once(as_jiang, cast):
    actions.set_disabled(person(cast.jiang), True, now=clock.now(), actor_id=cast.zhou)
    assert as_jiang.page("/me").path == "/sign-in"


# H43 --------------------------------------------------------------------------------------------------------


PAYLOADS = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "/me\\@evil.example",
    "/\x00/evil.example",
    "/\u00a0/evil.example",
]


@pytest.mark.parametrize("target", PAYLOADS)
def test_h43_the_seventeen_payloads_lead_home(client, cast, target):
    client.page("/sign-in")
    reply = client.post(
        "/sign-in",
        data={"login": "10000017", "password": PASSWORD, "next": target, "csrf_token": client.token},
    )
    if "\0" in target:
        assert reply.status_code == 400, "refused before any page sees it"
        return
    assert reply.status_code == 303
    assert reply.headers["Location"] == "/"


@pytest.mark.parametrize("target", [*PAYLOADS, "", None, "/" + "a" * 3000, "//[::1", "/\u2028/evil.example"])
def test_h43_the_rule_itself_takes_none_of_them(target):
    assert not is_safe_next(target)


@pytest.mark.parametrize("target", ["/", "/me", "/me?a=1&b=%2F%2Fevil.example", "/条例/24", "/a:b@c"])
def test_h43_the_rule_takes_paths_of_this_site(target):
    assert is_safe_next(target)


def test_h43_an_address_of_this_site_is_kept(client, cast):
    page = client.page("/me?a=1")
    assert page.path == "/sign-in"
    reply = client.post(
        "/sign-in",
        data={"login": "10000017", "password": PASSWORD, "next": "/me?a=1", "csrf_token": client.token},
    )
    assert reply.headers["Location"] == "/me?a=1"


def test_h43_under_a_path_the_prefix_is_put_once(make_app, cast):
    client = make_app(URL_PREFIX="/xuekao").test_client()
    client.page("/xuekao/sign-in")
    for target in ("/me", "/xuekao/me"):
        fields = {"login": "10000017", "password": PASSWORD, "next": target, "csrf_token": client.token}
        assert client.post("/xuekao/sign-in", data=fields).headers["Location"] == "/xuekao/me"
        client.page("/xuekao/me")


def test_sign_in_helper_of_the_cast_is_a_real_session(app, cast):
    assert sign_in(app.test_client(), cast.jiang).page("/me").h1 == "我的"
