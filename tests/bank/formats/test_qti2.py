"""QTI 2.1, 2.2 and 3.0 as the standard's samples and real programs write them: the same cases in both spellings."""

import re

import pytest

from quizapp.bank.formats import qti2, qti3
from quizapp.bank.formats.qti_found import MEDIA
from quizapp.errors import Refused

V21 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
V22 = "http://www.imsglobal.org/xsd/imsqti_v2p2"
ITEM = """<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="{namespace}" identifier="choice" title="例题" adaptive="false" timeDependent="false">
  <responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="identifier">{declared}
  </responseDeclaration>
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
  <itemBody>
    {before}
    <choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="{most}">
      <prompt>期限为（ ）。</prompt>
      {choices}
    </choiceInteraction>
  </itemBody>
  {after}
</assessmentItem>"""
CHOICES = """<simpleChoice identifier="ChoiceA">三十日</simpleChoice>
      <simpleChoice identifier="ChoiceB"><p>六十日</p></simpleChoice>
      <simpleChoice identifier="ChoiceC" fixed="true">九十
         日</simpleChoice>"""
TRUE_FALSE = (
    '<simpleChoice identifier="t">True </simpleChoice><simpleChoice identifier="f">False </simpleChoice>'
)
HTML = {"p", "div", "b", "img", "span"}


def right(*idents):
    return "<correctResponse>" + "".join(f"<value>{ident}</value>" for ident in idents) + "</correctResponse>"


def points(**entries):
    rows = (f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in entries.items())
    return "<mapping>" + "".join(rows) + "</mapping>"


def item(declared="", cardinality="single", most="1", choices=CHOICES, before="", after="", namespace=V21):
    return ITEM.format(
        declared=declared,
        cardinality=cardinality,
        most=most,
        choices=choices,
        before=before,
        after=after,
        namespace=namespace,
    )


def kebab(name):
    return re.sub("([A-Z])", lambda big: "-" + big[1].lower(), name)


def in_qti3(xml):
    """The same item in the spelling of QTI 3."""
    xml = re.sub(
        r"<(/?)([a-zA-Z]+)",
        lambda tag: tag[0] if tag[2] in HTML else f"<{tag[1]}qti-{kebab(tag[2])}",
        xml,
    )
    return re.sub(r' ([a-z]+[A-Z]\w*)="', lambda name: f' {kebab(name[1])}="', xml).replace(
        V21, "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
    )


@pytest.fixture(params=["2.1", "2.2", "3.0"])
def one(request):
    """Reads one item, written in this version's spelling."""

    def read(xml):
        if request.param == "3.0":
            reading = qti3.read(in_qti3(xml).encode(), "题.xml")
        else:
            reading = qti2.read(xml.replace(V21, V22 if request.param == "2.2" else V21).encode(), "题.xml")
        assert reading.problems == []
        [draft] = reading.drafts
        return draft

    return read


def told(draft):
    return [(problem.column, problem.severity, problem.message) for problem in draft.problems]


def test_a_single_choice(one):
    draft = one(item(right("ChoiceB"), before="<p>依照条例，</p>"))
    assert (draft.kind, draft.stem) == ("single", "依照条例，\n期限为（　　）。")
    assert (draft.options, draft.key) == (["三十日", "六十日", "九十 日"], "B")
    assert (draft.code, draft.difficulty, draft.explanation, draft.problems) == ("", 3, "", [])


def test_a_multiple_choice(one):
    draft = one(item(right("ChoiceC", "ChoiceA"), "multiple", "0"))
    assert (draft.kind, draft.any_number, draft.key) == ("multiple", False, "AC")


def test_a_multiple_choice_with_one_right_option_is_told(one):
    draft = one(item(right("ChoiceC"), "multiple", "0"))
    assert (draft.any_number, [column for column, _, _ in told(draft)]) == (True, ["题型"])


@pytest.mark.parametrize(
    ("choices", "ident", "key"),
    [
        (TRUE_FALSE, "t", "A"),
        (TRUE_FALSE.replace("True", "错").replace("False", "对。"), "t", "B"),
        (TRUE_FALSE.replace("True", "√").replace("False", "×"), "f", "B"),
    ],
)
def test_true_and_false_in_any_order_are_a_judge(one, choices, ident, key):
    draft = one(item(right(ident), choices=choices))
    assert (draft.kind, draft.options, draft.key) == ("judge", ["正确", "错误"], key)


@pytest.mark.parametrize(
    ("declared", "cardinality", "key"),
    [
        (points(ChoiceA="0", ChoiceB="1"), "single", "B"),
        (points(ChoiceA="1", ChoiceB="-1", ChoiceC="0.5"), "multiple", "AC"),
        (points(ChoiceA="x", ChoiceB="2"), "single", "B"),
        (right("ChoiceA") + points(ChoiceB="1"), "single", "A"),
        (right(), "single", ""),
    ],
)
def test_points_are_the_key_where_none_is_declared(one, declared, cardinality, key):
    assert one(item(declared, cardinality, "0" if cardinality == "multiple" else "1")).key == key


