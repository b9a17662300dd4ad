"""The pieces of a paper, put together, are what the macros draw: character for character."""

from random import Random

import pytest
from flask import current_app

from quizapp import figures
from quizapp.attempts import layout as layouts
from quizapp.attempts import paper_html
from quizapp.bank.queries import Face
from quizapp.exams import marking_rules
from quizapp.exams.drawing import Place, shuffled
from tests.statements import statements

WORDS = [
    "应当（　　）内告知。",
    "100%的人（　）选<b>",
    "“引号”&amp;’（ ）与（）",
    "%(n)s {0} ~n~",
    "没有空的题干",
]
KINDS = [("single", 4), ("multiple", 5), ("judge", 2), ("single", 8)]


def faces(count, chance):
    for number in range(1, count + 1):
        kind, options = KINDS[int(chance.random() * len(KINDS))]
        texts = [WORDS[int(chance.random() * len(WORDS))] + f"%{n}" for n in range(options)]
        stem = WORDS[int(chance.random() * len(WORDS))]
        yield Face(number, number, kind, kind == "multiple" and chance.random() < 0.5, stem, texts)


def by_the_macros(places, chosen, of, doubts, rule):
    macros = current_app.jinja_env.get_template("macros/question.html").module
    questions, cells, heads = [], [], {}
    for number, (place, letters) in enumerate(zip(places, chosen, strict=True), 1):
        face = of[place.revision_id]
        options = [
            (letter, face.options[layouts.LETTERS.index(own)])
            for letter, own in zip(layouts.LETTERS, place.order, strict=False)
        ]
        many, flag = face.kind == "multiple", number in doubts
        questions.append(
            macros.question(
                *(f"q{number}", f"q{number}", face.kind_word, face.stem, options),
                many=many,
                chosen=letters,
                points=f"{figures.points(place.points)}分",
                rule=marking_rules.in_words(rule) if many else "",
                number=number,
                flag=flag,
            )
        )
        cells.append({"number": number, "url": f"#q{number}", "answered": letters, "flagged": flag})
        before = of[places[number - 2].revision_id].kind_word if number > 1 else ""
        if len(places) > paper_html.MANY_SLOTS and face.kind_word != before:
            heads[number] = face.kind_word
    return "".join(questions), str(macros.grid(cells, heads))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(8))
def test_a_paper_is_what_the_macros_draw(app, seed):
    chance = Random(seed)
    of = {face.revision_id: face for face in faces(5 + seed * 5, chance)}
    places = [
        Place(
            face.revision_id, "".join(shuffled(layouts.LETTERS[: len(face.options)], chance)), 5 * seed + 10
        )
        for face in of.values()
    ]
    chosen = ["".join(letter for letter in "ABCD"[: len(p.order)] if chance.random() < 0.3) for p in places]
    doubts = {number for number in range(1, len(places) + 1) if chance.random() < 0.3}
    pieces = {revision_id: paper_html.draw(face) for revision_id, face in of.items()}
    made = paper_html.build(places, chosen, pieces, doubts, "fixed:15")
    questions, grid = by_the_macros(places, chosen, of, doubts, "fixed:15")
    assert made.questions == questions
    assert made.grid == grid
    assert made.done == [number for number, letters in enumerate(chosen, 1) if letters]


def test_a_paper_reads_its_questions_once_a_process_and_then_costs_two_statements(page):
    page.client.get(f"/attempts/{page.token}")
    with statements() as seen:
        assert page.client.get(f"/attempts/{page.token}").status_code == 200
    assert len(seen) == 2, seen
    assert not any("revision.stem" in sql for sql in seen)


def test_two_exams_do_not_share_pieces_though_a_restored_database_numbers_revisions_anew(app, exam, page):
    page.client.get(f"/attempts/{page.token}")
    assert {seed for seed, _ in app.extensions["remembered:paper_pieces"]} == {exam.seed}
