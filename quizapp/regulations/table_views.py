"""What is made from a regulation's text: 期限和数字一览, and two editions side by side."""

from typing import Any

from flask import render_template, request

from quizapp.regulations import access, queries
from quizapp.regulations.access import reading
from quizapp.regulations.comparing import compared
from quizapp.regulations.pages import bp
from quizapp.regulations.quantities import quantities


@bp.get("/regulations/<slug>/numbers")
@reading
def numbers(slug: str) -> Any:
    opened = access.open_or_404(slug, request.args.get("edition"))
    return render_template(
        "regulations/numbers.html", opened=opened, law=opened.law, rows=quantities(opened.law)
    )


@bp.get("/regulations/<slug>/compare")
@reading
def compare(slug: str) -> Any:
    """?edition= (none: the one in force) beside ?with= (none: the one before it)."""
    opened = access.open_or_404(slug, request.args.get("edition"))
    other = access.other_edition(opened, request.args.get("with"))
    old, new = sorted((other, opened.edition), key=lambda edition: edition.effective_on)
    known = queries.laws([old.id, new.id])
    rows = compared(known[old.id], known[new.id])
    changed = [row for row in rows if row.change != "same"]
    return render_template(
        "regulations/compare.html",
        opened=opened,
        old=old,
        new=new,
        laws=known,
        rows=rows if "all" in request.args else changed,
        changed=changed,
        total=len(rows),
        everything="all" in request.args,
    )
