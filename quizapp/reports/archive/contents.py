"""The files of an archive, each made only when its turn has come. Names are Chinese, short, and safe on Windows."""

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from quizapp import dates
from quizapp.exams import excuses, print_views
from quizapp.exams import queries as exam_queries
from quizapp.exams.models import Exam, ExamUnit
from quizapp.exams.printing import bundle, key
from quizapp.reports import apart
from quizapp.reports.archive import corrections, queries, readable, rules
from quizapp.reports.archive.readable import Part
from quizapp.reports.archive.steady import steady
from quizapp.reports.archive.writing import Content, Pieces
from quizapp.reports.documents import files
from quizapp.reports.documents.form import Form, titled
from quizapp.reports.documents.score_list import HEADINGS, row_of, score_list
from quizapp.reports.documents.summary import summary
from quizapp.spreadsheets import Sheet, Value, csv_bytes, large_workbook

MOST_ON_PAPER = 3000  # people in one PDF, as on the page of documents
LISTED = ("序号", "单位", "姓名", "职务", "考试情况")
SCORED = HEADINGS
EXCUSES = ("序号", "单位", "姓名", "申请事项", "理由", "证明材料", "有效期至")
DECISIONS = ("申请人", "申请时间", "办理结果", "办理人", "办理时间", "办理意见")
EXCEPTIONS = ("时间", "办理人", "事项", "考生", "单位", "内容", "理由")
SEATS = ("场次", "考场", "座位", "姓名", "单位", "到场时间")
STATES = {"asked": "待办理", "granted": "批准", "refused": "不批准", "withdrawn": "已撤回"}


