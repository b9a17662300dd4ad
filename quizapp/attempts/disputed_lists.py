"""The lists of 成绩复核 and 滞留答卷: asked for, narrowed, sorted and turned alike; and how one in them is decided."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import func
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length

from quizapp.db import db
from quizapp.exams.models import Candidate
from quizapp.forms import Form, trimmed
from quizapp.people import queries as people
from quizapp.people.models import Person

PAGE = 50
MOST_WORDS = 60
LONGEST = 500  # letters of what is written in a dispute
LONG = Length(max=LONGEST, message=f"最多{LONGEST}字。")
BY_NAME = (Candidate.lft, Candidate.post_sort, Candidate.name_key, Candidate.id)


@dataclass(frozen=True)
class Asked:
    """What of a list is wanted. state, order: keys of its filters and orders; q: of a name or an account."""

    state: str
    order: str = "oldest"
    q: str = ""
    page: int = 1

    @classmethod
    def of(
        cls, address: "MultiDict[str, str]", filters: Mapping[str, str], orders: Mapping[str, str]
    ) -> "Asked":
        """By the address; for what makes no sense, the first of filters and of orders."""
        state, order = address.get("state", ""), address.get("order", "")
        return cls(
            state if state in filters else next(iter(filters)),
            order if order in orders else next(iter(orders)),
            address.get("q", "").strip()[:MOST_WORDS],
            max(address.get("page", 1, int), 1),
        )

    def address(self, **changes: Any) -> dict[str, Any]:
        """Arguments of the same list otherwise asked for; at its first page unless told."""
        return asdict(replace(self, **{"page": 1} | changes)) | ({} if self.q else {"q": None})


def page_of(found: Any, asked: Asked, orders: Mapping[str, Sequence[Any]]) -> tuple[list[Any], int]:
    """The rows of the page, and how many there are on all. found: a select over Candidate. Two statements."""
    if asked.q:
        found = found.join(Person, Person.id == Candidate.person_id).where(people.found_by(asked.q))
    total = db.session.scalar(found.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    rows = found.order_by(*orders[asked.order]).limit(PAGE).offset((asked.page - 1) * PAGE)
    return list(db.session.execute(rows)), total


def pages_of(total: int) -> int:
    """How many pages so many rows fill, an empty list one."""
    return max(1, -(-total // PAGE))


class DecidingForm(Form):
    """What is said to the candidate: a ready sentence, own words, or both."""

    ready = SelectField("常用理由")
    words = TextAreaField("理由", filters=[trimmed], validators=[LONG])
    said = ""  # as it is stored

    def made(self, ready: str, words: str) -> str:
        """What is stored. Raises ValueError with a sentence."""
        raise NotImplementedError

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields one by one, then what they make."""
        if not super().validate(extra_validators):
            return False
        try:
            self.said = self.made(self.ready.data or "", self.words.data or "")
        except ValueError as problem:
            self.words.errors = [*self.words.errors, str(problem)]
            return False
        return True
