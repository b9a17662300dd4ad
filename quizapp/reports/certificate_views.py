"""合格证 of a unit: the list with search, one PDF, and all of them in one file."""

from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import audit, clock, jobs
from quizapp.attempts.certificates import addresses, issuing, sheet
from quizapp.attempts.certificates import queries as certificate_queries
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.exams.access import SCORES
from quizapp.exams.models import Exam, ExamUnit
from quizapp.people.access import acting_as
from quizapp.replica import from_replica
from quizapp.reports import access, certificates, queries
from quizapp.reports.pages import bp
from quizapp.spreadsheets import download

MOST = 2000  # sheets in one file
PDF = "application/pdf"


def _asked(exam_id: int) -> tuple[Exam, ExamUnit]:
    """The exam and the unit of a request, for who sees scores there; anything else answers 404."""
    exam = access.exam_or_404(exam_id)
    unit = access.exam_unit_or_404(exam_id, request.values.get("unit", type=int))
    if not access.may_see_scores(unit.unit_id):
        not_found()
    return exam, unit


@bp.get("/reports/exams/<int:exam_id>/certificates", endpoint="index_certificates")
@acting_as(*SCORES)
@from_replica
def certificate_list(exam_id: int) -> Any:
    """Who has passed, with number and state of the certificate."""
    exam, unit = _asked(exam_id)
    words, page, now = (
        request.args.get("q", "").strip(),
        max(1, request.args.get("page", 1, int)),
        clock.now(),
    )
    lines, total = certificates.lines(exam, unit, now, words=words, page=page)
    return render_template(
        "reports/certificates.html",
        exam=exam,
        unit=unit,
        lines=lines,
        total=total,
        words=words,
        page=page,
        size=certificates.PAGE,
        most=MOST,
        made=certificate_queries.any_made(exam.id),
        now=now,
        path_links=[
            (above.name, url_for(".index_certificates", exam_id=exam_id, unit=above.unit_id))
            for above in queries.path_to(exam_id, unit)
        ],
        below=[part for part in queries.unit_rows(exam_id, unit)[1] if not part.own],
    )


@bp.get("/reports/certificates/<number>/file", endpoint="index_certificate_file")
@acting_as(*SCORES)
def certificate_file(number: str) -> Any:
    """The PDF of one certificate that stands."""
    found = certificates.certificate_or_404(number)
    if not found.standing.is_valid:
        raise Refused("not_standing", f"证书{found.standing.word}，不能下载。{found.standing.reason}")
    data = sheet.pdf([found.certificate.signed], addresses.base())
    return download(data, f"{found.certificate.title}_{found.certificate.name}_{number}.pdf", PDF)


@bp.post("/reports/exams/<int:exam_id>/certificates", endpoint="index_certificates_print")
@acting_as(*SCORES)
def print_certificates(exam_id: int) -> Any:
    """Make the certificates that are lacking in a unit and all below it, then one file of all of them."""
    exam, unit = _asked(exam_id)
    chosen = certificates.passed(exam, unit, MOST)
    if len(chosen) > MOST:
        raise Refused(
            "too_many",
            f"本单位合格人员超过{MOST}人，一个文件最多{MOST}份，没有生成文件。",
            "请选择下级单位后分别生成。",
        )
    now = clock.now()
    issuing.issue(certificate_queries.results(chosen), now, actor_id=current_user.id)
    standing = [one.result.candidate.id for one in certificates.standing(chosen)]
    if not standing:
        raise Refused("none", _why_none(exam, chosen), "成绩公布后再生成。")
    payload = {
        "candidates": standing,
        "base": addresses.base(),
        "name": f"{exam.title}_{unit.name}_合格证.pdf",
    }
    job = jobs.request_job("reports.certificates", payload, person_id=current_user.id)
    audit.record(
        "certificates.printed", exam, actor_id=current_user.id, unit=unit.unit_id, number=len(standing)
    )
    db.session.commit()
    return redirect(url_for("home.job", token=job.token), 303)


def _why_none(exam: Exam, chosen: list[int]) -> str:
    if not exam.certificates:
        return "本次考试不颁发合格证，没有生成文件。"
    if not chosen:
        return "本单位还没有合格人员，没有生成文件。"
    return "考生还不能看到成绩，不能颁发合格证，没有生成文件。"


@jobs.kind("reports.certificates")
def bind(job: jobs.Job, report: jobs.Report) -> dict[str, Any]:
    """One PDF of the certificates of these candidates that stand."""
    report(0, 1, "正在排版")
    signed = [one.certificate.signed for one in certificates.standing(job.payload["candidates"])]
    db.session.rollback()
    if not signed:
        raise Refused("none", "证书已全部撤销，没有生成文件。")
    data = sheet.pdf(signed, job.payload["base"])
    folder = Path(current_app.config["INSTANCE_DIR"]) / "files"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{token_hex(16)}.pdf"
    (folder / name).write_bytes(data)
    return {"sentence": f"已生成{len(signed)}份合格证。", "file": name, "name": job.payload["name"]}
