"""One exam as its candidate sees it: what can be done now, until when, and what came out."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import url_for

from quizapp import clock
from quizapp.attempts import guards, wording
from quizapp.attempts.models import Attempt
from quizapp.exams import bands, holidays, release, windows
from quizapp.exams.models import PURPOSES, Candidate, Exam

STATE_WORDS = {
    "running": "进行中",
    "due": "可以参加",
    "later": "未开始",
    "done": "已交卷",
    "missed": "缺考",
    "excused": "免考或缓考",
    "cancelled": "已取消",
    "voided": "已作废",
}


@dataclass(frozen=True)
class MyExam:
    """One exam on whose list a person stands, with what this person has done of it."""

    exam: Exam
    candidate: Candidate
    attempts: list[Attempt]
    latest_personal: datetime | None  # of any candidate: until then somebody may be answering
    now: datetime
    days: holidays.Table = field(default_factory=dict)

    @property
    def window(self) -> windows.Window:
        """When this person may sit it."""
        return windows.window_of(self.exam, self.candidate)

    @property
    def running(self) -> Attempt | None:
        """The attempt that can be continued."""
        found = [a for a in self.attempts if guards.is_open(a.state, a.refused_after, self.now)]
        return found[-1] if found else None

    @property
    def finished(self) -> list[Attempt]:
        """Attempts closed by their person or by time, written down or not."""
        return [a for a in self.attempts if a.state in ("submitted", "expired") or self._is_past(a)]

    @property
    def voided(self) -> list[Attempt]:
        """Attempts that count no more; what was handed in can still be seen."""
        return [a for a in self.attempts if a.state == "voided"]

    def _is_past(self, attempt: Attempt) -> bool:
        return attempt.state == "in_progress" and not guards.is_open(
            attempt.state, attempt.refused_after, self.now
        )

    @property
    def tries_allowed(self) -> int:
        """How often this person may sit the exam: as its rules say, and what this person was given beyond them."""
        return self.exam.attempts_allowed + self.candidate.extra_attempts

    @property
    def tries_used(self) -> int:
        return len([a for a in self.attempts if a.state != "created"])

    @property
    def tries_left(self) -> int:
        return max(self.tries_allowed - self.tries_used, 0)

    @property
    def ends_at(self) -> datetime:
        """The end of this person's window."""
        return self.window.ends

    @property
    def ends_words(self) -> str:
        """12月25日24:00"""
        return wording.ending(self.ends_at)

    @property
    def last_start_at(self) -> datetime:
        return self.window.last_start

    @property
    def may_start(self) -> str:
        """open, not_open, outside_hours or too_late: see exams.windows."""
        return self.window.may_start(self.now)

    @property
    def state(self) -> str:
        """running, due, later, done, missed, excused, cancelled or voided: under which heading it stands."""
        if self.exam.state in ("cancelled", "voided"):
            return self.exam.state
        if self.running is not None:
            return "running"
        if self.candidate.status != "expected":
            return "excused"
        if self.finished:
            return "done"
        may = self.may_start
        if may == "too_late":
            return "done" if self.candidate.sat else "missed"
        return "later" if may == "not_open" else "due"

    @property
    def may_try_again(self) -> bool:
        """A further attempt is allowed, and in time."""
        in_time = self.may_start in ("open", "outside_hours")
        return self.state == "done" and self.tries_left > 0 and in_time

    @property
    def title(self) -> str:
        return self.exam.title

    @property
    def due(self) -> bool:
        """Whether it stands on the first page: it can be begun or continued now."""
        return self.state in ("running", "due")

    @property
    def state_word(self) -> str:
        return STATE_WORDS[self.state]

    @property
    def sentence(self) -> str:
        """年度考试12月25日24:00截止，还剩6天。今天9:00至18:00可以作答"""
        if self.running is not None and self.running.closes_at is not None:
            return f"本次考试{wording.moment(self.running.closes_at)}截止，已保存的答案都在，可以继续答题。"
        if self.state == "due":
            until = wording.deadline(self.ends_at, self.days_left, self.working_days_left)
            return f"{PURPOSES[self.exam.purpose]}{until}{self._hours_sentence}"
        if self.state == "later":
            begins = wording.moment(self.window.begins, self.now)
            return f"{PURPOSES[self.exam.purpose]}{begins}开始{self._hours_sentence}"
        return ""

    @property
    def _hours_sentence(self) -> str:
        """When one may sit just now, where the days have hours: 。今天9:00至18:00可以作答."""
        following = self.window.next_start(self.now)
        if self.exam.daily_from is None or following is None:
            return ""
        first, last = self.window.hours(clock.today(following))
        return f"。{wording.span(first, last, self.now)}可以作答"

    @property
    def hours_words(self) -> str:
        """9:00至18:00, where the days have hours; else ""."""
        if self.exam.daily_from is None:
            return ""
        return windows.hours_in_words(self.exam.daily_from, self.exam.daily_until)

    @property
    def working_days_left(self) -> int | None:
        """How many of the days left are working days; none where the year's holidays have not been imported."""
        first, last = clock.today(self.now), clock.today(self.ends_at - windows.INSTANT)
        return holidays.working_days(first + timedelta(days=1), last, self.days)

    @property
    def url(self) -> str:
        """Where it goes on: the running paper, or the page of rules."""
        if self.running is not None:
            return url_for("attempts.paper", token=self.running.token)
        return url_for("attempts.rules", exam_id=self.exam.id)

    @property
    def days_left(self) -> int:
        """Days of the calendar from today until the last moment of the window; 0 on the last day."""
        return wording.days_until(self.ends_at, self.now)

    @property
    def shown(self) -> release.Shown:
        """What this person may see now."""
        return shown(self.exam, handed_in=bool(self.finished), latest=self.latest_personal, now=self.now)

    @property
    def points(self) -> int | None:
        """The points that count, in tenths, where they may be shown."""
        return self.candidate.points if self.candidate.sat and self.shown.score else None

    @property
    def band(self) -> str:
        return bands.band(self.points, self.exam.bands) if self.points is not None else ""


def shown(exam: Exam, *, handed_in: bool, latest: datetime | None, now: datetime) -> release.Shown:
    """See exams.release; a voided exam shows nothing. latest: the latest personal end of any candidate."""
    if exam.state == "voided":
        return release.NOTHING
    over = exam.closes_at is not None and windows.is_over(
        now, closes_at=exam.closes_at, latest_personal=latest, grace_s=exam.grace_s
    )
    released = exam.released_at is not None and exam.released_at <= now
    return release.shown(exam, handed_in=handed_in, closed=over, released=released)
