"""试算: every closed sheet is marked by the prepared run, a batch to a transaction, with progress; then its effect."""

from typing import Any

from quizapp import jobs
from quizapp.attempts import runs
from quizapp.attempts.corrections import actions
from quizapp.attempts.corrections.models import Correction
from quizapp.db import db

KIND = "attempts.correction"


def request(correction: Correction, *, url: str, person_id: int) -> jobs.Job:
    """Ask for the rehearsal of a correction, in the transaction that made it."""
    return jobs.request_job(KIND, {"run_id": correction.run_id, "url": url}, person_id=person_id)


@jobs.kind(KIND)
def rehearse(job: jobs.Job, report: jobs.Report) -> dict[str, Any]:
    """Safe to run twice: what is marked stays, and what was taken back meanwhile is left alone."""
    run_id = job.payload["run_id"]
    return {"sentence": run(run_id, report), "url": job.payload["url"]}


def run(run_id: int, report: jobs.Report) -> str:
    """Mark, committing after each batch. Gives a sentence."""
    correction = db.session.get_one(Correction, run_id)
    total, done = actions.sheets(correction.exam_id), 0
    while db.session.get_one(Correction, run_id).state == "rehearsing" and (count := runs.mark_batch(run_id)):
        db.session.commit()
        done += count
        report(min(done, total), total, "正在按更正后的答案试算，成绩没有变动。")
    correction = actions.rehearsed(run_id)
    db.session.commit()
    if correction.effect is None:
        return "更正已撤回，没有改动任何成绩。"
    effect = correction.effect
    return f"试算完成：{effect['up'] + effect['down']}人的成绩会变化，成绩还没有改动。"
