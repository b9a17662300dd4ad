"""Plausible invented names from a seeded source of chance. Any likeness to a real person is accidental."""

from collections.abc import Iterator
from itertools import accumulate
from random import Random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方"
    "石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华慧建国玉兰志红梅春雪晓东海燕鹏飞思远雨桐佳怡子轩俊辉文博嘉欣立新永康德胜"
    "学峰景行若兰清源振宇云帆昌盛宏图长青月明松柏舒望安然知远成林启航"
)
RARE = (
    "阿依努尔·艾力",  # a name with a dot
    "格桑·卓玛",
    "陈𣲗",  # a character of Extension B
)


def people(count: int, chance: Random) -> list[str]:
    """That many names, each once, the rare ones among them."""
    names = list(RARE)
    seen = set(names)
    while len(names) < count:
        name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2, 2, 2))))
        if name not in seen:
            seen.add(name)
            names.append(name)
    chance.shuffle(names)
    return names[:count]


GIVEN_NAMES = 1500  # that a province knows; people of one name are many, as in life
FATHERS = ("艾力", "买买提", "吐尔逊", "卡德尔", "热合曼", "央金", "次仁", "多吉")
BEFORE_THE_DOT = ("阿依努尔", "古丽娜尔", "帕提古丽", "艾克拜尔", "努尔兰", "格桑", "扎西", "卓玛", "洛桑")
WITH_A_DOT = 0.006  # the share of such names


def common(chance: Random) -> Iterator[str]:
    """Names without end, as frequent as in life: some are those of hundreds, most of a few."""
    surnames = list(accumulate(1 / (rank + 6) for rank in range(len(SURNAMES))))
    given = ["".join(chance.sample(GIVEN, chance.choice((1, 2, 2, 2)))) for _ in range(GIVEN_NAMES)]
    weights = list(accumulate(1 / (rank + 40) for rank in range(len(given))))
    while True:
        firsts = chance.choices(SURNAMES, cum_weights=surnames, k=1000)
        lasts = chance.choices(given, cum_weights=weights, k=1000)
        for first, last in zip(firsts, lasts, strict=True):
            if chance.random() < WITH_A_DOT:
                yield f"{chance.choice(BEFORE_THE_DOT)}·{chance.choice(FATHERS)}"
            else:
                yield first + last
