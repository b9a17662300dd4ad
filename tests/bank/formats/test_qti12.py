"""QTI 1.2 as Canvas, Blackboard, Respondus, D2L and others write it."""

import pytest

from quizapp.bank.formats import qti12
from quizapp.bank.formats.qti_found import MEDIA

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
CANVAS = (
    HEAD
    + """<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <assessment ident="g1" title="测验"><section ident="root_section">
    <item ident="g2" title="Question">
      <itemmetadata><qtimetadata>
        <qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>{kind}</fieldentry></qtimetadatafield>
        <qtimetadatafield><fieldlabel>points_possible</fieldlabel><fieldentry>1.0</fieldentry></qtimetadatafield>
      </qtimetadata></itemmetadata>
      <presentation>
        <material>
          <mattext texttype="text/html">&lt;div&gt;&lt;p&gt;期限为（ &amp;nbsp;）。&lt;/p&gt;&lt;/div&gt;</mattext>
        </material>
        <response_lid ident="response1" rcardinality="{cardinality}"><render_choice>
          <response_label ident="2799">
            <material><mattext texttype="text/plain">{one}</mattext></material>
          </response_label>
          <response_label ident="9607">
            <material><mattext texttype="text/plain">{two}</mattext></material>
          </response_label>
          {three}
        </render_choice></response_lid>
      </presentation>
      <resprocessing>
        <outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>
        <respcondition continue="Yes"><conditionvar><other/></conditionvar>
          <displayfeedback feedbacktype="Response" linkrefid="general_fb"/></respcondition>
        <respcondition continue="Yes"><conditionvar><varequal respident="response1">9607</varequal></conditionvar>
          <displayfeedback feedbacktype="Response" linkrefid="9607_fb"/></respcondition>
        {scoring}
        <respcondition continue="Yes"><conditionvar><other/></conditionvar>
          <displayfeedback feedbacktype="Response" linkrefid="general_incorrect_fb"/></respcondition>
      </resprocessing>
      {feedback}
    </item>
  </section></assessment>
</questestinterop>"""
)
THREE = '<response_label ident="599"><material><mattext>九十日</mattext></material></response_label>'
ONE_RIGHT = """<respcondition continue="No"><conditionvar><varequal respident="response1">2799</varequal></conditionvar>
  <setvar action="Set" varname="SCORE">100</setvar></respcondition>"""
TWO_RIGHT = """<respcondition continue="No"><conditionvar><and><varequal respident="response1">2799</varequal>
  <not><varequal respident="response1">9607</varequal></not><varequal respident="response1">599</varequal></and>
  </conditionvar><setvar action="Set" varname="SCORE">100</setvar></respcondition>"""


def canvas(kind="multiple_choice_question", cardinality="Single", three=THREE, scoring=ONE_RIGHT, **more):
    words = {"one": "六十日", "two": "三十日", "feedback": ""} | more
    return CANVAS.format(kind=kind, cardinality=cardinality, three=three, scoring=scoring, **words).encode()


def one(data):
    [draft] = qti12.read(data, "题.xml").drafts
    return draft


def told(draft):
    return [(problem.column, problem.severity, problem.message) for problem in draft.problems]


def feedback(**texts):
    return "".join(
        f'<itemfeedback ident="{ident}"><flow_mat><material><mattext texttype="text/html">&lt;p&gt;{text}&lt;/p&gt;'
        "</mattext></material></flow_mat></itemfeedback>"
        for ident, text in texts.items()
    )


def test_a_single_choice_of_canvas():
    draft = one(canvas())
    assert (draft.kind, draft.stem, draft.options, draft.key) == (
        "single",
        "期限为（　　）。",
        ["六十日", "三十日", "九十日"],
        "A",
    )
    assert (draft.code, draft.line, draft.source, draft.problems) == ("", 1, "题.xml", [])


def test_a_multiple_choice_of_canvas():
    draft = one(canvas("multiple_answers_question", "Multiple", scoring=TWO_RIGHT))
    assert (draft.kind, draft.any_number, draft.key) == ("multiple", False, "AC")


