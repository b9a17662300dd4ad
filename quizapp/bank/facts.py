"""What is known of questions from their use. Areas above count it; assembling papers reads it (see `queries.pool`)."""

from collections.abc import Mapping

from sqlalchemy.dialects import postgresql, sqlite

from quizapp.bank.models import QuestionFacts
from quizapp.db import db
from quizapp.figures import decimal, with_error

COLUMNS = (
    *("facility", "facility_answers", "rasch", "rasch_error", "rasch_linked"),
    *("practice_seen", "exam_seen"),
)


def keep(column: str, values: Mapping[int, float | None]) -> None:
    """Write one figure of these questions (question → figure); the others stay. One statement.

    facility: share of the points earned, in thousandths; facility_answers, practice_seen, exam_seen: answers; rasch:
    logits; rasch_linked: whether these are on the bank's scale. KeyError for another name.
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


def measured(question_id: int) -> str:
    """How hard a question has proved to be, in words; "" while too few have answered it. One statement."""
    known = db.session.get(QuestionFacts, question_id)
    if known is None or known.facility is None:
        return ""
    answers = f"（{known.facility_answers}份答卷）" if known.facility_answers else ""
    words = f"难度系数{decimal(known.facility / 1000)}{answers}"
    if known.rasch is None:
        return words
    scale = "题库量尺" if known.rasch_linked else "按单次考试，未与题库衔接"
    return f"{words}，Rasch难度{with_error(known.rasch, known.rasch_error)}（{scale}）"
