"""Long imports: the same comparing, applying and taking back as on the pages, with progress."""

from typing import Any

from flask import g

from quizapp import clock, jobs, spreadsheets, uploads
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people import checked, importing, undoing
from quizapp.uploads import Upload

LATE = "该文件已经导入，或放置时间过长，没有改动任何内容。"


def _upload(job: jobs.Job) -> Upload:
    order = job.payload
    upload = uploads.find(order["token"], purpose=order["kind"], person_id=job.person_id or 0)
    if upload is None:
        raise Refused("gone", LATE)
    return upload


@jobs.kind("people.compare")
def compare(job: jobs.Job, _report: jobs.Report) -> dict[str, Any]:
    """Check a long roster; nobody has to wait for it to write."""
    g.read_only = True
    try:
        checked.check(_upload(job), job.payload["reachable"], clock.now())
        db.session.rollback()
    finally:
        g.read_only = False
    return {"sentence": "检查完成，尚未写入。", "url": job.payload["url"]}


@jobs.kind("people.import")
def import_sheet(job: jobs.Job, report: jobs.Report) -> dict[str, Any]:
    """Apply an upload if what would change is what its administrator confirmed; all of it, or nothing."""
    order, now, upload = job.payload, clock.now(), _upload(job)
    try:
        with_choices = order | {"chosen": checked.chosen(upload)}
        planned = importing.accepted(with_choices, spreadsheets.thaw(upload.data), now)
    except Refused as refused:
        if refused.code == "changed":
            checked.forget(upload)
        raise
    importing.apply(
        order["kind"],
        planned,
        upload.file_name,
        upload.file_hash,
        now,
        actor_id=job.person_id,
        report=report,
    )
    return {"sentence": importing.sentence(order["kind"], planned), "url": order["url"]}


@jobs.kind("people.undo")
def undo(job: jobs.Job, _report: jobs.Report) -> dict[str, Any]:
    """Take an import back if that does what its administrator confirmed."""
    order = job.payload
    undone = undoing.take_back(
        order["import_id"],
        order["reachable"],
        seen=order["seen"],
        now=clock.now(),
        actor_id=job.person_id,
    )
    return {"sentence": undoing.sentence(undone), "url": order["url"]}