@pytest.mark.parametrize(
    ("one_text", "two", "key"), [("True", "False", "A"), ("错误", "正确", "B"), ("否", "是", "B")]
)
def test_true_and_false_in_any_order_are_a_judge(one_text, two, key):
    draft = one(canvas("true_false_question", three="", one=one_text, two=two))
    assert (draft.kind, draft.options, draft.key) == ("judge", ["正确", "错误"], key)


def test_a_question_that_calls_itself_a_choice_stays_one():
    draft = one(canvas(three="", one="正确", two="错误"))
    assert (draft.kind, draft.options) == ("single", ["正确", "错误"])


def test_feedback_becomes_the_explanation_and_none_of_it_is_lost():
    texts = feedback(
        general_fb="先协商。", correct_fb="很好", general_incorrect_fb="再读", **{"9607_fb": "太短"}
    )
    assert one(canvas(feedback=texts)).explanation == "先协商。\n答对提示：很好\n答错提示：再读\n选项B：太短"
    assert one(canvas(feedback=feedback(correct_fb="先协商。"))).explanation == "先协商。"


def test_label_lines_in_the_feedback_are_taken_as_fields():
    draft = one(
        canvas(feedback=feedback(general_fb="说明。&lt;br/&gt;依据：第六条 “原文”&lt;br/&gt;难度：难"))
    )
    assert (draft.explanation, draft.difficulty) == ("说明。", 5)
    assert [(c.words, c.quote) for c in draft.citations] == [("第六条", "原文")]


def test_a_multiple_choice_with_one_right_option_is_told():
    draft = one(canvas("multiple_answers_question", "Multiple"))
    assert (draft.any_number, draft.key) == (True, "A")
    assert told(draft) == [("题型", "warning", "多选题只有一个正确选项，按不定项选择题读入，请核对。")]


# Blackboard -----------------------------------------------------------------------------------------------------

BLACKBOARD = """<questestinterop><assessment title="题库"><section>
<item maxattempts="0">
<itemmetadata><bbmd_asi_object_id>_1_1</bbmd_asi_object_id><bbmd_questiontype>{kind}</bbmd_questiontype>
<qmd_levelofdifficulty>School</qmd_levelofdifficulty></itemmetadata>
<presentation><flow class="Block">
 <flow class="QUESTION_BLOCK">
  <flow class="FORMATTED_TEXT_BLOCK"><material><mat_extension><mat_formattedtext type="HTML">{stem}</mat_formattedtext>
  </mat_extension></material></flow>
  <flow class="FILE_BLOCK"><material/></flow>
  <flow class="LINK_BLOCK"><material><mattext charset="us-ascii" texttype="text/plain" uri="" xml:space="default"/>
  </material></flow></flow>
 <flow class="RESPONSE_BLOCK"><response_lid ident="response" rcardinality="{cardinality}" rtiming="No">
 <render_choice maxnumber="0" minnumber="0" shuffle="Yes">{labels}</render_choice></response_lid></flow>
</flow></presentation>
<resprocessing scoremodel="SumOfScores">
<outcomes><decvar defaultval="0.0" maxvalue="1.0" minvalue="0.0" varname="SCORE" vartype="Decimal"/></outcomes>
<respcondition title="correct"><conditionvar>{right}</conditionvar>
<setvar action="Set" variablename="SCORE">SCORE.max</setvar>
<displayfeedback feedbacktype="Response" linkrefid="correct"/></respcondition>
<respcondition title="incorrect"><conditionvar><other/></conditionvar>
<setvar action="Set" variablename="SCORE">0.0</setvar>
<displayfeedback feedbacktype="Response" linkrefid="incorrect"/></respcondition>
{shares}
</resprocessing>
<itemfeedback ident="correct" view="All"><flow_mat class="Block"><flow_mat class="FORMATTED_TEXT_BLOCK"><material>
<mat_extension><mat_formattedtext type="HTML">选得对。</mat_formattedtext></mat_extension></material>
</flow_mat></flow_mat></itemfeedback>
<itemfeedback ident="incorrect" view="All"><flow_mat class="Block"/></itemfeedback>
</item></section></assessment></questestinterop>"""


