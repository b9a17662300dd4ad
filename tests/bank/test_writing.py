"""Writing a question with what a cadre will see beside it: checked as saving would, stored nowhere."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from quizapp.bank import previewing
from quizapp.bank.models import Bank, Revision
from quizapp.db import db

ADDRESS = "/banks/xinfang-gongzuo-tiaoli"
WRITTEN = {
    "kind": "single",
    "stem": "涉及两个以上机关、单位的信访事项，由所涉及的机关、单位（　　）。",
    "option_a": "共同受理",
    "option_b": "协商受理",
    "key": "B",
    "citations": "第二十四条第一款 “由所涉及的机关、单位协商受理”",
    "explanation": "第二十四条第一款原文。",
}


def press(client, button="预览", *, at="new-question", **fields):
    return client.page(f"{ADDRESS}/{at}").press(button, **{**WRITTEN, **fields})


def part(client, **fields):
    """What the script of the page asks for."""
    page = client.page(f"{ADDRESS}/new-question")
    data = {**page.form("保存为草稿").values.to_dict(flat=False), **WRITTEN, **fields}
    headers = {"X-CSRFToken": page.token, "X-Part": "preview"}
    return client.post(f"{ADDRESS}/new-question/preview", data=data, headers=headers)


@pytest.fixture
def marked():
    """The words that stand between <mark> and </mark>."""

    def find(html):
        return [piece.split("</mark>")[0] for piece in html.split("<mark>")[1:]]

    return find


def test_the_preview_shows_the_question_its_answer_and_the_quoted_words_marked(as_he, bank, marked):
    page = press(as_he)
    assert (page.status, page.path) == (200, f"{ADDRESS}/new-question/preview")
    for words in ("协商受理 正确", "回答正确", "正确答案B", "第二十四条第一款原文。", "没有发现问题"):
        assert words.replace(" ", "") in page.text.replace(" ", "")
    assert marked(page.html) == ["由所涉及的机关、单位协商受理"]


def test_what_was_typed_stays_and_is_saved_from_the_previewed_page(as_he, bank):
    page = press(as_he, explanation="写了一半的解析")
    assert page.form("保存为草稿").values["explanation"].strip() == "写了一半的解析"
    assert page.press("保存为草稿", code="LX-07").path == f"{ADDRESS}/questions/LX-07"


def test_the_checks_say_everything_with_its_severity(as_he, bank):
    text = press(as_he, citations="第二十四条第一款 “共同受理”", explanation="").text
    assert "1处错误，改正后才能保存；1处请核对" in text
    assert "错误 依据：引文与第二十四条第一款的原文不一致" in text
    assert "请核对 解析：没有解析" in text


def test_a_preview_of_half_a_question_or_of_nonsense_is_a_page_too(as_he, bank):
    empty = dict.fromkeys(WRITTEN, "")
    reply = part(as_he, **{**empty, "kind": "none", "difficulty": "x"})
    assert reply.status_code == 200
    assert "填写后" in reply.get_data(as_text=True)
    reply = part(
        as_he,
        **{
            **empty,
            "stem": "只有题干",
            "kind": "none",
            "difficulty": "9",
            "citations": "乱写",
            "article": "999",
        },
    )
    text = reply.get_data(as_text=True)
    assert "没有答案" in text
    assert "不能识别" in text


def test_the_script_gets_the_preview_alone(as_he, bank):
    reply = part(as_he)
    html = reply.get_data(as_text=True)
    assert (reply.status_code, "<html" in html, "<form" in html) == (200, False, False)
    assert "协商受理" in html


def test_what_is_written_is_text_in_the_preview(as_he, bank):
    canary = "<img src=x onerror=alert(1)>"
    fields = dict.fromkeys(("stem", "option_a", "explanation", "citations", "tags"), canary)
    html = part(as_he, **fields).get_data(as_text=True)
    assert "&lt;img" in html
    assert "<img" not in html


def test_a_stem_or_code_that_is_taken_is_told_before_saving(as_he, bank):
    taken = db.session.scalars(select(Revision.stem).limit(1)).one()
    assert "题干：题库中已有相同题干的试题XF-001-01" in press(as_he, stem=taken).text
    assert "编号：题库中已有相同编号的试题XF-024-01" in press(as_he, code="XF-024-01").text


def test_an_edited_question_is_previewed_as_it_opens(as_he, bank, marked):
    page = as_he.page(f"{ADDRESS}/questions/XF-024-01/edit")
    assert marked(page.html)
    assert "回答正确" in page.text
    assert "新的解析。" in page.press("预览", explanation="新的解析。").text


# The article beside the form ------------------------------------------------------------------------------------


def test_an_article_is_read_beside_the_form_by_address_and_by_button(as_he, bank, marked):
    page = as_he.page(f"{ADDRESS}/new-question?article=24")
    assert "应当对信访事项作出处理的机关、单位分立、合并、撤销的" in page.text
    assert page.form("保存为草稿").values["article"] == "24"
    page = press(as_he, "查看条文", article="31")
    assert 'data-provision="第三十一条第六项"' in page.html
    assert "第三十一条 " in page.text


def test_words_that_are_quoted_already_are_marked_in_the_article_that_is_read(as_he, bank, marked):
    assert marked(press(as_he, article="24").html).count("由所涉及的机关、单位协商受理") == 2


# Nothing is written ---------------------------------------------------------------------------------------------


def test_a_preview_stores_nothing(as_he, bank):
    before = db.session.scalar(select(func.count()).select_from(Revision))
    press(as_he)
    assert db.session.scalar(select(func.count()).select_from(Revision)) == before


def test_a_preview_that_tried_to_write_would_fail(as_he, bank, monkeypatch):
    def writing(*_arguments, **_options):
        db.session.execute(update(Bank).values(title="改了"))

    monkeypatch.setattr(previewing, "preview", writing)
    with pytest.raises(DBAPIError):
        part(as_he)


def test_a_preview_needs_the_right_and_the_token_of_the_form(as_jiang, as_zhou, as_he, bank):
    as_jiang.page("/me")
    assert (
        as_jiang.post(f"{ADDRESS}/new-question/preview", data={"csrf_token": as_jiang.token}).status_code
        == 404
    )
    token = as_he.page(f"{ADDRESS}/new-question").token
    assert as_he.post(f"{ADDRESS}/new-question/preview", data=WRITTEN).status_code == 400
    absent = f"{ADDRESS}/questions/NONE/edit/preview"
    assert as_he.post(absent, data={"csrf_token": token}).status_code == 404
