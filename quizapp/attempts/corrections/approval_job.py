"""批准 carried out: sheets handed in since the rehearsal are marked beside the old marks, a batch to a transaction;
then one transaction switches candidates, counters and notices, or none of them."""

import logging
from typing import Any

from quizapp import clock, jobs
from quizapp.attempts import runs
from quizapp.attempts.corrections import actions
from quizapp.attempts.corrections.models import Correction
from quizapp.db import db
from quizapp.errors import Refused

log = logging.getLogger("quizapp.attempts")
KIND = "attempts.correction_approval"
UNHARMED = "所有人的成绩与批准前相同"


def request(correction: Correction, *, url: str, person_id: int) -> jobs.Job:
    """Ask for the approval of a correction to be carried out, in the transaction that accepts it."""
    return jobs.request_job(KIND, {"run_id": correction.run_id, "url": url}, person_id=person_id)


@jobs.kind(KIND)
def carry_out(job: jobs.Job, report: jobs.Report) -> dict[str, Any]:
    """Safe to run twice: what is marked stays, and what counts already is left alone.

    Where it fails, the correction waits for an approval again and its page says why.
    """
    run_id = job.payload["run_id"]
    try:
        return {"sentence": run(run_id, job.id, report), "url": job.payload["url"]}
    except Refused as refused:
        _give_back(run_id, job.id, f"{refused.sentence}{UNHARMED}。")
        raise
    except Exception:
        log.exception("the approval of marking run %s was not carried out", run_id)
        _give_back(run_id, job.id, f"系统出现问题，更正没有生效。{UNHARMED}，可以再次批准。")
        raise


def run(run_id: int, job_id: int, report: jobs.Report) -> str:
    """Mark what is left, then switch. Gives a sentence. Raises Refused with every score as it was."""
    correction = db.session.get_one(Correction, run_id)
    total, done = actions.sheets(correction.exam_id), 0
    while db.session.get_one(Correction, run_id).state == "approving" and (count := runs.mark_batch(run_id)):
        db.session.commit()
        done += count
        report(min(done, total), total, "正在给试算以后交的答卷计分，成绩没有变动。")
    correction = actions.carry_out(
        run_id,
        job_id,
        now=clock.now(),
        report=lambda done, total: report(done, total, "正在更新成绩和统计，全部更新后同时生效。"),
    )
    state = correction.state
    db.session.commit()
    return (
        "更正已生效，成绩和统计已更新。" if state == "approved" else "这项更正已另行办理，没有改动任何成绩。"
    )


def _give_back(run_id: int, job_id: int, why: str) -> None:
    db.session.rollback()
    actions.give_back(run_id, job_id, why=why)
    db.session.commit()
