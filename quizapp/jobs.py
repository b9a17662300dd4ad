"""Long work: a row in `job` is the truth (who asked, how far, what came out); a queue only says "look now".

A job is enqueued after commit, claimed by one UPDATE, and enqueued again when it has waited over a minute. While it
runs, `holding` keeps it from everybody else. One whose process died is claimed anew ten minutes after its last sign of
life, whatever it had committed by then, so every kind of job must be safe to run twice.
"""

import json
import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from flask import Flask, current_app
from huey import PostgresHuey, SqliteHuey, crontab
from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String, event, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from quizapp import clock, holding
from quizapp.db import UtcDateTime, db
from quizapp.errors import Refused

log = logging.getLogger("quizapp.jobs")
DEAD_AFTER = timedelta(minutes=10)


class Report(Protocol):
    """How far the work is: done of total, and what there is to say meanwhile."""

    def __call__(self, done: int, total: int, words: str = "") -> None: ...


Work = Callable[["Job", Report], dict[str, Any]]
_kinds: dict[str, Work] = {}
_stoppable: set[str] = set()


class Job(db.Model):
    """One piece of long work, shown to who asked for it."""

    __tablename__ = "job"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(22), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(db.JSON)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(db.JSON)  # may name a "file" in files/
    sentence: Mapped[str] = mapped_column(default="")  # why it failed, for people
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", "state"),)


def kind(name: str, *, stoppable: bool = False) -> Callable[[Work], Work]:
    """Register the function that does a kind of job: work(job, report) -> result. It runs in one transaction.

    stoppable: it looks at `stop_wanted` and ends early with what it has.
    """

    def keep(work: Work) -> Work:
        _kinds[name] = work
        if stoppable:
            _stoppable.add(name)
        return work

    return keep


def request_job(name: str, payload: dict[str, Any], *, person_id: int | None) -> Job:
    """Add a job in the running transaction; the queue hears of it after the commit."""
    if name not in _kinds:
        raise KeyError(name)
    moment = clock.now()
    job = Job(
        token=secrets.token_urlsafe(16),
        kind=name,
        payload=payload,
        person_id=person_id,
        created_at=moment,
        touched_at=moment,
    )
    db.session.add(job)
    db.session.flush()
    app, job_id = current_app._get_current_object(), job.id  # type: ignore[attr-defined]

    @event.listens_for(db.session(), "after_commit", once=True)
    def tell_queue(_session: Any) -> None:
        try:
            app.extensions["huey_run"](job_id)
        except Exception:
            log.warning("queue unreachable; the minute's tick will find job %s", job_id, exc_info=True)

    return job


def run(job_id: int) -> bool:
    """Claim a job and do it. False when somebody else has it or it is finished."""
    engine = db.engine
    with holding.alone(engine, _progress_path(job_id)) as alone:
        if not alone or not _claim(job_id):
            return False
        running = update(Job).where(Job.id == job_id, Job.state == "running")
        with holding.beating(engine, running):
            _work(job_id)
    return True


def _claim(job_id: int) -> bool:
    """Whether it was to be had, and is ours now."""
    claimed = db.session.execute(
        update(Job)
        .where(Job.id == job_id, _to_be_had(clock.now(), waiting=Job.state == "waiting"))
        .values(state="running", touched_at=clock.now(), done=0)
        .returning(Job.id)
    ).one_or_none()
    db.session.commit()
    return claimed is not None


def _work(job_id: int) -> None:
    job = db.session.get_one(Job, job_id)
    db.session.expunge(job)
    db.session.rollback()
    try:
        result = _kinds[job.kind](job, _reporter(job_id))
        db.session.commit()
        _finish(job_id, state="done", result=result)
    except Refused as refused:
        db.session.rollback()
        _finish(job_id, state="failed", sentence=refused.sentence)
    except Exception:
        db.session.rollback()
        reference = secrets.token_hex(4).upper()
        log.exception("job %s failed: %s", job_id, reference)
        _finish(job_id, state="failed", sentence=f"系统出现问题，没有改动任何内容。编号：{reference}")


def _to_be_had(now: datetime, *, waiting: ColumnElement[bool]) -> ColumnElement[bool]:
    """Jobs that wait, as told, and those whose worker shows no life any more."""
    return or_(waiting, (Job.state == "running") & (Job.touched_at < now - DEAD_AFTER))


def _finish(job_id: int, **values: Any) -> None:
    db.session.execute(update(Job).where(Job.id == job_id).values(touched_at=clock.now(), **values))
    db.session.commit()


def _reporter(job_id: int) -> Report:
    """Progress is written only between transactions of the work: to a small file that the page reads."""
    path = _progress_path(job_id)

    def report(done: int, total: int, words: str = "") -> None:
        path.write_text(json.dumps([done, total, words]))

    return report


def _progress_path(job_id: int, ending: str = "json") -> Path:
    folder = Path(current_app.config["INSTANCE_DIR"]) / "progress"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{job_id}.{ending}"


def progress(job: Job) -> tuple[int, int, str]:
    """(done, total, words) of a running job; (0, 0, "") while unknown."""
    try:
        done, total, words = json.loads(_progress_path(job.id).read_text())
    except (OSError, ValueError):
        return job.done, job.total, ""
    return done, total, words


def may_stop(job: Job) -> bool:
    """Whether who asked for a job may end it early and keep what it has found."""
    return job.kind in _stoppable and job.state in ("waiting", "running")


def ask_to_stop(job: Job) -> None:
    """Let the work end early; it looks for this between its steps, wherever it runs on this machine."""
    if may_stop(job):
        _progress_path(job.id, "stop").touch()


def stop_wanted(job: Job) -> bool:
    """Whether somebody has asked for an early end."""
    return _progress_path(job.id, "stop").exists()


def waiting_too_long(now: datetime) -> list[int]:
    """Jobs that the queue has forgotten, or whose worker died; on SQLite also those that just take long, see `run`."""
    forgotten = (Job.state == "waiting") & (Job.created_at < now - timedelta(minutes=1))
    return list(db.session.scalars(select(Job.id).where(_to_be_had(now, waiting=forgotten))))


_periodic: list[tuple[str, Callable[[], None]]] = []


def every_minute(work: Callable[[], None]) -> Callable[[], None]:
    """Register work for each minute's tick. Two consumers run it twice: it must be idempotent; it commits itself."""
    _periodic.append((work.__qualname__, work))
    return work


def init_app(app: Flask) -> None:
    if app.config["JOBS_URL"]:
        huey = PostgresHuey("quizapp", dsn=app.config["JOBS_URL"])
    else:
        Path(app.config["INSTANCE_DIR"]).mkdir(parents=True, exist_ok=True)
        huey = SqliteHuey("quizapp", filename=str(Path(app.config["INSTANCE_DIR"]) / "jobs.db"))
    app.extensions["huey"] = huey

    @huey.task()
    def run_job(job_id: int) -> None:
        with app.app_context():
            run(job_id)

    @huey.periodic_task(crontab(minute="*"))
    def tick() -> None:
        with app.app_context():
            for name, work in _periodic:
                try:
                    work()
                except Exception:
                    db.session.rollback()
                    log.exception("the minute's work failed: %s", name)
            for job_id in waiting_too_long(clock.now()):
                run_job(job_id)

    app.extensions["huey_run"] = run_job
    app.extensions["huey_tick"] = tick
