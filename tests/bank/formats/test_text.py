"""Free text as people paste it: one case for each row and variety of what is seen in the wild."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quizapp.bank import labels
from quizapp.bank.drafts import Draft, tidied
from quizapp.bank.formats import markdown, text
from quizapp.bank.formats.freetext import exact, marks
from quizapp.bank.formats.freetext.normalise import shadow_of
from quizapp.errors import Refused
from tests.bank.formats.strategies import drafts, kept
from tests.linear import assert_linear

STEM = "信访事项由所涉及的机关、单位（　　）。"
FOUR = "共同受理|协商受理|指定受理|分别受理"
LINES = "A.共同受理\nB.协商受理\nC.指定受理\nD.分别受理"
ASKED = "1.信访事项由所涉及的机关、单位（ ）。\n"
JUDGED = "信访工作是党的群众工作的重要组成部分。"


@dataclass
class Case:
    """A text and what is read from it. said: (line, column, words of the message), all and in order of lines."""

    name: str
    source: str
    drafts: list[Draft]
    said: list[tuple[int, str, str]] = field(default_factory=list)


def q(kind="single", stem=STEM, options=FOUR, key="B", explanation="", cited="", **more):
    if cited:
        more["citations"] = [labels.citation_of(cited)]
    listed = ["正确", "错误"] if kind == "judge" else [text for text in options.split("|") if text]
    return Draft(kind, stem, listed, key, explanation, **more)


def judge(stem=JUDGED, key="A", explanation="", **more):
    return q("judge", stem, "", key, explanation, **more)


def many(**more):
    return q("multiple", **{"key": "BD", **more})


def one(name, source, draft=None, *said):
    """A single question under 单选题."""
    return Case(name, "一、单选题\n" + source, [draft or q()], list(said))


INFERRED = (1, "题型", "没有写明题型")
SECTIONS = [
    Case("a heading", f"一、单选题\n{ASKED}{LINES}\n答案：B", [q()]),
    Case("points in brackets", f"单项选择（每题1分，共40分）\n{ASKED}{LINES}\n答案：B", [q()]),
    Case("a part with its count", f"第一部分单选题(50题)\n{ASKED}{LINES}\n答案：B", [q()]),
    Case("a bracketed ordinal", f"(二)多项选择题\n{ASKED}{LINES}\n答案：BD", [many()]),
    Case("any number", f"不定项选择\n{ASKED}{LINES}\n答案：B", [many(key="B", any_number=True)]),
    Case("judges", f"三、判断题（对的打√，错的打×）\n1.{JUDGED}\n答案：对", [judge()]),
    Case("an Arabic ordinal", f"1、单选题\n{ASKED}{LINES}\n答案：B", [q()]),
    Case("a heading with a sentence", f"一、单选题：每题只有一个正确答案。\n{ASKED}{LINES}\n答案：B", [q()]),
    Case("a heading in brackets", f"【判断题】\n1.{JUDGED}\n答案：错误", [judge(key="B")]),
    Case("a markdown heading", f"# 第一章 总则\n## 多选题\n{ASKED}{LINES}\n答案：BD", [many()]),
    Case("a lower markdown heading", f"### 单选题\n{ASKED}{LINES}\n答案：B", [q()]),
    Case(
        "a whole paper in one line",
        "一、单选题（1分） 1.甲事项由谁受理（ ）。 A.机关 B.单位 答案：A "
        "2.乙事项由谁受理（ ）。 A.机关 B.单位 答案：B 解析：协商。",
        [
            q(stem="甲事项由谁受理（　　）。", options="机关|单位", key="A"),
            q(stem="乙事项由谁受理（　　）。", options="机关|单位", key="B", explanation="协商。"),
        ],
        [(1, "题号", "题号1接在前面的文字之后"), (1, "题号", "题号2接在前面的文字之后")],
    ),
    Case("points without brackets", f"多选题 每题2分，多选、少选不得分\n{ASKED}{LINES}\n答案：BD", [many()]),
    Case("a heading in bold", f"**一、单选题**\n{ASKED}{LINES}\n答案：B", [q()]),
    Case(
        "a summary line is no heading",
        f"判断题(61题)、单选题(105题)\n二、单选题\n{ASKED}{LINES}\n答案：B",
        [q()],
        [(1, "标题", "第1行是标题，没有读入")],
    ),
    Case(
        "选择题 leaves the kind to the answers",
        f"一、选择题\n{ASKED}{LINES}\n答案：B\n2.下列属于受理方式的有（ ）。\n{LINES}\n答案：BD",
        [q(), many(stem="下列属于受理方式的有（　　）。")],
        [(2, "题型", "按答案作为单选题读入"), (8, "题型", "按答案作为多选题读入")],
    ),
    Case(
        "no heading and numbers that start again",
        f"{ASKED}{LINES}\n答案：B\n2.信访人是（ ）。\nA.公民\nB.机关\n答案：A\n1.{JUDGED}（ ）\n答案：√",
        [q(), q(stem="信访人是（　　）。", options="公民|机关", key="A"), judge(JUDGED)],
        [INFERRED, (7, "题型", "按答案作为单选题"), (11, "题型", "按答案作为判断题")],
    ),
    Case(
        "a title above all is told",
        f"信访工作条例知识测试\n一、单选题\n{ASKED}{LINES}\n答案：B",
        [q()],
        [(1, "未识别的文字", "信访工作条例知识测试")],
    ),
    Case(
        "a chapter between",
        f"一、判断题\n1.{JUDGED}（√）\n第二章 信访工作体制\n1.{JUDGED}（×）",
        [judge(JUDGED), judge(JUDGED, "B")],
        [
            (2, "答案", "答案正确取自题干"),
            (3, "标题", "第3行是标题"),
            (4, "答案", "答案错误取自题干"),
        ],
    ),
    Case(
        "a kind that cannot be imported",
        "一、填空题\n1.信访工作是党的____的重要组成部分。\n答案：群众工作",
        [q("", "信访工作是党的（　　）的重要组成部分。", "", "")],
        [(1, "题型", "填空题"), (2, "题型", "不能导入填空题"), (3, "答案", "“群众工作”不能识别")],
    ),
]

TAGS = [
    Case("（单选）", f"1.(单选){STEM}\n{LINES}\n答案：B", [q()]),
    Case("（单选题）", f"1、（单选题）{STEM}\n{LINES}\n答案：B", [q()]),
    Case("【判断题】", f"1.【判断题】{JUDGED}\n答案：错", [judge(key="B")]),
    Case("【判断题】 before the number", f"【判断题】1.{JUDGED}\n答案：错", [judge(key="B")]),
    Case("[多选]", f"1.[多选]{STEM}\n{LINES}\n答案：BD", [many()]),
    Case("单选题：", f"127 . 单选题：{STEM}\n{LINES}\n答案：B", [q()]),
    Case("（多选） at the end", f"1.{STEM}（多选）\n{LINES}\n答案：BD", [many()]),
    Case("with points", f"1.（不定项，2分）{STEM}\n{LINES}\n答案：BD", [many(any_number=True)]),
    Case("as a label", f"1.{STEM}\n{LINES}\n题型：多选题\n答案：BD", [many()]),
    Case(
        "other than the heading",
        f"一、单选题\n1.（多选）{STEM}\n{LINES}\n答案：BD",
        [many()],
        [(2, "题型", "标题是单选题，题中写的是多选")],
    ),
]

NUMBERS = [
    *(
        Case(f"number {mark}", f"一、单选题\n{mark}{STEM}\n{LINES}\n答案：B", [q()])
        for mark in (
            "1.",
            "1、",
            "1:",
            "1\\",
            "1．",
            "(1)",
            "（1）",
            "第1题 ",
            "第1题：",
            "- 1.",
            "1 ",
            "１．",
            "⒈",
            "1)",
            "[1]",
            "1。",
            "1.\n",
        )
    ),
    Case(
        "restarting and running on",
        f"一、判断题\n1.{JUDGED}\n答案：对\n二、单选题\n2.{STEM}\n{LINES}\n答案：B\n三、多选题\n1.{STEM}\n{LINES}\n答案：BD",
        [judge(), q(), many()],
    ),
    one("starting above 1", f"41.{STEM}\n{LINES}\n答案：B\n"),
    one("glued to the text", f"1{STEM}\n{LINES}\n答案：B"),
    Case(
        "glued to the answer before",
        f"一、单选题\n{ASKED}{LINES}\n答案：B2.信访人是（ ）。\nA.公民\nB.机关\n答案：A",
        [q(), q(stem="信访人是（　　）。", options="公民|机关", key="A")],
        [(7, "题号", "题号2接在前面")],
    ),
    Case(
        "glued to the last option",
        f"一、单选题\n{ASKED}{LINES}2.信访人是（ ）。\nA.公民\nB.机关\n答案：A",
        [q(key=""), q(stem="信访人是（　　）。", options="公民|机关", key="A")],
        [(2, "答案", "没有找到答案"), (6, "题号", "题号2接在前面")],
    ),
    Case(
        "all judges in one line",
        f"一、判断题\n1.{JUDGED}（√）2.信访事项一律不予受理。（×）",
        [judge(JUDGED), judge("信访事项一律不予受理。", "B")],
        [(2, "答案", "取自题干"), (2, "题号", "题号2接在前面"), (2, "答案", "取自题干")],
    ),
    Case(
        "two questions under one number",
        f"一、单选题\n{ASKED}{LINES}\n答案：B\n1.信访人是（ ）。\nA.公民\nB.机关\n答案：A",
        [q(), q(stem="信访人是（　　）。", options="公民|机关", key="A")],
        [],
    ),
    Case(
        "the second number twice",
        f"一、判断题\n1.{JUDGED}\n答案：对\n2.{JUDGED}\n答案：对\n2.信访事项一律不予受理。\n答案：错",
        [judge(), judge(), judge("信访事项一律不予受理。", "B")],
        [(6, "题号", "题号2重复")],
    ),
    Case(
        "a gap",
        f"一、判断题\n1.{JUDGED}\n答案：对\n3.信访事项一律不予受理。\n答案：错",
        [judge(), judge("信访事项一律不予受理。", "B")],
        [(4, "题号", "题号为3，前一题是1")],
    ),
    Case(
        "a gap where nothing but statements stand",
        f"一、判断题\n1.{JUDGED}\n3.信访事项一律不予受理。\n4.{JUDGED}\n答案：1.√ 3.× 4.√",
        [judge(), judge("信访事项一律不予受理。", "B"), judge()],
        [(3, "题号", "题号为3，前一题是1")],
    ),
    Case(
        "statements that start again",
        f"1.{JUDGED}（ ）\n2.{JUDGED}（ ）\n1.信访事项一律不予受理。（ ）\n答案：\n1.√ 2.√\n1.×",
        [
            judge(JUDGED),
            judge(JUDGED),
            judge("信访事项一律不予受理。", "B"),
        ],
        [INFERRED, (2, "题型", "判断题"), (3, "题型", "判断题")],
    ),
    Case(
        "a list inside a statement",
        "一、判断题\n3.信访工作的原则包括：\n1.坚持党的全面领导；\n2.坚持以人民为中心。\n答案：对",
        [judge("信访工作的原则包括：\n1.坚持党的全面领导；\n2.坚持以人民为中心。")],
    ),
    one(
        "remarks on options inside an explanation",
        f"{ASKED}{LINES}\n答案：B\n解析：逐项看。\n1.正确\n2.错误",
        q(explanation="逐项看。\n1.正确\n2.错误"),
    ),
    Case(
        "a year behind the number",
        "一、判断题\n1.2022年5月1日起，《信访工作条例》施行。\n答案：对\n2.60日是办理期限。\n答案：对",
        [judge("2022年5月1日起，《信访工作条例》施行。"), judge("60日是办理期限。")],
    ),
    one(
        "a wrapped line that begins with a number",
        f"1.涉及\n2个以上机关、单位的信访事项，由所涉及的机关、单位（ ）。\n{LINES}\n答案：B",
        q(stem="涉及2个以上机关、单位的信访事项，由所涉及的机关、单位（　　）。"),
        (3, "题干", "第3行接在上一行之后"),
    ),
    Case(
        "a list inside an explanation",
        f"一、判断题\n1.{JUDGED}\n答案：对\n解析：理由有二：\n1.条例第三条有规定；\n2.与群众工作有关。\n2.信访事项一律不予受理。（×）",
        [
            judge(explanation="理由有二：\n1.条例第三条有规定；\n2.与群众工作有关。", cited="第三条"),
            judge("信访事项一律不予受理。", "B"),
        ],
        [(4, "依据", "第三条"), (7, "答案", "取自题干")],
    ),
    one(
        "a list inside the stem",
        "5.下列说法正确的是（ ）：\n1.协商受理；\n2.指定受理。\nA.只有1\nB.只有2\n答案：A",
        q(stem="下列说法正确的是（　　）：\n1.协商受理；\n2.指定受理。", options="只有1|只有2", key="A"),
    ),
    one(
        "第1条 is no question",
        f"1.依照规定，\n第1条所称机关、单位的信访事项（ ）。\n{LINES}\n答案：B",
        q(stem="依照规定，第1条所称机关、单位的信访事项（　　）。"),
        (3, "题干", "第3行接在"),
    ),
]

BLANKS = [
    *(
        one(f"blank {blank}", f"1.信访事项由所涉及的机关、单位{blank}。\n{LINES}\n答案：B")
        for blank in (
            "()",
            "（ ）",
            "(   )",
            "（　　）",
            "_____",
            "____",
            "（\u00a0）",
            "【　】",
            "[  ]",
            "（\n）",
        )
    ),
    one(
        "several blanks but one key",
        f"1.信访事项由（ ）协商，由（ ）受理。\n{LINES}\n答案：B",
        q(stem="信访事项由（　　）协商，由（　　）受理。"),
    ),
    one("no blank", f"1.信访事项由谁受理？\n{LINES}\n答案：B", q(stem="信访事项由谁受理？")),
]
BLANKS[9].said = [(3, "题干", "第3行接在上一行之后")]

MARKS = [
    *(
        one(
            f"option {mark}",
            ASKED
            + "\n".join(
                mark.replace("A", letter) + word for letter, word in zip("ABCD", FOUR.split("|"), strict=True)
            )
            + "\n答案：B",
        )
        for mark in ("A.", "A．", "A、", "A:", "A：", "(A)", "（A）", "A .", "A. ", "A)", "A", "A ", "A.A.")
    ),
    one("full width letters", f"{ASKED}Ａ.共同受理\nＢ.协商受理\n答案：Ｂ", q(options="共同受理|协商受理")),
    one("small letters", f"{ASKED}a.共同受理\nb.协商受理\n答案：b", q(options="共同受理|协商受理")),
    one("circled digits", f"{ASKED}①共同受理 ②协商受理\n答案：B", q(options="共同受理|协商受理")),
    one(
        "A to H",
        ASKED + "\n".join(f"{letter}.方式{letter}" for letter in "ABCDEFGH") + "\n答案：H",
        q(options="|".join(f"方式{letter}" for letter in "ABCDEFGH"), key="H"),
    ),
    one(
        "a letter lost in the middle",
        f"{ASKED}A.共同受理\n协商受理\nC.指定受理\nD.分别受理\n答案：B",
        q(),
        (4, "选项", "选项B前没有字母"),
    ),
    one(
        "the first letter lost",
        f"{ASKED}共同受理\nB.协商受理\nC.指定受理\nD.分别受理\n答案：B",
        q(),
        (3, "选项", "选项A前没有字母"),
    ),
    one(
        "the last letter lost",
        f"{ASKED}A.共同受理\nB.协商受理\nC.指定受理\n分别受理\n答案：D",
        q(key="D"),
        (6, "选项", "选项D前没有字母"),
    ),
    one(
        "all letters lost",
        f"{ASKED}共同受理\n协商受理\n指定受理\n分别受理\n答案：B",
        q(),
        (3, "选项", "选项A、B、C、D前没有字母"),
    ),
    one(
        "letters that do not run",
        f"{ASKED}A.共同受理\nB.协商受理\nD.分别受理\n答案：B",
        q(options="共同受理|协商受理\nD.分别受理"),
        (5, "选项", "B之后是D"),
    ),
    one(
        "a letter twice",
        f"{ASKED}A.共同受理\nA.协商受理\nB.分别受理\n答案：B",
        q(options="共同受理\nA.协商受理|分别受理"),
        (4, "选项", "“A.协商受理”的字母与前后不连续"),
    ),
]

LAYOUTS = [
    one("two a line", f"{ASKED}A.共同受理 B.协商受理\nC.指定受理    D.分别受理\n答案：B"),
    one("four a line", f"{ASKED}A.共同受理 B.协商受理 C.指定受理\tD.分别受理\n答案：B"),
    one("behind the stem", f"{ASKED.strip()}A.共同受理 B.协商受理 C.指定受理 D.分别受理\n答案：B"),
    one("joined by ；", f"{ASKED}A.共同受理；B.协商受理；C.指定受理；D.分别受理\n答案：B"),
    one("ended by ；", f"{ASKED}A.共同受理；\nB.协商受理；\nC.指定受理；\nD.分别受理\n答案：B"),
    one("in brackets, four a line", f"{ASKED}(A)共同受理 (B)协商受理 (C)指定受理 (D)分别受理\n答案：B"),
    one("bare, four a line", f"{ASKED}A共同受理 B协商受理 C指定受理 D分别受理\n答案：B"),
    one("letters and blanks, four a line", f"{ASKED}A 共同受理 B 协商受理 C 指定受理 D 分别受理\n答案：B"),
    one(
        "behind the stem without a dot",
        f"{ASKED.strip()} A 共同受理 B 协商受理 C 指定受理 D 分别受理\n答案：B",
    ),
    one("an option with a B in it", f"{ASKED}A公司与B公司\nB机关\n答案：B", q(options="公司与B公司|机关")),
    one(
        "run on without a dot",
        f"{ASKED}A共同受理B协商受理C指定受理D分别受理\n答案：B",
        q(),
        (3, "选项", "没有空格或标点"),
    ),
    one(
        "run on",
        f"{ASKED}A.共同受理B.协商受理C.指定受理D.分别受理\n答案：B",
        q(),
        (3, "选项", "没有空格或标点"),
    ),
    one(
        "digits",
        "1.代表人数不得超过（ ）人。\nA.5B.6C.7D.8\n答案：A",
        q(stem="代表人数不得超过（　　）人。", options="5|6|7|8", key="A"),
        (3, "选项", "没有空格或标点"),
    ),
    one(
        "years",
        "1.条例施行于（ ）。\nA.1954年\nB.1995年\nC.2005年\nD.2022年\n答案：D",
        q(stem="条例施行于（　　）。", options="1954年|1995年|2005年|2022年", key="D"),
    ),
    one(
        "broken over lines",
        f"{ASKED}A.共同\n受理\nB.协商受理\nC.指定受理\nD.分别受理\n答案：B",
        q(),
        (4, "选项A", "第4行接在上一行之后"),
    ),
    one("indented", f"{ASKED}　　A.共同受理\n    B.协商受理\n\tC.指定受理\n  D.分别受理\n  答案：B"),
    one("blank lines between", f"{ASKED}\nA.共同受理\n\nB.协商受理\n\nC.指定受理\n\nD.分别受理\n\n答案：B"),
    one(
        "three options",
        f"{ASKED}A.共同受理\nB.协商受理\nC.指定受理\n答案：B",
        q(options="共同受理|协商受理|指定受理"),
    ),
    one("behind the answer", f"{ASKED}答案：B\n{LINES}"),
    one(
        "behind the answer, and a wrapped explanation",
        f"{ASKED}答案：B\n{LINES}\n解析：协商在先。\n再看争议。",
        q(explanation="协商在先。\n再看争议。"),
    ),
    one(
        "a letter inside an option",
        f"{ASKED}A.共同受理，见B.类\nB.协商受理\nC.指定受理\nD.分别受理\n答案：B",
        q(options="共同受理，见B.类|协商受理|指定受理|分别受理"),
    ),
    one(
        "a wrapped stem",
        f"1.涉及两个机关的\n信访事项由其（ ）。\n{LINES}\n答案：B",
        q(stem="涉及两个机关的信访事项由其（　　）。"),
        (3, "题干", "第3行接在上一行之后"),
    ),
    one(
        "a stem of two sentences",
        f"1.某机关收到来信。\n该来信应当（ ）。\n{LINES}\n答案：B",
        q(stem="某机关收到来信。\n该来信应当（　　）。"),
    ),
]

FROM_STEM = (2, "答案", "取自题干")
IN_STEM = [
    one("in the middle", f"1.依照（B）的规定受理。\n{LINES}", q(stem="依照（　　）的规定受理。"), FROM_STEM),
    one("with blanks", f"1.信访事项由所涉及的机关、单位（  B  ）。\n{LINES}", q(), FROM_STEM),
    one("small", f"1.信访事项由所涉及的机关、单位（ b ）。\n{LINES}", q(), FROM_STEM),
    one("on an underline", f"1.信访事项由所涉及的机关、单位_B__。\n{LINES}", q(), FROM_STEM),
    one("at the end", f"1.信访事项由谁受理？（B）\n{LINES}", q(stem="信访事项由谁受理？（　　）"), FROM_STEM),
    one("behind padding", f"1.信访事项由谁受理？      B\n{LINES}", q(stem="信访事项由谁受理？"), FROM_STEM),
    one(
        "small behind padding", f"1.信访事项由谁受理？   b\n{LINES}", q(stem="信访事项由谁受理？"), FROM_STEM
    ),
    one("at the end of the last option", f"{ASKED}{LINES}      B", q(), (6, "答案", "取自题干")),
    one("the same on the answer line", f"1.信访事项由所涉及的机关、单位（B）。\n{LINES}\n答案：B"),
    one(
        "another on the answer line",
        f"1.信访事项由所涉及的机关、单位（C）。\n{LINES}\n答案：B",
        q(key=""),
        (7, "答案", "第2行题干中是C，第7行答案行是B"),
    ),
    one(
        "a number, an article and a name are no answers",
        f"1.（7）依照（第一条）和《信访工作条例》（以下简称《条例》），应当（ ）。\n{LINES}\n答案：B",
        q(stem="（7）依照（第一条）和《信访工作条例》（以下简称《条例》），应当（　　）。"),
    ),
    one(
        "a name in brackets is no answer",
        f"1.某县（X）收到的信访事项（是）由（ ）。\n{LINES}\n答案：B",
        q(stem="某县（X）收到的信访事项（是）由（　　）。"),
    ),
    Case(
        "letters of a multiple",
        f"一、多选题\n1.信访事项由所涉及的机关、单位（B、D）。\n{LINES}",
        [many()],
        [FROM_STEM],
    ),
    Case("√ at the end", f"一、判断题\n1.{JUDGED}（√）", [judge(JUDGED)], [FROM_STEM]),
    Case("× at the end", f"一、判断题\n1.{JUDGED}（ × ）", [judge(JUDGED, "B")], [FROM_STEM]),
    Case("错误 at the end", f"一、判断题\n1.{JUDGED}（错误）", [judge(JUDGED, "B")], [FROM_STEM]),
    Case("√ without a bracket", f"一、判断题\n1.{JUDGED}√", [judge()], [FROM_STEM]),
    Case(
        "（√） before the number", f"一、判断题\n（√）1.{JUDGED}\n（×）2.{JUDGED}", [judge(), judge(key="B")]
    ),
]

ANSWERS = [
    *(
        one(f"line {line!r}", f"{ASKED}{LINES}\n{line}")
        for line in (
            "答案:B",
            "答案：B",
            "正确答案：B",
            "参考答案：B",
            "标准答案 B",
            "【答案】B",
            "[答案]B",
            "【答案】:答案:B",
            "『正確答案』B",
            "答：B",
            "答B",
            "答案\nB",
            "答案：\nB",
            "答案：B。",
            "答案：Ｂ",
            "答案：b",
            "（答案：B）",
            "答案是B",
            "正确答案是：B",
            "答案：B.协商受理",
            "答案：B、协商受理",
        )
    ),
    *(
        Case(f"several {words!r}", f"一、多选题\n{ASKED}{LINES}\n答案：{words}", [many(key="ABD")])
        for words in ("ABD", "A、B、D", "A,B,D", "A B D", "A，B，D", "DBA", "abd", "A/B/D", "A;B;D")
    ),
    one("behind the last option", f"{ASKED}{LINES} 答案：B"),
    one("behind the stem", f"{ASKED.strip()}【答案】B\n{LINES}"),
    one(
        "glued to the explanation",
        f"{ASKED}{LINES}\n答案:B解析:协商在先。难度：2",
        q(explanation="协商在先。", difficulty=2),
    ),
    one(
        "everything in one line",
        f"{ASKED}{LINES}\n答案：B 难度：难 编号：LX-1 解析：协商在先。",
        q(explanation="协商在先。", difficulty=5, code="LX-1"),
    ),
    one(
        "the word in a stem",
        f"1.下列答案：正确的是（ ）。\n{LINES}\n答案：B",
        q(stem="下列答案：正确的是（　　）。"),
    ),
    one("cannot be read", f"{ASKED}{LINES}\n答案：略", q(key=""), (7, "答案", "“略”不能识别")),
    one("missing", f"{ASKED}{LINES}", q(key=""), (2, "答案", "没有找到答案")),
    one("twice alike", f"{ASKED}{LINES}\n答案：B\n正确答案：B"),
    one("twice unlike", f"{ASKED}{LINES}\n答案：B\n正确答案：C", q(key=""), (8, "答案", "不一致")),
    one(
        "several under 单选题",
        f"{ASKED}{LINES}\n答案：BD",
        q(key="BD"),
        (2, "题型", "题型是单选题，答案却是BD"),
    ),
    Case(
        "one under 多选题",
        f"一、多选题\n{ASKED}{LINES}\n答案：B",
        [many(key="B")],
        [(2, "题型", "题型是多选题，答案却只有B")],
    ),
    one(
        "beyond the options",
        f"{ASKED}A.共同受理\nB.协商受理\n答案：D",
        q(options="共同受理|协商受理", key="D"),
    ),
    one("no options at all", "1.信访事项由谁受理？\n答案：B", q(stem="信访事项由谁受理？", options="")),
]

TWO = f"一、单选题\n{ASKED}{LINES}\n2.信访人是（ ）。\nA.公民\nB.机关\n"
TWO_READ = [q(), q(stem="信访人是（　　）。", options="公民|机关", key="A")]
JUDGES = "".join(f"{n}.说法{n}。\n" for n in range(1, 6))
APART = [
    *(
        Case(f"at the end: {answers!r}", f"{TWO}{answers}", TWO_READ)
        for answers in (
            "1.B 2.A",
            "参考答案\n1.B 2.A",
            "答案：1.B 2.A",
            "1-2 BA",
            "1-2：BA",
            "1～2：B A",
            "1.B\n2.A",
            "参考答案：\n1、B；2、A",
            "附：参考答案\n一、单选题\n1.B 2.A",
            "单选题答案：\n1-2 BA",
            "题号 1 2\n答案 B A",
            "参考答案\n题号|1|2\n答案|B|A",
            "| 题号 | 1 | 2 |\n| 答案 | B | A |",
            "参考答案\n题号 答案\n1 B\n2 A",
            "(1)B (2)A",
            "一、1.B 2.A",
            "答案 1B 2A",
            "1B2A",
        )
    ),
    Case(
        "sections counted by 第一题",
        f"第一题 单选题\n{ASKED}{LINES}\n2.信访人是（ ）。\nA.公民\nB.机关\n第二题 判断题\n1.{JUDGED}\n"
        "答案：\n第一题\n1.B 2.A\n第二题\n1.√",
        [*TWO_READ, judge()],
        [(13, "标题", "第13、15行是标题")],
    ),
    Case(
        "a range of judgements",
        f"一、判断题\n{JUDGES}参考答案\n1-5：√×√√×",
        [judge(f"说法{n}。", "AB"[n in (2, 5)]) for n in range(1, 6)],
    ),
    Case(
        "with explanations",
        f"{TWO}参考答案\n1.B【解析】协商在先。\n再看争议。\n2.【答案】A。解析：公民是信访人。",
        [
            q(explanation="协商在先。\n再看争议。"),
            q(stem="信访人是（　　）。", options="公民|机关", key="A", explanation="公民是信访人。"),
        ],
    ),
    Case(
        "without a heading, with explanations",
        f"{TWO}1.B【解析】协商在先。\n2.A【解析】公民是信访人。",
        [
            q(explanation="协商在先。"),
            q(stem="信访人是（　　）。", options="公民|机关", key="A", explanation="公民是信访人。"),
        ],
    ),
    Case(
        "judgements with reasons",
        f"一、判断题\n1.{JUDGED}\n2.信访事项一律不予受理。\n答案\n1.正确\n2.错误，应当依法受理。",
        [judge(), judge("信访事项一律不予受理。", "B", "应当依法受理。")],
    ),
    Case(
        "numbers that restart per section",
        f"{TWO}二、判断题\n1.{JUDGED}\n2.信访事项一律不予受理。\n参考答案\n一、单选题\n1-2 BA\n二、判断题\n1.√ 2.×",
        [*TWO_READ, judge(), judge("信访事项一律不予受理。", "B")],
    ),
    Case(
        "sections without headings in the list",
        f"{TWO}二、判断题\n1.{JUDGED}\n2.信访事项一律不予受理。\n参考答案\n1.B 2.A\n1.√ 2.×",
        [*TWO_READ, judge(), judge("信访事项一律不予受理。", "B")],
    ),
    Case(
        "numbers that run on",
        f"{TWO}二、判断题\n3.{JUDGED}\n4.信访事项一律不予受理。\n参考答案\n1.B 2.A 3.√ 4.×",
        [*TWO_READ, judge(), judge("信访事项一律不予受理。", "B")],
    ),
    Case(
        "behind each section",
        f"{TWO}答案：1-2 BA\n二、判断题\n1.{JUDGED}\n2.信访事项一律不予受理。\n答案：1.√ 2.×",
        [*TWO_READ, judge(), judge("信访事项一律不予受理。", "B")],
    ),
    Case(
        "a count that does not fit",
        f"{TWO}参考答案\n1.B 2.A 3.C",
        [q(key=""), q(stem="信访人是（　　）。", options="公民|机关", key="")],
        [(2, "答案", "没有找到"), (7, "答案", "没有找到"), (10, "答案", "答案有3个，第2至7行的试题有2道")],
    ),
    Case(
        "a range that does not fit",
        f"{TWO}参考答案\n1-2 BAC",
        [q(key=""), q(stem="信访人是（　　）。", options="公民|机关", key="")],
        [(2, "答案", "没有找到"), (7, "答案", "没有找到"), (10, "答案", "应当有2个答案，实际有3个")],
    ),
    Case(
        "other than in the stem",
        f"一、单选题\n1.信访事项由所涉及的机关、单位（C）。\n{LINES}\n参考答案\n1.B",
        [q(key="")],
        [(8, "答案", "第2行题干中是C，第8行文末答案是B")],
    ),
]

JUDGEMENTS = [
    *(
        Case(f"right: {word}", f"一、判断题\n1.{JUDGED}\n答案：{word}", [judge()])
        for word in ("√", "✓", "对", "正确", "是", "T", "TRUE", "True", "A", "正确。")
    ),
    *(
        Case(f"wrong: {word}", f"一、判断题\n1.{JUDGED}\n答案：{word}", [judge(key="B")])
        for word in ("×", "✗", "错", "错误", "否", "F", "FALSE", "false", "B", "不正确")
    ),
    Case("as two options", f"一、判断题\n1.{JUDGED}\nA.正确\nB.错误\n答案：B", [judge(key="B")]),
    Case("as two options of a line", f"一、判断题\n1.{JUDGED}\nA.对 B.错\n答案：A", [judge()]),
    Case("in the other order", f"一、判断题\n1.{JUDGED}\nA.错误\nB.正确\n答案：B", [judge()]),
    Case("letter and word", f"一、判断题\n1.{JUDGED}\nA.正确\nB.错误\n答案：B. 错误", [judge(key="B")]),
    Case(
        "no kind, two options",
        f"1.{JUDGED}\nA.正确\nB.错误\n答案：B",
        [judge(key="B")],
        [(1, "题型", "按答案作为判断题")],
    ),
    Case(
        "an explanation behind the mark",
        f"一、判断题\n1.{JUDGED}\n答案：错误。应当是重要工作。",
        [judge(key="B", explanation="应当是重要工作。")],
        [(3, "解析", "答案之后的文字按解析读入")],
    ),
    Case(
        "a judge with other options",
        f"一、判断题\n1.{JUDGED}\nA.甲\nB.乙\n答案：A",
        [judge()],
        [(3, "选项", "第3至4行：判断题却有选项")],
    ),
]

SOLVED = f"{ASKED}{LINES}\n答案：B\n"
EXPLANATIONS = [
    *(
        one(f"label {label}", f"{SOLVED}{label}协商在先。", q(explanation="协商在先。"))
        for label in (
            "解析：",
            "【解析】",
            "答案解析：",
            "本题解释：",
            "[解析]：",
            "【答案解析】",
            "试题解析:",
            "解析:\n",
        )
    ),
    one("考点", f"{SOLVED}考点：受理", q(explanation="考点：受理")),
    one("来源", f"{SOLVED}来源：自编\n解析：协商在先。", q(explanation="协商在先。\n来源：自编")),
    one("依据", f"{SOLVED}依据：第二十四条第一款 “协商受理”", q(cited="第二十四条第一款“协商受理”")),
    one("依据 in digits", f"{SOLVED}依据：第34条", q(cited="第34条")),
    one("依据 of another law", f"{SOLVED}法条：《某条例》第三条", q(cited="《某条例》第三条")),
    one(
        "依据 in a sentence",
        f"{SOLVED}依据：《信访工作条例》第二十四条第一款规定，协商受理。",
        q(
            explanation="依据：《信访工作条例》第二十四条第一款规定，协商受理。",
            cited="《信访工作条例》第二十四条第一款",
        ),
        (8, "依据", "按文字中的条款填入依据《信访工作条例》第二十四条第一款"),
    ),
    one(
        "依据 that names no article",
        f"{SOLVED}依据：信访工作条例",
        q(explanation="依据：信访工作条例"),
        (8, "依据", "不能识别，留在解析中"),
    ),
    one(
        "the law in the explanation",
        f"{SOLVED}解析：根据《信访工作条例》第二十四条规定，协商受理。",
        q(
            explanation="根据《信访工作条例》第二十四条规定，协商受理。",
            cited="《信访工作条例》第二十四条",
        ),
        (8, "依据", "按文字中的条款填入"),
    ),
    Case(
        "without a label",
        f"一、判断题\n1.{JUDGED}\n答案：正确。\n群众工作包括信访工作。",
        [judge(explanation="群众工作包括信访工作。")],
        [(4, "解析", "没有标签的文字按解析读入")],
    ),
    one(
        "several paragraphs",
        f"{SOLVED}解析：第一段。\n第二段：\n（1）甲；\n（2）乙。\n\n第三段。",
        q(explanation="第一段。\n第二段：\n（1）甲；\n（2）乙。\n第三段。"),
    ),
    one(
        "a wrapped explanation",
        f"{SOLVED}解析：先由机关\n协商。",
        q(explanation="先由机关协商。"),
        (9, "解析", "第9行接在上一行"),
    ),
    one("two explanations", f"{SOLVED}解析：甲。\n解析：乙。", q(explanation="甲。\n乙。")),
]

LABELS = [
    *(
        one(f"难度 {words}", f"{SOLVED}难度：{words}", q(difficulty=number))
        for words, number in (("易", 1), ("中", 3), ("难", 5), ("4", 4), ("★★☆", 2), ("较难", 4))
    ),
    one("难度 unknown", f"{SOLVED}难度：0.65", q(), (8, "难度", "不能识别，按3读入")),
    one("分值", f"{SOLVED}分值：2分", q(), (8, "分值", "第8行是分值")),
    one("满分", f"{SOLVED}满分:4分", q(), (8, "分值", "第8行是分值")),
    one(
        "another's answer",
        f"{ASKED}{LINES}\n我的答案：A:共同受理; 正确答案：B:协商受理;\n得分：0",
        q(),
        (7, "作答", "第7、8行是他人的作答或得分"),
    ),
    one("知识点", f"{SOLVED}知识点：受理、期限", q(tags=["受理", "期限"])),
    one("章节", f"{SOLVED}章节：第三章", q(tags=["第三章"])),
    one("编号", f"{SOLVED}编号：LX-1", q(code="LX-1")),
    one("编号 twice", f"{SOLVED}编号：LX-1\n编号：LX-2", q(code="LX-2"), (9, "编号", "两处")),
    one("用途", f"{SOLVED}用途：模拟卷", q(uses=("mock",))),
    one("标签", f"{SOLVED}标签：受理", q(tags=["受理"])),
    one(
        "an unknown line",
        f"{SOLVED}难度：易\n无人认识的一行",
        q(difficulty=1),
        (9, "未识别的文字", "无人认识的一行"),
    ),
]

NOISE = [
    one(
        "a page mark inside a word",
        f"1.信访事项由所涉及的机 第 3 页 共 9 页 关、单位（ ）。\n{LINES}\n答案：B",
        q(),
        (2, "页码", "第2行是页码"),
    ),
    one(
        "a page mark between lines",
        f"1.信访事项由所涉及的机\n\n第 3 页 共 9 页\n\n关、单位（ ）。\n{LINES}\n- 4 -\n答案：B",
        q(),
        (4, "页码", "第4、11行是页码"),
        (6, "题干", "第6行接在"),
    ),
    one("a site", f"{SOLVED}更多试题请访问 www.example.com", q(), (8, "页码", "第8行是页码、页眉或网址")),
    one("a call to a site", f"{SOLVED}欢迎关注微信公众号", q(), (8, "页码", "第8行是页码、页眉或网址")),
    one(
        "an option that names one",
        "1.信访人可以通过（ ）提出信访事项。\nA.扫码\nB.www.gjxfj.gov.cn\nC.公众号\n答案：B",
        q(stem="信访人可以通过（　　）提出信访事项。", options="扫码|www.gjxfj.gov.cn|公众号"),
    ),
    Case(
        "the head of every page",
        "".join(
            f"信访工作条例测试题库\n{head}{n}.{JUDGED}\n答案：对\n"
            for n, head in ((1, "一、判断题\n"), (2, ""), (3, ""))
        ),
        [judge(), judge(), judge()],
        [(1, "页码", "第1、5、8行是页码、页眉或网址")],
    ),
    one(
        "full width",
        "１．代表人数不得超过（　）人。\nＡ．５人\nＢ．６人\n答案：Ａ",
        q(stem="代表人数不得超过（　　）人。", options="5人|6人", key="A"),
    ),
    one("invisible signs", f"1.\u200b信访事项由所涉及的机关、单位（\u00a0）。\ufeff\n{LINES}\n答案：\u200bB"),
    one("bullets", f"{ASKED}- A.共同受理\n• B.协商受理\n* C.指定受理\n● D.分别受理\n答案：B"),
    one("emphasis", f"**1.** 信访事项由所涉及的机关、单位（ ）。\n{LINES}\n**答案：** B"),
    Case(
        "traditional script",
        "一、單選題\n1.信訪事項由所涉及的機關、單位（ ）。\nA.共同受理\nB.協商受理\n答案：B\n難度：難",
        [q(stem="信訪事項由所涉及的機關、單位（　　）。", options="共同受理|協商受理")],
        [(1, "繁体字", "可先转换为简体再导入"), (6, "难度", "不能识别")],
    ),
    Case(
        "unread lines",
        f"说明如下\n请认真作答\n\n一、单选题\n{ASKED}{LINES}\n答案：B",
        [q()],
        [(1, "未识别的文字", "第1至2行不能识别")],
    ),
    Case("nothing", "", []),
]

CASES = [
    *SECTIONS, *TAGS, *NUMBERS, *BLANKS, *MARKS, *LAYOUTS, *IN_STEM, *ANSWERS, *APART, *JUDGEMENTS, *EXPLANATIONS,
    *LABELS, *NOISE,
]  # fmt: skip


def shown(draft):
    return {
        "kind": draft.kind_word,
        "stem": draft.stem,
        "options": draft.options,
        "key": draft.key,
        "explanation": draft.explanation,
        "rest": (draft.difficulty, draft.code, draft.uses, draft.tags),
        "citations": [labels.citation_text(citation) for citation in draft.citations],
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_paper_is_read_as_people_mean_it(case):
    reading = text.read_text(case.source)
    assert [shown(draft) for draft in reading.drafts] == [shown(draft) for draft in case.drafts]
    said = [(p.line, p.column, p.message) for p in reading.all_problems()]
    assert [row[:2] for row in said] == [row[:2] for row in case.said], said
    for (_, _, message), (_, _, wanted) in zip(said, case.said, strict=True):
        assert wanted in message


# What must hold for every text ----------------------------------------------------------------------------------

WORDS_OF_A_PAPER = "题号 正确 错误 正確 附 较难 日常 模拟卷 考试".split()
MARKS_OF_A_PAPER = re.compile(
    "|".join(
        ["[单多]选题?", "不定项", "判断题", *WORDS_OF_A_PAPER, *"|".join(marks.LABELS.values()).split("|")]
    )
)


def is_heading(line):
    found = marks.heading_of(shadow_of(line))
    return found is not None and marks.is_heading(shadow_of(line), found)


def told_lines(problems):
    """The lines whose text a problem speaks of."""
    told = set()
    for problem in problems:
        if re.search("没有读入|不能识别|没有对应|两处", problem.message):
            told.add(problem.line)
            span = re.match(r"第(\d+)至(\d+)行", problem.message)
            told |= set(range(int(span[1]), int(span[2]) + 1)) if span else set()
            listed = re.match(r"第([\d、]+)行是", problem.message)
            told |= {int(number) for number in listed[1].split("、")} if listed else set()
    return told


def kept_words(drafts):
    parts = []
    for draft in drafts:
        parts += [draft.stem, *draft.options, draft.explanation, draft.code, *draft.tags]
        parts += [labels.citation_text(citation) for citation in draft.citations]
    return re.sub(r"\s", "", "".join(parts))


def lost(source, reading):
    """Words of the source that are in no question, no mark and no problem."""
    told, kept = told_lines(reading.all_problems()), kept_words(reading.drafts)
    for number, line in enumerate(source.split("\n"), 1):
        if number in told or line.startswith("# ") or is_heading(line):
            continue
        for words in re.findall("[\u4e00-\u9fff]{2,}", MARKS_OF_A_PAPER.sub(" ", line)):
            if words not in kept:
                yield number, words


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_disappears_without_a_word(case):
    if "繁体字" not in {
        column for _, column, _ in case.said
    }:  # marks in traditional script are not listed here
        assert list(lost(case.source, text.read_text(case.source))) == []


PIECES = """
一、单选题
二、判断题（每题1分）
三、多选题
参考答案
第二章 体制
1.甲事项由谁受理（ ）。
2.乙事项（B）。
3.丙说法。（√）
1.丁说法
A.子项
B.丑项
C.寅项 D.卯项
A.辰项 B.巳项
午项
答案：B
答案：
答案：正确。午后
解析：申文。
【解析】酉文
依据：第三条
依据：戌文件
难度：易
难度：亥级
编号：LX-1
知识点：天干
分值：2分
1.B 2.A
1-2 AB
1.B【解析】地支。
题号 1 2
答案 A B
第 1 页 共 2 页
没人认识的一行
子丑。寅卯
  缩进的文字
