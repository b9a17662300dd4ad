"""The review desk: what is taken without a word, what waits for one, what stays out; nothing is stored before."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from sqlalchemy import func, select

from quizapp import jobs
from quizapp.bank import desk, importing
from quizapp.bank.drafts import Draft, Problem, Reading
from quizapp.bank.models import Citation, ImportBatch, Question, Revision
from quizapp.db import db
from tests.bank.formats.strategies import drafts

ADDRESS = "/banks/xinfang-gongzuo-tiaoli"
PAPER = """一、单项选择题
1、多人走访提出共同的信访事项，应当推选代表，代表人数不得超过（B）。
A、3人 B、5人 C、7人
2. 有关机关、单位应当自收到信访事项之日起（　　）内书面告知信访人。
A.7日
B.15日
答案：A
3. 信访人对复查意见不服的，可以请求（　　）。
A. 复核 B. 复议
答案：E
"""


def draft_of(*severities, stem="题（　　）。"):
    return Draft(
        "single", stem, ["甲", "乙"], "A", problems=[Problem(1, "题干", "略", s) for s in severities]
    )


def revisions():
    return db.session.scalar(select(func.count()).select_from(Revision))


def paste(client, text=PAPER, **more):
    return client.page(f"{ADDRESS}/import").press("检查试题", text=text, **more)


# Rules ----------------------------------------------------------------------------------------------------------


def test_the_sure_are_taken_the_doubtful_wait_the_wrong_stay_out():
    laid = desk.Desk([draft_of(), draft_of("note"), draft_of("warning"), draft_of("error", "warning")])
    assert [laid.is_taken(place) for place in range(4)] == [True, True, False, False]
    assert laid.waiting() == [2]
    laid.said |= {0: "leave", 2: "take", 3: "take"}
    assert [laid.is_taken(place) for place in range(4)] == [False, True, True, False]
    assert laid.waiting() == []


def test_the_first_line_says_it_all():
    against = draft_of("warning")
    against.problems[0] = Problem(1, "答案", "答案与条文不符：略。", "warning")
    questions = [*[draft_of()] * 97, draft_of("warning"), against, draft_of("error")]
    assert desk.summary(questions) == "共100题，97题可导入，2题请核对，1题有错误，其中1题答案与条文不符。"
    assert desk.summary([draft_of()]) == "共1题，1题可导入。"
    assert desk.summary([]) == "共0题，0题可导入。"


def test_the_source_of_a_question_ends_where_the_next_begins():
    lines = ["标题", "1. 甲（　　）。", "A. 甲", "", "2. 乙（　　）。", "答案：A"]
    laid = desk.Desk([Draft(line=2), Draft(line=5), Draft(line=9)], lines=lines)
    assert laid.source_of(0) == [(2, "1. 甲（　　）。"), (3, "A. 甲")]
    assert laid.source_of(1) == [(5, "2. 乙（　　）。"), (6, "答案：A")]
    assert laid.source_of(2) == []
    assert desk.Desk([Draft(line=2)]).source_of(0) == []


def test_a_question_is_near_another_and_not_near_itself():
    stem = "涉及两个或者两个以上机关、单位的信访事项，由所涉及的机关、单位（　　）。"
    known = [("XF-1", stem), ("XF-2", "代表人数不得超过（　　）。")]
    near = desk.near_of([Draft(stem=stem, code="新"), Draft(stem=stem, code="XF-1")], known)
    assert near == {0: desk.NearQuestion("XF-1", 100)}


@given(drafts())
@settings(max_examples=40, deadline=None)
def test_what_lies_on_the_desk_is_kept_to_the_letter(draft):
    draft.problems.append(Problem(3, "答案", "没有答案。"))
    draft.places["答案"] = 3
    laid = desk.Desk([draft], [Problem(0, "文件", "略。", "warning")], ["甲", "乙"], "text")
    laid.near[0], laid.said[0] = desk.NearQuestion("XF-1", 91), "leave"
    laid.edited.add(0)
    assert desk.thaw(desk.freeze(laid)) == laid


# Pages ----------------------------------------------------------------------------------------------------------


def test_a_pasted_paper_lies_beside_its_source_and_nothing_is_stored(as_he, bank):
    before = revisions()
    page = paste(as_he)
    assert "共3题，1题可导入，1题请核对，1题有错误，其中1题答案与条文不符。" in page.text
    assert ">2</span>" in page.html  # the number of the line
    assert "1、多人走访提出共同的信访事项，应当推选代表，代表人数不得超过（B）。" in page.text
    assert "答案B取自题干" in page.text
    assert "答案为A，但第二十三条写的是“15日”（选项B）" in page.text
    assert "第10行，答案：答案中的E不在选项之内" in page.text
    assert revisions() == before


def test_only_what_was_taken_is_stored_as_drafts_of_one_batch(as_he, bank):
    page = paste(as_he).press("确认导入1题")
    assert "导入完成：新增1题" in page.text
    batch = db.session.scalars(select(ImportBatch)).one()
    [made] = db.session.scalars(select(Revision).where(Revision.batch_id == batch.id))
    assert (made.status, made.key, made.stem[:4]) == ("draft", "B", "多人走访")
    assert batch.file_name == "粘贴的试题.txt"


def test_a_doubtful_question_is_confirmed_left_out_and_brought_back(as_he, bank):
    page = paste(as_he).press("确认可导入")
    assert "确认导入2题" in page.text
    page = page.press("/questions/1/leave")
    assert "确认导入1题" in page.text
    page = page.press("/questions/1/undecided")
    assert "请核对的1题，确认后才会导入" in page.text


def test_all_doubtful_questions_are_confirmed_at_once_and_the_wrong_ones_are_not(as_he, bank):
    page = paste(as_he).press("确认全部1题")
    assert "已确认1题。" in page.text
    assert "确认导入2题" in page.text


def test_a_question_is_mended_where_it_lies_and_checked_anew(as_he, bank):
    desk_page = paste(as_he)
    page = as_he.page(f"{desk_page.path}?edit=2").press("保存并确认", key="A", difficulty="4")
    assert "共3题，2题可导入，1题请核对，其中1题答案与条文不符。" in page.text
    assert "已修改" in page.text
    page = as_he.page(f"{desk_page.path}?edit=2").press("保存并确认", key="甲")
    assert (page.status, "选项字母，如C或ABD" in page.text) == (422, True)
    page = as_he.page(f"{desk_page.path}?edit=2").press("保存并确认", citations="第九十九条 “甲”")
    assert "没有第九十九条" in page.text.replace("《信访工作条例》", "")
    assert "有错误" in page.text


def test_a_suggested_article_is_adopted_with_its_words(as_he, bank):
    page = paste(as_he)
    assert "推荐依据：第二十条第三款 “多人采用走访形式提出共同的信访事项的，应当推选代表" in page.text
    page.press("/questions/0/adopt").press("确认导入1题")
    cited = db.session.scalars(select(Citation).order_by(Citation.id.desc()).limit(1)).one()
    assert (cited.anchor, "代表人数不得超过5人" in cited.quote) == ("20.3", True)


def test_adopting_an_article_settles_no_other_doubt(as_he, bank):
    sheet = "题干,选项A,选项B,答案\n多人走访提出共同的信访事项，推选代表不得超过（）,3人,5人,B\n".encode()
    page = as_he.page(f"{ADDRESS}/import").press("检查试题", file=(BytesIO(sheet), "题.csv"))
    page = page.press("/questions/0/adopt")
    assert "依据：第二十条第三款" in page.text
    assert page.text.count("没有填题型，按单选题读入") == 1
    assert 'form="store"' not in page.html


def test_a_question_that_was_mended_is_taken_though_a_doubt_is_left(as_he, bank):
    desk_page = paste(as_he)
    page = as_he.page(f"{desk_page.path}?edit=1").press("保存并确认", difficulty="4")
    assert "其中1题答案与条文不符" in page.text
    assert "确认导入2题" in page.text


def test_a_question_like_one_of_the_bank_is_shown_beside_it(as_he, bank):
    text = "一、判断题\n1. 涉及两个或者两个以上机关、单位的信访事项，由所涉及的机关、单位分别受理。（×）\n"
    page = paste(as_he, text)
    assert "与题库中的XF-024-" in page.text
    assert "与题库相近1" in page.text.replace(" ", "")


def test_a_stem_of_the_bank_with_other_options_waits_before_it_becomes_a_new_version(as_he, bank):
    stem = "涉及两个或者两个以上机关、单位的信访事项，由所涉及的机关、单位（　　）。"
    text = f"一、单选题\n1. {stem}\nA. 甲\nB. 乙\n答案：A\n"
    page = paste(as_he, text)
    assert "题干与题库中的XF-024-01相同，其他内容不同；导入后是该题的新版本。" in page.text
    assert 'form="store"' not in page.html


def test_a_file_is_read_as_another_format_when_the_person_says_so(as_he, bank):
    page = paste(as_he, "代表人数不得超过（　　）。\nA. 3人\nB. 5人\nANSWER: B\n")
    assert "按Aiken（.txt）读取" in page.text
    page = page.press("重新读取", format="text")
    assert "按纯文本（.txt）读取" in page.text


def test_traditional_script_is_converted_only_when_the_person_asks(as_he, bank):
    text = "一、單選題\n1. 應當推選代表，代表人數不得超過（　　）。\nA. 3人\nB. 5人\n『正確答案』B\n"
    page = paste(as_he, text)
    assert "應當推選代表" in page.text
    page = page.press("转换为简体")
    assert "已转换为简体，请逐题核对" in page.text
    assert "应当推选代表，代表人数不得超过" in page.text
    assert "應當推選代表" in page.text  # the source stays as it is
    assert "转换为简体" not in page.press("重新读取", format="gift").text


def test_a_person_says_which_column_is_what(as_he, bank):
    sheet = "序,内容如下,甲,乙,对的是\n1,代表人数不得超过（）,3人,5人,B\n".encode("gb18030")
    page = as_he.page(f"{ADDRESS}/import").press("检查试题", file=(BytesIO(sheet), "怪表.csv"))
    assert page.path.endswith("/columns")
    page = page.press("检查试题", **{"column-1": "stem"})
    assert (page.status, "请指明哪一列是答案" in page.text) == (422, True)
    chosen = {"column-1": "stem", "column-2": "option_A", "column-3": "option_B", "column-4": "key"}
    page = page.press("检查试题", **chosen)
    assert "共1题，" in page.text
    assert "1 ｜ 代表人数不得超过（） ｜ 3人 ｜ 5人 ｜ B" in page.html


def test_nothing_chosen_and_nothing_pasted_is_said(as_he, bank):
    page = as_he.page(f"{ADDRESS}/import").press("检查试题")
    assert (page.status, "请选择文件，或粘贴试题。" in page.text) == (422, True)


def test_a_text_without_a_question_is_told_and_nothing_can_be_imported(as_he, bank):
    page = paste(as_he, "这不是试题。")
    assert "没有从文件中找到试题" in page.text
    assert 'form="store"' not in page.html
    reply = as_he.read(as_he.post(page.path, data={"csrf_token": page.token}))
    assert (reply.status, "没有可以导入的题" in reply.text) == (409, True)


def test_places_that_are_not_on_the_desk_are_not_there(as_he, bank):
    page = paste(as_he)
    for path in (f"{page.path}/questions/99/take", f"{page.path}/questions/99"):
        assert as_he.post(path, data={"csrf_token": page.token}).status_code == 404
    assert "编辑" in as_he.page(f"{page.path}?edit=99&page=77&show=nothing").text


def test_a_long_import_is_a_job_that_stores_it_all(as_he, bank, monkeypatch):
    monkeypatch.setattr("quizapp.bank.import_views.LONG", 0)
    page = paste(as_he).press("确认导入1题")
    assert page.path.startswith("/jobs/")
    job = db.session.scalars(select(jobs.Job)).one()
    job_id = job.id
    db.session.commit()
    before = db.session.scalar(select(func.count()).select_from(Question))
    db.session.commit()
    assert jobs.run(job_id)
    assert db.session.scalar(select(func.count()).select_from(Question)) == before + 1
    db.session.commit()
    assert "导入完成：新增1题" in as_he.page(page.path).text


def test_a_job_whose_file_has_gone_says_so(app, bank, cast):
    job = jobs.Job(payload={"bank_id": bank, "token": "x" * 22, "url": "/"}, person_id=cast.he)
    with pytest.raises(Exception, match="放置时间过长"):
        importing.import_questions(job, lambda done, total: None)


def test_an_export_says_first_what_the_format_cannot_keep(as_he, bank):
    page = as_he.page(ADDRESS).press("/export", format="aiken")
    assert "不能保存以下内容" in page.text
    assert "解析（447题）" in page.text
    reply = as_he.post(
        f"{ADDRESS}/export", data={"csrf_token": page.token, "format": "aiken", "knowing": "1"}
    )
    assert reply.headers["Content-Disposition"].startswith("attachment")
    whole = as_he.post(f"{ADDRESS}/export", data={"csrf_token": page.token, "format": "docx"})
    assert whole.data.startswith(b"PK")


def test_a_reading_of_nothing_is_an_empty_desk():
    assert desk.laid_out(Reading(), [], []).drafts == []
