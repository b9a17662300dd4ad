"""Long imports of questions: the same storing as on the page, as a job that shows how far it is."""

from typing import Any

from quizapp import clock, jobs, uploads
from quizapp.bank import actions, desk
from quizapp.bank.models import Bank
from quizapp.bank.storing import Stored
from quizapp.db import db
from quizapp.errors import Refused

LONG = 2000  # questions from which an import runs as a job


@jobs.kind("bank.import")
def import_questions(job: jobs.Job, report: jobs.Report) -> dict[str, Any]:
    """Store what was taken on the desk; all of it, or nothing."""
    order, person_id = job.payload, job.person_id or 0
    upload = uploads.find(order["token"], purpose=f"bank {order['bank_id']}", person_id=person_id)
    kept = uploads.find_beside(upload, "desk.json") if upload else None
    if upload is None or kept is None:
        raise Refused("gone", "该文件已经导入，或放置时间过长，没有写入任何内容。")
    bank = db.session.get_one(Bank, order["bank_id"])
    taken = desk.thaw(kept).taken()
    _, outcome = actions.accept(
        taken,
        bank,
        file_name=upload.file_name,
        data=upload.data,
        by_id=job.person_id,
        now=clock.now(),
        report=report,
    )
    return {"sentence": sentence(outcome), "url": order["url"]}


def sentence(outcome: Stored) -> str:
    """What an import did, for people."""
    counts = f"新增{len(outcome.new)}题，更新{len(outcome.changed)}题，未变{outcome.same}题"
    left = f"，{outcome.left_out}题有错误没有导入" if outcome.left_out else ""
    return f"导入完成：{counts}{left}。导入的试题是草稿，审核后发布。"
