from hypothesis import given
from hypothesis import strategies as st

from quizapp.regulations.citing import Law
from quizapp.regulations.reading import article_view
from quizapp.regulations.structure import read
from tests.regulations.test_citing import LAW


def marked(view) -> list[tuple[str, str]]:
    return [(line.anchor, run.text) for line in view.lines for run in line.runs if run.marked]


def leading(law, article) -> list[tuple[str, str, str]]:
    view = article_view(law, article)
    return [(line.anchor, run.text, run.target) for line in view.lines for run in line.runs if run.target]


def test_the_deciding_words_are_marked_where_they_stand(law):
    view = article_view(law, "24", ["由所涉及的机关、单位协商受理"])
    assert marked(view) == [("24.1", "由所涉及的机关、单位协商受理")]
    assert view.in_words == "第二十四条"


def test_a_quote_bound_to_a_paragraph_marks_nothing_elsewhere(law):
    assert {anchor for anchor, _ in marked(article_view(law, "36", ["书面答复", "30日内"]))} == {"36.1"}
    assert marked(article_view(law, "36", [("36.2", "30日内")])) == []


def test_a_quote_over_several_lines_marks_each_of_them(law):
    view = article_view(law, "31", ["分别按照下列方式办理：（一）应当通过审判机关诉讼程序"])
    assert marked(view) == [("31.1", "分别按照下列方式办理："), ("31.1.1", "应当通过审判机关诉讼程序")]


def test_words_that_do_not_stand_there_mark_nothing(law):
    assert marked(article_view(law, "1", ["没有这句话", ""])) == []


@given(st.sampled_from([a.number for a in LAW.articles]), st.data())
def test_marking_any_stretch_keeps_every_word(number, data):
    article = LAW.article(number)
    line = data.draw(st.sampled_from(article.lines))
    start = data.draw(st.integers(0, len(line.text) - 1))
    end = data.draw(st.integers(start + 1, len(line.text)))
    view = article_view(LAW, article, [(line.anchor, line.text[start:end])])
    assert [(v.anchor, v.marker, "".join(r.text for r in v.runs)) for v in view.lines] == [
        (x.anchor, x.marker, x.text) for x in article.lines
    ]
    assert line.text[start:end] in "".join(r.text if r.marked else "\0" for v in view.lines for r in v.runs)


def test_references_lead_to_their_provisions(law):
    assert leading(law, "34") == [("34.1", "本条例第三十一条第六项", "31.1.6")]
    assert leading(law, "47") == [("47.1", "本条例第二十条", "20"), ("47.1", "第二十六条", "26")]
    assert leading(law, "36") == [("36.2", "本条例第三十一条第六项", "31.1.6"), ("36.2", "前款", "36.1")]
    assert leading(law, "17") == [("17.2", "前款", "17.1")]


def test_references_to_other_laws_lead_nowhere():
    law = Law(
        "试验规定",
        read(
            "试验规定\n施行日期：2024-01-01\n第一条 甲。\n"
            "第二条 按照《信访工作条例》第一条、刑法第一条处理，"
            "前条、《试验规定》第一条和本规定第九条除外；目前款项未付。"
        ).provisions,
    )
    assert leading(law, "2") == [("2.1", "前条", "1"), ("2.1", "《试验规定》第一条", "1")]
