"""A part of a regulation as it was understood from its words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ParsedProvision:
    """One part of the text. anchor: c3, c3-s1, 24, 24.1, 31.1.6; parent: the anchor above it, "" at the top."""

    kind: str  # part, chapter, section, article, paragraph, item, subitem
    number: str  # "24", "120-1"; of a paragraph its count from 1
    anchor: str
    parent: str
    heading: str = ""  # of 编, 章, 节
    text: str = ""  # own words; of an article the whole text, one line per paragraph, item, subitem
    line: int = 0  # in the source, from 1