def blackboard(
    kind, cardinality, right, idents=("a1", "b2", "c3"), stem="期限为&lt;b&gt;（）&lt;/b&gt;。", shares=""
):
    labels = "".join(
        f'<flow_label class="Block"><response_label ident="{ident}"><flow_mat class="FORMATTED_TEXT_BLOCK"><material>'
        f'<mat_extension><mat_formattedtext type="HTML">{ident}</mat_formattedtext></mat_extension>'
        "</material></flow_mat></response_label></flow_label>"
        for ident in idents
    )
    return BLACKBOARD.format(
        kind=kind, cardinality=cardinality, labels=labels, right=right, stem=stem, shares=shares
    ).encode()


def equal(ident):
    return f'<varequal case="No" respident="response">{ident}</varequal>'


def test_a_single_choice_of_blackboard():
    draft = one(blackboard("Multiple Choice", "Single", equal("b2")))
    assert (draft.kind, draft.stem, draft.key, draft.explanation) == (
        "single",
        "期限为（　　）。",
        "B",
        "选得对。",
    )
    assert (draft.difficulty, draft.code, draft.problems) == (3, "", [])


def test_a_multiple_choice_of_blackboard_with_shares():
    right = f"<and>{equal('a1')}<not>{equal('b2')}</not>{equal('c3')}</and>"
    share = '<respcondition><conditionvar><varequal respident="{}" case="No"/></conditionvar>'
    share += '<setvar variablename="SCORE" action="Set">{}</setvar></respcondition>'
    shares = share.format("a1", "50.0") + share.format("b2", "-50.0") + share.format("c3", "50.0")
    draft = one(blackboard("Multiple Answer", "Multiple", right, shares=shares))
    assert (draft.kind, draft.key) == ("multiple", "AC")


def test_shares_alone_are_the_key_and_the_whole_outdoes_them():
    share = '<respcondition><conditionvar><varequal respident="{}" case="No"/></conditionvar>'
    share += '<setvar variablename="SCORE" action="Set">{}</setvar></respcondition>'
    shares = share.format("a1", "50.0") + share.format("b2", "50.0")
    assert one(blackboard("Multiple Answer", "Multiple", "", shares=shares)).key == "AB"
    right = f"<and>{equal('a1')}<not>{equal('b2')}</not><not>{equal('c3')}</not></and>"
    assert one(blackboard("Multiple Answer", "Multiple", right, shares=shares)).key == "A"


def test_a_true_false_question_of_blackboard():
    draft = one(blackboard("True/False", "Single", equal("false"), ("true", "false")))
    assert (draft.kind, draft.options, draft.key) == ("judge", ["正确", "错误"], "B")


# Other styles of scoring ----------------------------------------------------------------------------------------

ITEM = """<questestinterop><item ident="QUE_1" title="x"><presentation><material><mattext>甲（）</mattext></material>
<response_lid ident="R" rcardinality="{cardinality}"><render_choice>
<response_label ident="A1"><material><mattext texttype="text/html"><![CDATA[<p>子</p>]]></mattext></material>
</response_label>
<response_label ident="A2"><material><mattext>丑</mattext></material></response_label>
<response_label ident="A3"><material><mattext>寅</mattext></material></response_label>
</render_choice></response_lid></presentation><resprocessing>{conditions}</resprocessing></item></questestinterop>"""


def when(tests, points, action="Add", variable="que_score"):
    """<respcondition> for comma-separated options and their points."""
    inside = "".join(f'<varequal respident="R">{ident}</varequal>' for ident in tests.split(","))
    return (
        f"<respcondition><conditionvar>{inside}</conditionvar>"
        f'<setvar varname="{variable}" action="{action}">{points}</setvar></respcondition>'
    )


