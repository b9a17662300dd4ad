"""Computing the figures of an exam as a job: asked for by a person, or once the exam is over."""

from typing import Any

from quizapp import clock, jobs
from quizapp.analysis import counters, refreshing
from quizapp.db import db

COMPUTE = "analysis.compute"


def request(exam_id: int, *, url: str, person_id: int | None) -> jobs.Job:
    """Ask for an exam's figures. url: the page that shows them. The caller commits."""
    refreshing.mark_tried(exam_id, counters.of(exam_id))
    return jobs.request_job(COMPUTE, {"exam_id": exam_id, "url": url}, person_id=person_id)


@jobs.kind(COMPUTE)
def compute(job: jobs.Job, report: jobs.Report) -> dict[str, Any]:
    """Work out and store; its person is led back to the page."""
    sheets = refreshing.refresh(job.payload["exam_id"], clock.now(), report)
    return {"sentence": f"已根据{sheets}份答卷完成计算。", "url": job.payload["url"]}


@jobs.every_minute
def compute_what_is_over() -> None:
    """Exams that have ended since, or whose results have moved since: a job each."""
    for exam_id in counters.due(clock.now()):
        request(exam_id, url="", person_id=None)
    db.session.commit()
