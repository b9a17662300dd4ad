"""A worker's process for tests: it does one job, which holds on until its input closes or it is killed.

python -m tests.ground.worker SETTINGS JOB_ID. It prints "begun" inside the work and, after that, True or False: whether
the job was its to do.
"""

import json
import sys
from typing import Any

from quizapp import create_app, holding, jobs
from quizapp.db import db


def hold_on(job: jobs.Job, _report: jobs.Report) -> dict[str, Any]:
    """Work that has written, and so is SQLite's one writer while it lasts."""
    db.session.add(
        jobs.Job(token="written", kind="x", payload={}, created_at=job.created_at, touched_at=job.created_at)
    )
    db.session.flush()
    print("begun", flush=True)
    sys.stdin.read()
    return {}


if __name__ == "__main__":
    holding.BEAT_SECONDS = 0.1
    app = create_app(json.loads(sys.argv[1]))
    jobs.kind("hold")(hold_on)
    with app.app_context():
        print(jobs.run(int(sys.argv[2])), flush=True)
