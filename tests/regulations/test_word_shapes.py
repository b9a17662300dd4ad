"""Word files as offices publish them: every shape is the same tree, or what cannot be known is told."""

import io
import json
from collections.abc import Callable, Sequence
from datetime import date

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from quizapp import child
from quizapp.bank.formats import word_reader
from quizapp.regulations import documents
from quizapp.regulations.doubts import Doubt
from quizapp.regulations.structure import ParsedEdition, read

NAME, NOTE = (
    "青石县信访工作办法",
    "（2024年3月1日青石县人民政府批准　2024年3月5日青石县人民政府发布　自2024年5月1日起施行）",
)
AIM = "为了做好信访工作，保障群众合法权益，制定本办法。"
DUTY = (
    "机关应当依法办理信访事项，不得推诿。",
    "群众提出事项的，应当自收到之日起15日内受理。",
    "法律另有规定的除外。",
)
OPENING, ITEMS = "本办法所称单位，包括：", ("机关；", "群众团体；", "企业事业单位。")
AFTER = "其他组织参照执行。"
LAST = "本办法自2024年5月1日起施行。"

TREE = [
    *(("c1", "总则"), ("1", ""), ("1.1", AIM), ("2", "")),
    *(("2.1", DUTY[0]), ("2.2", DUTY[1]), ("2.3", DUTY[2])),
    *(("c2", "受理"), ("3", ""), ("3.1", OPENING)),
    *(("3.1.1", ITEMS[0]), ("3.1.2", ITEMS[1]), ("3.1.3", ITEMS[2]), ("3.2", AFTER)),
    *(("c3", "附则"), ("4", ""), ("4.1", LAST)),
]


@pytest.fixture(autouse=True)
def _in_this_process(app, monkeypatch):
    """The reader of Word files says the same here, and sooner."""
    monkeypatch.setattr(child, "read", lambda _name, data: json.loads(json.dumps(word_reader.read(data))))


class Paper:
    """A regulation in Word, set as offices do; a shape replaces one of these."""

    def __init__(self) -> None:
        self.document: Document = docx.Document()

    def say(
        self, text: str, *, font: str = "仿宋_GB2312", points: float = 16, centred: bool = False
    ) -> Paragraph:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.first_line_indent = None if centred else Pt(2 * points)
        self.run(paragraph, text, font, points)
        return paragraph

    @staticmethod
    def run(paragraph: Paragraph, text: str, font: str = "仿宋_GB2312", points: float = 16) -> None:
        run = paragraph.add_run(text)
        run.font.size, run.font.name = Pt(points), font
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)

    def before(self) -> None:
        """What stands above the name."""

    def name(self) -> None:
        self.say(NAME, font="方正小标宋简体", points=22, centred=True)

    def note(self) -> None:
        self.say(NOTE, font="楷体_GB2312", centred=True)

    def contents(self) -> None:
        """目录."""

    def chapter(self, number: str, heading: str) -> None:
        self.say(f"第{number}章　{heading}", font="黑体", centred=True)

    def article(self, number: str, paragraphs: Sequence[str]) -> None:
        self.say(f"第{number}条　{paragraphs[0]}")
        for one in paragraphs[1:]:
            self.say(one)

    def items(self) -> None:
        for number, one in zip("一二三", ITEMS, strict=True):
            self.say(f"（{number}）{one}")

    def after(self) -> None:
        """What stands below the last article."""

    def made(self) -> bytes:
        self.before()
        self.name()
        self.note()
        self.contents()
        self.chapter("一", "总则")
        self.article("一", [AIM])
        self.article("二", DUTY)
        self.chapter("二", "受理")
        self.article("三", [OPENING])
        self.items()
        self.say(AFTER)
        self.chapter("三", "附则")
        self.article("四", [LAST])
        self.after()
        target = io.BytesIO()
        self.document.save(target)
        return target.getvalue()


# The name and its note -----------------------------------------------------------------------------------------


class NameOnTwoLines(Paper):
    def name(self) -> None:
        self.say("青石县信访", font="方正小标宋简体", points=22, centred=True)
        self.say("工作办法", font="方正小标宋简体", points=22, centred=True)


class NameBrokenSoftly(Paper):
    def name(self) -> None:
        paragraph = self.say("青石县", font="方正小标宋简体", points=22, centred=True)
        paragraph.add_run().add_break()
        self.run(paragraph, "信访工作办法", "方正小标宋简体", 22)


class NameSpacedOut(Paper):
    def name(self) -> None:
        self.say("青 石 县 信 访 工 作 办 法", font="方正小标宋简体", points=22, centred=True)


class NoteInHalfBracketsWithBlanks(Paper):
    def note(self) -> None:
        self.say("(2024 年 3 月 1 日青石县人民政府批准 2024 年 3 月 5 日青石县人民政府发布")
        self.say("自 2024 年 5 月 1 日起施行)")


class UnderAnOrder(Paper):
    def before(self) -> None:
        self.say("青石县人民政府令", font="方正小标宋简体", points=36, centred=True)
        self.say("第 12 号", centred=True)
        self.say(
            f"《{NAME}》已经2024年3月1日县人民政府第5次常务会议审议通过，现予公布，自2024年5月1日起施行。"
        )
        self.say("县长　某某某")
        self.say("2024年3月5日")