用途：考试
2.辰说法。（×）3.巳说法。（√）
A.未项B.申项
答案：A2.酉事项（ ）
题型：多选题
# 题目
（一）甲类
答案：略过
一、单选题 1.子说法（ ）。A.甲乙B.乙丙
（√）2.戊说法
我的答案：A 正确答案：B
【难度】易 【编号】X1
答案：B.丑项
答案：C、寅项 解析：丙文
己题干 答案：A 后文
单选题 3.庚说法（ ）
（答案：B）
解析：辛文。难度：易
【未知】壬文
A B
B 癸项
①子丑 ②寅卯
5.巳午事项：
第1题 未申事项_A_。（多选）
1-2 ABC
单选题答案：
D.最后一项      C

""".split("\n")[1:-1]


@given(st.lists(st.sampled_from(PIECES), max_size=14))
@settings(max_examples=300)
def test_nothing_disappears_from_lines_in_any_order(lines):
    source = "\n".join(lines)
    reading = text.read_text(source)
    assert list(lost(source, reading)) == [], [p.message for p in reading.all_problems()]


@given(st.text(max_size=300))
@example("1.\n答案：")
def test_any_text_is_read_without_an_exception(source):
    for draft in text.read_text(source).drafts:
        assert draft == tidied(draft)


@given(
    st.lists(st.sampled_from([*PIECES, *"1.A、（）：_ \t√"]), max_size=30), st.sampled_from(["", " ", "\n"])
)
def test_marks_in_any_order_are_read_without_an_exception(pieces, between):
    for draft in text.read_text(between.join(pieces)).drafts:
        assert draft == tidied(draft)


@given(st.sampled_from(CASES), st.data())
def test_a_text_that_is_cut_anywhere_raises_nothing(case, data):
    source = case.source * 2
    begin = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(begin, len(source)))
    reading = text.read_text(source[begin:end], "题.txt")
    assert {problem.source for problem in reading.all_problems()} <= {"题.txt"}
    assert all(problem.message.endswith("。") for problem in reading.all_problems())


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    try:
        text.read(data, "题.txt")
    except Refused as refused:
        said = refused.sentence
    else:
        said = "。"
    assert said.endswith("。")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_is_read_in_the_encodings_and_line_ends_of_chinese_offices(encoding, end):
    [draft] = text.read(f"一、单选题\n{SOLVED}".replace("\n", end).encode(encoding), "题.txt").drafts
    assert (shown(draft), draft.line, draft.source) == (shown(q()), 2, "题.txt")
    assert (draft.places["选项B"], draft.places["答案"]) == (4, 7)


# The bank's own files, and the way back -------------------------------------------------------------------------

FILES = sorted(Path(__file__).parents[3].glob("question_banks/*/questions/*.md"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_files_of_the_bank_are_read_as_their_own_format_reads_them(path):
    source = path.read_text(encoding="utf-8")
    reading = text.read_text(source, path.name)
    assert reading.drafts == markdown.read(source, path.name).drafts
    assert reading.all_problems() == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_bank_is_written_as_an_ordinary_paper(path):
    questions = markdown.read(path.read_text(encoding="utf-8")).drafts
    paper = text.write(questions, "练习").decode()
    assert exact.NOTE not in paper
    assert [kept(draft, text.CARRIES) for draft in text.read_text(paper).drafts] == [
        kept(draft, text.CARRIES) for draft in questions
    ]


@given(st.lists(drafts(), max_size=3))
def test_what_is_written_is_read_back_without_loss(questions):
    again = text.read(text.write(questions, "标题"), "题.txt")
    assert [kept(draft, text.CARRIES) for draft in again.drafts] == [
        kept(draft, text.CARRIES) for draft in questions
    ]
    assert again.all_problems() == []


def test_a_paper_looks_like_a_paper():
    assert text.write(
        [q(citations=[labels.citation_of("第二十四条第一款")], difficulty=2)], "练习"
    ).decode() == (
        f"# 练习\n\n一、单选题\n\n1. {STEM}\nA. 共同受理\nB. 协商受理\nC. 指定受理\nD. 分别受理\n"
        "答案：B\n依据：第二十四条第一款\n难度：2\n"
    )


def test_words_that_look_like_marks_are_kept_under_a_note():
    question = q(stem="下列属于（A）类的是（　　）。", options="甲B.乙|丙\nC.丁|答案：A")
    paper = text.write([question], "练习").decode()
    assert exact.NOTE in paper
    assert shown(text.read_text(paper).drafts[0]) == shown(question)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("没人认识", "未识别的文字"),
        ("答案：丙", "答案"),
        ("难度：9", "难度"),
        ("用途：年度", "用途"),
        ("依据：某", "依据"),
        ("解析：再", "解析"),
    ],
)
def test_under_the_note_a_line_that_does_not_fit_is_told(line, column):
    paper = f"{exact.NOTE}\n\n一、单选题\n\n1. 甲（　　）\nA. 乙\nB. 丙\n解析：丁\n{line}\n"
    assert [(p.line, p.column) for p in text.read_text(paper).all_problems()] == [(9, column)]


# Growth (hazard H45) --------------------------------------------------------------------------------------------

REPEATED = [
    " ", "\n", "(", "（", "_", "A", "A.", "1", "1.", "1.\n",
    "（A）", "( ", "答案：", "答案：A1.", "【答案】", "解析：", "一、", "第",
    "第1页共2页", "A.甲B.乙", "1.甲（A）2.", "A.甲\n", "√", "#", "**",
    "- ", "题", "1.B ", "1-5 ABCDE ", "第三条", "《", "单选题(",
    "单选题、", "|", "A、", "1.甲\n", "解析：\n1.甲\n", "1.甲\nA.乙\n",
    "一、单选题\n1.B\n", "参考答案\n1.A\n", "A. ", "、", "B.乙\nA.甲\n",
    "难度：", "文字\n", "题号 1\n",
]  # fmt: skip


@pytest.mark.parametrize("repeated", REPEATED, ids=repr)
@pytest.mark.parametrize("before", ["", "一、单选题\n1.甲（ ）\n"], ids=["alone", "in a question"])
def test_ten_times_the_text_takes_about_ten_times_as_long(before, repeated):
    assert_linear(lambda size: before + repeated * (size // len(repeated)), text.read_text, 2_000)


def paper_in_one_line(count):
    questions = (
        f"{n}.第{n}号事项由谁受理（ ）。 A.机关 B.单位 C.信访局 答案：{'ABC'[n % 3]}"
        for n in range(1, count + 1)
    )
    return "一、单选题 " + " ".join(questions)


def test_a_long_paper_without_line_ends_is_read_whole():
    read = text.read_text(paper_in_one_line(500)).drafts
    assert [(draft.stem, draft.key, len(draft.options)) for draft in read] == [
        (f"第{n}号事项由谁受理（　　）。", "ABC"[n % 3], 3) for n in range(1, 501)
    ]


def test_a_paper_without_line_ends_takes_its_time_by_its_length():
    assert_linear(paper_in_one_line, text.read_text, 300)
