"""The units of the demonstration county: invented, in the shape of a real one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoUnit:
    """code, full name, short name, kind, code of the unit above ("" for the county), and how many people it has."""

    code: str
    name: str
    short: str
    kind: str
    above: str
    people: int


PARTY = ("县委办公室", "县委组织部", "县委宣传部", "县委统战部", "县委政法委员会", "县委社会工作部")
OFFICES = (
    "县政府办公室",
    "县信访局",
    "县发展和改革局",
    "县教育局",
    "县公安局",
    "县民政局",
    "县司法局",
    "县财政局",
    "县人力资源和社会保障局",
    "县自然资源局",
    "县住房和城乡建设局",
    "县交通运输局",
    "县农业农村局",
    "县卫生健康局",
    "县应急管理局",
    "县市场监督管理局",
)
GROUPS = ("县总工会", "共青团青石县委员会", "县妇女联合会")
TOWNS = ("城关街道", "河东街道", "云岭镇", "白沙镇", "石桥镇", "清溪镇", "龙泉镇", "双河乡", "柳林乡")
BELOW = {  # further units below some of these
    "县信访局": ("综合科", "接访科"),
    "县教育局": ("青石县第一中学", "青石县实验小学"),
    "云岭镇": ("党政办公室", "平安法治办公室"),
}
SHORT = {
    "县人力资源和社会保障局": "县人社局",
    "县住房和城乡建设局": "县住建局",
    "县发展和改革局": "县发改局",
    "县市场监督管理局": "县市监局",
    "县委政法委员会": "县委政法委",
    "共青团青石县委员会": "团县委",
    "县妇女联合会": "县妇联",
}
BIG = {"县公安局": 38, "县教育局": 30, "县卫生健康局": 26, "县信访局": 6, "城关街道": 24, "云岭镇": 14}


def county() -> list[DemoUnit]:
    """The county and its units in tree order; a unit stands behind the one above it."""
    units = [DemoUnit("QS", "青石县", "青石县", "县", "", 5)]
    for letter, kind, names, usual in (
        ("D", "党委部门", PARTY, 12),
        ("Z", "政府部门", OFFICES, 15),
        ("Q", "群团组织", GROUPS, 6),
        ("X", "乡镇街道", TOWNS, 17),
    ):
        for number, name in enumerate(names, 1):
            code = f"QS-{letter}{number:02}"
            units.append(DemoUnit(code, name, SHORT.get(name, name), kind, "QS", BIG.get(name, usual)))
            for lower, part in enumerate(BELOW.get(name, ()), 1):
                units.append(DemoUnit(f"{code}-{lower}", part, part, "内设机构", code, 9))
    return units
