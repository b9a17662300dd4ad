"""Inline SVG icons. The drawings are Lucide (ISC licence, parts MIT from Feather), from the package `lucide`."""

from functools import lru_cache

from lucide.jinja import lucide
from markupsafe import Markup

ROOT_SIZE = 16  # px of 1 rem at the standard text size: icons grow with the text


@lru_cache(maxsize=512)
def icon(name: str, size: int = 20, css: str = "") -> Markup:
    """The icon as inline SVG in the colour of the text around it, hidden from screen readers.

    name: a Lucide name such as `house`. size: px at the standard text size. css: further classes.
    Raises lucide.IconDoesNotExist for an unknown name.
    """
    drawing = Markup(lucide(name))  # noqa: S704 - shapes shipped with the package, no input of ours
    inside = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")]
    shapes = Markup("").join(line.strip() for line in inside.splitlines())
    side = f"{size / ROOT_SIZE:g}rem"
    return Markup(
        '<svg class="{}" width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>'
    ).format(f"icon {css}".strip(), side, side, shapes)
