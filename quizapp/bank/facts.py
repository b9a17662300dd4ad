"""What is known of questions from their use. Areas above count it; assembling papers reads it (see `queries.pool`)."""

from collections.abc import Mapping

from sqlalchemy.dialects import postgresql, sqlite

from quizapp.bank.models import QuestionFacts
from quizapp.db import db

COLUMNS = ("facility", "practice_seen", "exam_seen")


def keep(column: str, values: Mapping[int, int | None]) -> None:
    """Write one figure of these questions (question → figure); the others stay. One statement.

    facility: share of the points earned, in thousandths; practice_seen, exam_seen: answers. KeyError for another name.
    """
    if column not in COLUMNS:
        raise KeyError(column)
    if not values:
        return
    kind = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    rows = [
        {"question_id": question, "practice_seen": 0, "exam_seen": 0, column: value}
        for question, value in sorted(values.items())
    ]
    statement = kind.insert(QuestionFacts)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["question_id"], set_={column: getattr(statement.excluded, column)}
        ),
        rows,
    )
