"""Plausible invented names from a seeded source of chance. Any likeness to a real person is accidental."""

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
