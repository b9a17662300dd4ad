"""Settings stand in one place; administrators edit those that are theirs, and everything falls back in order."""

from sqlalchemy import select

from quizapp import config
from quizapp.audit import AuditEvent
from quizapp.config import LIMITS, SETTINGS
from quizapp.db import db
from quizapp.home.forms import GROUPS


def test_every_editable_setting_stands_once_on_the_page():
    shown = [name for _, names in GROUPS for name in names]
    assert sorted(shown) == sorted(setting.name for setting in SETTINGS if setting.editable)


def test_every_editable_number_has_limits_around_its_default():
    for setting in SETTINGS:
        if setting.editable and isinstance(setting.default, int):
            low, high = LIMITS[setting.name]
            assert low <= setting.default <= high


def test_the_order_is_default_environment_table_overrides(make_app, monkeypatch):
    monkeypatch.setenv("QUIZAPP_SITE_NAME", "环境")
    monkeypatch.setenv("QUIZAPP_DAILY_MINUTES", "7")
    with make_app(TESTING=True).app_context():  # one of its own, which reads what the environment says now
        assert (config.value("SITE_NAME"), config.value("DAILY_MINUTES")) == ("环境", 7)
        config.store("SITE_NAME", "表")
        db.session.commit()
        assert config.value("SITE_NAME") == "表"
    with make_app(SITE_NAME="指定").app_context():
        assert config.value("SITE_NAME") == "指定"


def test_an_administrator_changes_the_footer_and_it_is_logged(as_zhou, as_jiang):
    page = as_zhou.page("/settings").press("保存设置", SITE_SPONSOR="青石县信访局", SITE_PHONE="0000-12345")
    assert "改动了2项" in page.text
    assert "主办单位：青石县信访局" in as_jiang.page("/privacy").text
    assert db.session.scalars(select(AuditEvent.action)).all() == ["settings.changed"]


def test_a_number_out_of_limits_is_refused_and_what_was_typed_stays(as_zhou):
    page = as_zhou.page("/settings").press("保存设置", ADMIN_IDLE_MINUTES="90")
    assert "请填写5至30之间的整数" in page.text
    assert 'value="90"' in page.html


def test_names_in_the_daily_report_need_a_reason_that_is_shown(as_zhou, as_li):
    assert "江映雪" not in as_li.page("/reports/daily").text
    assert "请用5至200字写明理由" in as_zhou.page("/settings").press("/daily-names", reason="因为").text
    assert "江映雪" not in as_li.page("/reports/daily").text
    as_zhou.page("/settings").press("/daily-names", reason="核对名册中的重名人员")
    page = as_li.page("/reports/daily")
    assert "江映雪" in page.text
    assert "核对名册中的重名人员" in page.text
    as_zhou.page("/settings").press("/daily-names", reason="核对已经完成")
    assert "江映雪" not in as_li.page("/reports/daily").text
