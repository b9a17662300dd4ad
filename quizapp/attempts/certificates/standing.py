"""When somebody gets a certificate, and whether one that was made still stands. Pure.

Nothing of it is stored: it follows from the result that counts today, so a certificate and a result cannot disagree,
whatever changed the result: a corrected key, a void, an appeal, a sheet restored.
"""

from dataclasses import dataclass

from quizapp.attempts.certificates.claims import Claim, differing

VALID, REVOKED, CORRECTED = "valid", "revoked", "corrected"
WORDS = {VALID: "有效", REVOKED: "已撤销", CORRECTED: "已更正"}


@dataclass(frozen=True)
class Standing:
    """state: VALID, REVOKED or CORRECTED. reason: a sentence, "" for a valid one."""

    state: str
    reason: str = ""

    @property
    def word(self) -> str:
        return WORDS[self.state]

    @property
    def is_valid(self) -> bool:
        return self.state == VALID


def standing(made: Claim, now: Claim | None, *, voided: bool) -> Standing:
    """Whether a certificate stands. made: what it says; now: what would be said today, none for who has not passed;
    voided: the exam was voided or called off."""
    if voided:
        return Standing(REVOKED, "考试已作废，成绩无效。")
    if now is None:
        return Standing(REVOKED, "成绩更正后，没有达到合格线。")
    changed = "、".join(differing(made, now))
    return Standing(CORRECTED, f"{changed}已更正，以新的证书为准。") if changed else Standing(VALID)


def hindrance(
    *, issues: bool, voided: bool, passed: bool, score_shown: bool, may_fall: bool, over: bool
) -> str:
    """Why somebody gets no certificate now, as a code; "" for who gets one.

    off: the exam issues none; voided; hidden: the score is not shown yet (see `release`); failed;
    later: the last of several attempts counts and another one may follow. over: nobody can be answering any more.
    """
    if not issues:
        return "off"
    if voided:
        return "voided"
    if not score_shown:
        return "hidden"
    if not passed:
        return "failed"
    return "later" if may_fall and not over else ""


def may_fall(*, counts: str, tries: int) -> bool:
    """Whether a further attempt could take a pass away. counts: best or last; tries: how many a person has."""
    return counts == "last" and tries > 1
