"""Assembly of papers on a bank by chance: 5,000 questions as a county that has run exams for years would have them."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from statistics import fmean

from quizapp.exams.assembly.costs import CLOSE, MARK, ONE, worn, worth
from quizapp.exams.assembly.forms import Assembled, assemble
from quizapp.exams.assembly.plans import draw, plan
from quizapp.exams.blueprint import Enemies, Item, Row, expected_of, kept, questions
from quizapp.exams.drawing import some_of
from tests.bench.rows import Row as Figure
from tests.bench.rows import at_most

QUESTIONS = 5000
SECTIONS = {"single": 50, "multiple": 25, "judge": 25}
POINTS = {"single": 10, "multiple": 12, "judge": 8}  # 100分
ARTICLES = 50
CHAPTERS = (3, 5, 3, 8, 9, 4, 6, 4, 4, 3, 1)  # how many of the articles stand in each of the 11
LEVELS = (15, 30, 30, 18, 7)  # percent of the questions, easy to hard
DRAWS = 200  # sets by chance that are compared
SECONDS = {3: 20.0, 5: 60.0}  # papers → goal
FIRST, DIFFERENCE = 1.0, 0.25  # seconds to the first set; 分 of 100


def bank(seed: str = "bank") -> tuple[list[Item], Enemies]:
    """Half of the questions have answers, a tenth were used in recent exams, most were seen in practice."""
    random = Random(seed)
    chapter_of = [str(number + 1) for number, size in enumerate(CHAPTERS) for _ in range(size)]
    items = [_question(number, chapter_of, random) for number in range(QUESTIONS)]
    enemies = []
    for _ in range(300):  # near-duplicates and the same quote: mostly pairs of one article
        first = items[int(random.random() * QUESTIONS)]
        near = [item.revision_id for item in items if item.article == first.article]
        enemies.append(frozenset(some_of(near, 2 + int(random.random() * 2), random)))
    return items, enemies


def _question(number: int, chapter_of: list[str], random: Random) -> Item:
    article = int(random.random() ** 1.3 * ARTICLES)
    kind = _by_weight(random, SECTIONS)
    level = int(_by_weight(random, {str(i + 1): share for i, share in enumerate(LEVELS)}))
    expected = expected_of(level)
    if random.random() < 0.5:
        expected = min(0.99, max(0.2, expected + 0.25 * (random.random() - random.random())))
    wear = 1.0 if random.random() < 0.1 else 0.6 * random.random()
    tags = frozenset({"情景"} if random.random() < 0.15 else ())
    place = chapter_of[article], str(article + 1)
    return Item(number + 1, number + 1, kind, "tiaoli", *place, tags, level, expected, round(wear, 3))


def _by_weight(random: Random, weights: dict[str, int]) -> str:
    names = [name for name, weight in weights.items() for _ in range(weight)]
    return names[int(random.random() * len(names))]


def blueprint() -> list[Row]:
    """Sections, every chapter, chapters of each kind in their proportions, difficulty, tags and some articles."""
    found = [Row(kind, least=count, most=count) for kind, count in SECTIONS.items()]
    for number, size in enumerate(CHAPTERS):
        chapter = str(number + 1)
        found.append(Row(chapter=chapter, least=max(2, size * 2 - 3), most=size * 2 + 6))
        for kind, count in SECTIONS.items():
            fair = count * size // ARTICLES
            found.append(Row(kind, chapter=chapter, least=max(0, fair - 2), most=fair + 3))
    found += [
        Row(difficulty=(level, level), least=share - 3, most=share + 3)
        for level, share in enumerate(LEVELS, 1)
    ]
    found += [Row(article=str(number), least=1, most=6) for number in range(1, 51, 2)]
    return [*found, Row(tag="情景", least=12, most=20)]


@dataclass(frozen=True)
class Measured:
    """A run, and when its first set was there (seconds)."""

    made: Assembled
    first: float


def rows() -> Iterator[Figure]:
    """3 and 5 papers of 100 questions by HiGHS and swapping, beside papers drawn by chance from the same cells."""
    items, enemies = bank()
    asked = blueprint()
    for forms, seconds in SECONDS.items():
        run = _assembled(asked, items, enemies, forms)
        made, name = run.made, f"assembly-{forms}"
        sound = _sound(asked, items, enemies, made)
        size = f"{forms} papers of {questions(asked)} out of {QUESTIONS}"
        detail = f"seconds to the first set: {size}, {len(asked)} rows, {len(enemies)} enemy groups"
        yield at_most(f"{name}-first", run.first, FIRST, detail, sound=sound)
        detail = f"seconds to the end, {made.steps} steps; worn questions {made.cost / ONE:.2f}"
        yield at_most(f"{name}-end", made.seconds, seconds, detail, sound=sound)
        detail = f"how much cheaper any set may be: cost {made.cost}, proven bound {made.bound}"
        yield at_most(f"{name}-gap", (made.cost - made.bound) / made.cost, CLOSE, detail, sound=sound)
        by_chance, worn_by_chance = drawn_by_chance(asked, items, forms)
        detail = (
            f"分 between the highest and lowest expected score; drawn by chance from the same cells {by_chance:.2f}"
            f" (mean of {DRAWS} sets; worn questions {worn_by_chance:.1f})"
        )
        yield at_most(f"{name}-differ", made.difference / MARK, DIFFERENCE, detail, sound=sound)


def _assembled(asked: list[Row], items: list[Item], enemies: Enemies, forms: int) -> Measured:
    told: list[float] = []

    def watch(_cost: int, _bound: int, seconds: float) -> bool:
        told.append(seconds)
        return False

    made = assemble(asked, items, POINTS, seed="bench", forms=forms, enemies=enemies, on_progress=watch)
    return Measured(made, told[0])


def _sound(asked: list[Row], items: list[Item], enemies: Enemies, made: Assembled) -> bool:
    """Whether the papers keep every row and every peace, and share nothing."""
    by_id = {item.revision_id: item for item in items}
    papers = [[by_id[revision_id] for revision_id in form] for form in made.forms]
    held = [revision_id for form in made.forms for revision_id in form]
    peace = all(len(group & set(form)) <= 1 for group in enemies for form in made.forms)
    return all(kept(asked, paper) for paper in papers) and len(held) == len(set(held)) and peace


def drawn_by_chance(asked: list[Row], items: list[Item], forms: int) -> tuple[float, float]:
    """Random stratified drawing: every paper takes the same counts from cells that are split by difficulty.

    Mean over DRAWS sets of the difference between the highest and lowest expected score (分), and of worn questions.
    """
    frozen = plan(asked, items)
    if frozen is None:
        raise RuntimeError("the blueprint of the benchmark cannot be made")
    by_id, differences, wears = {item.revision_id: item for item in items}, [], []
    for turn in range(DRAWS):
        random = Random(f"chance/{turn}")
        papers = [[by_id[found] for found in draw(frozen, random)] for _ in range(forms)]
        scores = [sum(worth(item, POINTS) for item in paper) for paper in papers]
        differences.append((max(scores) - min(scores)) / MARK)
        wears.append(sum(worn(item) for paper in papers for item in paper) / ONE)
    return fmean(differences), fmean(wears)
