"""What people choose when they meet a question for the first time: counted as answers come in, without names.

Somebody's first answer is the first that arrives. A phone's queue can arrive late and in any order; each person is
counted once for each question all the same.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from quizapp import config
from quizapp.db import db
from quizapp.practice.models import FirstAnswer
from quizapp.practice.stumbling import Stumble, stumble

Pair = tuple[int, int]  # person, question


def count(rows: Sequence[Mapping[str, Any]], known: Mapping[Pair, int]) -> None:
    """Count those of these new rows of the log that are somebody's first answer to their question. One statement.

    known: how many answers the whole log has by now from each of these people to each of these questions. The rows of
    the count are touched in ascending order, so that two requests at once wait for each other and never in a ring.
    """
    new = Counter((row["person_id"], row["question_id"]) for row in rows)
    firsts: dict[Pair, tuple[int, str]] = {}
    for row in rows:
        pair = row["person_id"], row["question_id"]
        if known[pair] == new[pair]:
            firsts.setdefault(pair, (row["revision_id"], row["chosen"]))
    added = Counter(firsts.values())
    if not added:
        return
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    counted = dialect.insert(FirstAnswer)
    counted = counted.on_conflict_do_update(
        index_elements=["revision_id", "chosen"],
        set_={"people": FirstAnswer.people + counted.excluded.people},
    )
    values = [
        {"revision_id": revision, "chosen": chosen, "people": people}
        for (revision, chosen), people in sorted(added.items())
    ]
    db.session.execute(counted, values)


def stumble_at(revision_id: int, key: str, *, many: bool) -> Stumble | None:
    """Where most people go wrong with this revision, if it may be told: see stumbling. One statement."""
    return stumbles({revision_id: (key, many)}).get(revision_id)


def stumbles(asked: Mapping[int, tuple[str, bool]]) -> dict[int, Stumble]:
    """The same for many. asked: by revision its key, and whether several letters may be right. One statement."""
    rows = db.session.execute(
        select(FirstAnswer.revision_id, FirstAnswer.chosen, FirstAnswer.people).where(
            FirstAnswer.revision_id.in_(asked)
        )
    )
    counts: dict[int, dict[str, int]] = {}
    for revision, chosen, people in rows:
        counts.setdefault(revision, {})[chosen] = people
    smallest = config.value("SMALLEST_GROUP")
    found = {
        revision: stumble(asked[revision][0], by_letters, smallest, many=asked[revision][1])
        for revision, by_letters in counts.items()
    }
    return {revision: one for revision, one in found.items() if one is not None}
