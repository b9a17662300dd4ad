"""The set that a phone carries away: made here from what is in the tables, as plain values for JSON.

It holds keys and explanations, of questions for daily use alone: practice tells each of them after one answer anyhow.
Questions only for exams, of sealed banks, or of banks that this person does not meet in practice are never in it.
Its shape, all names short because they travel two hundred times:

    format                  FORMAT
    person, day, size       whose it is (see whose), the day on which it was made, the person's 字号
    daily                   none, or {day, questions: [revision], given: {revision: letters}}
    practice                [revision], the most needed first
    wrong                   {total, groups: [[chapter, [revision]]], mark}; mark: see offline.mark
    questions               revision: {kind, many, judge, rule, stem, options, key, why, laws, documents}
                            laws: [[edition/article, in words, anchor, [[line, start, end]]]]
    laws                    [{edition, slug, title, facts, chapters: [{anchor, part, title, span, articles}]}]
    articles                edition/article: {words, title, lines: [[anchor, kind, text]]}
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import select

from quizapp import clock, dates
from quizapp.bank import deciding
from quizapp.bank import queries as bank
from quizapp.bank.queries import Full
from quizapp.db import db
from quizapp.people.models import Person
from quizapp.practice import actions, explaining, offline, queries, quizzes
from quizapp.practice.drawing import Entry
from quizapp.practice.memory import Memory
from quizapp.regulations.citing import Chapter, Law
from quizapp.regulations.models import Edition, Regulation
from quizapp.regulations.queries import WITHOUT_SOURCE, laws
from quizapp.regulations.reading import LineView, article_view

Values = dict[str, Any]
FORMAT = 1  # counts the changes of this shape; the page's scripts know one


def whose(person: Person) -> str:
    """The name under which a phone keeps this person's answers: no other person's, in no other installation either."""
    return f"{person.id}-{int(person.created_at.timestamp())}"


def offline_set(person: Person, now: datetime) -> Values:
    """Everything that this person may practise without a network. A constant number of statements; writes nothing."""
    person_id, day = person.id, clock.today(now)
    pool, memories = queries.practice_pool(person_id), queries.memories(person_id)
    book = _book(pool, memories)
    wrong = [entry.revision_id for entry in book]
    rng = Random(f"offline {person_id} {day.isoformat()}")
    chosen = offline.choose(pool, memories, wrong, clock.end_of(day), rng)
    daily = _daily(person_id, now)
    of_quiz = daily["questions"] if daily else []
    fulls = bank.full({*chosen, *of_quiz})
    carried = offline.that_fit(chosen, lambda one: _characters(fulls[one]), offline.CHARACTERS)
    told = {one: fulls[one] for one in dict.fromkeys([*of_quiz, *carried])}
    shelf = _shelf()
    known = laws({*deciding.edition_ids(told.values()), *(edition.id for _, edition in shelf)})
    whole = offline.that_fit(
        (edition.id for _, edition in shelf), lambda one: _length(known[one]), offline.LAW_CHARACTERS
    )
    return {
        "format": FORMAT,
        "person": whose(person),
        "day": day.isoformat(),
        "size": person.text_size,
        "daily": daily,
        "practice": carried,
        "wrong": _wrong(book, memories, set(carried), known, shelf),
        "questions": {str(one): _question(full, known) for one, full in told.items()},
        "laws": [_law(r, edition, known[edition.id]) for r, edition in shelf if edition.id in whole],
        "articles": _articles(told.values(), known, whole),
    }


def book_now(person: Person, have: Iterable[int]) -> Values:
    """The wrong-question book as it is now, for a phone whose set is still good: {person, wrong, questions, articles}.

    have: revisions whose questions the phone has; those of the others come along. A constant number of statements.
    """
    pool, memories = queries.practice_pool(person.id), queries.memories(person.id)
    book = _book(pool, memories)
    wanted = [entry.revision_id for entry in book[: offline.MOST_WRONG]]
    fulls = bank.full(set(wanted))
    carried = offline.that_fit(wanted, lambda one: _characters(fulls[one]), offline.CHARACTERS)
    shelf = _shelf()
    new = [fulls[one] for one in carried if one not in set(have)]
    known = laws({*deciding.edition_ids(new), *(edition.id for _, edition in shelf)})
    return {
        "person": whose(person),
        "wrong": _wrong(book, memories, set(carried), known, shelf),
        "questions": {str(full.revision_id): _question(full, known) for full in new},
        "articles": _articles(new, known, ()),
    }


def book_mark(person_id: int) -> int:
    """`offline.mark` of a person's book as it is now. One statement."""
    return _mark(queries.memories(person_id))


def _mark(memories: Mapping[int, Memory]) -> int:
    return offline.mark(question for question, memory in memories.items() if memory.wrong_open)


def _book(pool: Iterable[Entry], memories: Mapping[int, Memory]) -> list[Entry]:
    """The wrong-question book, the latest error first."""
    found = [one for one in pool if one.question_id in memories and memories[one.question_id].wrong_open]
    return sorted(found, key=lambda one: memories[one.question_id].reviewed_at, reverse=True)


