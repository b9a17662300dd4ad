"""The pages of regulations: the list, the contents, an article, a chapter or the whole text, finding words."""

from flask import render_template, request
from flask_login import current_user

from quizapp.regulations import (  # noqa: F401 - some hang their pages, commands and the minute's work in
    access,
    cli,
    import_views,
    jobs,
    note_views,
    noting,
    queries,
    table_views,
)
from quizapp.regulations.access import reading
from quizapp.regulations.defining import definitions
from quizapp.regulations.finding import asked
from quizapp.regulations.pages import bp
from quizapp.regulations.quoting import chapter_mentions, mentions
from quizapp.regulations.reading import article_view


@bp.get("/regulations/")
@reading
def index():
    return render_template(
        "regulations/index.html", shelf=queries.shelf(), may_import=access.keeps_regulations()
    )


@bp.get("/regulations/search")
@reading
def search():
    query, slug = request.args.get("q", ""), request.args.get("in") or None
    found = queries.search(query, page=request.args.get("page", 1, int), slug=slug)
    return render_template("regulations/search.html", query=query, slug=slug, found=found)


@bp.get("/regulations/<slug>")
@reading
def show(slug):
    opened = access.open_or_404(slug, request.args.get("edition"))
    return render_template(
        "regulations/show.html", opened=opened, law=opened.law, defined=definitions(opened.law)
    )


@bp.get("/regulations/<slug>/text")
@reading
def text(slug):
    """The whole text in one page."""
    opened = access.open_or_404(slug, request.args.get("edition"))
    return _chapters(opened, opened.law.chapters, whole=True)


@bp.get("/regulations/<slug>/chapters/<number>")
@reading
def chapter(slug, number):
    opened = access.open_or_404(slug, request.args.get("edition"))
    return _chapters(opened, [access.chapter_or_404(opened.law, number)], whole=False)


def _chapters(opened, chapters, *, whole):
    numbers = [number for chapter in chapters for number in chapter.articles]
    views = {number: article_view(opened.law, number, with_words=True) for number in numbers}
    return render_template(
        "regulations/text.html",
        opened=opened,
        law=opened.law,
        chapters=chapters,
        views=views,
        whole=whole,
        mentions=() if whole else chapter_mentions(opened.law, chapters[0]),
        own=_own(opened, numbers),
    )


@bp.get("/regulations/<slug>/<article>")
@reading
def article(slug, article):
    """An article; or a 款, 项 or 目 of it by its own address (24.1, 31.1.6), which then is marked."""
    opened = access.open_or_404(slug, request.args.get("edition"))
    law, found = opened.law, access.provision_or_404(opened.law, article)
    words = queries.said_in(law, found.number, asked(request.args.get("q", "")))
    return render_template(
        "regulations/article.html",
        opened=opened,
        law=law,
        article=found,
        anchor=article,
        view=article_view(law, found, words, any_case=True, with_words=True),
        neighbours=law.neighbours(found.number),
        mentions=mentions(law).get(found.number, ()),
        defined=[d for d in definitions(law) if d.anchor.partition(".")[0] == found.number],
        own=_own(opened, [found.number]),
    )


def _own(opened, numbers):
    """What this person kept of these articles: by anchor; only beside the edition in force."""
    return noting.on_page(current_user.id, opened.regulation.id, numbers) if opened.edition.in_force else {}
