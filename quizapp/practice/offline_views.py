"""Practising without a network: the page and its worker, the set that it keeps, the answers that come later."""

import gzip
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from quizapp import clock, config
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.practice import actions, offline_taking, quizzes
from quizapp.practice.access import practising
from quizapp.practice.offline_set import book_mark, book_now, offline_set, whose

bp = Blueprint("offline", __name__)
ASSET = re.compile(r'(?:src|href)="([^"]+\?v=[^"]+)"')  # a file of the page, with the hash of its content
MODULES = (  # the page's script and what it imports
    *("app", "database", "keeping", "pages", "sending", "state", "talking", "telling", "view"),
)
Shape = TypeVar("Shape")
HTML = "text/html; charset=utf-8"


# The page, for anybody: what is personal comes from the set ---------------------------------------------------------


@bp.get("/practice/offline")
def page() -> Any:
    return shell()


@bp.get("/sw.js")
def worker() -> Any:
    """The worker that keeps the page and its files. Its text names them, so that a new version of any is noticed."""
    html = shell()
    files = [address for address in ASSET.findall(html) if ".png?" not in address]
    modules = [url_for("static", filename=f"js/offline/{name}.js") for name in MODULES]
    whole = hashlib.sha256(html.encode())
    for name in MODULES:
        whole.update(_script(name).encode())
    kept = {
        "version": whole.hexdigest()[:16],
        "page": url_for("offline.page"),
        "files": list(dict.fromkeys(files)),
        "modules": modules,
        "fallback": [url_for("home.index"), url_for("practice.index"), url_for("regulations.index")],
        "signOut": url_for("people.sign_out"),
    }
    text = f"const KEPT = {json.dumps(kept)};\n{_script('worker')}"
    return Response(text, mimetype="text/javascript")


@bp.get("/manifest.webmanifest")
def manifest() -> Any:
    """What lets a browser offer to install the app; only where the installation says that it may."""
    if not config.value("INSTALLABLE"):
        not_found()
    icon = {"type": "image/png", "purpose": "any"}
    icons = [
        icon | {"sizes": f"{side}x{side}", "src": url_for("static", filename=f"img/icon-{side}.png")}
        for side in (192, 512)
    ]
    icons.append(
        icon
        | {"sizes": "512x512", "purpose": "maskable"}
        | {"src": url_for("static", filename="img/icon-maskable-512.png")}
    )
    name, start = config.value("SITE_NAME"), url_for("home.index")
    told = {"name": name, "short_name": name[:12], "lang": "zh-CN", "display": "standalone", "icons": icons}
    text = json.dumps(told | {"start_url": start, "scope": start, "id": start}, ensure_ascii=False)
    return Response(text, mimetype="application/manifest+json")


def shell() -> str:
    """The page without anything of a person: no name, no token, no menu. The same for everybody."""
    return render_template(
        "practice/offline.html", csrf_token=lambda: "", nav=[], text_size="", theme="", in_hall=False
    )


def _script(name: str) -> str:
    path = Path(current_app.static_folder or "") / "js" / "offline" / f"{name}.js"
    return path.read_text(encoding="utf-8")


# The set --------------------------------------------------------------------------------------------------------------


@bp.get("/practice/offline-set")
@practising
def carried() -> Any:
    """The set of whoever is signed in. Not sent again while its ETag is the one that the phone has."""
    values = offline_set(current_user, clock.now())
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(text, mimetype="application/json")
    response.set_etag(hashlib.sha256(text).hexdigest()[:32], weak=True)
    response.make_conditional(request)
    if response.status_code == 200 and request.accept_encodings["gzip"]:
        response.set_data(gzip.compress(text, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


@bp.post("/practice/offline-set")
@practising
def prepare() -> Any:
    """Before the set is fetched: draw today's quiz, unless it has been drawn or nothing needs practice."""
    day = clock.today()
    if not quizzes.daily_quiz(current_user.id, day) and quizzes.today(current_user.id, day).total:
        actions.begin_daily(current_user.id, day)
    db.session.commit()
    return jsonify(code="prepared")


@bp.post("/practice/offline-book")
@practising
def book() -> Any:
    """The wrong-question book as it is now, with the questions that the phone does not have. Writes nothing."""
    have = _shaped(offline_taking.revisions_in)
    return jsonify(code="book", **book_now(current_user, have))


# The answers ----------------------------------------------------------------------------------------------------------


@bp.get("/practice/answers")
@practising
def ready() -> Any:
    """Whose answers are taken now, the time, the day, how far its quiz is, which wrong-question book there is, and the
    token to send with."""
    now = clock.now()
    day = clock.today(now)
    return jsonify(
        code="ready",
        person=whose(current_user),
        time=now.isoformat(timespec="milliseconds"),
        day=day.isoformat(),
        drawn=quizzes.daily_quiz(current_user.id, day) is not None,
        answered=len(quizzes.daily_answers(current_user.id, day)),
        book=book_mark(current_user.id),
        csrf_token=generate_csrf(),
    )


@bp.post("/practice/answers")
@practising
def answers() -> Any:
    """Answers that waited. What was stored, now or before, and what never can be, by client id."""
    person, given, misshapen = _shaped(offline_taking.read)
    if person != whose(current_user):
        raise Refused("other_person", "当前登录的是另一账号，答案没有上传。", "答案仍在本机。")
    taken = offline_taking.take(current_user.id, given, clock.now())
    db.session.commit()
    refused = dict.fromkeys(misshapen, "shape") | taken.refused
    told = [
        {"id": one, "code": code, "sentence": offline_taking.REFUSALS[code]} for one, code in refused.items()
    ]
    return jsonify(code="taken", stored=taken.stored, refused=told, book=book_mark(current_user.id))


def _shaped(read: Callable[[Any], Shape]) -> Shape:
    """What a reader makes of the body of this request; 422 for what has another shape."""
    try:
        return read(_body())
    except offline_taking.WrongShape as wrong:
        raise Refused(
            "shape", "页面送出的数据有误，没有保存。", "答案仍在本机，请刷新页面。", status=422
        ) from wrong


def _body() -> Any:
    """The JSON of this request: 415 or 413 for what is none."""
    if not request.is_json:
        raise UnsupportedMediaType
    request.max_content_length = offline_taking.LARGEST_BODY
    if (request.content_length or 0) > offline_taking.LARGEST_BODY:
        raise RequestEntityTooLarge
    try:
        return json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError) as broken:
        raise offline_taking.WrongShape("no JSON") from broken
