"""The pages of regulations: the list, the contents, an article, a chapter or the whole text, finding words."""

from flask import render_template, request

from quizapp.regulations import (  # noqa: F401 - some hang their pages, commands and the minute's work in
    access,
    cli,
    import_views,
    jobs,
    queries,
)
from quizapp.regulations.access import reading
from quizapp.regulations.finding import asked
from quizapp.regulations.pages import bp
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
    return render_template("regulations/show.html", opened=opened, law=opened.law)


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
    views = {number: article_view(opened.law, number) for c in chapters for number in c.articles}
    return render_template(
        "regulations/text.html", opened=opened, law=opened.law, chapters=chapters, views=views, whole=whole
    )


@bp.get("/regulations/<slug>/<article>")
@reading
def article(slug, article):
    opened = access.open_or_404(slug, request.args.get("edition"))
    found = access.article_or_404(opened.law, article)
    words = asked(request.args.get("q", ""))
    return render_template(
        "regulations/article.html",
        opened=opened,
        law=opened.law,
        article=found,
        view=article_view(opened.law, found, words, any_case=True),
        neighbours=opened.law.neighbours(article),
    )
