"""The pages of 场次安排, 规则模板 and 节假日, used as people use them."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.exams import actions, holiday_tables, presets
from quizapp.exams.models import ExamPreset, Holiday
from quizapp.exams.slot_queries import slots_of
from quizapp.spreadsheets import Sheet, workbook
from tests.statements import statements


@pytest.fixture
def stored(app):
    """The shipped presets, as after a server's first start."""
    presets.fill()
    db.session.commit()
    return {one.code: one.id for one in presets.listed()}


# Slots -------------------------------------------------------------------------------------------------------


def test_he_spreads_units_and_mends_one_by_hand(as_he, make_exam, cast):
    exam = make_exam()
    page = as_he.page(f"/exams/{exam.id}").follow("场次安排")
    page = page.press("均匀分散", count="3", minutes="60")
    assert "已把3个单位均匀安排到3个场次。" in page.text
    first = slots_of(exam.id)[0]
    edit = as_he.page(f"/exams/{exam.id}/slots?unit={cast.county}")
    values = edit.form("保存场次").values
    assert values["unit"] == str(cast.county)
    assert values["opens_on"] == clock.today(first.opens_at).isoformat()
    day = clock.today(exam.opens_at) + timedelta(days=2)
    done = edit.press(
        "保存场次", opens_on=day.isoformat(), opens_time="14:00", closes_on=day.isoformat(), closes_time=""
    )
    assert "已保存青石县的场次。" in done.text
    assert "14:00至24:00" in done.text
    cleared = done.press("清除全部场次")
    assert "已清除全部场次。" in cleared.text
    assert slots_of(exam.id) == []


def test_a_slot_outside_of_the_window_is_refused_with_what_to_do(as_he, make_exam, cast):
    exam = make_exam()
    day = clock.today(exam.closes_at) + timedelta(days=2)
    page = as_he.page(f"/exams/{exam.id}/slots").press(
        "保存场次",
        opens_on=day.isoformat(),
        opens_time="9:00",
        closes_on=day.isoformat(),
        closes_time="10:00",
    )
    assert (page.status, slots_of(exam.id)) == (409, [])
    assert "场次不在考试起止时间内，没有保存任何改动。" in page.text


def test_a_slot_without_a_day_keeps_what_was_typed(as_he, make_exam):
    exam = make_exam()
    page = as_he.page(f"/exams/{exam.id}/slots").press("保存场次", opens_time="9:00")
    assert page.status == 422
    assert "请填写日期" in page.text
    assert page.form("保存场次").values["opens_time"] == "9:00"


def test_a_published_exam_shows_its_slots_and_changes_none(as_he, make_exam, cast):
    exam = make_exam()
    as_he.page(f"/exams/{exam.id}/slots").press("均匀分散", count="2", minutes="60")
    actions.publish(exam, clock.now(), actor_id=cast.he)
    db.session.commit()
    page = as_he.page(f"/exams/{exam.id}/slots")
    assert "考试已发布或已取消，场次不能再修改。" in page.text
    assert [form for form in page.forms if "/slots" in form.action] == []
    reply = as_he.post(f"/exams/{exam.id}/slots/clear", data={"csrf_token": page.token})
    assert reply.status_code == 409
    assert len(slots_of(exam.id)) == 3


def test_a_candidate_reads_the_own_slot_and_the_hours(as_jiang, as_he, make_exam, cast):
    exam = make_exam(daily_from=540, daily_until=1080)
    as_he.page(f"/exams/{exam.id}/slots").press("均匀分散", count="3", minutes="60")
    slot = next(one for one in slots_of(exam.id) if one.unit_id == cast.office)
    actions.publish(exam, clock.now(), actor_id=cast.he)
    db.session.commit()
    page = as_jiang.page(f"/my-exams/{exam.id}")
    assert f"{slot.opens_at.astimezone(clock.CHINA):%H:%M}" in page.text
    assert "每天可答题时间9:00至18:00" in page.text
    assert "考试还没有开始，" in page.text
    assert "起可以开始。" in page.text


# Presets -----------------------------------------------------------------------------------------------------


def test_every_preset_names_its_place_and_leads_to_a_new_exam(as_he, stored):
    page = as_he.page("/exams/presets")
    for words in (
        "山东省济宁市（2021年）",
        "陕西省（2020年）",
        "新疆维吾尔自治区（2017年）",
        "内蒙古自治区（2016年）",
        "本省规则",
    ):
        assert words in page.text
    assert page.text.count("请按本年度通知核对。") == 1 + 6  # the page's own, and one for each
    assert f"/exams/new?preset={stored['paper-80']}" in page.html


def test_he_changes_a_preset_and_restores_it(as_he, stored):
    address = f"/exams/presets/{stored['paper-80']}"
    page = as_he.page(address)
    values = page.form("保存模板").values
    assert (values["count_single"], values["points_multiple"], values["pass_mark"]) == ("40", "2", "80")
    saved = page.press("保存模板", minutes="75", pass_mark="70", excellent_mark="85", appeal_days="0")
    assert "75分钟" in saved.text
    kept = presets.values(stored["paper-80"])
    assert (kept["minutes"], kept["appeal_days"]) == (75, 0)
    offered = as_he.page(f"/exams/new?preset={stored['paper-80']}").form("保存草稿").values
    assert offered["appeal_days"] == "0"
    assert "已修改" in saved.text
    restored = saved.press("/restore")
    assert "已恢复为随系统提供的内容。" in restored.text
    assert presets.values(stored["paper-80"])["minutes"] == 60
    actions_done = db.session.scalars(
        select(AuditEvent.action).where(AuditEvent.action.like("preset.%"))
    ).all()
    assert actions_done == ["preset.changed", "preset.restored"]


