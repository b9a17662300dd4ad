"""考试归档包: what lies in it, what was made before, and the button that makes one."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_login import current_user

from quizapp import clock, jobs
from quizapp.attempts import over
from quizapp.bank.access import no_exam_running
from quizapp.db import db
from quizapp.exams.access import ROLES
from quizapp.people.access import acting_as
from quizapp.reports.archive import access, queries
from quizapp.reports.archive.jobs import KIND
from quizapp.reports.pages import bp

PARTS = (
    ("考试办法", "全部规则、时间、例外记录"),
    ("试卷和答案", "每套试卷、答题卡、标准答案与解析（Word、PDF）；每人一卷的考试收样卷"),
    ("考生名册", "单位、姓名、职务、考试情况"),
    ("免考缓考", "申请、证明材料的文字登记、办理结果"),
    ("成绩名册", "与“上报材料”的成绩名册一致"),
    ("考场记录", "场次、监考人员、考场情况记录、座次"),
    ("汇总表", "各单位应考、实考、合格情况（Word、Excel、PDF）"),
    ("评分更正", "历次评分、更正内容、理由和批准人"),
    ("目录和校验清单", "网页和文本两种目录，每个文件和整包的SHA-256值"),
)


@bp.get("/reports/exams/<int:exam_id>/archive", endpoint="index_archive")
@acting_as(*ROLES)
def archive(exam_id: int) -> Any:
    exam, now = access.exam_or_404(exam_id), clock.now()
    return render_template(
        "reports/archive.html",
        exam=exam,
        waiting=over.waiting(exam, now),
        keys=access.may_see_keys(exam),
        hidden=len(access.hidden_people(exam.id)),
        parts=PARTS,
        makings=queries.makings(exam.id),
    )


@bp.post("/reports/exams/<int:exam_id>/archive", endpoint="index_archive_make")
@acting_as(*ROLES)
def make(exam_id: int) -> Any:
    """Keys leave the server here, so not while one sits an exam."""
    exam = access.exam_or_404(exam_id)
    no_exam_running()
    access.may_make(exam, clock.now())
    order = {
        "exam_id": exam.id,
        "hidden": sorted(access.hidden_people(exam.id)),
        "keys": access.may_see_keys(exam),
    }
    job = jobs.request_job(KIND, order, person_id=current_user.id)
    db.session.commit()
    return redirect(url_for("home.job", token=job.token), 303)
