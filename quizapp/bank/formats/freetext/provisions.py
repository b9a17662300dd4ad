"""Provisions that a text cites or names: the 依据 of a question, or a suggestion for it."""

import re

from quizapp.bank import labels
from quizapp.bank.drafts import CitationDraft
from quizapp.regulations.numerals import NUMERAL

_PLACE = rf"第{NUMERAL}条(?:之{NUMERAL})?(?:第{NUMERAL}款)?(?:第[（(]?{NUMERAL}[）)]?项)?(?:第{NUMERAL}目)?"
_ONE_PROVISION = re.compile(_PLACE)
_PROVISION = re.compile(rf"(?:《([^《》\n]{{1,40}})》[^《》。；\n]{{0,6}}?)?({_PLACE})")


def cited(text: str) -> CitationDraft | None:
    """What a line 依据 cites in the house's words; None for a sentence about it."""
    citation = labels.citation_of(text)
    if citation and citation.kind == "law" and not _ONE_PROVISION.fullmatch(citation.words):
        return None
    return citation


def first_named(text: str) -> CitationDraft | None:
    """The first provision that a text names, without a quote; of which law, if 《…》 stands before it."""
    found = _PROVISION.search(text)
    return CitationDraft(found[2], regulation=found[1] or "") if found else None