@pytest.mark.parametrize(
    ("style", "cardinality", "conditions", "key"),
    [
        ("Respondus", "Multiple", when("A1", "25.00") + when("A2", "-10.00") + when("A3", "25.00"), "AC"),
        ("no penalty", "Multiple", when("A1", "50") + when("A2", "0") + when("A3", "50"), "AC"),
        ("several tests are all needed", "Multiple", when("A1,A3", "1", "Set"), "AC"),
        ("1 for the right one", "Single", when("A2", "1", "Set"), "B"),
        ("decimals with a comma", "Single", when("A2", "1,0", "Set") + when("A1", "0,0", "Set"), "B"),
        ("a Set of 0 and one of 10", "Single", when("A1", "0") + when("A2", "10.00", "Set"), "B"),
        ("either of two", "Single", when("A1,A2", "100", "Set"), "AB"),
        ("by the option's text", "Single", when("丑", "100", "Set"), "B"),
        ("no cardinality", "", when("A3", "100", "Set"), "C"),
        (
            "D2L",
            "Multiple",
            when("A1", "1", variable="D2L_Correct")
            + when("A2", "1", variable="D2L_Incorrect")
            + when("A3", "1", variable="D2L_Correct"),
            "AC",
        ),
        ("a penalty by Subtract", "Multiple", when("A1", "1") + when("A2", "1", "Subtract"), "A"),
        (
            "only feedback",
            "Single",
            '<respcondition title="Correct"><conditionvar><varequal respident="R">A3</varequal></conditionvar>'
            '<displayfeedback linkrefid="Correct"/></respcondition>',
            "C",
        ),
        (
            "or within and",
            "Single",
            '<respcondition><conditionvar><and><or><varequal respident="R">A2</varequal></or></and></conditionvar>'
            '<setvar action="Set">1</setvar></respcondition>',
            "B",
        ),
        (
            "varsubset",
            "Multiple",
            '<respcondition><conditionvar><varsubset respident="R">A1,A2</varsubset></conditionvar>'
            "<setvar>1</setvar></respcondition>",
            "AB",
        ),
        (
            "0 for all others",
            "Single",
            when("A2", "5", "Set")
            + "<respcondition><conditionvar><other/></conditionvar><setvar>0</setvar></respcondition>",
            "B",
        ),
        ("nothing scores", "Single", "", ""),
        ("no such option", "Single", when("A9", "100", "Set"), ""),
        ("no number", "Single", when("A1", "nan", "Set") + when("A2", "1e999", "Set"), ""),
    ],
)
def test_the_key_is_what_earns_most(style, cardinality, conditions, key):
    assert one(ITEM.format(cardinality=cardinality, conditions=conditions).encode()).key == key, style


def test_options_with_part_of_the_points_are_told():
    draft = one(ITEM.format(cardinality="Single", conditions=when("A1", "50") + when("A2", "100")).encode())
    assert draft.key == "B"
    assert [(column, severity) for column, severity, _ in told(draft)] == [("答案", "warning")]


def test_scoring_beyond_any_real_question_is_told_and_not_computed():
    draft = one(ITEM.format(cardinality="Single", conditions=when("A1", "1") * 300).encode())
    assert (draft.key, [column for column, _, _ in told(draft)]) == ("", ["答案"])


# Text -----------------------------------------------------------------------------------------------------------


def test_html_is_read_as_text_and_pictures_are_told():
    html = "&lt;p&gt;看图&lt;img alt='x' src='a.png'/&gt;：&lt;/p&gt;&lt;!-- 注 --&gt;&lt;p&gt;期限（）&lt;/p&gt;"
    draft = one(blackboard("Multiple Choice", "Single", equal("a1"), stem=html))
    assert draft.stem == "看图：\n期限（　　）"
    assert told(draft) == [("题干", "warning", MEDIA)]


