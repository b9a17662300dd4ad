"""Where anybody looks a certificate up: what its first code holds."""

from flask import url_for


def page(number: str) -> str:
    """The whole address of the public page of a certificate."""
    return url_for("certificates.public", number=number, _external=True)


def base() -> str:
    """The same up to the number, which `sheet.pdf` adds."""
    return page("0").removesuffix("0")
