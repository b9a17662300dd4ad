"""投诉建议: every page offers it, the sender sees what became of it."""

import re

import pytest


def code_of(page):
    return re.search(r"查询码\s*([A-Z2-9]{8})", page.text)[1]


def test_who_is_signed_in_sees_the_answer(as_jiang, as_zhou):
    page = as_jiang.page("/feedback").press("提交", text="第24条第2题的解析有一个错字。")
    assert "已收到" in page.text
    desk = as_zhou.page("/feedback/desk")
    assert "江映雪" in desk.text
    answer = desk.follow("第24条第2题").press("保存答复", state="answered", answer="已经改正，谢谢。")
    assert "已保存" in answer.text
    assert "已答复" in as_jiang.page("/feedback").text
    assert "已经改正，谢谢。" in as_jiang.page("/feedback").follow("第24条第2题").text


def test_who_is_not_signed_in_follows_it_by_its_code(client, as_zhou):
    code = code_of(client.page("/feedback").press("提交", text="登录页面打不开。", contact="下午可回电"))
    assert "登录页面打不开。" in client.page("/feedback").press("查询", code=code.lower()).text
    assert "没有找到这个查询码" in client.page("/feedback").press("查询", code="AAAAAAAA").text
    assert "未登录" in as_zhou.page("/feedback/desk").text


def test_nobody_reads_the_list_of_others(as_jiang, as_luo):
    as_jiang.page("/feedback").press("提交", text="只给管理员看的话。")
    assert "只给管理员看的话" not in as_luo.page("/feedback").text


@pytest.mark.parametrize("text", ["", "字" * 2001])
def test_an_empty_or_endless_text_is_refused_and_kept(as_jiang, text):
    page = as_jiang.page("/feedback").press("提交", text=text)
    assert "请修改以下内容" in page.text
    assert text in page.html


def test_an_answer_without_words_is_no_answer(as_jiang, as_zhou):
    as_jiang.page("/feedback").press("提交", text="建议增加夜间模式。")
    page = as_zhou.page("/feedback/desk").follow("夜间模式").press("保存答复", state="answered", answer="")
    assert page.status == 409
    assert "没有保存" in page.text


def test_a_flood_without_senders_is_held_back(client, as_jiang, monkeypatch):
    from quizapp.home import actions

    monkeypatch.setattr(actions, "UNSIGNED_PER_HOUR", 2)
    for _ in range(2):
        client.page("/feedback").press("提交", text="重复内容。")
    assert client.page("/feedback").press("提交", text="重复内容。").status == 429
    assert "已收到" in as_jiang.page("/feedback").press("提交", text="本人登录后提交。").text