@dataclass(frozen=True)
class Source:
    """What is archived. top: the topmost unit of the exam's own tree. hidden: people whose scores the maker may not
    see; keys: whether the maker may see the keys of all banks it draws from."""

    exam: Exam
    top: ExamUnit
    now: datetime
    hidden: Set[int]
    keys: bool

    @property
    def basis(self) -> str:
        """第2次评分（含1次更正）: by which marking the scores stand."""
        current = next(run.row.number for run in queries.runs(self.exam.id) if run.row.state == "current")
        return f"第{current}次评分" + (f"（含{current - 1}次更正）" if current > 1 else "（没有更正）")

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Above the lists: no moment of making stands there, or the same content would not give the same bytes."""
        if self.exam.opens_at is None or self.exam.closes_at is None:
            raise ValueError("a published exam has a window")
        window = f"{dates.day(self.exam.opens_at)}至{dates.closing(self.exam.closes_at)}"
        return [("单位", self.top.name), ("考试时间", window), ("成绩依据", self.basis)]

    @property
    def told(self) -> list[tuple[str, str]]:
        """What stands on top of the 目录."""
        sums = exam_queries.sums(self.exam.id)
        left_out = (
            [f"{len(self.hidden)}人的成绩不在制作人查看范围内，成绩名册中写“不显示”"] if self.hidden else []
        )
        left_out += [] if self.keys else ["试卷含组卷可用的题库，不含标准答案和更正内容"]
        return [
            ("考试", self.exam.title),
            ("主办单位", self.top.name),
            *self.facts[1:],
            (
                "应考人数",
                f"{sums['expected']}人（名册{sums['listed']}人，免考{sums['exempt']}人，缓考{sums['deferred']}人）",
            ),
            ("实考人数", f"{sums['submitted']}人，合格{sums['passed']}人"),
            ("未收录", "；".join(left_out) or "无"),
        ]


def contents(of: Source) -> Iterator[Content]:
    """Every file in its order; the papers are typeset as the last, since they take longest."""
    yield Content("01考试办法/考试办法.html", "全部考试规则，发布时固定", lambda: _rules(of))
    yield Content("01考试办法/例外记录.html", "延时、补时、作废等例外及理由", lambda: _exceptions(of))
    yield from _tables("03考生名册/考生名册", "全部考生及考试情况", LISTED, lambda: _listed(of))
    excused = (*EXCUSES, *DECISIONS)
    yield Content("04免考缓考/免考缓考审批.html", "免考、缓考申请及办理结果", lambda: _excuse_page(of))
    yield from _tables("04免考缓考/免考缓考审批", "同上，表格", excused, lambda: _excuses(of))
    yield from _tables("05成绩名册/成绩名册", "全部考生的成绩", SCORED, lambda: _scored(of))
    if exam_queries.sums(of.exam.id)["listed"] <= MOST_ON_PAPER:
        yield Content("05成绩名册/成绩名册.pdf", "同上，可签字盖章", lambda: [_score_pdf(of)])
    yield Content("06考场记录/考场情况记录.html", "场次、监考人员、考场情况记录", lambda: _halls(of))
    yield from _tables("06考场记录/考场座次", "座位和到场时间", SEATS, lambda: _seats(of))
    for kind, words in (("docx", "Word"), ("xlsx", "Excel"), ("pdf", "PDF")):
        yield Content(f"07汇总表/情况汇总表.{kind}", f"各单位情况（{words}）", _summary(of, kind))
    yield Content("08评分更正/评分更正记录.html", "历次评分、更正内容及理由", lambda: _corrections(of))
    yield from _papers(of)


def _rules(of: Source) -> Pieces:
    parts = rules.rules(of.exam, of.top.name, queries.banks(of.exam), queries.audience(of.exam))
    times = [
        [
            one.unit,
            "场次" if one.window.kind == "slot" else "延长",
            dates.minute(one.window.opens_at) if one.window.opens_at else "—",
            dates.closing(one.window.closes_at),
            one.window.reason or "—",
            one.by or "系统",
        ]
        for one in queries.unit_times(of.exam.id)
    ]
    heads = ("单位", "类别", "开始", "截止", "理由", "办理人")
    parts.append(Part("各单位的时间安排", headings=heads, rows=lambda: iter(times)))
    return readable.html(titled(of.exam.title, "办法"), parts)


def _exceptions(of: Source) -> Pieces:
    def rows() -> Iterator[Sequence[str]]:
        for one in queries.exceptions(of.exam.id, keys=of.keys):
            who = f"{one.by}（{one.second}）" if one.second else one.by
            yield [dates.minute(one.at), who, one.act, one.candidate, one.unit, one.told, one.reason]

    return readable.html(titled(of.exam.title, "例外记录"), [Part("", headings=EXCEPTIONS, rows=rows)])


def _listed(of: Source) -> Iterator[Sequence[Value]]:
    for number, line in enumerate(queries.lines(of.exam, of.hidden, of.now), 1):
        yield [number, line.unit, line.name, line.post, line.status]


def _scored(of: Source) -> Iterator[Sequence[Value]]:
    for number, line in enumerate(queries.lines(of.exam, of.hidden, of.now), 1):
        yield row_of(number, line)


def _excuses(of: Source) -> Iterator[Sequence[Value]]:
    for number, one in enumerate(queries.excuses(of.exam.id), 1):
        asked = one.request
        yield [
            *(number, one.unit, one.name, excuses.KINDS[asked.kind], asked.reason, asked.proof or "—"),
            dates.closing(asked.until) if asked.until else "整场考试",
            *(one.asked_by or "—", dates.minute(asked.asked_at), STATES[asked.state]),
            *(one.decided_by or "—", dates.minute(asked.decided_at) if asked.decided_at else "—"),
            asked.answer or "—",
        ]


def _excuse_page(of: Source) -> Pieces:
    def rows() -> Iterator[Sequence[str]]:
        return ([str(cell) for cell in row] for row in _excuses(of))

    note = "证明材料以文字登记，系统不保存证明文件；原件由申请单位保管。"
    return readable.html(
        titled(of.exam.title, "免考缓考审批"),
        [Part("", lines=(note,), headings=(*EXCUSES, *DECISIONS), rows=rows)],
    )


def _score_pdf(of: Source) -> bytes:
    form = score_list(of.exam.title, of.facts, queries.lines(of.exam, of.hidden, of.now))
    return files.form_file(form, "成绩名册", "pdf")


def _halls(of: Source) -> Pieces:
    parts = []
    for hall in queries.halls(of.exam.id):
        one, notes = hall.session, hall.notes
        facts = [
            ("考场", f"{one.hall}{f'（{one.address}）' if one.address else ''}"),
            ("时间", f"{dates.minute(one.opens_at)}至{dates.closing(one.closes_at)}"),
            ("实际结束", dates.minute(one.ended_at) if one.ended_at else "按时结束"),
            ("监考人员", "、".join(hall.invigilators) or "没有登记"),
            ("人数", f"编排{hall.placed}人，到场{hall.arrived}人，其中迟到放行{hall.late}人"),
        ]
        rows = [[dates.minute(at), by, about or "—", words] for at, by, about, words in notes]
        heads = ("时间", "记录人", "考生", "情况")
        parts.append(Part(one.title, facts=facts, headings=heads, rows=rows.__iter__))
    parts = parts or [Part("", lines=("本次考试没有安排集中考场。",))]
    return readable.html(titled(of.exam.title, "考场情况记录"), parts)


def _seats(of: Source) -> Iterator[Sequence[Value]]:
    for title, hall, seat, name, unit, arrived in queries.seats(of.exam.id):
        yield [title, hall, seat, name, unit, dates.minute(arrived) if arrived else "未到场"]


def _summary(of: Source, kind: str) -> Callable[[], Pieces]:
    def make() -> Pieces:
        report = apart.unit_report(of.exam.id, of.top)
        form = summary(of.exam.title, of.facts, report.whole, report.parts, over=True, scores=True)
        return _office(form, "汇总表", kind)

    return make


def _office(form: Form, sheet: str, kind: str) -> Pieces:
    data = files.form_file(form, sheet, kind)
    return [data] if kind == "pdf" else steady(data)


def _corrections(of: Source) -> Pieces:
    runs = queries.runs(of.exam.id)
    stems = queries.stems(sorted({one for run in runs for one in run.changed})) if of.keys else {}
    return readable.html(titled(of.exam.title, "评分更正记录"), corrections.parts(runs, stems, keys=of.keys))


def _papers(of: Source) -> Iterator[Content]:
    papers = print_views.printed(of.exam, exam_queries.frozen_source(of.exam))
    forms = [paper.form for paper in papers]
    drawn = "（抽题样卷）" if of.exam.mode == "draw" else ""
    for paper in papers:
        for path, make in bundle.files(paper, forms):
            folder, _, name = path.partition("/")
            folder = folder.partition("（")[0]  # 考前勿发 is over
            if folder == key.TITLE and not of.keys:
                continue
            yield Content(
                f"02试卷和答案/{folder}/{name}",
                f"{folder}{drawn}",
                _paper(make, steadied=name.endswith("docx")),
            )


def _paper(make: Callable[[], bytes], *, steadied: bool) -> Callable[[], Pieces]:
    return lambda: steady(make()) if steadied else [make()]


def _tables(
    path: str, words: str, head: Sequence[str], rows: Callable[[], Iterator[Sequence[Value]]]
) -> Iterator[Content]:
    """A list as Excel and as CSV; no text in either becomes a formula (hazard H35)."""
    name = path.rpartition("/")[2]
    yield Content(
        f"{path}.xlsx",
        f"{words}（Excel）",
        lambda: steady(large_workbook([Sheet(name, head, rows(), widths=[8, 28, *[14] * (len(head) - 2)])])),
    )
    yield Content(f"{path}.csv", f"{words}（CSV，任何程序可读）", lambda: [csv_bytes(head, rows())])