def test_part_of_the_points_is_told(one):
    draft = one(item(points(ChoiceA="0.5", ChoiceB="1")))
    assert (draft.key, [column for column, _, _ in told(draft)]) == ("B", ["答案"])


def test_a_comparison_is_the_key_where_nothing_is_declared(one):
    values = "".join(
        f'<baseValue baseType="identifier">{ident}</baseValue>' for ident in ("ChoiceA", "ChoiceB")
    )
    after = f"""<responseProcessing><responseCondition><responseIf><match><variable identifier="RESPONSE"/>
        <multiple>{values}</multiple></match></responseIf></responseCondition></responseProcessing>"""
    assert one(item("", "multiple", "0", after=after)).key == "AB"


def test_without_a_declaration_the_number_of_choices_tells(one):
    xml = re.sub("<responseDeclaration.*</responseDeclaration>", "", item(most="3"), flags=re.S)
    assert (one(xml).kind, one(xml.replace('maxChoices="3"', 'maxChoices="1"')).kind) == (
        "multiple",
        "single",
    )


def test_a_right_option_that_is_not_there_is_an_error(one):
    draft = one(item(right("ChoiceX")))
    [(column, severity, message)] = told(draft)
    assert (column, severity, "ChoiceX" in message) == ("答案", "error", True)


def modal(ident, text):
    return f'<modalFeedback outcomeIdentifier="FEEDBACK" showHide="show" identifier="{ident}">{text}</modalFeedback>'


def test_feedback_becomes_the_explanation_and_none_of_it_is_lost(one):
    after = (
        modal("correct", "很好")
        + modal("incorrect", "再读")
        + modal("solution", "<p>先协商。</p><p>再报告。</p>")
    )
    inline = (
        '<feedbackInline outcomeIdentifier="F" identifier="ChoiceA" showHide="show">太短</feedbackInline>'
    )
    choices = CHOICES.replace("三十日", "三十日" + inline)
    draft = one(item(right("ChoiceB"), choices=choices, after=after))
    assert draft.options[0] == "三十日"
    assert draft.explanation.split("\n") == [
        "先协商。",
        "再报告。",
        "选项A：太短",
        "答对提示：很好",
        "答错提示：再读",
    ]


def test_a_solution_in_the_body_is_no_part_of_the_stem(one):
    block = (
        '<feedbackBlock outcomeIdentifier="F" identifier="s" showHide="show"><p>先协商。</p></feedbackBlock>'
    )
    draft = one(item(right("ChoiceB"), before=block))
    assert (draft.stem, draft.explanation) == ("期限为（　　）。", "先协商。")


def test_pictures_and_rubrics_are_told(one):
    before = (
        '<p>看<b>图</b><img src="a.png" alt=""/></p><rubricBlock view="scorer"><p>评分说明</p></rubricBlock>'
    )
    draft = one(item(right("ChoiceB"), before=before))
    assert draft.stem == "看图\n期限为（　　）。"
    assert {message for _, _, message in told(draft)} == {MEDIA, "“评分说明”没有读入。"}


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("textEntryInteraction", "填空题"),
        ("extendedTextInteraction", "简答题"),
        ("matchInteraction", "匹配题"),
        ("orderInteraction", "排序题"),
        ("hotspotInteraction", "热点题"),
        ("graphicOrderInteraction", "图形题"),
        ("portableCustomInteraction", "其他程序特有"),
    ],
)
def test_other_interactions_are_refused_one_by_one(one, name, word):
    xml = re.sub(
        "<choiceInteraction.*</choiceInteraction>", f"<{name} responseIdentifier='R'/>", item(), flags=re.S
    )
    draft = one(xml)
    [(column, severity, message)] = told(draft)
    assert (draft.stem, column, severity, word in message) == ("例题", "题型", "error", True)


def test_two_interactions_and_none_are_refused(one):
    both = item(right("ChoiceA"), before='<choiceInteraction responseIdentifier="R2"/>')
    none = re.sub("<choiceInteraction.*</choiceInteraction>", "<p>通知</p>", item(), flags=re.S)
    drawn = item(right("ChoiceA")).replace("<itemBody>", '<templateDeclaration identifier="x"/><itemBody>')
    words = [told(one(xml))[0][2] for xml in (both, none, drawn)]
    assert ["几处作答" in words[0], "没有作答" in words[1], "随机" in words[2]] == [True, True, True]


def test_a_button_for_the_solution_does_not_make_a_second_interaction(one):
    button = '<p><endAttemptInteraction responseIdentifier="H" title="提示"/></p>'
    assert one(item(right("ChoiceB"), before=button)).key == "B"


def test_nine_options_are_kept_and_the_ninth_is_no_key(one):
    choices = "".join(f'<simpleChoice identifier="c{n}">选项{n}</simpleChoice>' for n in range(9))
    draft = one(item(right("c8"), choices=choices))
    assert (len(draft.options), draft.key, told(draft)[0][:2]) == (9, "", ("答案", "error"))


@pytest.mark.parametrize("form", [qti2, qti3])
def test_a_test_without_items_is_refused(form):
    name = "assessmentTest" if form is qti2 else "qti-assessment-test"
    with pytest.raises(Refused):
        form.read(f"<{name}/>".encode(), "题.xml")
