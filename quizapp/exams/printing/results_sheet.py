"""The spreadsheet into which a place types the answers of a sitting on paper: the candidates stand in it."""

from collections.abc import Iterable, Sequence

from quizapp.exams.printing.paper_results import HEADINGS
from quizapp.exams.printing.sitters import Sitter
from quizapp.spreadsheets import Sheet, workbook

COLUMNS = ("account", "name", "unit", "form", "answers")
_WIDTHS = (14, 14, 30, 10, 90)
_EXPLAINED = (
    ("学法账号", "考生的学法账号，已经填好。也可以改用工号或手机号列，表头写“工号”“手机号”。"),
    ("姓名", "用于核对，须与名单一致。"),
    ("卷别", "试卷上印的卷别，{forms}。"),
    (
        "作答：逐题分隔",
        "每题一个答案，用顿号或逗号隔开，如：B、D、AC、√、×。答案个数须与题数相同；未答的填“-”。",
    ),
    (
        "作答：连写",
        "单选题每题一个字母，判断题填“√”“×”，多选题加括号，如：BDACB ADCAB (AC)(ABD) √×√×√。"
        "可以用空格分组，同一大题每组的题数须相同（最后一组可以少）；未答的填“-”。",
    ),
    ("作答：其他", "大小写、全角半角均可；判断题也可填“对”“错”或A、B（A为正确）。整份未答的填“白卷”。"),
    ("缺考", "没有参加考试的，作答留空或填“缺考”。"),
    ("导入", "任何一行有问题时全部不导入，按提示改正后重新上传即可。"),
)


def template(sitters: Iterable[Sitter], forms: Sequence[str]) -> bytes:
    """An .xlsx with a row for each candidate who is expected, in the order given. forms: names of all forms."""
    rows = [
        (sitter.account, sitter.name, sitter.unit, forms[0] if len(forms) == 1 else "", "")
        for sitter in sitters
        if sitter.expected
    ]
    header = [HEADINGS[column][0] for column in COLUMNS]
    named = [form for form in forms if form]
    choice = f"填{'、'.join(named)}" if named else "只有一套试卷时可以不填"
    explained = [(what, words.format(forms=choice)) for what, words in _EXPLAINED]
    every = tuple(range(len(COLUMNS)))
    return workbook(
        [
            Sheet("答卷录入", header, rows, _WIDTHS, every),
            Sheet("填写说明", ("项目", "说明"), explained, (18, 100)),
        ]
    )
