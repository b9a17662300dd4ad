"""IMS content packages: a zip whose imsmanifest.xml names the files of questions in their order.

Names out of an archive only ever serve as keys: no path is written or opened anywhere (H34). Sizes are counted before
anything is parsed (H32).
"""

import io
import posixpath
import stat
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from quizapp.bank.drafts import Problem
from quizapp.bank.formats import qti_text
from quizapp.bank.formats.markup import local_name
from quizapp.errors import Refused
from quizapp.spreadsheets import check_zip

MANIFEST = "imsmanifest.xml"
ENDINGS = (".xml", ".qti", ".dat")  # .qti: Canvas; .dat: Blackboard
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True)
class Resource:
    """A file of questions. data: None where the manifest names a file that the archive lacks."""

    name: str
    data: bytes | None
    metadata: Element | None = None  # what the manifest says about it


def is_package(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


def resources(data: bytes) -> tuple[list[Resource], list[Problem]]:
    """The files of questions in the manifest's order, and what is wrong with the archive as a whole.

    Without a manifest every XML file counts, in the archive's order. Raises Refused for a damaged, encrypted or
    oversized archive and for a broken manifest.
    """
    check_zip(data, _refuse("file_broken", "压缩包已损坏或已加密。", "请重新导出后再上传。"))
    files, problems = _files(data)
    found = min(
        (name for name in files if posixpath.basename(name).lower() == MANIFEST),
        key=lambda name: name.count("/"),
        default=None,
    )
    if found is None:
        problems.append(_warning("压缩包中没有imsmanifest.xml，按文件在压缩包中的顺序读入。"))
        return [Resource(name, content) for name, content in files.items()], problems
    return _named(qti_text.root_of(files.pop(found)), posixpath.dirname(found), files), problems


def _refuse(code: str, sentence: str, advice: str) -> Refused:
    return Refused(code, sentence, f"没有保存任何内容。{advice}", status=422)


def _warning(message: str) -> Problem:
    return Problem(1, "压缩包", message, "warning")


def _files(data: bytes) -> tuple[dict[str, bytes], list[Problem]]:
    """What could be XML, by safe names; unsafe ones are told and left alone."""
    files: dict[str, bytes] = {}
    unsafe: list[str] = []
    problems: list[Problem] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            name = _name(entry)
            if name is None:
                unsafe.append(entry.filename)
            elif name in files:
                problems.append(_warning(f"压缩包中有两个“{name[:60]}”，只读入前一个。"))
            elif name.lower().endswith(ENDINGS) and not name.startswith("__MACOSX/"):
                files[name] = archive.read(entry)
    if unsafe:
        said = f"压缩包中有{len(unsafe)}个文件的路径不安全，没有读入，如“{unsafe[0][:60]}”。"
        problems.append(_warning(said))
    return files, problems


def _name(entry: zipfile.ZipInfo) -> str | None:
    """The entry's name with forward slashes; None for one that points out of the archive, a link, or a NUL in it."""
    name = entry.orig_filename
    if not entry.flag_bits & 0x800:  # no UTF-8 mark: zipfile took it for cp437, Chinese Windows writes GBK
        name = _as_chinese(name)
    name = name.replace("\\", "/")
    parts = name.split("/")
    linked = stat.S_ISLNK(entry.external_attr >> 16)
    if linked or "\0" in name or name.startswith("/") or ":" in parts[0] or ".." in parts:
        return None
    return posixpath.normpath(name)


def _as_chinese(name: str) -> str:
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _named(manifest: Element, folder: str, files: Mapping[str, bytes]) -> list[Resource]:
    """The manifest's resources of questions; all its XML files where no type tells which these are."""
    every: dict[str, tuple[str, Resource]] = {}
    base = manifest.get(_BASE, "")
    for element in manifest.iter():
        if local_name(element) == "resources":
            base = posixpath.join(manifest.get(_BASE, ""), element.get(_BASE, ""))
        if local_name(element) != "resource":
            continue
        metadata = next((child for child in element if local_name(child) == "metadata"), None)
        for href in _hrefs(element):
            name = _found(href, (posixpath.join(folder, base, element.get(_BASE, "")), folder), files)
            if name.lower().endswith(ENDINGS) and not _repeated(name, files):
                resource = Resource(name, files.get(name), metadata)
                every.setdefault(name, (element.get("type", "").lower(), resource))
    typed = [resource for kind, resource in every.values() if "qti" in kind or resource.name.endswith(".qti")]
    return typed or [resource for _, resource in every.values()]


def _hrefs(resource: Element) -> Iterable[str]:
    """Its file, then its further files; Blackboard has its own attribute `bb:file`."""
    yield from (value for name, value in resource.items() if name.rpartition("}")[2] in ("href", "file"))
    yield from (child.get("href", "") for child in resource if local_name(child) == "file")


def _found(href: str, folders: Iterable[str], files: Mapping[str, bytes]) -> str:
    """The name that an address means: as it stands or with its %20 undone, below the first folder that has it."""
    tries = [
        posixpath.normpath(posixpath.join(folder, text))
        for text in (href, unquote(href))
        for folder in folders
    ]
    return next((name for name in tries if name in files), tries[0])


def _repeated(name: str, files: Mapping[str, bytes]) -> bool:
    """Canvas writes a quiz twice: in the Common Cartridge's subset, and whole beside it."""
    folder, _, own = name.rpartition("/")
    return own == "assessment_qti.xml" and any(
        other.endswith(f"non_cc_assessments/{posixpath.basename(folder)}.xml.qti") for other in files
    )


def package(files: Sequence[tuple[str, bytes]]) -> bytes:
    """A zip of these files in this order; the same files give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return target.getvalue()
