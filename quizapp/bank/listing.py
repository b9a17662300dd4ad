"""What an address asks of the list of a bank's questions: filters, order, size and number of the page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from quizapp.bank import catalogue
from quizapp.bank.forms import FilterForm

NAMES = {  # what an address may say about the list; anything else is not handed on
    *("q", "kind", "article", "difficulty", "status", "use", "tag", "author", "batch"),
    *("sort", "size", "page"),
}


@dataclass(frozen=True)
class Asked:
    """The list as asked for. total and pages: how much of it there is."""

    form: FilterForm
    filters: catalogue.Filters
    sort: str
    size: int
    page: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def narrowed(self) -> bool:
        """Whether anything behind 按条文、题型… is set, the order included."""
        plain = catalogue.Filters()
        hidden = replace(self.filters, words="", batch_id=None)
        return hidden != plain or self.sort != "code" or self.size != catalogue.SIZES[0]

    def rows(self, bank_id: int) -> list[catalogue.QuestionRow]:
        start = (self.page - 1) * self.size
        return catalogue.questions(bank_id, self.filters, sort=self.sort, offset=start, limit=self.size)


def asked(args: MultiDict[str, str], bank_id: int) -> Asked:
    """Read an address; what makes no sense is ignored."""
    form = FilterForm(args)
    filters = catalogue.Filters(
        words=form.q.data or "",
        kind=form.kind.data or "",
        article=form.article.data or "",
        difficulty=_number(form.difficulty.data),
        status=form.status.data or "",
        use=form.use.data or "",
        tag=form.tag.data or "",
        author_id=_number(form.author.data),
        batch_id=args.get("batch", type=int),
    )
    size = _number(form.size.data)
    sort = form.sort.data or ""
    found = Asked(
        form,
        filters,
        sort if sort in catalogue.SORTS else "code",
        size if size in catalogue.SIZES else catalogue.SIZES[0],
        1,
        catalogue.count_questions(bank_id, filters),
    )
    page = min(max(args.get("page", 1, type=int), 1), found.pages)
    return replace(found, page=page)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 10 else None


def kept(args: Mapping[str, str]) -> dict[str, Any]:
    """The part of an address that says what the list shows, to hand on."""
    return {name: value for name, value in args.items() if value and name in NAMES}
