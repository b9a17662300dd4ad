"""合规自查: every rule with how this installation stands to it, worked out and not written down."""

import pytest

from quizapp import clock, config
from quizapp.db import db
from quizapp.home import compliance, installation
from quizapp.home.compliance import KEPT, LOOK, OWN, Installation
from quizapp.home.models import Feedback

SETTINGS = {
    "SITE_SPONSOR": "青石县信访局",
    "SITE_RECORD": "政应备〔2026〕1号",
    "PRIVACY_NOTICE": "说明",
    "SECURE_COOKIES": True,
    "DAILY_NAMES": False,
    "SMALLEST_GROUP": 5,
}


def levels(**changes):
    """Rule → level of a good installation with these changes."""
    settings = SETTINGS | changes.pop("settings", {})
    good = {
        "learning": frozenset({"card.person_id"}),
        "tables": frozenset({"card.person_id", "exam.title"}),
        "addresses": frozenset({"/practice/"}),
        "open": frozenset({"home.feedback"}),
        "waiting": 0,
        "offers": (),
        "exam_reminders_only": True,
    }
    found = compliance.standings(Installation(settings=settings, **(good | changes)))
    return {standing.rule.key: standing.level for standing in found}


def test_a_good_installation_keeps_what_can_be_worked_out_and_the_rest_is_for_people():
    assert levels() == {
        **{
            "scope": OWN,
            "sponsor": KEPT,
            "forms": OWN,
            "presence": KEPT,
            "pressing": KEPT,
            "assessing": KEPT,
        },
        **{"trade": KEPT, "feedback": KEPT, "record": OWN, "protection": OWN},
    }


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ({"learning": frozenset({"card.streak"})}, {"presence", "assessing"}),
        ({"learning": frozenset({"practice_answer.online_seconds"})}, {"presence", "assessing"}),
        ({"addresses": frozenset({"/practice/leaderboard"})}, {"presence"}),
        ({"tables": frozenset({"upload.photo"})}, {"assessing"}),
        ({"tables": frozenset({"course.price"})}, {"trade"}),
        ({"exam_reminders_only": False}, {"pressing"}),
        ({"settings": {"DAILY_NAMES": True}}, {"pressing", "assessing"}),
        ({"offers": (("请用户安装", True),)}, {"pressing"}),
        ({"offers": (("请用户安装", False),)}, set()),
        ({"settings": {"SITE_SPONSOR": ""}}, {"sponsor"}),
        ({"settings": {"SITE_RECORD": ""}}, {"record"}),
        ({"settings": {"SECURE_COOKIES": False}}, {"protection"}),
        ({"open": frozenset()}, {"feedback"}),
        ({"waiting": 3}, {"feedback"}),
    ],
)
def test_what_would_break_a_rule_is_told_there(changes, broken):
    assert {key for key, level in levels(**changes).items() if level == LOOK} == broken


def test_this_app_has_no_points_no_ranking_and_no_clock(app, cast):
    found = installation.read()
    assert "practice_answer.client_id" in found.learning
    assert "/practice/" in found.addresses
    told = {standing.rule.key: standing.level for standing in compliance.standings(found)}
    assert (told["presence"], told["assessing"], told["trade"]) == (KEPT, KEPT, KEPT)


def test_feedback_is_open_to_who_is_not_signed_in(app, cast):
    assert app.test_client().get("/feedback").status_code == 200


def test_the_page_follows_the_settings(app, cast, as_zhou):
    page = as_zhou.page("/settings").follow("合规自查")
    assert "请对照正式文本" in page.text
    assert "国办函〔2026〕12号" in page.text
    assert "没有填写主办单位" in page.text
    assert "已打开" not in page.text
    config.store("SITE_SPONSOR", "青石县信访局")
    config.store("DAILY_NAMES", new=True)
    db.session.add(Feedback(code="ABCDEFGH", page="/", text="建议", sent_at=clock.now()))
    db.session.commit()
    page = as_zhou.page("/settings/compliance")
    assert "页脚显示主办单位：青石县信访局" in page.text
    assert "已打开" in page.text
    assert "现有1件没有答复" in page.text


def test_rules_in_our_own_words_are_marked(app, cast, as_zhou):
    page = as_zhou.page("/settings/compliance")
    ours = [rule for rule in compliance.source().rules if not rule.quoted]
    assert page.text.count("（大意）") == len(ours) == 3
