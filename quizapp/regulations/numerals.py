"""Chinese numerals as laws write them: 二十四, 一百二十, 一千二百六十; Arabic digits are read as well."""

import re

DIGITS = "〇一二三四五六七八九"
UNITS = (("千", 1000), ("百", 100), ("十", 10))
NUMERAL = "[〇零一二两三四五六七八九十百千0-9０-９]+"  # what `number` may be able to read
_VALUES = {**{digit: value for value, digit in enumerate(DIGITS)}, "零": 0, "两": 2}


def words(number: int) -> str:
    """24 as 二十四, 105 as 一百零五, 12 as 十二. Raises ValueError outside 1…9999."""
    if not 1 <= number <= 9999:
        raise ValueError(f"{number} is no number of a provision")
    text, rest = "", number
    for name, unit in UNITS:
        digit, rest = divmod(rest, unit)
        if digit:
            text += DIGITS[digit] + name
        elif text and rest and not text.endswith("零"):
            text += "零"
    text += DIGITS[rest] if rest else ""
    return text[1:] if text.startswith("一十") else text


def number(text: str) -> int:
    """二十四, 一百零五, 24 or ２４ as an int. Raises ValueError for anything else."""
    if re.fullmatch("[0-9０-９]+", text):
        return int(text)
    if not text or any(character not in _VALUES and character not in "十百千" for character in text):
        raise ValueError(f"{text} is no numeral")
    if all(character in _VALUES for character in text):  # 二〇二二: digit by digit
        return int("".join(str(_VALUES[character]) for character in text))
    total, digit = 0, 0
    for character in text:
        unit = dict(UNITS).get(character)
        if unit is None:
            digit = _VALUES[character]
        else:
            total, digit = total + (digit or 1) * unit, 0
    return total + digit


def label(number_text: str, unit: str) -> str:
    """The name of a numbered part: ("24", "条") is 第二十四条, ("120-1", "条") is 第一百二十条之一."""
    main, _, insert = number_text.partition("-")
    return f"第{words(int(main))}{unit}" + (f"之{words(int(insert))}" if insert else "")


def key(main: str, insert: str | None = None) -> str:
    """The stored form of a number read from the text: 一百二十 and 一 are "120-1".

    Raises ValueError for what is no numeral, and for one that no provision has (0, 10000).
    """
    values = [number(part) for part in (main, insert) if part]
    for value in values:
        words(value)
    return "-".join(str(value) for value in values)


def is_key(main: str, insert: str | None = None) -> bool:
    """Whether `key` can read it."""
    try:
        key(main, insert)
    except ValueError:
        return False
    return True
