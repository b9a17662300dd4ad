"""QTI 1.2: <questestinterop> as Canvas, Blackboard, Respondus and others write it, alone or in a package."""

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element

from quizapp.bank import labels
from quizapp.bank.drafts import FIELDS, LETTERS, Draft, Reading
from quizapp.bank.formats import packages, qti
from quizapp.bank.formats.markup import seen
from quizapp.bank.formats.qti_found import Found, Option, draft_of, joined
from quizapp.bank.formats.qti_scoring import TooComplicated, scoring
from quizapp.bank.formats.qti_text import (
    children,
    descendants,
    document,
    element,
    like_html,
    markup_of,
    name_of,
    words_of,
)
from quizapp.bank.formats.qti_writing import identifiers
from quizapp.bank.formats.trailer import with_trailer

CARRIES = frozenset(FIELDS)
_RESPONSES = {
    "response_str": "填空题或简答题",
    "response_num": "数值题",
    "response_xy": "热点题",
    "response_grp": "匹配题",
    "response_extension": "其他程序特有的题型",
}
_RENDERINGS = {"render_fib": "填空题", "render_hotspot": "热点题", "render_slider": "滑块题"}
_MEDIA = ("matimage", "mataudio", "matvideo", "matapplet", "matapplication")
_NOTICES = ("rubric", "presentation_material", "objectives")
_SAYS_TYPE = ("question_type", "bbmd_questiontype", "qmd_questiontype", "cc_profile")
_JUDGES = ("true_false", "true/false", "truefalse", "either/or")


def read(data: bytes, file_name: str) -> Reading:
    """All items in their order. Raises Refused when the file holds none or cannot be read at all."""
    return qti.read(data, file_name, "qti12", _draft, _remarks)


def _draft(item: Element, metadata: Element | None, position: int, source: str) -> Draft:
    return draft_of(_found(item), position, source)


def _remarks(root: Element) -> Iterable[str]:
    """What a paper says outside its items, and items that it only refers to."""
    missing, waiting = 0, [root]
    while waiting:
        part = waiting.pop()
        missing += name_of(part) in ("sourcebank_ref", "itemref")
        if name_of(part) in _NOTICES:
            text, _ = _text(part)
            if text:
                yield f"试卷说明“{text[:30]}”没有读入。"
        elif name_of(part) != "item":
            waiting += reversed(part)
    if missing:
        yield f"试卷有{missing}处引用别处的试题，这些试题不在文件中，没有读入。"


def _found(item: Element) -> Found:
    fields = _fields(item)
    presentation = next(iter(children(item, "presentation")), Element("presentation"))
    stem, media = _text(presentation, frozenset({"render_choice", "render_fib"}))
    found = Found(stem=stem or item.get("title", ""), media=media, judge=_declared(fields))
    responses = [part for part in presentation.iter() if name_of(part) in {"response_lid", *_RESPONSES}]
    found.refused = _refusal(responses)
    if found.refused:
        return found
    found.many = responses[0].get("rcardinality", "").casefold() == "multiple"
    for label in descendants(responses[0], "response_label"):
        text, media = _text(label)
        found.options.append(Option(label.get("ident", ""), text))
        found.media |= media
    _score(found, item)
    _feedback(found, item)
    found.difficulty, found.code = fields.get("difficulty", ""), fields.get("code", "")
    found.uses, found.any_number = fields.get("uses", ""), fields.get("any_number", "") == "yes"
    found.unread = [text for part in children(item, *_NOTICES, "itemrubric") if (text := _text(part)[0])]
    found.tags = labels.tags_of(fields.get("qmd_keywords", ""))
    return found


def _fields(item: Element) -> dict[str, str]:
    """What itemmetadata says, as fields with a label or as elements of their own (Blackboard)."""
    fields: dict[str, str] = {}
    for part in (part for metadata in children(item, "itemmetadata") for part in metadata.iter()):
        if name_of(part) == "qtimetadatafield":
            label = words_of(next(iter(children(part, "fieldlabel")), None))
            fields.setdefault(label, words_of(next(iter(children(part, "fieldentry")), None)))
        elif name_of(part).startswith(("bbmd_", "qmd_")):
            fields.setdefault(name_of(part), words_of(part))
    return fields


def _declared(fields: dict[str, str]) -> bool | None:
    """Whether the item calls itself a true/false question; None where it does not say what it is."""
    said = [fields[name] for name in _SAYS_TYPE if name in fields]
    return any(word in said[0].casefold() for word in _JUDGES) if said and said[0] else None


def _refusal(responses: Sequence[Element]) -> str:
    """What the item is instead of one choice; "" when it is one."""
    if not responses:
        return "没有作答部分的文字"
    for response in responses:
        if name_of(response) != "response_lid":
            return _RESPONSES[name_of(response)]
        if response.get("rcardinality", "").casefold() == "ordered":
            return "排序题"
        for rendering, word in _RENDERINGS.items():
            if descendants(response, rendering):
                return word
    return "匹配题或多处作答的题" if len(responses) > 1 else ""


def _score(found: Found, item: Element) -> None:
    idents, texts = [o.ident for o in found.options], [o.text for o in found.options]
    try:
        scored = scoring(item, idents, texts, found.many)
    except TooComplicated:
        found.doubts.append("选项或评分条件过多，答案没有读入。")
        return
    found.right = scored.right
    if scored.partial:
        found.doubts.append("有的选项得部分分，只把得分最高的选项读作答案，请核对。")


