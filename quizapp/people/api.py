"""Units and people for programs."""

from quizapp import clock
from quizapp.openapi import DAY, FLAG, NUMBER, TEXT, Field, Record, one_of
from quizapp.people import pulling
from quizapp.people.pages import bp
from quizapp.people.roster import KIND_WORDS
from quizapp.people.tokens.api import ROLE, pulled
from quizapp.people.unit_choosing import intervals

UNIT = Record(
    "Unit",
    "一个单位",
    (
        Field("code", TEXT, "单位编码", lambda u: u.code),
        Field("name", TEXT, "全称", lambda u: u.name),
        Field("short_name", TEXT, "简称，可以为空", lambda u: u.short_name),
        Field("kind", TEXT, "单位类别，可以为空", lambda u: u.kind),
        Field(
            "parent_code",
            TEXT,
            "上级单位的编码；令牌所属单位为null",
            lambda u: u.parent_code,
            maybe=True,
        ),
        Field("sort", NUMBER, "单位排序号", lambda u: u.sort),
        Field("closed_on", DAY, "撤销日期；没有撤销的为null", lambda u: u.closed_on, maybe=True),
    ),
)
PERSON = Record(
    "Person",
    "一名在册人员，按编制单位列出",
    (
        Field("account", TEXT, "学法账号", lambda p: p.person.account),
        Field("name", TEXT, "姓名", lambda p: p.person.name),
        Field("unit_code", TEXT, "编制单位的编码", lambda p: p.unit_code),
        Field("staff_number", TEXT, "工号；没有的为null", lambda p: p.person.staff_number, maybe=True),
        Field("post", TEXT, "职务，可以为空", lambda p: p.membership.post),
        Field("category", TEXT, "人员类别，可以为空", lambda p: p.membership.category),
        Field("relation", one_of(KIND_WORDS), "人员关系", lambda p: p.membership.kind),
        Field("since", DAY, "到该单位的日期", lambda p: p.membership.since),
        Field("active", FLAG, "账号是否可用", lambda p: p.person.disabled_at is None),
        Field(
            "phone",
            TEXT,
            "手机号；没有的为null。令牌没有读取手机号的权限时，不含此项",
            lambda p: p.person.phone,
            maybe=True,
            scope="people.phone:read",
        ),
    ),
)


@bp.get("/api/v1/units", endpoint="api_units")
@pulled(UNIT, "单位：令牌所属单位及其全部下级单位", "units:read", key=lambda unit: unit.id)
def units(after, limit):
    return pulling.units(intervals(ROLE), after=after, limit=limit)


@bp.get("/api/v1/people", endpoint="api_people")
@pulled(PERSON, "人员：当前在册，账号停用的也在内", "people:read", key=lambda one: one.person.id)
def people(after, limit):
    return pulling.people(intervals(ROLE), clock.today(), after=after, limit=limit)