class UnderTheNameOfItsIssuer(Paper):
    def before(self) -> None:
        self.say("青石县人民政府办公室文件", font="方正小标宋简体", points=36, centred=True)
        self.say("青府办发〔2024〕7号", centred=True)


# 目录 ------------------------------------------------------------------------------------------------------------


class ContentsTyped(Paper):
    def contents(self) -> None:
        self.say("目　　录", font="黑体", centred=True)
        for place, heading in enumerate(("第一章　总则", "第二章　受理", "第三章　附则"), 1):
            self.say(f"{heading}…………………………{place}")


class ContentsAsField(Paper):
    """A TOC field in a content control: links, tabs with leaders, page numbers that are fields themselves."""

    def contents(self) -> None:
        self.say("目　录", font="黑体", centred=True)
        inner = []
        for place, heading in enumerate(("第一章　总则", "第二章　受理", "第三章　附则"), 1):
            paragraph = self.say("", centred=False)
            paragraph.paragraph_format.tab_stops.add_tab_stop(
                Cm(15), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
            )
            if place == 1:
                self.field(paragraph, 'TOC \\o "1-1" \\h \\z \\u', close=False)
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), f"_Toc{place}")
            paragraph._p.append(link)
            self.run(paragraph, heading)
            link.append(paragraph.runs[-1]._r)
            paragraph.add_run().add_tab()
            self.field(paragraph, f"PAGEREF _Toc{place} \\h", str(place))
            inner.append(paragraph._p)
        control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent/></w:sdt>")
        inner[0].addprevious(control)
        for element in inner:
            control[1].append(element)

    @staticmethod
    def field(paragraph: Paragraph, instruction: str, shown: str = "", *, close: bool = True) -> None:
        for kind in ("begin", "separate", "end") if close else ("begin", "separate"):
            run = paragraph.add_run()
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
            if kind == "begin":
                said = OxmlElement("w:instrText")
                said.text = instruction
                paragraph.add_run()._r.append(said)
            elif kind == "separate" and shown:
                paragraph.add_run(shown)


# Chapters, articles and items ----------------------------------------------------------------------------------


class HeadingsSpacedOut(Paper):
    def chapter(self, number: str, heading: str) -> None:
        self.say(f"第{number}章　{'　　'.join(heading)}", font="黑体", centred=True)


class HeadingsAsStyles(Paper):
    def chapter(self, number: str, heading: str) -> None:
        self.document.add_heading(f"第{number}章 {' '.join(heading)}", level=1)


class HeadingsOnTwoLines(Paper):
    def chapter(self, number: str, heading: str) -> None:
        paragraph = self.say(f"第{number}章", font="黑体", centred=True)
        paragraph.add_run().add_break()
        self.run(paragraph, heading, "黑体")


class RunsSplitInWords(Paper):
    def article(self, number: str, paragraphs: Sequence[str]) -> None:
        for place, one in enumerate(paragraphs):
            paragraph = self.say("")
            for piece in ["第", number, "条", "　"] if not place else []:
                self.run(paragraph, piece, "黑体")
            for at in range(0, len(one), 3):
                self.run(paragraph, one[at : at + 3], "仿宋_GB2312" if at % 2 else "仿宋")


class SeveralParagraphsInOne(Paper):
    """An article is one paragraph; its 款 are lines of it."""

    def article(self, number: str, paragraphs: Sequence[str]) -> None:
        paragraph = self.say(f"第{number}条　{paragraphs[0]}")
        for one in paragraphs[1:]:
            paragraph.add_run().add_break()
            self.run(paragraph, f"　　{one}")


class BrokenInTheMiddle(Paper):
    """Copied from a print: soft line breaks inside sentences, and a page that ends in one."""

    def article(self, number: str, paragraphs: Sequence[str]) -> None:
        for place, one in enumerate(paragraphs):
            half = len(one) // 2
            paragraph = self.say(("" if place else f"第{number}条　") + one[:half])
            paragraph.add_run().add_break()
            self.run(paragraph, one[half : half + 2])
            paragraph.add_run().add_break(WD_BREAK.PAGE)
            self.run(paragraph, one[half + 2 :])


class NumberOnItsOwnLine(Paper):
    def article(self, number: str, paragraphs: Sequence[str]) -> None:
        self.say(f"第{number}条", font="黑体")
        for one in paragraphs:
            self.say(one)


class NumberBehindATab(Paper):
    def article(self, number: str, paragraphs: Sequence[str]) -> None:
        super().article(number, paragraphs)
        [head] = [p for p in self.document.paragraphs if p.text.startswith(f"第{number}条")]
        head.runs[0].text = head.runs[0].text.replace("　", "\t", 1)


class ItemsCountedByWord(Paper):
    def items(self) -> None:
        numbering = self.document.part.numbering_part.element
        numbering.insert(0, parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%1）"/></w:lvl></w:abstractNum>'
        ))  # fmt: skip
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
        )
        for one in ITEMS:
            properties = self.say(one)._p.get_or_add_pPr()
            properties.append(parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>'
            ))  # fmt: skip


