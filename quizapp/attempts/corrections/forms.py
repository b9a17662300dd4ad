"""The shape of what people type about a correction: for each question its treatment, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField

from quizapp.attempts.corrections import treatments
from quizapp.attempts.marks import Key
from quizapp.bank.queries import Face
from quizapp.exams.forms import ReasonForm, choices
from quizapp.forms import Form, trimmed


class CorrectionForm(ReasonForm):
    """By which policy, and why."""

    policy = SelectField("原来得分较高的人", choices=choices(treatments.POLICIES))


class SendBackForm(Form):
    """Why a correction is not approved."""

    answer = StringField("退回理由", filters=[trimmed])


@dataclass
class Asked:
    """What is asked for one question. answer: as typed; error: what is wrong with it, "" for nothing."""

    face: Face
    treatment: str = "normal"
    answer: str = ""
    error: str = ""

    @property
    def id(self) -> int:
        return self.face.revision_id

    def key(self, now: Key) -> Key | None:
        """The key that is asked for; none with an error in words. now: how it is marked today."""
        if self.treatment not in treatments.TREATMENTS:
            self.error = "请选择处理方式。"
            return None
        if self.treatment != "normal":
            return Key(now.kind, now.accepted, self.treatment)
        try:
            letters = [letter for letter, _ in self.face.lettered]
            return Key(now.kind, treatments.accepted(self.answer, now.kind, letters))
        except ValueError as problem:
            self.error = str(problem)
            return None


def asked(
    revision_ids: Iterable[int],
    faces: Mapping[int, Face],
    keys: Mapping[int, Key],
    hidden: set[int],
    typed: "MultiDict[str, str]",
) -> list[Asked]:
    """The questions of the form as they were typed; a new one begins with its key of today, unless that is hidden."""
    found = []
    for revision_id in revision_ids:
        face, now = faces[revision_id], keys[revision_id]
        shown = "" if revision_id in hidden else treatments.answers_in_words(now.accepted, now.kind)
        found.append(
            Asked(
                face,
                typed.get(f"treatment-{revision_id}", "normal"),
                typed.get(f"answer-{revision_id}", shown)[:60],
            )
        )
    return found
