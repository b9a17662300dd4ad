"""Long imports of units and people: the same plan and the same application as on the page, with progress."""

from typing import Any

from quizapp import clock, jobs, spreadsheets, uploads
from quizapp.errors import Refused
from quizapp.people import importing


@jobs.kind("people.import")
def import_sheet(job: jobs.Job, report: jobs.Report) -> dict[str, Any]:
    """Apply an upload if what would change is what its administrator confirmed; all of it, or nothing."""
    order, now = job.payload, clock.now()
    upload = uploads.find(order["token"], purpose=order["kind"], person_id=job.person_id or 0)
    if upload is None:
        raise Refused("gone", "该文件已经导入，或放置时间过长，没有改动任何内容。")
    planned = importing.accepted(order, spreadsheets.thaw(upload.data), now)
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
