"""The parts of a Word file (a zip of XML) and the few questions asked of an element; namespaces are not looked at.

Word, WPS and others write the same names in different namespaces (transitional, strict). Runs in a child process.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

_OFF = ("0", "false", "off", "none")


class Parts:
    """The XML of a package, found by what one part calls another. Broken XML, or a DTD, raises (H33)."""

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._names = set(self._archive.namelist())
        self.main = (self.related("", "officeDocument") or ["word/document.xml"])[0]

    @property
    def has_macros(self) -> bool:
        kinds = self._archive.read("[Content_Types].xml") if "[Content_Types].xml" in self._names else b""
        return b"macroEnabled" in kinds or any(name.endswith("vbaProject.bin") for name in self._names)

    def tree(self, name: str) -> Element:
        """Raises KeyError when the package has no such part."""
        root: Element = fromstring(self._archive.read(name), forbid_dtd=True)
        return root

    def related(self, name: str, kind: str) -> list[str]:
        """Names of the parts of this kind (styles, numbering, header …) that a part calls; "" is the package."""
        folder, base = posixpath.split(name)
        relations = posixpath.join(folder, "_rels", f"{base}.rels")
        if relations not in self._names:
            return []
        wanted = (
            posixpath.normpath(posixpath.join(folder, attribute(relation, "Target"))).lstrip("/")
            for relation in self.tree(relations)
            if attribute(relation, "Type").endswith(f"/{kind}")
        )
        return [target for target in wanted if target in self._names]

    def one(self, kind: str) -> Element | None:
        """The part of this kind of the document, such as its styles; None where it has none."""
        names = self.related(self.main, kind)
        return self.tree(names[0]) if names else None


def local(element: Element) -> str:
    """A tag without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """An attribute by its name without namespace; "" where it is absent."""
    for key, value in element.attrib.items():
        if key == name or key.endswith(f"}}{name}"):
            return str(value)
    return ""


def inside(element: Element | None, *path: str) -> Element | None:
    """The first child, grandchild … along these names; None where one is absent."""
    for name in path:
        element = (
            next((found for found in element if local(found) == name), None) if element is not None else None
        )
    return element


def every(element: Element | None, name: str) -> Iterator[Element]:
    """The children of this name."""
    return (found for found in (element if element is not None else ()) if local(found) == name)


def value(element: Element | None, *path: str) -> str:
    """The `val` at the end of a path; "" where anything is absent."""
    found = inside(element, *path)
    return attribute(found, "val") if found is not None else ""


def number(text: str, default: int) -> int:
    """A whole number of at most five digits, else the default."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 5 else default


def switched_on(properties: Element | None, name: str) -> bool:
    """Whether a property such as u or vanish is there and does not say no."""
    found = inside(properties, name)
    return found is not None and attribute(found, "val").lower() not in _OFF