def test_a_saved_preset_without_changes_is_the_same(as_he, stored):
    for preset_id in stored.values():
        before = dict(db.session.get_one(ExamPreset, preset_id).values)
        as_he.page(f"/exams/presets/{preset_id}").press("保存模板")
        assert presets.values(preset_id) == presets.preset_rules.columns(before)
        assert not presets.differs(db.session.get_one(ExamPreset, preset_id))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": ""}, "请填写模板名称。"),
        ({"minutes": "4"}, "请填写5至240的整数，或留空。"),
        ({"pass_mark": "101"}, "合格线101分高于总分100分"),
        ({"count_judge": ""}, "有题数的题型应当都有分值"),
        ({"points_single": "1.55"}, "请填写数字，最多一位小数。"),
    ],
)
def test_a_faulty_preset_is_not_saved_and_kept_on_the_page(as_he, stored, typed, sentence):
    page = as_he.page(f"/exams/presets/{stored['paper-80']}").press("保存模板", **typed)
    assert page.status == 422
    assert sentence in page.text
    name, value = next(iter(typed.items()))
    assert page.form("保存模板").values[name] == value
    assert not presets.differs(db.session.get_one(ExamPreset, stored["paper-80"]))


def test_the_own_provinces_preset_is_filled_in(as_he, stored):
    page = as_he.page(f"/exams/presets/{stored['own-province']}")
    page.press("保存模板", count_single="20", points_single="5", minutes="45", note="按省通知填写。")
    values = presets.values(stored["own-province"])
    assert (values["points"], values["minutes"]) == ({"single": 50}, 45)
    assert "bands" not in values


def test_a_preset_is_copied_hidden_and_shown(as_he, stored):
    as_he.page("/exams/presets")
    page = as_he.read(
        as_he.post(
            f"/exams/presets/{stored['paper-65']}/copy",
            data={"csrf_token": as_he.token},
            follow_redirects=True,
        )
    )
    assert page.form("保存模板").values["title"] == "65题，60分合格（副本）"
    hidden = as_he.read(
        as_he.post(
            f"/exams/presets/{stored['paper-65']}/hide",
            data={"csrf_token": as_he.token},
            follow_redirects=True,
        )
    )
    assert "已隐藏1个" in hidden.text
    assert presets.values(stored["paper-65"]) == {}
    assert "已隐藏1个" not in hidden.press("恢复显示").text
    assert as_he.page("/exams/presets/99999", status=404)


def test_the_presets_cost_the_same_however_many(as_he, stored):
    def cost():
        with statements() as seen:
            as_he.page("/exams/presets")
        return len(seen)

    before = cost()
    for _ in range(5):
        presets.copy(presets.listed()[0], actor_id=None)
    db.session.commit()
    assert cost() == before


# Holidays ----------------------------------------------------------------------------------------------------


def sheet(*lines):
    return io.BytesIO(workbook([Sheet("节假日", holiday_tables.HEADER, lines)]))


def test_zhou_imports_a_year_and_takes_it_back(as_zhou, app):
    holiday_tables.fill()
    db.session.commit()
    before = as_zhou.get("/exams/holidays.xlsx?year=2026").data
    page = as_zhou.page("/exams/holidays").follow("导入")
    checked = page.press("检查文件", file=(sheet(("2026-10-01", "休", "国庆节")), "2026.xlsx"))
    assert "替换现有39天" in checked.text
    assert len(holiday_tables.years()[2026]) == 39
    done = checked.press("确认导入")
    assert "已导入2026年节假日，共1天。" in done.text
    assert len(holiday_tables.years()[2026]) == 1
    again = as_zhou.page("/exams/holidays/import").press("检查文件", file=(io.BytesIO(before), "原来的.xlsx"))
    again.press("确认导入")
    assert len(holiday_tables.years()[2026]) == 39
    assert db.session.scalars(select(AuditEvent.action)).all() == ["holidays.imported"] * 2


def test_a_csv_is_read_as_well(as_zhou):
    text = "日期,类型,名称\n2027/1/1,放假,元旦\n2027/1/3,上班,元旦\n".encode("gb18030")
    page = as_zhou.page("/exams/holidays/import").press("检查文件", file=(io.BytesIO(text), "2027.csv"))
    page.press("确认导入")
    assert holiday_tables.table(date(2027, 1, 1), date(2027, 1, 1)) == {
        date(2027, 1, 1): False,
        date(2027, 1, 3): True,
    }


def test_every_fault_of_a_sheet_is_shown_and_nothing_is_stored(as_zhou):
    page = as_zhou.page("/exams/holidays/import").press(
        "检查文件", file=(sheet(("2027-02-30", "休", ""), ("2027-01-01", "半天", "")), "坏.xlsx")
    )
    assert "共2处问题，没有写入任何内容。" in page.text
    assert [form for form in page.forms if form.action.endswith("confirm")] == []
    refused = as_zhou.post(page.path, data={"csrf_token": page.token})
    assert refused.status_code == 422
    assert db.session.scalars(select(Holiday)).all() == []


def test_a_file_without_a_header_is_refused(as_zhou):
    page = as_zhou.page("/exams/holidays/import").press(
        "检查文件", file=(io.BytesIO("天,休\n1,2\n".encode()), "坏.csv")
    )
    assert page.status == 422
    assert "没有找到表头" in page.text
    assert "没有保存任何内容" in page.text


def test_a_file_is_imported_once(as_zhou):
    page = as_zhou.page("/exams/holidays/import").press(
        "检查文件", file=(sheet(("2027-01-01", "休", "")), "好.xlsx")
    )
    page.press("确认导入")
    assert "该文件已经导入" in page.press("确认导入").text


def test_he_who_makes_exams_does_not_change_holidays(as_he):
    as_he.page("/exams/holidays", status=404)