class ItemsWithOtherBrackets(Paper):
    def items(self) -> None:
        for number, one in zip("一二三", ITEMS, strict=True):
            self.say(f"({number}) {one}")


class HiddenMarksOfTheWeb(Paper):
    """Copied from a page: blanks that do not break, characters without width, empty paragraphs."""

    def article(self, number: str, paragraphs: Sequence[str]) -> None:
        self.say("\u00a0")
        super().article(f"\u200b{number}", [f"{one}\u200b" for one in paragraphs])
        self.say("")

    def chapter(self, number: str, heading: str) -> None:
        super().chapter(number, f"{heading}\u00a0\u00a0")


# Beside the text -----------------------------------------------------------------------------------------------


class WithPageNumbers(Paper):
    def before(self) -> None:
        section = self.document.sections[0]
        section.header.paragraphs[0].text = NAME
        ContentsAsField.field(section.footer.paragraphs[0], "PAGE", "1")


class PageNumbersInTextBoxes(Paper):
    def article(self, number: str, paragraphs: Sequence[str]) -> None:
        super().article(number, paragraphs)
        box = parse_xml(
            f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox><w:txbxContent>'
            "<w:p><w:r><w:t>— 2 —</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        )
        self.document.paragraphs[-1]._p.append(box)


class FramedByATable(Paper):
    """The whole text stands in the only cell of a table, as a page was copied."""

    def made(self) -> bytes:
        super().made()
        body = self.document.element.body
        inner = [element for element in body if element.tag == qn("w:p")]
        cell = self.document.add_table(1, 1).cell(0, 0)
        for element in inner:
            cell._tc.append(element)
        target = io.BytesIO()
        self.document.save(target)
        return target.getvalue()


class FollowedByATable(Paper):
    def after(self) -> None:
        table = self.document.add_table(2, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "责任单位", "办理期限"


class FollowedByAnAnnex(Paper):
    def after(self) -> None:
        self.say("附件：1.信访事项登记表")
        self.say("第一条　填表说明。")


class SignedBelow(Paper):
    def after(self) -> None:
        self.say("青石县人民政府")
        self.say("2024年3月5日")
        self.say("（此件公开发布）")


SHAPES: list[type[Paper]] = [Paper, *Paper.__subclasses__()]


def understood(shape: Callable[[], Paper]) -> tuple[ParsedEdition, list[Doubt]]:
    document = documents.read(shape().made(), "办法.docx")
    edition = read(document.text)
    return edition, [*document.told, *edition.doubts]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_word_file_of_every_usual_shape_is_the_same_regulation(shape):
    edition, doubts = understood(shape)
    found = [
        (one.anchor, one.heading or ("" if one.kind == "article" else one.text)) for one in edition.provisions
    ]
    assert found == TREE
    assert edition.title == NAME
    assert edition.effective_on == date(2024, 5, 1)
    assert edition.published_on == date(2024, 3, 5)
    assert edition.facts["制定机关"] == "青石县人民政府"
    assert not [doubt.sentence for doubt in doubts if doubt.serious]


TOLD = {
    NameOnTwoLines: {"name"},
    NameBrokenSoftly: {"name"},
    UnderAnOrder: {"before"},
    UnderTheNameOfItsIssuer: {"before"},
    BrokenInTheMiddle: {"joined"},
    WithPageNumbers: {"header"},
    PageNumbersInTextBoxes: {"box", "noise"},
    FollowedByATable: {"table"},
    FollowedByAnAnnex: {"annex"},
    SignedBelow: {"ending"},
}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_what_was_guessed_or_left_out_of_a_word_file_is_told_and_nothing_else(shape):
    assert {doubt.code for doubt in understood(shape)[1]} == TOLD.get(shape, set())


@pytest.mark.parametrize("issuer", ["中共中央　国务院", "青石县人民政府", "青石县委员会办公室", "国家信访局"])
def test_an_issuer_above_the_name_is_no_part_of_it(issuer):
    class Issued(Paper):
        def before(self) -> None:
            self.say(issuer, centred=True)

        def name(self) -> None:
            self.say("信访工作办法", font="方正小标宋简体", points=22, centred=True)

    edition, doubts = understood(Issued)
    assert edition.title == "信访工作办法"
    assert [doubt.code for doubt in doubts] == ["before"]


def test_a_name_with_trial_below_it_keeps_the_words():
    class OnTrial(Paper):
        def note(self) -> None:
            self.say("（试行）", centred=True)
            super().note()

    edition, doubts = understood(OnTrial)
    assert (edition.title, doubts) == (f"{NAME}（试行）", [])


def test_items_that_word_counts_in_figures_are_told():
    class InFigures(Paper):
        def items(self) -> None:
            for number, one in enumerate(ITEMS, 1):
                self.say(f"{number}.{one}")

    edition, doubts = understood(InFigures)
    assert {doubt.code for doubt in doubts} == {"level"}
    assert [one.anchor for one in edition.provisions if one.anchor.startswith("3.")] == [
        *("3.1", "3.2", "3.3", "3.4", "3.5")
    ]
