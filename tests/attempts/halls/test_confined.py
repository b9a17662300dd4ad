"""A hall's sign-in may do nothing but its exam: every other route is walked; and after the hand-in it is soon over."""

from datetime import timedelta

from quizapp import clock
from quizapp.attempts import starting
from quizapp.attempts.models import Attempt
from quizapp.db import db
from quizapp.exams.halls.rules import STAY
from quizapp.people.models import LoginSession, Person
from tests.attempts.conftest import candidate_of, csrf_of, make_exam
from tests.attempts.halls.conftest import begin, enter, place_of

OWN = {
    *("attempts.hall", "attempts.hall_exam", "attempts.hall_notice", "attempts.hall_start"),
    *("attempts.hall_leave", "attempts.paper", "attempts.check", "attempts.open_page", "attempts.sheet"),
    *("attempts.sheet_form", "attempts.hand_in", "attempts.status", "attempts.receipt"),
    *("static", "people.text_size"),
}


def addresses(app, **known):
    """(endpoint, method, address) of every route, its parameters filled with what the person could name."""
    made = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            offered = {name: sorted(getattr(one, "items", {"1"})) for name, one in rule._converters.items()}
            named = {name: known.get(name, values[0]) for name, values in offered.items()}
            url = app.url_for(rule.endpoint, **named)
            made += [(rule.endpoint, method, url) for method in rule.methods & {"GET", "POST", "PUT"}]
    return made


def test_every_page_but_the_exams_own_is_refused(app, exam, hall, cast, client):
    token = begin(client).path.rsplit("/", 1)[1]
    csrf, wrong = client.token, []
    for endpoint, method, url in addresses(app, exam_id=exam.id, token=token):
        if endpoint in OWN:
            continue
        form = client.open(url, method=method, data={"csrf_token": csrf} if method != "GET" else None)
        script = client.open(
            url, method=method, headers={"Accept": "application/json", "X-CSRFToken": csrf}, json={}
        )
        back = form.status_code == 303 and form.headers["Location"].endswith("/hall/exam")
        page = method == "GET" and not url.startswith("/api/")  # programs are refused, nobody is led back
        if not (back if page else form.status_code == 403) or script.status_code != 403:
            wrong.append((endpoint, method, form.status_code, script.status_code))
    assert not wrong, "\n".join(map(str, wrong))
    assert client.page("/hall/exam").status == 200  # and the sign-in stands


def test_another_exams_sheet_of_the_same_person_is_out_of_reach(app, exam, hall, cast, client):
    other = make_exam(cast, clock.now(), title="另一场考试", asked=_again(exam))
    theirs = starting.start(other, candidate_of(other, cast.jiang), pledge="", now=clock.now())
    token = theirs.token
    db.session.commit()
    begin(client)
    for method, what in (
        ("GET", ""),
        ("POST", "/open"),
        ("PUT", "/sheet"),
        ("POST", "/hand-in"),
        ("GET", "/status"),
    ):
        assert client.send(method, f"/attempts/{token}{what}", {}).status_code == 403
    assert db.session.query(Attempt).filter_by(token=token).one().state == "created"


def _again(exam):
    from quizapp.bank.models import Revision

    return db.session.query(Revision).order_by(Revision.id).all()


def test_the_pages_of_the_hall_have_no_menu(exam, hall, client):
    page = enter(client)
    assert page.links == [("跳到正文", "#main")]
    paper = page.press("开始答题", pledge="y")
    assert not [href for _, href in paper.links if href in ("/help", "/feedback", "/my-exams/")]


def test_a_hall_sign_in_that_is_over_leads_back_to_the_door(exam, hall, cast, client):
    paper = begin(client)
    db.session.query(LoginSession).update({"ended_at": clock.now()})
    db.session.commit()
    assert client.page(paper.path).path == "/hall"
    assert client.send("GET", f"{paper.path}/status").status_code == 401
    assert client.page("/sign-in").path == "/sign-in"  # the computer is free for everything again


def test_after_the_hand_in_the_sign_in_is_over_within_a_minute_whatever_the_browser_does(
    exam, hall, cast, client, at
):
    paper = begin(client)
    check = paper.press("检查并交卷")
    receipt = check.press("交卷")
    assert receipt.path.endswith("/receipt")
    assert "60秒后自动退出" in receipt.text
    assert 'content="60;url=/hall?left=1"' in receipt.html
    row = db.session.get(LoginSession, place_of(exam, cast.jiang).login_session_id)
    assert row.expires_at == clock.now() + STAY
    at.later(seconds=20)
    assert "40秒后自动退出" in client.page(receipt.path).text  # reading it again gives no more time
    at.later(seconds=41)
    assert client.page(receipt.path).path == "/hall"


def test_a_script_that_hands_in_is_signed_out_as_soon(exam, hall, cast, client):
    paper = begin(client)
    csrf_of(client)
    opened = client.send("POST", f"{paper.path}/open", {"page_key": None, "log": [0, 0], "takeover": True})
    body = {"epoch": opened.json["epoch"], "revision": 1, "sheet": "A.B.AC.A"}
    assert client.send("POST", f"{paper.path}/hand-in", body).status_code == 200
    row = db.session.get(LoginSession, place_of(exam, cast.jiang).login_session_id)
    assert row.expires_at == clock.now() + STAY


def test_at_home_nothing_ends_with_the_hand_in(exam, cast, as_jiang):
    paper = as_jiang.page(f"/my-exams/{exam.id}").press("开始答题", pledge="y")
    receipt = paper.press("检查并交卷").press("交卷")
    assert "自动退出" not in receipt.text
    (row,) = db.session.query(LoginSession).filter_by(person_id=cast.jiang)
    assert row.expires_at > clock.now() + timedelta(hours=1)


def test_leaving_ends_the_sign_in_and_empties_the_cookies(exam, hall, cast, client):
    page = enter(client)
    client.post("/text-size", data={"csrf_token": page.token, "size": "large"})
    page = client.page("/hall/exam").press("退出")
    assert page.path == "/hall"
    assert "已退出" in page.text
    assert db.session.query(LoginSession).filter_by(ended_at=None).count() == 0
    assert client.get_cookie("size") is None
    with client.session_transaction() as cookie:
        assert set(cookie) <= {"csrf_token", "_fresh", "_permanent"}
    assert enter(client).path == "/hall/exam"  # and the person may come again


def test_leaving_without_script_needs_no_press(exam, hall, client):
    enter(client)
    page = client.page("/hall?left=1")
    assert "已退出" in page.text
    assert client.page("/hall/exam").path == "/hall"


def test_somebody_else_signs_in_over_whoever_sat_there(exam, hall, cast, client):
    enter(client)
    page = client.page("/hall?left=1").press("登录", account="10000025", code=hall.start_code)
    assert "罗成" in page.text
    assert db.session.get(Person, cast.luo).id == cast.luo
