"""The figures of an exam or of a table of marks as one JSON document, described in docs/formats.md. Marks are 分."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from quizapp.analysis import distractors, flags, items, linking, rasch, whole
from quizapp.analysis.describing import About
from quizapp.analysis.sheets import Sheets

VERSION = 1


def document(sheets: Sheets, about: Mapping[int, About] | None = None) -> dict[str, Any]:
    """about: of each revision, of an exam; none: a table, of which only marks are known."""
    scale = rasch.difficulties(sheets)
    figures = items.statistics(sheets)
    return {
        "version": VERSION,
        "test": _test(whole.statistics(sheets)),
        "items": [
            _item(sheets, place, item, (about or {}).get(item.id if isinstance(item.id, int) else -1), logit)
            for place, (item, logit) in enumerate(zip(figures, scale.difficulties, strict=True))
        ],
        "rasch": {
            "method": "marginal maximum likelihood",
            "converged": scale.converged,
            "rounds": scale.rounds,
            "attempts": scale.attempts,
            "ability_mean": scale.mean if scale.converged else None,
            "ability_spread": scale.spread if scale.converged else None,
        },
        "forms": _forms(sheets),
    }


def _points(tenths: float | None) -> float | None:
    return None if tenths is None else tenths / 10


def _test(found: whole.TestStatistics) -> dict[str, Any]:
    return {
        "attempts": found.attempts,
        "items": found.items,
        "places": found.places,
        "maximum": _points(found.maximum),
        "mean": _points(found.mean),
        "median": _points(found.median),
        "standard_deviation": _points(found.deviation),
        "skewness": found.skewness,
        "kurtosis": found.kurtosis,
        "internal_consistency": found.consistency,
        "error_ratio": found.error_ratio,
        "standard_error": _points(found.standard_error),
        "kr20": found.kr20,
    }


def _item(
    sheets: Sheets, place: int, item: items.ItemStatistics, about: About | None, logit: rasch.Difficulty
) -> dict[str, Any]:
    options = distractors.of(sheets, place, about.options, about.key) if about else []
    found: dict[str, Any] = {
        "id": item.id,
        "attempts": item.attempts,
        "maximum": _points(item.maximum),
        "drawn": item.drawn,
        "mean": _points(item.mean),
        "facility": item.facility,
        "standard_deviation": _points(item.deviation),
        "random_guess_score": items.guess_score(about.kind, about.options) if about else None,
        "intended_weight": item.intended_weight,
        "effective_weight": item.effective_weight,
        "negative_covariance": item.negative_covariance,
        "discrimination_index": item.discrimination,
        "discriminative_efficiency": item.efficiency,
        "rasch_difficulty": logit.logit,
        "rasch_standard_error": logit.error,
        "expected_facility": logit.facility,
        "flags": [
            {"code": flag.code, "word": flag.word, "letters": flag.letters, "evidence": flag.evidence}
            for flag in flags.of(item, options, about.rated if about else None)
        ],
    }
    if about:
        found |= {
            "code": about.code,
            "kind": about.kind,
            "stem": about.stem,
            "key": list(about.accepted),
            "rated_difficulty": about.rated,
            "options": [asdict(option) | {"quintiles": list(option.quintiles)} for option in options],
            "answers": [
                {"letters": letters, "count": n} for letters, n in distractors.pattern(sheets, place)
            ],
        }
    return found


def _forms(sheets: Sheets) -> list[dict[str, Any]]:
    """Each paper by itself, and its link to the first."""
    if sheets.forms is None:
        return []
    links = {link.x.number: link for link in linking.forms(sheets)}
    found = []
    for number in sorted(set(sheets.forms.tolist())):
        own = sheets.of_form(number)
        weights = [
            {
                "id": item.id,
                "intended_weight": item.intended_weight,
                "effective_weight": item.effective_weight,
                "negative_covariance": item.negative_covariance,
            }
            for item in items.statistics(own)
        ]
        found.append(
            {
                "form": number,
                "test": _test(whole.statistics(own)),
                "items": weights,
                "link": _link(links[number]) if number in links else None,
            }
        )
    return found


def _link(link: linking.Linking) -> dict[str, Any]:
    """At the mean of the form, and by half deviations up to two below and above it."""
    x = link.x
    steps = [x.mean + x.deviation * step / 2 for step in range(-4, 5)]
    linear = [(total, *link.linear(total)) for total in steps] if x.deviation else []
    return {
        "to_form": link.y.number,
        "shift": link.shift / 10,
        "shift_error": link.shift_error / 10,
        "slope": link.y.deviation / x.deviation if x.deviation else None,
        "linear": [{"total": t / 10, "linked": linked / 10, "error": e / 10} for t, linked, e in linear],
    }
