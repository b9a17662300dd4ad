"""What the pages and commands of this area share: the blueprint, and how the outcome of a set is told."""

from flask import Blueprint, flash
from flask_login import current_user

from quizapp.bank import access
from quizapp.bank.review import Outcome

bp = Blueprint("bank", __name__, cli_group="bank")


@bp.before_request
def _closed_while_sitting() -> None:
    """Writers and reviewers sit exams like everybody else; meanwhile their banks are closed to them (hazard H37)."""
    if current_user.is_authenticated:
        access.no_exam_running()


def tell(outcome: Outcome, act: str) -> None:
    """How many questions an act changed, and why it left others alone."""
    flash(f"已{act}{len(outcome.done)}题。", "ok" if outcome.done else "info")
    if outcome.left:
        first = "；".join(f"{code}：{sentence.rstrip('。')}" for code, sentence in outcome.left[:3])
        flash(f"{len(outcome.left)}题没有{act}。{first}。", "warn")
