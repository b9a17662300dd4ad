"""What templates, styles and scripts may use: the browser floor (Chromium 86, iOS 14.5), tokens, and a strict CSP."""

import re

import pytest

from tests.databases import ROOT

STYLES = sorted((ROOT / "quizapp/static/css").glob("*.css"))
SCRIPTS = sorted((ROOT / "quizapp/static/js").rglob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TOO_NEW_CSS = {
    ":has": r":has\(",
    "@container": r"@container",
    "@layer": r"@layer",
    "nesting": r"^\s*&",
    "color-mix": r"color-mix\(",
    "aspect-ratio": r"aspect-ratio",
    "inset": r"(?<![-\w])inset\s*:",
    "logical padding and margin": r"(padding|margin)-(inline|block)",
    ":is": r":is\(",
    ":where": r":where\(",
    "dvh": r"\d(dvh|svh|lvh)\b",
    "text-wrap": r"text-wrap",
}
TOO_NEW_JS = {
    "Array.at": r"\.at\(-?\d",
    "structuredClone": r"structuredClone",
    "top-level await": r"^await ",
    "inert": r"\binert\b",
    "popover": r"popover",
    "Object.hasOwn": r"hasOwn\(",
    "replaceAll of strings is fine, findLast is not": r"findLast",
    "private class fields": r"this\.#",
}


def plain(text: str) -> str:
    """Without comments."""
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def names(path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", STYLES, ids=names)
def test_styles_stay_above_the_floor(path):
    text = plain(path.read_text(encoding="utf-8"))
    assert [name for name, pattern in TOO_NEW_CSS.items() if re.search(pattern, text, re.M)] == []


@pytest.mark.parametrize("path", [path for path in STYLES if path.name != "tokens.css"], ids=names)
def test_colours_stand_among_the_tokens_alone(path):
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", plain(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=names)
def test_scripts_stay_above_the_floor_and_make_no_html_of_text(path):
    text = re.sub(r"^\s*//.*$", "", plain(path.read_text(encoding="utf-8")), flags=re.M)
    assert [name for name, pattern in TOO_NEW_JS.items() if re.search(pattern, text, re.M)] == []
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=names)
def test_templates_hold_no_inline_style_or_script_and_trust_no_text(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r"<[^>{]*\s(style|on[a-z]+)=|<style|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"\|\s*safe\b|autoescape false", text)
