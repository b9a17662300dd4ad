"""Items of QTI 2 and 3, read alike: one model in two spellings, choiceInteraction and qti-choice-interaction."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from quizapp.bank.drafts import Draft
from quizapp.bank.formats.markup import seen
from quizapp.bank.formats.qti_found import Found, Option, draft_of
from quizapp.bank.formats.qti_text import (
    attribute,
    children,
    descendants,
    markup_of,
    name_of,
    words_of,
)

CATALOG = "quizapp"  # whose codes the identifiers in our metadata are
_ASIDE = frozenset(
    {
        "simpleChoice",
        "feedbackInline",
        "feedbackBlock",
        "rubricBlock",
        "templateInline",
        "templateBlock",
        "endAttemptInteraction",
        "catalogInfo",
        "stylesheet",
    }
)
_WORDS = {
    "textEntry": "填空题",
    "extendedText": "简答题",
    "match": "匹配题",
    "associate": "连线题",
    "order": "排序题",
    "gapMatch": "选词填空题",
    "inlineChoice": "下拉选择题",
    "hotspot": "热点题",
    "hottext": "选词题",
    "selectPoint": "选点题",
    "slider": "滑块题",
    "upload": "上传文件的题",
    "drawing": "绘图题",
    "media": "视听题",
}


def read_item(item: Element, metadata: Element | None, position: int, source: str) -> Draft:
    """One assessment item in either spelling. metadata: what the manifest says about it."""
    found = _found(item)
    if metadata is not None:
        _described(found, metadata)
    return draft_of(found, position, source)


def _found(item: Element) -> Found:
    body = next(iter(children(item, "itemBody")), Element("itemBody"))
    stem, media = seen(markup_of(body, _ASIDE))
    found = Found(stem=stem or attribute(item, "title"), media=media)
    interactions = [part for part in body.iter() if name_of(part).endswith("Interaction")]
    interactions = [part for part in interactions if name_of(part) != "endAttemptInteraction"]
    found.refused = _refusal(item, interactions)
    if not found.refused:
        _choices(found, interactions[0])
        _key(found, item, interactions[0])
        _feedback(found, item, body)
        found.unread = [text for part in descendants(body, "rubricBlock") if (text := words_of(part))]
    return found


def _refusal(item: Element, interactions: Sequence[Element]) -> str:
    """What the item is instead of one choice; "" when it is one."""
    if not interactions:
        return "没有作答部分的文字"
    for interaction in interactions:
        name = name_of(interaction).removesuffix("Interaction")
        if name != "choice":
            return _WORDS.get(name, "图形题" if name.startswith("graphic") else "其他程序特有的题型")
    if descendants(item, "templateDeclaration"):
        return "每次随机生成内容的题"
    return "有几处作答的题" if len(interactions) > 1 else ""


def _choices(found: Found, interaction: Element) -> None:
    for choice in descendants(interaction, "simpleChoice"):
        text, media = seen(markup_of(choice, _ASIDE))
        found.options.append(Option(attribute(choice, "identifier"), text))
        found.media |= media


def _key(found: Found, item: Element, interaction: Element) -> None:
    """The right options: as declared, else by their points, else as the response processing compares them."""
    name = attribute(interaction, "responseIdentifier")
    declared = [
        part for part in children(item, "responseDeclaration") if attribute(part, "identifier") == name
    ]
    declaration = declared[0] if declared else Element("responseDeclaration")
    most = attribute(interaction, "maxChoices")
    cardinality = attribute(declaration, "cardinality") or ("single" if most in ("", "1") else "multiple")
    found.many = cardinality != "single" and most != "1"
    right = [words_of(value) for part in children(declaration, "correctResponse") for value in part]
    found.right = (
        [ident for ident in right if ident] or _by_points(found, declaration) or _compared(item, name)
    )


def _by_points(found: Found, declaration: Element) -> list[str]:
    """The options with points in the mapping; of a single choice only those with most."""
    points = {
        attribute(entry, "mapKey"): _number(attribute(entry, "mappedValue"))
        for entry in descendants(declaration, "mapEntry")
    }
    best = max(points.values(), default=0.0)
    if not found.many and any(0 < value < best for value in points.values()):
        found.doubts.append("有的选项得部分分，只把得分最高的选项读作答案，请核对。")
    least = best if not found.many else 0.0
    return [ident for ident, value in points.items() if value > 0 and value >= least]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _compared(item: Element, name: str) -> list[str]:
    """What the first comparison with the response asks for."""
    for match in descendants(item, "match", "equal"):
        if any(attribute(part, "identifier") == name for part in children(match, "variable")):
            return [words_of(value) for value in descendants(match, "baseValue")]
    return []


def _feedback(found: Found, item: Element, body: Element) -> None:
    inside = descendants(body, "feedbackBlock", "feedbackInline")
    for part in [*inside, *children(item, "modalFeedback")]:
        text, media = seen(markup_of(part))
        found.feedback.append((attribute(part, "identifier"), text))
        found.media |= media


def _described(found: Found, metadata: Element) -> None:
    """Difficulty, keywords and our own code from LOM metadata."""
    found.tags = [text for part in descendants(metadata, "keyword") if (text := words_of(part))]
    for part in descendants(metadata, "difficulty"):
        found.difficulty = words_of(next(iter(children(part, "value")), part))
    for part in descendants(metadata, "identifier"):
        if words_of(next(iter(children(part, "catalog")), None)) == CATALOG:
            found.code = words_of(next(iter(children(part, "entry")), None))
