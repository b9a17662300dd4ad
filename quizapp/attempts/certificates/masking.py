"""A name as everybody may read it: 张＊, 欧阳＊＊. The surname stays, each further character becomes ＊."""

import unicodedata

STAR = "＊"
KEPT = {"·", " "}  # between the parts of a name
COMPOUND = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 司徒 令狐 宇文 长孙 夏侯 轩辕 端木 百里 呼延 南宫 独孤 拓跋 闻人 "
    "澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 司空 亓官 司寇 子车 颛孙 巫马 公西 漆雕 乐正 壤驷 "
    "公良 夹谷 宰父 谷梁 段干 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 万俟 赫连 第五 完颜 纳兰 贺兰 贺若 豆卢 "
    "歐陽 諸葛 東方 長孫 尉遲 單于 澹臺 鍾離".split()
)


def masked(name: str) -> str:
    """The name with everything but the surname hidden.

    A surname of two characters is one that is known as such and has at least one character after it. Of a name in
    several parts (买买提·吐尔逊) only the first character stays; a name of one character is hidden whole.
    """
    signs = [sign for sign in name if not unicodedata.category(sign).startswith(("M", "C"))]
    shown = 2 if "".join(signs[:2]) in COMPOUND and len(signs) > 2 else 1 if len(signs) > 1 else 0
    return "".join(sign if place < shown or sign in KEPT else STAR for place, sign in enumerate(signs))
