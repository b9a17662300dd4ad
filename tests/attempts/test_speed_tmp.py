import time, cProfile, pstats
from quizapp.db import db
from quizapp.attempts import saving
from quizapp.attempts.protocol import sheet_from
from quizapp import clock
from tests.attempts.conftest import started, live_session
def test_speed(exam, cast):
    a = started(exam, cast.jiang, clock.now()); now=clock.now(); c=live_session(cast.jiang, now); tok=a.token
    db.session.commit()
    for i in range(20):
        saving.save(tok, sheet_from(1, i+1, "A.B.."), c, now); db.session.commit()
    t=time.perf_counter(); p=cProfile.Profile(); 
    for i in range(300):
        saving.save(tok, sheet_from(1, i+100, "A.B.."), c, now); db.session.commit()
    print(db.engine.dialect.name, (time.perf_counter()-t)/300*1000, "ms")
    p.enable()
    for i in range(200):
        saving.save(tok, sheet_from(1, i+1000, "A.B.."), c, now); db.session.commit()
    p.disable(); pstats.Stats(p).sort_stats("tottime").print_stats(12)
