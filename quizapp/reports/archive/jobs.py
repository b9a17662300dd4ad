"""The job that makes an archive: figures first, then the file without a writer's turn, at last the row of the log."""

from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import current_app
from sqlalchemy import select

from quizapp import clock, jobs
from quizapp.db import db, reading
from quizapp.exams.models import Exam
from quizapp.people import access
from quizapp.reports import refreshing
from quizapp.reports.archive import making

KIND = "reports.archive"


@jobs.kind(KIND)
def archive(job: jobs.Job, report: jobs.Report) -> dict[str, Any]:
    """payload: exam_id; hidden: people whose scores who asked may not see; keys: whether they see all keys."""
    exam_id, person_id = job.payload["exam_id"], job.person_id
    folder = Path(current_app.config["INSTANCE_DIR"]) / "files"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{token_hex(16)}.zip"
    up_to_date(exam_id)
    with reading():
        access.know(db.session.scalar(select(access.held_by(person_id))))
        made = making.make(
            exam_id,
            folder / name,
            now=clock.now(),
            hidden=set(job.payload["hidden"]),
            keys=job.payload["keys"],
            told=report,
        )
        title = db.session.get_one(Exam, exam_id).title
    making.note(exam_id, made, actor_id=person_id)
    sentence = f"归档包已制作，共{len(made.archive.files)}个文件。整包校验值：{made.archive.whole}"
    return {"sentence": sentence, "file": name, "name": making.file_name(title)}


def up_to_date(exam_id: int) -> None:
    """Medians and distributions follow the results before they are archived; commits."""
    now = clock.now()
    counted = refreshing.due(now)
    if exam_id in counted and exam_id not in refreshing.still_right({exam_id: counted[exam_id]}, now):
        refreshing.refresh(exam_id, counted[exam_id], now)
    db.session.commit()