def test_text_that_does_not_say_what_it_is_may_be_html():
    xml = ITEM.format(cardinality="Single", conditions="")
    assert one(xml.replace("丑", "&lt;p&gt;丑&lt;br&gt;二&lt;/p&gt;").encode()).options[1] == "丑\n二"
    assert one(xml.replace("丑", "1 &lt; 2 且 b &gt; a").encode()).options[1] == "1 < 2 且 b > a"


@pytest.mark.parametrize("picture", ['<matimage uri="a.png"/>', '<mataudio uri="a.mp3"/>'])
def test_pictures_of_their_own_are_told(picture):
    xml = ITEM.format(cardinality="Single", conditions=when("A1", "1")).replace(
        "<mattext>丑", picture + "<mattext>丑"
    )
    assert [message for _, _, message in told(one(xml.encode()))] == [MEDIA]


def test_text_that_says_to_be_plain_keeps_its_brackets():
    assert one(canvas(one="&lt;b&gt;不是粗体&lt;/b&gt;")).options[0] == "<b>不是粗体</b>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030", "big5"])
def test_encodings_of_chinese_offices(encoding):
    text = ITEM.format(cardinality="Single", conditions=when("A1", "1"))
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>' + text
    assert one(declared.encode(encoding)).options == ["子", "丑", "寅"]


def test_gb18030_without_a_declaration():
    assert one(ITEM.format(cardinality="Single", conditions="").encode("gb18030")).options == [
        "子",
        "丑",
        "寅",
    ]


# What is not a choice -------------------------------------------------------------------------------------------

REFUSED = """<questestinterop><section><item ident="i1"><presentation><material><mattext>甲</mattext></material>{}
</presentation></item></section></questestinterop>"""
LID = """<response_lid ident="{}" rcardinality="{}"><render_choice><response_label ident="x"/></render_choice>
</response_lid>"""


@pytest.mark.parametrize(
    ("response", "word"),
    [
        ('<response_str ident="r"><render_fib/></response_str>', "填空题"),
        ('<response_num ident="r"><render_fib/></response_num>', "数值题"),
        ('<response_xy ident="r"/>', "热点题"),
        ('<response_grp ident="r"/>', "匹配题"),
        ('<response_lid ident="r"><render_hotspot/></response_lid>', "热点题"),
        (LID.format("r", "Ordered"), "排序题"),
        (LID.format("r", "Single") + LID.format("s", "Single"), "多处作答"),
        ("", "没有作答部分"),
    ],
)
def test_other_kinds_of_items_are_refused_one_by_one(response, word):
    draft = one(REFUSED.format(response).encode())
    assert draft.stem == "甲"
    [(column, severity, message)] = told(draft)
    assert (column, severity, word in message) == ("题型", "error", True)


def test_what_a_paper_says_outside_its_items_is_told():
    xml = ITEM.format(cardinality="Single", conditions="").replace(
        "<item ",
        "<section><rubric><material><mattext>闭卷</mattext></material></rubric><selection_ordering><selection>"
        "<sourcebank_ref>b</sourcebank_ref></selection></selection_ordering></section><item ",
    )
    messages = [problem.message for problem in qti12.read(xml.encode(), "题.xml").problems]
    assert ["闭卷" in messages[0], "1处引用" in messages[1]] == [True, True]


def test_what_an_item_says_beside_its_question_is_told():
    rubric = "<objectives><material><mattext>掌握期限</mattext></material></objectives><presentation>"
    xml = ITEM.format(cardinality="Single", conditions=when("A1", "1")).replace("<presentation>", rubric)
    reading = qti12.read(xml.encode(), "题.xml")
    assert (reading.problems, told(reading.drafts[0])) == (
        [],
        [("未识别的文字", "warning", "“掌握期限”没有读入。")],
    )


def test_items_are_numbered_in_their_order():
    xml = ITEM.format(cardinality="Single", conditions="")
    item = xml[xml.index("<item") : xml.index("</questest")]
    reading = qti12.read(f"<questestinterop>{item * 3}</questestinterop>".encode(), "题.xml")
    assert [draft.line for draft in reading.drafts] == [1, 2, 3]