def _daily(person_id: int, now: datetime) -> Values | None:
    """Today's quiz, if it has been drawn, with what was answered; without a question that is no longer practised."""
    day = clock.today(now)
    quiz = quizzes.daily_quiz(person_id, day)
    drawn = quiz.revisions if quiz else []
    practised = actions.practisable(drawn)
    answers = quizzes.daily_answers(person_id, day)
    if quiz is None:
        return None
    given = {str(one): answers[one].chosen for one in drawn if one in answers}
    return {
        "day": day.isoformat(),
        "questions": [one for one in drawn if one in practised],
        "given": given,
    }


def _shelf() -> Sequence[tuple[Regulation, Edition]]:
    """The regulations in force, in the order of the list."""
    rows = db.session.execute(
        select(Regulation, Edition)
        .join(Edition, (Edition.regulation_id == Regulation.id) & Edition.in_force)
        .order_by(Regulation.sort, Regulation.id)
        .options(WITHOUT_SOURCE)
    )
    return [(regulation, edition) for regulation, edition in rows]


def _wrong(
    book: Sequence[Entry],
    memories: Mapping[int, Memory],
    carried: set[int],
    known: Mapping[int, Law],
    shelf: Iterable[tuple[Regulation, Edition]],
) -> Values:
    """The wrong-question book by chapter, as far as it is carried; total: all of it."""
    titles = {regulation.slug: known[edition.id] for regulation, edition in shelf}
    groups: dict[str, list[int]] = {}
    for entry in book:
        if entry.revision_id in carried:
            law = titles.get(entry.place[0])
            title = _chapter_title(law, entry.chapter, len(titles) > 1) if law else "其他"
            groups.setdefault(title, []).append(entry.revision_id)
    listed = [[title, ones] for title, ones in groups.items()]
    return {"total": len(book), "groups": listed, "mark": _mark(memories)}


def _chapter_title(law: Law, number: str, several: bool) -> str:
    found = next((chapter.title for chapter in law.chapters if chapter.number == number), "")
    return f"《{law.title}》{found}" if several else found or f"《{law.title}》"


def _question(full: Full, known: Mapping[int, Law]) -> Values:
    shown = deciding.laws_shown(full, known)
    editions = [c.edition_id for c in full.citations if c.kind == "law" and c.edition_id is not None]
    reasons = explaining.why(full.explanation, full.lettered, full.key)
    by_article = {(c.edition_id, c.article): None for c in full.citations if c.edition_id in editions}
    return {
        "kind": full.kind_word,
        "many": full.kind == "multiple",
        "judge": full.kind == "judge",
        "rule": "可选一项或多项" if full.any_number else ("至少选两项" if full.kind == "multiple" else ""),
        "stem": full.stem,
        "options": full.options,
        "key": full.key,
        "why": [reasons.text, reasons.items],
        "laws": [
            [f"{edition}/{article}", law.in_words, law.anchor, offline.marks(law.lines)]
            for (edition, article), law in zip(by_article, shown, strict=True)
        ],
        "documents": deciding.documents(full),
    }


def _law(regulation: Regulation, edition: Edition, law: Law) -> Values:
    facts = f"{edition.issued_by}　{dates.day(edition.effective_on)}起施行".lstrip("　")
    chapters = [_chapter(chapter) for chapter in law.chapters]
    return {
        "edition": edition.id,
        "slug": regulation.slug,
        "title": law.title,
        "facts": facts,
        "chapters": chapters,
    }


def _chapter(chapter: Chapter) -> Values:
    return {
        "anchor": chapter.anchor or "all",
        "part": chapter.part,
        "title": chapter.title,
        "span": chapter.span,
        "articles": chapter.articles,
    }


def _articles(fulls: Iterable[Full], known: Mapping[int, Law], whole: Iterable[int]) -> dict[str, Values]:
    """Every article of the regulations that are carried whole, and those of others that decide a question."""
    cited = {(c.edition_id, c.article) for full in fulls for c in full.citations if c.edition_id is not None}
    wanted = {(edition, article.number) for edition in whole for article in known[edition].articles}
    return {
        f"{edition}/{article}": _article(known[edition], article)
        for edition, article in sorted(wanted | cited, key=str)
    }


def _article(law: Law, number: str) -> Values:
    view = article_view(law, number)
    return {"words": view.in_words, "title": law.title, "lines": [_line(line) for line in view.lines]}


def _line(line: LineView) -> list[str]:
    return [line.anchor, line.kind, "".join(text for text, _ in line.pieces)]


def _characters(full: Full) -> int:
    said = [full.stem, *full.options, full.explanation, *(c.quote for c in full.citations if c.kind != "law")]
    return sum(map(len, said))


def _length(law: Law) -> int:
    return sum(len(line.text) for article in law.articles for line in article.lines)
