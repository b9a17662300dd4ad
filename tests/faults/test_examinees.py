"""The simulated examinees and the verdict: without a fault everything holds, and every kind of loss would be seen."""

import pytest
from sqlalchemy import delete, func, update

from quizapp.attempts.models import Attempt, AttemptMark, Closing, SheetEvent
from quizapp.db import db
from quizapp.exams.models import Tally
from tests.faults.counting import SEED
from tests.faults.examinees import Crowd, Pace
from tests.faults.sittings import prepare
from tests.faults.verdict import Judge

QUICK = Pace(think=0.02, saves=6, reload=0.2)
CHANGES = {  # what is done to the tables afterwards: in which list of the verdict it must stand
    "journal": ("lost", delete(SheetEvent).where(SheetEvent.kind == "save")),
    "stored": ("lost", update(Attempt).values(saved_revision=0, saved_epoch=1)),
    "closed": ("lost", update(Closing).values(sheet="A" + "." * 19)),
    "receipt": ("lost", update(Closing).values(receipt=func.lower(Closing.receipt))),
    "mark": ("wrong", update(AttemptMark).values(total=AttemptMark.total + 10)),
    "marked": ("wrong", delete(AttemptMark)),
    "counters": ("wrong", update(Tally).values(submitted=Tally.submitted - 1)),
    "open": ("stuck", update(Attempt).values(state="in_progress", closed_at=None)),
}


@pytest.mark.parametrize("live", ["sqlite", "postgresql"], indirect=True)
def test_without_a_fault_everything_holds_and_every_kind_of_loss_would_be_seen(live):
    sittings = live.run(lambda: prepare(30))
    with Crowd(sittings, [(live.host, live.port)], at_once=15, pace=QUICK, seed=SEED) as crowd:
        assert crowd.all_sat(60)  # the second fifteen sit down where the first have handed in
        records = crowd.finish()
    verdict = Judge(live.settings).compare(records, over=True)
    assert verdict.holds, verdict
    assert len(records) == 30
    assert all(record.receipt for record in records)
    assert crowd.heard.unanswered() == 0
    live.stop()
    for what, (where, change) in CHANGES.items():

        def changed(change=change):
            db.session.execute(change.execution_options(synchronize_session=False))
            found = Judge(live.settings).inside(records, over=True)
            db.session.rollback()
            return found

        assert getattr(live.run(changed), where), f"nobody noticed: {what}"
