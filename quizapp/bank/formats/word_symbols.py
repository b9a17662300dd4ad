"""Signs that old symbol fonts draw in the place of letters: a tick is the letter ü of Wingdings. Runs in a child."""

_FONTS: dict[str, dict[int, str]] = {
    "wingdings": {
        0x6C: "●", 0x6E: "■", 0x6F: "□", 0xA8: "□", 0xFB: "×", 0xFC: "√", 0xFD: "×", 0xFE: "√",
        **{0x81 + place: sign for place, sign in enumerate("①②③④⑤⑥⑦⑧⑨⑩")},
        **{0x8C + place: sign for place, sign in enumerate("①②③④⑤⑥⑦⑧⑨⑩")},
    },
    "wingdings 2": {0x4F: "×", 0x50: "√", 0x51: "×", 0x52: "√", 0x53: "×", 0x54: "×", 0xA3: "□"},
    "wingdings 3": {},
    "webdings": {0x61: "√", 0x63: "□", 0x72: "×"},
    "symbol": {0xA3: "≤", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "·", 0xB9: "≠", 0xD6: "√"},
}  # fmt: skip


def is_symbol_font(font: str) -> bool:
    return font.strip().lower() in _FONTS


def sign(code: int, font: str) -> str:
    """The sign that a font shows for a code, also one shifted to U+F000; "" where it is not known.

    In a font of letters a code is the letter itself.
    """
    if not is_symbol_font(font):
        private = 0xE000 <= code <= 0xF8FF or not 0x20 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF
        return "" if private else chr(code)
    low = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    return " " if low in (0x20, 0xA0) else _FONTS[font.strip().lower()].get(low, "")
