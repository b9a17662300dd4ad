"""Items of QTI 2 and 3, written alike: a Dialect says how one version spells the names, and what its packages say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from quizapp.bank.drafts import FIELDS, LETTERS, Draft
from quizapp.bank.formats import packages
from quizapp.bank.formats.qti_items import CATALOG
from quizapp.bank.formats.qti_text import document, element, kept_blanks, paragraphs
from quizapp.bank.formats.trailer import with_trailer

CARRIES = frozenset(FIELDS)
LOM = "http://ltsc.ieee.org/xsd/LOM"
_LEVELS = ("very easy", "easy", "medium", "difficult", "very difficult")  # IEEE 1484.12.1, 5.8 Difficulty
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


def write(drafts: Sequence[Draft], title: str, dialect: Dialect) -> bytes:
    """A package with a manifest and one file per item."""
    names = identifiers(drafts)
    files = [
        (f"items/item-{number:04}.xml", document(_item(draft, name, dialect)))
        for number, (draft, name) in enumerate(zip(drafts, names, strict=True), 1)
    ]
    rows = [
        _resource(draft, name, path, dialect)
        for draft, name, (path, _) in zip(drafts, names, files, strict=True)
    ]
    return packages.package([(packages.MANIFEST, document(_manifest(rows, title, dialect))), *files])


def identifiers(drafts: Sequence[Draft]) -> list[str]:
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
