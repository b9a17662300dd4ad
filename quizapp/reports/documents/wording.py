"""What a unit writes in its 通报: the words around the figures. Pure; the shipped words are a file beside this one."""

import tomllib
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path

from quizapp.errors import Refused
from quizapp.reports.documents import placeholders

LABELS = {
    "mark": "发文机关代字",
    "letterhead": "发文机关标志",
    "title": "标题",
    "recipients": "主送机关",
    "body": "正文",
    "signature": "发文机关署名",
}


@dataclass(frozen=True)
class Wording:
    """mark: 青信 of 青信〔2026〕12号; letterhead: the red words above, "" for none; body: a paragraph on each line.
    All but the mark may hold placeholders."""

    mark: str
    letterhead: str
    title: str
    recipients: str
    body: str
    signature: str

    @property
    def words(self) -> dict[str, str]:
        """Field: text."""
        return asdict(self)


NAMES = tuple(field.name for field in fields(Wording))


@lru_cache(maxsize=1)
def shipped() -> Wording:
    """The words that come with the app."""
    entry = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return Wording(**{name: entry[name].strip() for name in NAMES})


def check(wording: Wording) -> None:
    """Raises Refused naming every placeholder that there is not, with those that there are."""
    found = [
        f"{LABELS[name]}中{problem}"
        for name, text in wording.words.items()
        for problem in placeholders.problems(text)
    ]
    if found:
        known = "".join(f"｛{name}｝" for name in placeholders.NAMES)
        raise Refused(
            "placeholder",
            f"{'；'.join(found)}，没有保存任何改动。",
            f"可以使用的填充项：{known}。",
            status=422,
        )
