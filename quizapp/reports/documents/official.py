"""The sheet of an official document: GB/T 9704—2012, 5.2 and 7. Pure.

天头 37 mm, 订口 28 mm, 版心 156 mm × 225 mm, 22 lines of 28 characters, text in 3号 (16 points).
"""

from quizapp.exams.printing.sizes import Size

SHEET = Size("a4", 210, 297, 1, left=28, right=26)
TOP, BOTTOM = 37, 35  # mm
LINES, CHARACTERS = 22, 28
TEXT, TITLE, SMALL = 16.0, 22.0, 14.0  # points: 3号, 2号, 4号
TABLE = 12.0  # points: 小四, in the table behind
MARK_TOP = 35  # mm from the top of the 版心 to the 发文机关标志
MARK_LARGEST = 60.0  # points; it must be smaller than that of the unit above, so each chooses by its length
RULE_BELOW = 4  # mm from the 发文字号 to the red line
PAGE_BELOW = 7  # mm from the 版心 to the dash of the page number
_POINT = 72 / 25.4  # points of a mm

LINE = (SHEET.height - TOP - BOTTOM) * _POINT / LINES  # points from line to line: 28.99
ADVANCE = SHEET.printed * _POINT / CHARACTERS  # points from character to character: 15.79

# Names as Word and WPS know them; where the first is missing the next is taken.
BIAO, FANG, KAI = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312"
WORD_FALLBACKS = {
    BIAO: ("方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "华文中宋", "宋体"),
    FANG: ("仿宋", "FangSong", "华文仿宋", "宋体"),
    KAI: ("楷体", "KaiTi", "华文楷体", "宋体"),
}
# Families of a server, for PDF: what is missing falls to the next, at last to 宋体 (`typesetting.SERIF`).
PDF_FAMILIES = {
    "biao": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong"),
    "fang": (
        "FangSong_GB2312",
        "FangSong",
        "STFangsong",
        "FandolFang R",
        "Zhuque Fangsong (technical preview)",
    ),
    "kai": ("KaiTi_GB2312", "KaiTi", "STKaiti", "FandolKai", "AR PL UKai CN"),
}


def mark_points(text: str) -> float:
    """The size of the 发文机关标志 that fills a line at most."""
    return min(MARK_LARGEST, SHEET.printed * _POINT / max(len(text), 1))
