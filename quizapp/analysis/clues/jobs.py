"""The job that searches an exam for hints: reading takes no writer's turn, what was found is kept at the end."""

from typing import Any

from flask import url_for

from quizapp import clock, jobs
from quizapp.analysis.clues import actions, finding
from quizapp.db import db, reading

KIND = "analysis.clues"


@jobs.kind(KIND)
def search(job: jobs.Job, report: jobs.Report) -> dict[str, Any]:
    """payload: exam_id, url: of the page of hints."""
    exam_id = job.payload["exam_id"]
    with reading():
        found = finding.find(exam_id, report)
    number = actions.keep(exam_id, found, by_id=job.person_id, now=clock.now())
    db.session.flush()
    return {
        "sentence": f"已查找完毕，{number}份答卷有线索。线索只供核对，不是结论。",
        "url": job.payload["url"],
    }


def address(exam_id: int) -> str:
    """Where the page of hints is; asked while there is a request."""
    return url_for("analysis.clues", exam_id=exam_id)
