"""疑似错误答案: the evidence beside the words of the law, and 已核对，无误."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.analysis import access, actions, numbers, radar
from quizapp.analysis.item_views import correcting
from quizapp.analysis.pages import bp, makers
from quizapp.bank import queries as bank
from quizapp.bank.question_views import passages
from quizapp.db import db
from quizapp.errors import not_found


@bp.get("/analysis/keys")
@makers
def index_keys() -> Any:
    """Of all exams that the person administers, or of one (?exam=)."""
    exam_id, done = request.args.get("exam", type=int), request.args.get("state") == "checked"
    exam = access.exam_or_404(exam_id) if exam_id is not None else None
    if exam is not None:
        access.with_keys_or_refuse(exam)
    found = radar.suspects(exam_id)
    counts = {"open": 0, "checked": 0}
    for one in found:
        counts["checked" if one.checked else "open"] += 1
    shown = [one for one in found if bool(one.checked) == done]
    pages = max(1, -(-len(shown) // radar.PAGE))
    page = min(max(1, request.args.get("page", 1, int)), pages)
    part = shown[(page - 1) * radar.PAGE : page * radar.PAGE]
    full = bank.full({one.revision_id for one in part})
    laws = _passages(full)
    return render_template(
        "analysis/keys.html",
        exam=exam,
        done=done,
        counts=counts,
        page=page,
        pages=pages,
        total=len(shown),
        rows=[
            {
                "one": one,
                "full": full[one.revision_id],
                "passages": laws[one.revision_id],
                "correct_url": correcting(one.exam, one.revision_id),
                "key": _key(one, full[one.revision_id]),
                "against": _against(one),
            }
            for one in part
        ],
        percent=numbers.percent,
        address=lambda **changes: _address(exam_id, done=done, **changes),
    )


def _passages(full: dict[int, bank.Full]) -> dict[int, list[dict[str, Any]]]:
    """The articles beside each question, read together."""
    cited = [(revision_id, citation) for revision_id, one in full.items() for citation in one.citations]
    found: dict[int, list[dict[str, Any]]] = {revision_id: [] for revision_id in full}
    for (revision_id, _), passage in zip(cited, passages([one for _, one in cited]), strict=True):
        found[revision_id].append(passage)
    return found


def _key(one: radar.Suspect, full: Any) -> set[str]:
    """The letters that count as right in this exam; those of the version while its figures are not made."""
    stored = one.item.options if one.item else []
    return {option["letter"] for option in stored if option["right"]} or set(full.key)


def _against(one: radar.Suspect) -> set[str]:
    """The options that the best choose rather than the key."""
    told = one.item.told if one.item else []
    return {letter for code, letters, _ in told if code == "best_choose" for letter in letters}


def _address(exam_id: int | None, *, done: bool, **changes: Any) -> str:
    asked = {"exam": exam_id, "state": "checked" if done else None} | changes
    return url_for("analysis.index_keys", **asked)


@bp.post("/exams/<int:exam_id>/analysis/items/<int:revision_id>/<any(check, uncheck):step>")
@makers
def item_step(exam_id: int, revision_id: int, step: str) -> Any:
    """已核对，无误, or back to the list; the page that asked is shown again."""
    exam = access.exam_or_404(exam_id)
    access.with_keys_or_refuse(exam)
    if not radar.is_asked(exam_id, revision_id):
        not_found()
    if step == "check":
        new = actions.check(exam_id, revision_id, by_id=current_user.id, now=clock.now())
        said = "已记为“已核对，无误”。需要时可以撤销。" if new else "这道题此前已核对，没有重复记录。"
    else:
        gone = actions.uncheck(exam_id, revision_id, by_id=current_user.id)
        said = "已撤销，试题回到待核对。" if gone else "这道题不在已核对之中，没有改动。"
    db.session.commit()
    flash(said, "ok")
    if request.form.get("back") == "item":
        return redirect(url_for("analysis.item", exam_id=exam_id, revision_id=revision_id), 303)
    one = exam_id if request.form.get("exam") else None
    state = "checked" if step == "uncheck" else None
    return redirect(url_for("analysis.index_keys", exam=one, state=state), 303)
