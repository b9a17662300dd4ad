"""Where a page may send somebody back to: an address of this site and nothing else (hazard H43)."""

from urllib.parse import urlsplit


def is_safe_next(target: str | None) -> bool:
    """Whether `target` is a path of this site: one leading "/", no backslash, no control or blank character.

    Browsers drop tabs and line ends, and read "\\" as "/": each of these can turn a path into another host.
    """
    if not target or not target.startswith("/") or target.startswith("//") or len(target) > 2000:
        return False
    if "\\" in target or any(ord(c) <= 0x20 or 0x7F <= ord(c) <= 0xA0 or c.isspace() for c in target):
        return False
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc


def under(prefix: str, target: str) -> str:
    """The address as the browser knows it: with the path under which the site runs, once."""
    return target if not prefix or target == prefix or target.startswith(f"{prefix}/") else prefix + target
