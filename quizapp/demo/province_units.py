"""The units of the demonstration province 岚江省: invented, in the shape of a real one, as many as its people need."""

from collections.abc import Iterator
from itertools import islice
from random import Random

from quizapp.demo.units import DemoUnit

ROOT, ROOT_CODE = "岚江省", "LJ"
CITIES, COUNTIES = 21, 183
CAPITAL = 20  # counties and districts of the first city
A_UNIT = 1 / 0.06  # people; a million make about 60,000 units
FIRST = "青云清安永平宁和兴丰泰龙凤玉金银石白岚澄望临南北东西景嘉文武怀新广汉沅澜松柏梅桐"
SECOND = "州江川山阳溪泉岭湖林源城塘浦屏峰河岩陵潭"
TOWN_FIRST = "双柳石云白清龙长大马花竹桃杨枫古新太永高青黄红沙桥梨"
TOWN_SECOND = "河林桥岭沙溪泉坪塘坝湾庙口集屯店铺堡关渡"
PARTY = ("办公室", "组织部", "宣传部", "统战部", "政法委员会", "社会工作部", "党校")
OFFICES = (
    *(
        "人民政府办公室",
        "信访局",
        "发展和改革局",
        "教育局",
        "科学技术局",
        "工业和信息化局",
        "公安局",
        "民政局",
    ),
    *(
        "司法局",
        "财政局",
        "人力资源和社会保障局",
        "自然资源局",
        "生态环境局",
        "住房和城乡建设局",
        "交通运输局",
    ),
    *(
        "水利局",
        "农业农村局",
        "商务局",
        "文化和旅游局",
        "卫生健康局",
        "退役军人事务局",
        "应急管理局",
        "审计局",
    ),
    *("市场监督管理局", "统计局", "医疗保障局", "城市管理局", "行政审批服务局"),
)
GROUPS = ("总工会", "妇女联合会", "科学技术协会", "残疾人联合会", "红十字会")
OTHERS = ("人民法院", "人民检察院")
SECTIONS = (
    *("办公室", "综合科", "业务一科", "业务二科", "法规科", "财务科", "人事科", "督查科", "信息中心"),
    *("服务中心", "执法大队", "档案室"),
)
TOWN_PARTS = ("党政办公室", "平安法治办公室", "社会事务办公室", "综合执法队", "便民服务中心")
PLACES = (
    "第一中学",
    "第二中学",
    "实验小学",
    "中心小学",
    "中医医院",
    "妇幼保健院",
    "图书馆",
    "福利院",
    "职业学校",
)
TOWNS = 18  # of a county
COMMISSIONS = ("发展和改革局", "卫生健康局")
KEEP_THEIR_NAME = ("信访局", "市场监督管理局", "统计局", "医疗保障局", "城市管理局", "行政审批服务局")
SIZES = {"内设机构": 0.7, "事业单位": 2.6, "乡镇街道": 1.6, "党委部门": 1.0, "政府部门": 1.4}  # beside 1


def province(people: int, chance: Random) -> list[DemoUnit]:
    """The province and its units in tree order, each behind the one above it. people: of all units together.

    There are always 21 cities and 183 counties and districts; what they have below them grows with the people.
    """
    names = iter(_names(CITIES + COUNTIES, chance))
    seats = [(ROOT_CODE, ROOT, "省", "")]
    for city in range(CITIES):
        code = f"{ROOT_CODE}{city + 1:02}"
        seats.append((code, f"{next(names)}市", "市", ROOT_CODE))
        for number in range(1, _counties(city) + 1):
            title = "青石县" if (city, number) == (0, 1) else next(names) + ("区" if number < 4 else "县")
            seats.append((f"{code}{number:02}", title, "县", code))
    below = max(2, round((people / A_UNIT - len(seats)) / len(seats)))
    found = []
    for code, name, level, above in seats:
        found.append((DemoUnit(code, name, name, level, above, 0), 0.5))
        found += [(one, _weight(one, chance)) for one in _parts(code, name, level, below, chance)]
    return _peopled(found, people)


def _counties(city: int) -> int:
    """How many counties and districts a city has; the first one, the capital, holds a tenth of the people."""
    if city == 0:
        return CAPITAL
    each, more = divmod(COUNTIES - CAPITAL, CITIES - 1)
    return each + (city <= more)


def _names(count: int, chance: Random) -> list[str]:
    """So many different names of places; the one of the demonstration county stays free."""
    pairs = sorted({first + second for first in FIRST for second in SECOND} - {"青石"})
    return chance.sample(pairs, count)


def _parts(code: str, name: str, level: str, most: int, chance: Random) -> list[DemoUnit]:
    """The units below a seat: departments and towns first, then what these have below them."""
    above = [*islice(_departments(code, name, level, chance), most)]
    kept = [*above, *islice(_sections(above), most - len(above))]
    order = {unit.code: place for place, unit in enumerate(above)}
    return sorted(kept, key=lambda unit: (order.get(unit.code, order.get(unit.above, 0)), unit.above != code))


def _departments(code: str, name: str, level: str, chance: Random) -> Iterator[DemoUnit]:
    offices = [_of_a_province(one) for one in OFFICES] if level == "省" else list(OFFICES)
    parts = (
        ("Z", "政府部门", offices),
        ("X", "乡镇街道", _towns(chance) if level == "县" else []),
        ("D", "党委部门", [f"委{one}" for one in PARTY]),
        ("Q", "群团组织", list(GROUPS)),
        ("F", "司法机关", list(OTHERS)),
        ("S", "事业单位", list(PLACES)),
    )
    for letter, kind, called in parts:
        for number, one in enumerate(called, 1):
            short = one if kind == "乡镇街道" else f"{name[-1]}{one}"
            yield DemoUnit(f"{code}-{letter}{number:02}", name + one, short, kind, code, 0)


def _of_a_province(office: str) -> str:
    """财政局 is 财政厅 there, 发展和改革局 发展和改革委员会; some keep their name."""
    if office in COMMISSIONS:
        return f"{office[:-1]}委员会"
    return office if office in KEEP_THEIR_NAME or not office.endswith("局") else f"{office[:-1]}厅"


def _towns(chance: Random) -> list[str]:
    """Three 街道, ten 镇 and five 乡."""
    names = chance.sample([first + second for first in TOWN_FIRST for second in TOWN_SECOND], TOWNS)
    return [name + ("街道" if n < 3 else "镇" if n < 13 else "乡") for n, name in enumerate(names)]


def _sections(above: list[DemoUnit]) -> Iterator[DemoUnit]:
    """What stands below departments and towns: the first part of each, then the second of each, …"""
    for turn in range(len(SECTIONS)):
        for unit in above:
            parts = {"乡镇街道": TOWN_PARTS, "事业单位": ()}.get(unit.kind, SECTIONS)
            if turn < len(parts):
                part = parts[turn]
                yield DemoUnit(f"{unit.code}-{turn + 1}", unit.name + part, part, "内设机构", unit.code, 0)


def _weight(unit: DemoUnit, chance: Random) -> float:
    return SIZES.get(unit.kind, 1.0) * (0.4 + 1.6 * chance.random())


def _peopled(found: list[tuple[DemoUnit, float]], people: int) -> list[DemoUnit]:
    """Every unit with its share of the people; the shares add up exactly."""
    whole, so_far, given, made = sum(weight for _, weight in found), 0.0, 0, []
    for number, (unit, weight) in enumerate(found, 1):
        so_far += weight
        upto = people if number == len(found) else int(people * so_far / whole)
        made.append(DemoUnit(unit.code, unit.name, unit.short, unit.kind, unit.above, upto - given))
        given = upto
    return made
