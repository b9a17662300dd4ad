"""Names of people: written as they are, ordered by pinyin, found without the dot and by initials."""

import re

LONGEST = 100  # characters; real names of more than 50 exist
DOT = "\u00b7"
# Look-alikes of U+00B7 seen in rosters.
_LIKE_A_DOT = "\u2022\u2027\u2219\u22c5\u30fb\uff65\u0387\u16eb\u2e31\ufe52\uff0e\u00b7"
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af〇"
_BLANK = r"[\s\u200b\u200c\u200d\u2060\ufeff]"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_DOTS = re.compile(rf"{_BLANK}*[{_LIKE_A_DOT}]{_BLANK}*|(?<=[{_HAN}]){_BLANK}*\.{_BLANK}*(?=[{_HAN}])")
_PADDING = re.compile(rf"(?<=[{_HAN}{DOT}]){_BLANK}+(?=[{_HAN}{DOT}])")
SURNAMES = {  # where a surname is read otherwise than the character usually is
    "万俟": ["mo", "qi"], "尉迟": ["yu", "chi"], "单于": ["chan", "yu"], "长孙": ["zhang", "sun"],
    "澹台": ["tan", "tai"], "仇": ["qiu"], "区": ["ou"], "单": ["shan"], "解": ["xie"], "查": ["zha"],
    "曾": ["zeng"], "任": ["ren"], "朴": ["piao"], "翟": ["zhai"], "缪": ["miao"], "乐": ["yue"],
    "黑": ["he"], "折": ["she"], "洗": ["xian"], "冼": ["xian"], "员": ["yun"], "种": ["chong"],
    "秘": ["bi"], "覃": ["qin"], "燕": ["yan"], "宁": ["ning"], "华": ["hua"], "应": ["ying"],
    "纪": ["ji"], "盖": ["ge"], "尹": ["yin"], "逄": ["pang"], "祭": ["zhai"], "召": ["shao"],
    "石": ["shi"], "沈": ["shen"], "车": ["che"], "葛": ["ge"], "隗": ["wei"], "佴": ["nai"],
}  # fmt: skip


def normalise(name: str) -> str:
    """Dot look-alikes become ·, padding blanks between Han characters go, outer blanks go; nothing else changes."""
    if name.isalpha():  # nothing but letters, as most names are
        return name
    trimmed = re.sub(rf"^{_BLANK}+|{_BLANK}+$", "", name)
    return _PADDING.sub("", _DOTS.sub(DOT, trimmed))


def complaint(name: str) -> str | None:
    """What is wrong with a normalised name, or None."""
    if not name:
        return "没有填写姓名"
    if len(name) > LONGEST:
        return f"姓名超过{LONGEST}个字符"
    if _CONTROL.search(name):
        return "姓名中有看不见的控制字符，请删除后重新输入"
    return None


def has_private_characters(name: str) -> bool:
    """Whether a character is one that only some computers can show (Unicode's private use areas)."""
    return any("\ue000" <= c <= "\uf8ff" or "\U000f0000" <= c <= "\U0010fffd" for c in name)


def _syllables(name: str) -> list[str]:
    """Pinyin without tones; a surname by its own reading; what has no pinyin stands for itself."""
    bare = name.replace(DOT, "")
    for length in (2, 1):
        reading = SURNAMES.get(bare[:length])
        if reading is not None and len(bare) > length:
            return [*reading, *_pieces(bare[length:])]
    return _pieces(bare)


def _pieces(text: str) -> list[str]:
    """Pinyin of each character; words in Latin letters stay words."""
    from pypinyin import lazy_pinyin  # its tables take half a second, and few processes ever need them

    return [word.lower() for piece in lazy_pinyin(text) for word in piece.split()]


def sort_key(name: str) -> str:
    """By which names are ordered, "jiang ying xue"; equal keys are ordered by the name and the account."""
    return keys(name)[0]


def initials(name: str) -> str:
    """By which names are found quickly, "jyx"."""
    return keys(name)[1]


def keys(name: str) -> tuple[str, str]:
    """(sort_key, initials), for who needs both: reading the characters is what takes time."""
    syllables = _syllables(name)
    return " ".join(syllables)[:200], "".join(part[0] for part in syllables)[:60]
