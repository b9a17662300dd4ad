"""An article as it is shown: lines of words, with the deciding words marked and references leading on."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from quizapp.regulations.citing import Article, Law
from quizapp.regulations.defining import uses
from quizapp.regulations.references import references

Quote = str | tuple[str, str]  # words anywhere in the article, or (anchor, words) below that anchor


@dataclass(frozen=True)
class Run:
    """A stretch of one line. target: the anchor it leads to, "" for none; defined: there stands what it means."""

    text: str
    marked: bool
    target: str = ""
    defined: bool = False


@dataclass(frozen=True)
class LineView:
    """An item or subitem."""

    anchor: str
    kind: str  # paragraph, item, subitem
    marker: str  # （六）
    runs: list[Run]

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """(text, marked), the mark of the item first: what the macro `law` takes."""
        return ([(self.marker, False)] if self.marker else []) + [(run.text, run.marked) for run in self.runs]


@dataclass(frozen=True)
class ParagraphView(LineView):
    """A 款 with the list that hangs on it."""

    items: list[LineView] = field(default_factory=list)


@dataclass(frozen=True)
class ArticleView:
    """A 条."""

    number: str
    in_words: str
    paragraphs: list[ParagraphView]

    @property
    def lines(self) -> list[LineView]:
        """All lines that carry words, in order."""
        lines = [line for paragraph in self.paragraphs for line in (paragraph, *paragraph.items)]
        return [line for line in lines if line.runs]

    @property
    def pieces(self) -> list[list[tuple[str, bool]]]:
        """The lines as the macro `law` takes them."""
        return [line.pieces for line in self.lines]


def article_view(
    law: Law,
    article: Article | str,
    quotes: Iterable[Quote] = (),
    *,
    any_case: bool = False,
    with_words: bool = False,
) -> ArticleView:
    """An article with every place of the quotes marked; a quote may run over several lines. Words that do not
    stand there mark nothing. any_case: upper and lower case letters are alike, as when searching. with_words: where
    a word that the regulation defines first stands, it leads to its meaning."""
    if isinstance(article, str):
        article = law.article(article)
    marks = _marks(article, quotes, any_case)
    shown: dict[str, LineView] = {}
    used = uses(law, article.lines) if with_words else {}
    for line in article.lines:
        leading = [(r.start, r.end, r.anchor, False) for r in references(law, article, line)]
        leading += [(u.start, u.end, u.anchor, True) for u in used.get(line.anchor, ())]
        runs = _runs(line.text, marks[line.anchor], leading)
        shown[line.anchor] = LineView(line.anchor, line.kind, line.marker, runs)
    paragraphs = []
    for paragraph in article.paragraphs:
        own = shown.get(paragraph.anchor)
        below = [line for anchor, line in shown.items() if anchor.startswith(paragraph.anchor + ".")]
        paragraphs.append(ParagraphView(paragraph.anchor, "paragraph", "", own.runs if own else [], below))
    return ArticleView(article.number, article.in_words, paragraphs)


def shortened(line: LineView, *, before: int = 24, after: int = 60) -> LineView:
    """A line cut to its first mark and what stands around it, `before` and `after` in characters."""
    text = "".join(run.text for run in line.runs)
    first = last = 0
    for run in line.runs:
        if run.marked:
            break
        first += len(run.text)
    start = 0 if first <= before * 1.5 else first - before
    last = len(text) if len(text) - first <= after * 1.5 else first + after
    runs, at = [], 0
    for run in line.runs:
        piece = run.text[max(0, start - at) : max(0, last - at)]
        if piece:
            runs.append(replace(run, text=piece))
        at += len(run.text)
    head = [Run("……", False)] if start else []
    tail = [Run("……", False)] if last < len(text) else []
    return replace(line, runs=[*head, *runs, *tail])


def _marks(article: Article, quotes: Iterable[Quote], any_case: bool) -> dict[str, list[tuple[int, int]]]:
    """For each line's anchor the stretches of its text to mark."""
    marks: dict[str, list[tuple[int, int]]] = {line.anchor: [] for line in article.lines}
    for quote in quotes:
        anchor, words = quote if isinstance(quote, tuple) else (article.number, quote)
        wanted = words.strip().replace("\n", "")
        lines = [line for line in article.lines if (line.anchor + ".").startswith(anchor + ".")]
        whole, places = "", []
        for line in lines:
            begin = len(whole) + len(line.marker)
            places.append((line, begin, begin + len(line.text)))
            whole += line.marker + line.text
        if any_case and len(whole.lower()) == len(whole):
            whole, wanted = whole.lower(), wanted.lower()
        at = whole.find(wanted) if wanted else -1
        while at >= 0:
            for line, begin, end in places:
                start, stop = max(at, begin), min(at + len(wanted), end)
                if start < stop:
                    marks[line.anchor].append((start - begin, stop - begin))
            at = whole.find(wanted, at + len(wanted))
    return marks


def _runs(text: str, marks: list[tuple[int, int]], leading: list[tuple[int, int, str, bool]]) -> list[Run]:
    """The text cut where a mark or a way begins or ends; of ways that overlap the first counts."""
    cuts = {0, len(text), *(p for start, end in marks for p in (start, end))}
    cuts |= {p for start, end, _, _ in leading for p in (start, end)}
    edges = sorted(cuts)
    runs: list[Run] = []
    for start, end in zip(edges, edges[1:], strict=False):
        marked = any(s <= start and end <= e for s, e in marks)
        ways = ((anchor, means) for s, e, anchor, means in leading if s <= start and end <= e)
        target, defined = next(ways, ("", False))
        if runs and (runs[-1].marked, runs[-1].target, runs[-1].defined) == (marked, target, defined):
            runs[-1] = replace(runs[-1], text=runs[-1].text + text[start:end])
        else:
            runs.append(Run(text[start:end], marked, target, defined))
    return runs
