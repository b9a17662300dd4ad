"""密封线: the strip at the left edge of a paper's first page, where a person writes who he is and no answer.

In Word it is a text box turned by 90°, in the margin, hung up at the first paragraph of the page (LibreOffice puts the
words of a turned box that hangs in a header elsewhere).
"""

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.parser import parse_xml
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from quizapp.exams.printing.word import SMALL, Sheet, say

FIELDS = (("单位", 22), ("姓名", 12), ("学法账号（准考证号）", 18))  # with the characters to write on
WORDS = "密封线内不要答题"
_DOTS = "┄" * 16
LINE = f"{_DOTS}密{_DOTS}封{_DOTS}线{_DOTS}"
_EMU = 36_000  # a mm
_X, _Y, _WIDTH, _HEIGHT = 7, 15, 18, 267  # mm from the corner of the sheet
_BOX = f"""
<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
     xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
     xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
     xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
     xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">
 <mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>
  <wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="0" locked="0"
             layoutInCell="1" allowOverlap="1">
   <wp:simplePos x="0" y="0"/>
   <wp:positionH relativeFrom="page"><wp:posOffset>{_X * _EMU}</wp:posOffset></wp:positionH>
   <wp:positionV relativeFrom="page"><wp:posOffset>{_Y * _EMU}</wp:posOffset></wp:positionV>
   <wp:extent cx="{_WIDTH * _EMU}" cy="{_HEIGHT * _EMU}"/><wp:wrapNone/>
   <wp:docPr id="1" name="密封线" descr="{WORDS}"/><wp:cNvGraphicFramePr/>
   <a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
    <wps:wsp><wps:cNvSpPr txBox="1"/>
     <wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{_WIDTH * _EMU}" cy="{_HEIGHT * _EMU}"/></a:xfrm>
      <a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>
     <wps:txbx><w:txbxContent><w:p/><w:p/></w:txbxContent></wps:txbx>
     <wps:bodyPr vert="vert270" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></wps:bodyPr>
    </wps:wsp></a:graphicData></a:graphic>
  </wp:anchor></w:drawing></mc:Choice></mc:AlternateContent>
</w:r>"""


def draw(sheet: Sheet, paragraph: Paragraph) -> None:
    """Put the strip on the page of this paragraph."""
    paragraph._p.append(parse_xml(_BOX))
    who, line = (Paragraph(p, sheet.document) for p in paragraph._p.xpath(".//w:txbxContent/w:p"))
    for one in (who, line):
        one.style, one.alignment = sheet.document.styles[SMALL], WD_ALIGN_PARAGRAPH.CENTER
    say(who, "　".join(f"{name}：{'_' * 2 * characters}" for name, characters in FIELDS))
    line.paragraph_format.space_before = Pt(7)
    say(line, f"{LINE}（{WORDS}）")
