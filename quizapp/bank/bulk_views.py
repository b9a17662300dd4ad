"""Many questions at once: chosen in the list, confirmed with what follows, done in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.bank import access, bulk, catalogue, labels, listing, review
from quizapp.bank.forms import BulkForm
from quizapp.bank.models import STATUSES, Bank
from quizapp.bank.pages import bp, tell
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.forms import problems
from quizapp.people.access import acting_as

SHOWN = 10  # questions named on the page of confirmation
ALIVE = ("draft", "in_review", "published", "suspended")


@dataclass(frozen=True)
class Step:
    """One act on many. concerns: the states that it changes; needs: the field to fill in, and whether it must be."""

    word: str
    roles: Sequence[str]
    concerns: Sequence[str]
    follows: str  # what it does, after 其中N题
    needs: str = ""
    required: bool = False
    revises: bool = False  # makes further drafts of the newest revisions

    def reach(self, picks: Sequence[bulk.Chosen]) -> int:
        """How many questions it will try to change."""
        if self.revises:
            return len({pick.question_id for pick in picks if pick.newest in self.concerns})
        return sum(pick.status in self.concerns for pick in picks)


WRITERS, REVIEWERS = access.WRITERS, access.REVIEWERS
DRAFTS = "以最新版本为基础，各产生一个新的草稿版本；已发布的版本继续使用，新版本审核通过后才替换"
STEPS = {
    "submit": Step("提交审核", WRITERS, ("draft",), "由草稿转为待审，等审题人员审核"),
    "approve": Step(
        "审核通过",
        REVIEWERS,
        ("in_review",),
        "将发布，原来发布的版本随之停用；自己编写或导入的、依据与现行条文不符的不会发布",
        "reason",
    ),
    "return": Step(
        "退回", REVIEWERS, ("in_review",), "回到草稿，编写人员可以看到理由", "reason", required=True
    ),
    "retire": Step(
        "停用",
        (*WRITERS, *REVIEWERS),
        ALIVE,
        "不再用于练习和组卷，已有的试卷和成绩不受影响",
        "reason",
        required=True,
    ),
    "tag": Step("加标签", WRITERS, ALIVE, DRAFTS, "tags", required=True, revises=True),
    "untag": Step("去标签", WRITERS, ALIVE, DRAFTS, "tags", required=True, revises=True),
    "uses": Step("改用途", WRITERS, ALIVE, DRAFTS, "uses", required=True, revises=True),
}


def steps_for(bank: Bank) -> dict[str, str]:
    """What the signed-in person may do with many questions of the bank: step and its word."""
    return {name: step.word for name, step in STEPS.items() if access.may(bank, *step.roles)}


@bp.route("/banks/<slug>/bulk", methods=["GET", "POST"])
@acting_as(*access.EVERYBODY)
def bulk_change(slug: str) -> Any:
    """GET says how many and what follows; POST does it to exactly those that were shown."""
    bank = access.bank_or_404(slug)
    back = url_for("bank.show", slug=slug, **listing.kept(request.args))
    name = (request.form if request.method == "POST" else request.args).get("step", "")
    step = STEPS.get(name)
    if request.method == "GET" and not name:
        return redirect(back, 303)
    if step is None or not access.may(bank, *step.roles):
        not_found()
    if request.method == "POST":
        form = BulkForm()
        if not form.validate():
            raise Refused("form", "；".join(problems(form)), status=422)
        picks = bulk.chosen(bank.id, _numbers(request.form.get("ids", "").split(",")))
        _act(name, step, picks, bank, form)
        db.session.commit()
        return redirect(back, 303)
    picks = bulk.chosen(bank.id, _asked(bank))
    return render_template(
        "bank/bulk.html",
        bank=bank,
        name=name,
        step=step,
        picks=picks,
        reach=step.reach(picks),
        shown=picks[:SHOWN],
        form=BulkForm(formdata=None, uses=["daily", "exam"]),
        back=back,
        kept=listing.kept(request.args),
        words=STATUSES,
    )


def _asked(bank: Bank) -> list[int]:
    """The revisions that were picked, those of the page, or all that the filters let through."""
    scope = request.args.get("scope")
    if scope not in ("page", "all"):
        return _numbers(request.args.getlist("pick"))
    asked = listing.asked(request.args, bank.id)
    if scope == "page":
        return [row.revision_id for row in asked.rows(bank.id)]
    return catalogue.revision_ids(bank.id, asked.filters)


def _numbers(texts: Sequence[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 10]


def _act(name: str, step: Step, picks: Sequence[bulk.Chosen], bank: Bank, form: BulkForm) -> None:
    """Do it, and say what came of it. The caller commits."""
    if not picks:
        raise Refused("none", "没有选择试题。", "请返回题库选择试题。", status=422)
    if step.revises:
        outcome, same = bulk.revise(
            picks, bank, _change(name, form), what=name, by_id=current_user.id, now=clock.now()
        )
        tell(outcome, step.word)
        if same:
            flash(f"{same}题内容没有变化，没有产生新版本。", "info")
        return
    acts: dict[str, Callable[..., review.Outcome]] = {
        "submit": lambda ids: review.submit(ids, bank, actor_id=current_user.id),
        "approve": lambda ids: review.approve(
            ids, bank, actor_id=current_user.id, now=clock.now(), reason=form.reason.data or ""
        ),
        "return": lambda ids: review.send_back(
            ids, bank, actor_id=current_user.id, now=clock.now(), reason=form.reason.data or ""
        ),
        "retire": lambda ids: review.retire(
            ids, bank, actor_id=current_user.id, reason=form.reason.data or ""
        ),
    }
    tell(acts[name]([pick.revision_id for pick in picks]), "发布" if name == "approve" else step.word)


def _change(name: str, form: BulkForm) -> bulk.Change:
    if name == "uses":
        if not form.uses.data:
            raise Refused("uses", "请至少选择一种用途。", "没有改动任何内容。", status=422)
        return bulk.with_uses(form.uses.data)
    tags = labels.tags_of(form.tags.data or "")
    if not tags:
        raise Refused("tags", "请填写标签。", "没有改动任何内容。", status=422)
    return bulk.with_tags(tags) if name == "tag" else bulk.without_tags(tags)
