"""What the pages and commands of this area share: the blueprint, and how the outcome of a set is told."""

from flask import Blueprint, flash

from quizapp.bank.review import Outcome

bp = Blueprint("bank", __name__, cli_group="bank")


def tell(outcome: Outcome, act: str) -> None:
    """How many questions an act changed, and why it left others alone."""
    flash(f"已{act}{len(outcome.done)}题。", "ok" if outcome.done else "info")
    if outcome.left:
        first = "；".join(f"{code}：{sentence.rstrip('。')}" for code, sentence in outcome.left[:3])
        flash(f"{len(outcome.left)}题没有{act}。{first}。", "warn")
