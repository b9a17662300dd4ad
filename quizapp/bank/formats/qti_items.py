"""Items of QTI 2 and 3: one model in two spellings. Reading understands both; a Dialect says how one is written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from quizapp.bank.drafts import LETTERS, Draft
from quizapp.bank.formats import packages
from quizapp.bank.formats.qti_found import Found, Option, draft_of
from quizapp.bank.formats.qti_text import (
    attribute,
    children,
    descendants,
    document,
    element,
    kept_blanks,
    markup_of,
    name_of,
    paragraphs,
    seen,
    words_of,
)
from quizapp.bank.formats.trailer import with_trailer

CARRIES = frozenset(
    "kind any_number stem options key explanation difficulty citations code uses tags".split()
)
CATALOG = "quizapp"  # whose codes the identifiers in our metadata are
LOM = "http://ltsc.ieee.org/xsd/LOM"
_LEVELS = ("very easy", "easy", "medium", "difficult", "very difficult")  # IEEE 1484.12.1, 5.8 Difficulty
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
_IDENTIFIER = re.compile(r"(?!item-)[A-Za-z_][A-Za-z0-9_.-]{0,60}")


@dataclass(frozen=True)
class Dialect:
    """How one version writes what both say. kebab: qti-simple-choice for simpleChoice, in attributes likewise."""

    kebab: bool
    namespace: str
    schema: str
    template: str  # of the response processing "all or nothing"
    resource_type: str
    manifest_namespace: str
    manifest_schema: str
    package_schema: str
    package_version: str

    def tag(self, name: str) -> str:
        return f"qti-{_kebab(name)}" if self.kebab else name

    def make(self, name: str, attributes: dict[str, str] | None = None, *content: Element | str) -> Element:
        """An element by its QTI 2 names."""
        spelled = {_kebab(key) if self.kebab else key: value for key, value in (attributes or {}).items()}
        return element(self.tag(name), spelled, *content)


def _kebab(name: str) -> str:
    return re.sub("([A-Z])", lambda big: "-" + big[1].lower(), name)


# Reading ------------------------------------------------------------------------------------------------------


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


# Writing ------------------------------------------------------------------------------------------------------


def write(drafts: Sequence[Draft], title: str, dialect: Dialect) -> bytes:
    """A package with a manifest and one file per item."""
    names = _identifiers(drafts)
    files = [
        (f"items/item-{number:04}.xml", document(_item(draft, name, dialect)))
        for number, (draft, name) in enumerate(zip(drafts, names, strict=True), 1)
    ]
    rows = [
        _resource(draft, name, path, dialect)
        for draft, name, (path, _) in zip(drafts, names, files, strict=True)
    ]
    return packages.package([(packages.MANIFEST, document(_manifest(rows, title, dialect))), *files])


def _identifiers(drafts: Sequence[Draft]) -> list[str]:
    """The code where it may be an identifier and is the only one, else a number."""
    names: list[str] = []
    taken: set[str] = set()
    for number, draft in enumerate(drafts, 1):
        fits = _IDENTIFIER.fullmatch(draft.code) and draft.code not in taken
        names.append(draft.code if fits else f"item-{number:04}")
        taken.add(draft.code)
    return names


def _item(draft: Draft, name: str, dialect: Dialect) -> Element:
    make = dialect.make
    idents = ("true", "false") if draft.kind == "judge" else tuple(LETTERS)
    explanation = with_trailer(draft, ("any_number", "citations", "uses"))
    key = [idents[LETTERS.index(letter)] for letter in draft.key if letter in LETTERS[: len(draft.options)]]
    root = make("assessmentItem", {"identifier": name, "title": draft.stem.split("\n")[0][:80] or name})
    root.attrib |= {
        "xmlns": dialect.namespace,
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:schemaLocation": f"{dialect.namespace} {dialect.schema}",
        "xml:lang": "zh-CN",
        "adaptive": "false",
        "time-dependent" if dialect.kebab else "timeDependent": "false",
    }
    root.append(_declaration(draft, key, dialect))
    root.append(_outcome("SCORE", "float", "0", dialect))
    if (
        explanation
    ):  # shown to everybody after the answer, as its variable already has the value that it waits for
        root.append(_outcome("FEEDBACK", "identifier", "explanation", dialect))
    root.append(_body(draft, idents, dialect))
    if key:
        root.append(make("responseProcessing", {"template": dialect.template}))
    if explanation:
        root.append(_modal(explanation, dialect))
    return root


def _declaration(draft: Draft, key: Sequence[str], dialect: Dialect) -> Element:
    cardinality = "multiple" if draft.kind == "multiple" else "single"
    values = [dialect.make("value", None, ident) for ident in key]
    right = [dialect.make("correctResponse", None, *values)] if values else []
    attributes = {"identifier": "RESPONSE", "cardinality": cardinality, "baseType": "identifier"}
    return dialect.make("responseDeclaration", attributes, *right)


def _outcome(name: str, kind: str, value: str, dialect: Dialect) -> Element:
    default = dialect.make("defaultValue", None, dialect.make("value", None, value))
    attributes = {"identifier": name, "cardinality": "single", "baseType": kind}
    return dialect.make("outcomeDeclaration", attributes, default)


def _body(draft: Draft, idents: Sequence[str], dialect: Dialect) -> Element:
    choices = [
        dialect.make("simpleChoice", {"identifier": ident}, *_option(text))
        for ident, text in zip(idents, draft.options, strict=False)
    ]
    attributes = {
        "responseIdentifier": "RESPONSE",
        "shuffle": "false",
        "maxChoices": "0" if draft.kind == "multiple" else "1",
    }
    interaction = dialect.make("choiceInteraction", attributes, *choices)
    return dialect.make("itemBody", None, *paragraphs(draft.stem), interaction)


def _option(text: str) -> Sequence[Element | str]:
    return paragraphs(text) if "\n" in text else [kept_blanks(text)]


def _modal(text: str, dialect: Dialect) -> Element:
    content = paragraphs(text)
    if dialect.kebab:
        content = [dialect.make("contentBody", None, *content)]
    attributes = {"outcomeIdentifier": "FEEDBACK", "identifier": "explanation", "showHide": "show"}
    return dialect.make("modalFeedback", attributes, *content)


def _manifest(resources: Sequence[Element], title: str, dialect: Dialect) -> Element:
    described = [element("schema", None, dialect.package_schema)]
    described.append(element("schemaversion", None, dialect.package_version))
    if title:
        general = element(
            "general", None, element("title", None, element("string", {"language": "zh-CN"}, title))
        )
        described.append(element("lom", {"xmlns": LOM}, general))
    attributes = {
        "identifier": "manifest",
        "xmlns": dialect.manifest_namespace,
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:schemaLocation": f"{dialect.manifest_namespace} {dialect.manifest_schema}",
    }
    return element(
        "manifest",
        attributes,
        element("metadata", None, *described),
        element("organizations"),
        element("resources", None, *resources),
    )


def _resource(draft: Draft, name: str, path: str, dialect: Dialect) -> Element:
    return element(
        "resource",
        {"identifier": f"res-{name}", "type": dialect.resource_type, "href": path},
        element("metadata", None, _lom(draft)),
        element("file", {"href": path}),
    )


def _lom(draft: Draft) -> Element:
    """Code, tags and difficulty where IEEE LOM has its places for them."""
    general = []
    if draft.code:
        owner, entry = element("catalog", None, CATALOG), element("entry", None, draft.code)
        general.append(element("identifier", None, owner, entry))
    for tag in draft.tags:
        general.append(element("keyword", None, element("string", {"language": "zh-CN"}, tag)))
    parts = [element("general", None, *general)] if general else []
    if 1 <= draft.difficulty <= 5:
        level = element("value", None, _LEVELS[draft.difficulty - 1])
        difficulty = element("difficulty", None, element("source", None, "LOMv1.0"), level)
        parts.append(element("educational", None, difficulty))
    return element("lom", {"xmlns": LOM}, *parts)
