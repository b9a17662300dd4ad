"""The questions of a paper and its answer card as HTML, quickly: everybody opens the exam in the same minute.

What the macros of templates/macros/question.html make of a question is drawn once for each revision, with marks where
a person's own things stand (number, displayed letters, what is chosen); a paper is these pieces, filled and joined.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from markupsafe import Markup

from quizapp import figures
from quizapp.attempts import layout as layouts
from quizapp.attempts import sheet as sheets
from quizapp.attempts.models import Attempt
from quizapp.attempts.pieces import Piece, cut, mark
from quizapp.bank import queries as bank
from quizapp.exams import marking_rules
from quizapp.exams.drawing import Place
from quizapp.exams.models import Exam
from quizapp.remembered import Remembered

MANY_SLOTS = 20  # a card of more has a head over each kind
NUMBER, LETTER, CHOSEN, OPTIONS, POINTS, RULE = map(mark, "nlcopr")


@dataclass(frozen=True)
class Pieces:
    """A revision as the macros draw it. Each pair: as it stands, and flagged or chosen."""

    kind_word: str
    whole: tuple[Piece, Piece]
    options: Mapping[str, tuple[Piece, Piece]]  # by the revision's own letter


Card = tuple[Piece, dict[tuple[bool, bool], Piece]]
_pieces: Remembered[tuple[str, int], Pieces] = Remembered("paper_pieces", 20_000)
_card: Remembered[str, Card] = Remembered("answer_card", 1)


@dataclass(frozen=True)
class PaperHtml:
    """What the page of a paper is made of."""

    questions: Markup
    grid: Markup
    done: list[int]  # the numbers of answered questions


def paper(attempt: Attempt, exam: Exam, doubts: Collection[int]) -> PaperHtml:
    """The paper of an attempt with what is stored of its answers. One statement at most, which reads no key."""
    places = layouts.from_text(attempt.layout)
    return build(places, sheets.parse(attempt.sheet), pieces(places, exam), doubts, exam.multiple_rule)


def pieces(places: Sequence[Place], exam: Exam) -> dict[int, Pieces]:
    """The pieces of every revision on a paper. An exam (by its seed) keeps its revisions for ever."""
    known = _pieces.get([(exam.seed, place.revision_id) for place in places], _draw)
    return {revision_id: one for (_, revision_id), one in known.items()}


def build(
    places: Sequence[Place],
    chosen: Sequence[str],
    of: Mapping[int, Pieces],
    doubts: Collection[int],
    multiple_rule: str,
) -> PaperHtml:
    """Put the pieces together. chosen: displayed letters of each slot. doubts: the numbers marked 待检查."""
    rule, heads = marking_rules.in_words(multiple_rule), place_heads(places, of)
    card_html, cells = _card.get(["card"], _draw_card)["card"]
    questions, card = [], []
    for number, (place, letters) in enumerate(zip(places, chosen, strict=True), 1):
        flagged = number in doubts
        text = str(number)
        questions.append(_question(text, place, of[place.revision_id], letters, flagged, rule))
        card.append(heads.get(number, ""))
        card.append(cells[bool(letters), flagged].fill({"n": text}))
    done = [number for number, letters in enumerate(chosen, 1) if letters]
    grid = card_html.fill({"o": "".join(card)})
    return PaperHtml(Markup("".join(questions)), Markup(grid), done)  # noqa: S704 - made by the macros, escaped


def _question(number: str, place: Place, one: Pieces, chosen: str, flagged: bool, rule: str) -> str:
    values, options = {"n": number}, []
    for letter, own in zip(layouts.LETTERS, place.order, strict=False):
        values["l"] = letter
        options.append(one.options[own][letter in chosen].fill(values))
    values.update(c=chosen, o="".join(options), p=figures.points(place.points), r=rule)
    return one.whole[flagged].fill(values)


def place_heads(places: Sequence[Place], of: Mapping[int, Pieces]) -> dict[int, str]:
    """The heads over each kind on the answer card of a long paper, by the number that they stand before."""
    if len(places) <= MANY_SLOTS:
        return {}
    kinds = [of[place.revision_id].kind_word for place in places]
    first = {
        number: kind
        for number, (kind, before) in enumerate(zip(kinds, ["", *kinds], strict=False), 1)
        if kind != before
    }
    return {number: str(_macros().grid_head(kind)) for number, kind in first.items()}


# Drawn once by the macros -----------------------------------------------------------------------------------------


def _macros() -> Any:
    return current_app.jinja_env.get_template("macros/question.html").module


def _draw(wanted: list[tuple[str, int]]) -> dict[tuple[str, int], Pieces]:
    faces = bank.faces([revision_id for _, revision_id in wanted])
    return {key: draw(faces[key[1]]) for key in wanted}


def draw(face: bank.Face) -> Pieces:
    """What the macros make of a revision."""
    many = face.kind == "multiple"
    whole = _whole(face, many, flag=False), _whole(face, many, flag=True)
    options = {
        letter: (_option(text, many, chosen=False), _option(text, many, chosen=True))
        for letter, text in face.lettered
    }
    return Pieces(face.kind_word, whole, options)


def _option(text: str, many: bool, *, chosen: bool) -> Piece:
    return cut(_macros().option(f"q{NUMBER}", LETTER, text, many, chosen))


def _whole(face: bank.Face, many: bool, *, flag: bool) -> Piece:
    name = f"q{NUMBER}"
    html = _macros().question(
        *(name, name, face.kind_word, face.stem, [(LETTER, OPTIONS)]),
        many=many,
        chosen=CHOSEN,
        points=f"{POINTS}分",
        rule=RULE if many else "",
        number=NUMBER,
        flag=flag,
    )
    only = str(_macros().option(name, LETTER, OPTIONS, many, False))
    return cut(str(html).replace(only, OPTIONS))


def _draw_card(_wanted: list[str]) -> dict[str, Card]:
    """The answer card without its cells, and a cell by (answered, flagged)."""
    cells = {
        (answered, flagged): cut(
            _macros().cell({"number": NUMBER, "url": f"#q{NUMBER}", "answered": answered, "flagged": flagged})
        )
        for answered in (False, True)
        for flagged in (False, True)
    }
    return {"card": (cut(str(_macros().grid([])).replace("</div>", f"{OPTIONS}</div>")), cells)}
