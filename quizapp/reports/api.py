"""Exams, their completion and their results for programs."""

from quizapp import clock, figures
from quizapp.errors import Refused
from quizapp.exams import bands, queries, windows
from quizapp.exams.models import PURPOSES
from quizapp.openapi import DECIMAL, FLAG, MOMENT, NUMBER, POINTS, TEXT, Field, Record, one_of
from quizapp.people.tokens.api import pulled
from quizapp.replica import from_replica
from quizapp.reports import access, pulling
from quizapp.reports.pages import bp

SCORES = "results:read"
NAMED = {"exam_id": "考试编号"}
STATUSES = {  # of a candidate: the code and what pages call it
    "not_started": "未开始",
    "in_progress": "进行中",
    "submitted": "已交卷",
    "absent": "缺考",
    "exempt": "免考",
    "deferred": "缓考",
}
CODES = {words: code for code, words in STATUSES.items()}
STATES = {code: words for code, words in windows.STATES.items() if code != "draft"}

EXAM = Record(
    "Exam",
    "一场已发布的考试",
    (
        Field("id", NUMBER, "考试编号", lambda e: e.exam.id),
        Field("title", TEXT, "考试名称", lambda e: e.exam.title),
        Field("purpose", one_of(PURPOSES), "考试类型", lambda e: e.exam.purpose),
        Field("state", one_of(STATES), "考试状态", lambda e: windows.state_of(e.exam, clock.now())),
        Field("unit_code", TEXT, "主办单位的编码", lambda e: e.unit_code),
        Field(
            "makeup_of",
            NUMBER,
            "是哪场考试的补考；不是补考的为null",
            lambda e: e.exam.makeup_of_id,
            maybe=True,
        ),
        Field("opens_at", MOMENT, "开始时间", lambda e: e.exam.opens_at),
        Field("closes_at", MOMENT, "结束时间", lambda e: e.exam.closes_at),
        Field("released_at", MOMENT, "公布时间；尚未公布的为null", lambda e: e.exam.released_at, maybe=True),
        Field("pass_points", POINTS, "合格线（含本数）", lambda e: e.exam.pass_mark),
        Field("excellent_points", POINTS, "优秀线（含本数）", lambda e: e.exam.excellent_mark),
    ),
)


def _count(name, says):
    return Field(name, NUMBER, says, lambda u: getattr(u.counts, name))


def _scored(name, kind, says, value):
    """Of a unit's scores: only for who may read scores, and once they are released."""
    told = f"{says}；成绩尚未公布的为null。令牌所属单位本身的领导班子成员不计入。令牌没有读取成绩的权限时，不含此项"
    return Field(name, kind, told, lambda u: value(u.told) if u.released else None, maybe=True, scope=SCORES)


COMPLETION = Record(
    "Completion",
    "一个单位（含全部下级单位）的完成情况，按考试发布时的单位",
    (
        Field("unit_code", TEXT, "单位编码", lambda u: u.code),
        Field("unit_name", TEXT, "考试发布时的单位名称", lambda u: u.name),
        Field(
            "parent_code",
            TEXT,
            "考试发布时上级单位的编码；范围内最上级单位为null",
            lambda u: u.parent_code,
            maybe=True,
        ),
        _count("listed", "名册人数"),
        _count("exempt", "免考"),
        _count("deferred", "缓考"),
        _count("expected", "应考人数＝名册人数－免考－缓考"),
        _count("started", "已开始"),
        _count("submitted", "实考"),
        _count("missing", "应考而未考"),
        Field(
            "taken_percent",
            DECIMAL,
            "参考率；没有应考人员的为null",
            lambda u: u.counts.taken_rate,
            maybe=True,
        ),
        _scored("scored", NUMBER, "计入成绩的实考人数", lambda c: c.submitted),
        _scored("passed", NUMBER, "合格人数", lambda c: c.passed),
        _scored("excellent", NUMBER, "优秀人数", lambda c: c.excellent),
        _scored(
            *("pass_percent", DECIMAL, "合格率＝合格人数÷计入成绩的实考人数"),
            lambda c: figures.ratio(c.passed, c.submitted),
        ),
        _scored(
            "expected_pass_percent", DECIMAL, "应考合格率", lambda c: figures.ratio(c.passed, c.expected)
        ),
        _scored("excellent_percent", DECIMAL, "优秀率", lambda c: figures.ratio(c.excellent, c.submitted)),
        _scored(
            "mean_points", DECIMAL, "平均分", lambda c: figures.ratio(c.points, c.submitted * 10, scale=1)
        ),
    ),
)


def _of_sat(name, kind, says, value):
    told = f"{says}；没有成绩的为null"
    return Field(name, kind, told, lambda r: value(r) if r.candidate.sat and r.shown else None, maybe=True)


RESULT = Record(
    "Result",
    "一名考生的成绩；姓名、单位和职务按考试发布时的名单。领导班子成员的成绩只对上级单位的令牌提供，对本单位的令牌为null",
    (
        Field("account", TEXT, "学法账号", lambda r: r.account),
        Field("name", TEXT, "姓名", lambda r: r.candidate.name),
        Field("unit_code", TEXT, "单位编码", lambda r: r.unit_code),
        Field("post", TEXT, "职务，可以为空", lambda r: r.candidate.post),
        Field("category", TEXT, "人员类别，可以为空", lambda r: r.candidate.category),
        Field(
            "status",
            one_of(STATUSES),
            "考试情况",
            lambda r: CODES[queries.status_of(r.candidate, r.exam, clock.now())],
        ),
        _of_sat("points", POINTS, "得分", lambda r: r.candidate.points),
        _of_sat("passed", FLAG, "是否合格", lambda r: r.candidate.passed),
        _of_sat("excellent", FLAG, "是否优秀", lambda r: r.candidate.excellent),
        _of_sat(
            "band",
            TEXT,
            "成绩等级，没有达到任何等级的为空",
            lambda r: bands.band(r.candidate.points, r.exam.bands),
        ),
        _of_sat("finished_at", MOMENT, "交卷时间", lambda r: r.candidate.finished_at),
    ),
)


def _is_released(exam):
    return windows.state_of(exam, clock.now()) == "released"


@bp.get("/api/v1/exams", endpoint="api_exams")
@pulled(
    EXAM, "考试：令牌范围内有考生的已发布考试", "completion:read", SCORES, key=lambda entry: entry.exam.id
)
@from_replica
def exams(after, limit):
    return pulling.exams(after=after, limit=limit)


@bp.get("/api/v1/exams/<int:exam_id>/completion", endpoint="api_completion")
@pulled(COMPLETION, "一场考试各单位的完成情况", "completion:read", key=lambda unit: unit.lft, named=NAMED)
@from_replica
def completion(exam_id, after, limit):
    exam = access.exam_or_404(exam_id)
    where = pulling.reach_or_404(exam.id)
    return pulling.units(exam.id, where, released=_is_released(exam), after=after, limit=limit)


@bp.get("/api/v1/exams/<int:exam_id>/results", endpoint="api_results")
@pulled(RESULT, "一场已公布考试的成绩", SCORES, key=lambda entry: entry.candidate.person_id, named=NAMED)
@from_replica
def results(exam_id, after, limit):
    exam = access.exam_or_404(exam_id)
    where = pulling.reach_or_404(exam.id)
    if not _is_released(exam):
        sentence = f"“{exam.title}”的成绩尚未公布，不能读取。"
        raise Refused("not_released", sentence, "请在公布以后再取；公布时间见考试的released_at。")
    return pulling.results(exam, where, after=after, limit=limit)
