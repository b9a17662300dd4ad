"""合规自查: how an installation stands to each rule of 国办函〔2026〕12号 that touches it. Pure.

What can be told from settings, tables and addresses is worked out; the rest is for the sponsor to check.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

RULES = Path(__file__).with_name("compliance.toml")
KEPT, LOOK, OWN = "符合", "需关注", "请自行核对"  # how an installation stands
PRESENCE = frozenset(
    "streak checkin signin points rank ranking leaderboard duration online spent elapsed".split()
)
PERSONAL = frozenset("photo video track location latitude longitude likes votes shares forwards".split())
TRADE = frozenset("payment pay price invoice wallet coupon".split())


@dataclass(frozen=True)
class Rule:
    """A rule. quoted: its words stand so in the copies that we have seen; otherwise they are ours."""

    key: str
    title: str
    place: str
    words: str
    quoted: bool


@dataclass(frozen=True)
class Source:
    """Where the rules come from."""

    title: str
    number: str
    day: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Installation:
    """What is read of an installation.

    learning: names of tables and columns of practice; tables: of all tables and columns; addresses: of all pages;
    settings: by name; offers: settings that invite to install the pages, what they say and whether they are on; open:
    pages that need no signing in; waiting: 投诉建议 without an answer.
    """

    learning: frozenset[str]
    tables: frozenset[str]
    addresses: frozenset[str]
    settings: Mapping[str, object]
    offers: tuple[tuple[str, bool], ...]
    open: frozenset[str]
    waiting: int
    exam_reminders_only: bool


@dataclass(frozen=True)
class Switch:
    """A setting that would break a rule. on: it is switched that way now."""

    name: str
    words: str
    on: bool


@dataclass(frozen=True)
class Standing:
    """How the installation stands to a rule: level of KEPT, LOOK, OWN; sentences say why."""

    rule: Rule
    level: str
    sentences: tuple[str, ...]
    switches: tuple[Switch, ...] = ()


def source() -> Source:
    """The rules as they ship with the app."""
    told = tomllib.loads(RULES.read_text(encoding="utf-8"))
    return Source(told["title"], told["number"], told["day"], tuple(Rule(**rule) for rule in told["rule"]))


def standings(found: Installation) -> list[Standing]:
    """Every rule with how the installation stands to it, in the order of the text."""
    return [_CHECKS[rule.key](rule, found) for rule in source().rules]


def _named(names: Iterable[str], forbidden: frozenset[str]) -> list[str]:
    """Those of these names that have one of the words in them."""
    return sorted(name for name in names if forbidden & set(re.split(r"[^a-z]+", name.lower())))


def _names_switch(found: Installation) -> Switch:
    on = bool(found.settings["DAILY_NAMES"])
    return Switch(
        "日常测验显示姓名", "打开后，管理人员能看到谁参加了日常测验，容易变成按人考核；默认关闭", on
    )


def _install_switches(found: Installation) -> tuple[Switch, ...]:
    """Settings that invite to install the pages on a phone, where there are such."""
    return tuple(
        Switch(words, "打开后，页面会请用户安装，安装使用的程序可能需要备案；默认关闭", on)
        for words, on in found.offers
    )


def _level(*bad: object) -> str:
    return LOOK if any(bad) else KEPT


def _scope(rule: Rule, _: Installation) -> Standing:
    return Standing(
        rule,
        OWN,
        ("本系统是网页，不需要安装；是否属于政务应用程序、由哪一级单位主办，请主办单位会同网信部门确定。",),
    )


def _sponsor(rule: Rule, found: Installation) -> Standing:
    name = str(found.settings["SITE_SPONSOR"])
    said = f"页脚显示主办单位：{name}。" if name else "没有填写主办单位，请在“设置”中填写。"
    return Standing(rule, _level(not name), (said,))


def _forms(rule: Rule, _: Installation) -> Standing:
    return Standing(
        rule,
        OWN,
        (
            "完成情况、汇总表、通报和学情简报都由已有数据生成，程序没有要求下级单位填报数字的页面。",
            "是否另行要求下级单位填表、交材料，请主办单位核对。",
        ),
    )


def _presence(rule: Rule, found: Installation) -> Standing:
    named = _named(found.learning, PRESENCE) + _named(found.addresses, PRESENCE)
    return Standing(
        rule,
        _level(named),
        (
            f"已检查练习和日常测验的{len(found.learning)}个数据项和全部{len(found.addresses)}个页面地址："
            + (f"{'、'.join(named)}可能涉及，请核对。" if named else "没有打卡签到、积分、排名和在线时长。"),
            "各单位的数据按单位顺序排列，不作排名。",
        ),
    )


def _pressing(rule: Rule, found: Installation) -> Standing:
    switches = (_names_switch(found), *_install_switches(found))
    reminders = (
        "提醒只能就考试发送，没有催促练习和日常测验的提醒。"
        if found.exam_reminders_only
        else "提醒可以用于考试以外的事项，请核对。"
    )
    return Standing(
        rule,
        _level(not found.exam_reminders_only, *(switch.on for switch in switches)),
        (reminders, "日常测验的参加率只供安排学习培训，请勿用于考核、通报。"),
        switches,
    )


def _assessing(rule: Rule, found: Installation) -> Standing:
    timed = _named(found.learning, PRESENCE)
    personal = _named(found.tables, PERSONAL)
    smallest = found.settings["SMALLEST_GROUP"]
    switch = _names_switch(found)
    told = (
        f"{'、'.join(timed + personal)}可能涉及，请核对。"
        if timed or personal
        else "不记录学习时长、点赞量、投票数、转发量，不收集工作照片、视频和轨迹。"
    )
    return Standing(
        rule,
        _level(timed, personal, switch.on),
        (told, f"日常测验和掌握度只按{smallest}人以上的单位汇总显示，并写明不作为考核依据。"),
        (switch,),
    )


def _trade(rule: Rule, found: Installation) -> Standing:
    named = _named(found.tables | found.addresses, TRADE)
    told = f"{'、'.join(named)}可能涉及，请核对。" if named else "没有收费、订购和支付的数据项和页面。"
    return Standing(rule, _level(named), (told,))


def _feedback(rule: Rule, found: Installation) -> Standing:
    there = "home.feedback" in found.open
    waiting = f"现有{found.waiting}件没有答复。" if found.waiting else "没有等待答复的。"
    told = (
        "每一页都有“投诉建议”，不登录也能提交并查询答复。" if there else "没有不登录也能使用的投诉建议页面。"
    )
    return Standing(rule, _level(not there, found.waiting), (told + waiting,))


def _record(rule: Rule, found: Installation) -> Standing:
    number = str(found.settings["SITE_RECORD"])
    told = f"页脚显示备案编号：{number}。" if number else "没有填写备案编号；已经备案的，请在“设置”中填写。"
    return Standing(rule, OWN if number else LOOK, (told, "是否需要备案、备案是否有效，请主办单位核对。"))


def _protection(rule: Rule, found: Installation) -> Standing:
    notice, secure = bool(found.settings["PRIVACY_NOTICE"]), bool(found.settings["SECURE_COOKIES"])
    said = (
        "登录前可以查看个人信息处理说明。" if notice else "没有填写个人信息处理说明，请在“设置”中填写。",
        "登录信息只经HTTPS传送。" if secure else "登录信息没有限定只经HTTPS传送，正式使用时请启用HTTPS。",
        "等级保护和保密检查请主办单位按规定进行。",
    )
    return Standing(rule, OWN if notice and secure else LOOK, said)


_CHECKS: Mapping[str, Callable[[Rule, Installation], Standing]] = {
    "scope": _scope,
    "sponsor": _sponsor,
    "forms": _forms,
    "presence": _presence,
    "pressing": _pressing,
    "assessing": _assessing,
    "trade": _trade,
    "feedback": _feedback,
    "record": _record,
    "protection": _protection,
}