def _feedback(found: Found, item: Element) -> None:
    for part in children(item, "itemfeedback"):
        text, media = _text(part)
        found.feedback.append((part.get("ident", ""), text))
        found.media |= media


def _text(part: Element, skip: frozenset[str] = frozenset()) -> tuple[str, bool]:
    """(the texts inside an element, one a line; whether there is something to see or hear)."""
    texts, media = [], False
    waiting = [part]
    while waiting:
        one = waiting.pop()
        name = name_of(one)
        if name in ("mattext", "matemtext", "mat_formattedtext"):
            text, shows = _material(one)
            texts.append(text)
            media |= shows
        elif name not in skip:
            media |= name in _MEDIA
            waiting += reversed(one)
    return joined(texts), media


def _material(material: Element) -> tuple[str, bool]:
    """One piece of text, as the kind of text that it says to be; HTML where it does not say and looks like it."""
    kind = (material.get("texttype") or material.get("type") or "").casefold()
    text = material.text or ""
    if len(material):
        return seen(markup_of(material))
    if "html" in kind or "smart" in kind or (kind in ("", "text/rtf") and like_html(text)):
        return seen(text)
    return text, False


# Writing ------------------------------------------------------------------------------------------------------


def write(drafts: Sequence[Draft], title: str = "") -> bytes:
    """A package with one paper, which is how Canvas and others keep the questions of a bank together."""
    names = identifiers(drafts)
    items = [
        _item(draft, name, number) for number, (draft, name) in enumerate(zip(drafts, names, strict=True), 1)
    ]
    section = element("section", {"ident": "root_section"}, *items)
    paper = element("assessment", {"ident": "questions", "title": title or "题库"}, section)
    root = element(
        "questestinterop",
        {
            "xmlns": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2",
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2 "
            "http://www.imsglobal.org/xsd/ims_qtiasiv1p2p1.xsd",
        },
        paper,
    )
    path = "questions/questions.xml"
    return packages.package([(packages.MANIFEST, document(_manifest(path))), (path, document(root))])


def _manifest(path: str) -> Element:
    resource = element(
        "resource", {"identifier": "questions", "type": "imsqti_xmlv1p2"}, element("file", {"href": path})
    )
    return element(
        "manifest",
        {"identifier": "manifest", "xmlns": "http://www.imsglobal.org/xsd/imscp_v1p1"},
        element(
            "metadata", None, element("schema", None, "IMS Content"), element("schemaversion", None, "1.1.3")
        ),
        element("organizations"),
        element("resources", None, resource),
    )


def _item(draft: Draft, name: str, number: int) -> Element:
    """name: Canvas tells by it which questions it has from an earlier import."""
    explanation = with_trailer(draft, ("citations",))
    parts = [_metadata(draft), _presentation(draft)]
    if draft.key or explanation:
        parts.append(_processing(draft, bool(explanation)))
    if explanation:
        parts.append(element("itemfeedback", {"ident": "general_fb"}, _plain(explanation)))
    return element("item", {"ident": name, "title": f"第{number}题"}, *parts)


def _metadata(draft: Draft) -> Element:
    kinds = {"single": "multiple_choice_question", "judge": "true_false_question"}
    fields = {
        "question_type": kinds.get(draft.kind, "multiple_answers_question"),  # as Canvas names them
        "points_possible": "1",
        "difficulty": str(draft.difficulty),
        "code": draft.code,
        "uses": labels.uses_text(draft.uses),
        "any_number": "yes" if draft.any_number else "",
        "qmd_keywords": "、".join(draft.tags),
    }
    rows = [
        element(
            "qtimetadatafield", None, element("fieldlabel", None, name), element("fieldentry", None, value)
        )
        for name, value in fields.items()
        if value
    ]
    return element("itemmetadata", None, element("qtimetadata", None, *rows))


def _plain(text: str) -> Element:
    return element("material", None, element("mattext", {"texttype": "text/plain"}, text))


def _presentation(draft: Draft) -> Element:
    choices = [
        element("response_label", {"ident": letter}, _plain(option))
        for letter, option in zip(LETTERS, draft.options, strict=False)
    ]
    response = element(
        "response_lid",
        {"ident": "response1", "rcardinality": "Multiple" if draft.kind == "multiple" else "Single"},
        element("render_choice", {"shuffle": "No"}, *choices),
    )
    return element("presentation", None, _plain(draft.stem), response)


def _processing(draft: Draft, explained: bool) -> Element:
    score = {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"}
    parts = [element("outcomes", None, element("decvar", score))]
    if explained:
        shown = element("displayfeedback", {"feedbacktype": "Response", "linkrefid": "general_fb"})
        everybody = element("conditionvar", None, element("other"))
        parts.append(element("respcondition", {"continue": "Yes"}, everybody, shown))
    if draft.key and draft.key[-1] in LETTERS[: len(draft.options)]:
        points = element("setvar", {"action": "Set", "varname": "SCORE"}, "100")
        parts.append(
            element("respcondition", {"continue": "No"}, element("conditionvar", None, _test(draft)), points)
        )
    return element("resprocessing", None, *parts)


def _test(draft: Draft) -> Element:
    """One letter, or all right letters and none of the wrong ones."""
    equals = {
        letter: element("varequal", {"respident": "response1"}, letter)
        for letter, _ in zip(LETTERS, draft.options, strict=False)
    }
    if draft.kind != "multiple":
        return equals[draft.key[0]]
    tests = [one if letter in draft.key else element("not", None, one) for letter, one in equals.items()]
    return element("and", None, *tests)
