"""查验: what anybody may know of a certificate whose number they hold, and the public keys. No sign-in, no search."""

from typing import Any

from flask import Response, g, make_response, redirect, render_template, request, url_for

from quizapp import clock, config, dates
from quizapp.attempts.certificates import keys, looking_up, masking, numbers, queries
from quizapp.attempts.certificates.pages import bp
from quizapp.db import db
from quizapp.errors import Refused

UNKNOWN = "没有找到这个编号的证书。请核对编号；编号无误的，证书不是本系统颁发的。"
WRONG = "证书编号不正确，请照证书右上角重新输入，如XF-2026-7K3M9-QPD4C。"


def _unlisted(page: str, status: int = 200) -> Response:
    """A page that search engines leave out."""
    reply = make_response(page, status)
    reply.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return reply


@bp.get("/c")
def check() -> Any:
    """Where a number is typed in."""
    typed = request.args.get("number", "").strip()
    if not typed:
        return _unlisted(render_template("attempts/certificates/check.html", typed="", problem=""))
    number = numbers.read(typed)
    if number is None:
        return _unlisted(
            render_template("attempts/certificates/check.html", typed=typed[:40], problem=WRONG), 422
        )
    return redirect(url_for(".public", number=number), 303)


@bp.get("/c/<number>")
def public(number: str) -> Any:
    """What the certificate says, the name masked, and whether it stands."""
    read, now, address = numbers.read(number), clock.now(), request.remote_addr or ""
    if read is None:
        return _unlisted(
            render_template("attempts/certificates/check.html", typed=number[:40], problem=WRONG), 404
        )
    if looking_up.is_refused(address, now):
        advice = f"请过{config.value('LOCK_MINUTES')}分钟再试，或用证书上的离线核验码核验。"
        raise Refused("too_often", "查验次数过多，暂时不能查验。", advice, status=429)
    found = queries.by_number(read)
    if found is None:
        _count_miss(address)
        return _unlisted(
            render_template("attempts/certificates/check.html", typed=read, problem=UNKNOWN), 404
        )
    said = found.certificate.signed.printed
    facts = [
        ("编号", said.number),
        ("姓名", masking.masked(said.claim.name)),
        ("单位", said.claim.unit),
        ("考试", said.claim.exam),
        ("考试日期", dates.day(said.examined_on)),
        ("成绩", said.claim.level),
        ("发证单位", said.claim.issuer),
        ("发证日期", dates.day(said.issued_on)),
    ]
    page = render_template(
        "attempts/certificates/public.html",
        title=said.claim.title,
        standing=found.standing,
        facts=facts,
        now=now,
    )
    return _unlisted(page)


def _count_miss(address: str) -> None:
    """The one thing that looking up writes."""
    db.session.rollback()
    g.read_only = False
    looking_up.missed(address, clock.now())
    db.session.commit()


@bp.get("/c/keys", endpoint="keys")
def public_keys() -> Any:
    """The public halves of all keys, for whoever checks signatures without this server."""
    return _unlisted(render_template("attempts/certificates/keys.html", keys=keys.everything()))
