"""What every QTI format begins with: which version a file is, and its items one by one, alone or in a package."""

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from xml.etree.ElementTree import Element
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.sax import parseString

from quizapp.bank.drafts import Draft, Problem, Reading
from quizapp.bank.formats import packages, qti_text
from quizapp.bank.formats.markup import local_name
from quizapp.errors import Refused

VERSIONS = {"qti12": "QTI 1.2", "qti21": "QTI 2.1或2.2", "qti30": "QTI 3.0"}
ROOTS = {
    "questestinterop": "qti12",
    "assessmentItem": "qti21",
    "assessmentTest": "qti21",
    "qti-assessment-item": "qti30",
    "qti-assessment-test": "qti30",
}
_ITEMS = {"qti12": "item", "qti21": "assessmentItem", "qti30": "qti-assessment-item"}
_HEAD = 16 * 1024  # bytes in which the first element has to begin
_LOOKED_AT = 200  # files of an archive, among them the first of questions

ItemReader = Callable[
    [Element, Element | None, int, str], Draft
]  # item, its metadata in the manifest, place, file


def version_of(data: bytes) -> str | None:
    """qti12, qti21 (also 2.2) or qti30 by the first element of an XML file or of the files in a zip; else None."""
    if not packages.is_package(data):
        return ROOTS.get(_first_element(data[:_HEAD]))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            named = [
                entry for entry in archive.infolist() if entry.filename.lower().endswith(packages.ENDINGS)
            ]
            for entry in named[:_LOOKED_AT]:
                if entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    with archive.open(entry) as stream:
                        if version := ROOTS.get(_first_element(stream.read(_HEAD))):
                            return version
    except Exception:  # damaged or encrypted: zipfile raises a dozen classes; nothing is recognised
        return None
    return None


class _Stop(Exception):
    """The first element is known; the rest need not be read."""


class _First(ContentHandler):
    name = ""

    def startElement(self, name: str, attrs: object) -> None:
        self.name = name.rpartition(":")[2]
        raise _Stop


def _first_element(head: bytes) -> str:
    if not head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
        return ""
    first = _First()
    try:
        parseString(qti_text.as_utf8(head), first, forbid_dtd=True)
    except (_Stop, SAXException, DefusedXmlException, ValueError, LookupError):
        pass
    return first.name


def read(
    data: bytes,
    file_name: str,
    version: str,
    item_reader: ItemReader,
    remarks: Callable[[Element], Iterable[str]] = lambda root: (),
) -> Reading:
    """All items of this version. A broken file in a package is a problem, the others are read.

    remarks: sentences about what stands in a file outside its items. Raises Refused when there is no item at all.
    """
    reading = Reading()
    found = [packages.Resource(file_name, data)]
    if packages.is_package(data):
        found, problems = packages.resources(data)
        reading.problems += [replace(problem, source=file_name) for problem in problems]
    for resource in found:
        try:
            root = _root(resource)
        except Refused as refused:
            if len(found) == 1:
                raise
            _unreadable(reading, resource.name, refused.sentence, file_name)
            continue
        for sentence in remarks(root):
            reading.problems.append(Problem(len(reading.drafts) + 1, "说明", sentence, "warning", file_name))
        _add(reading, root, resource, version, item_reader, file_name)
    if not reading.drafts:
        raise _refuse(f"文件中没有{VERSIONS[version]}试题。")
    return reading


def _refuse(sentence: str) -> Refused:
    return Refused("file_kind", sentence, "没有保存任何内容。请核对导出时选择的格式。", status=422)


def _root(resource: packages.Resource) -> Element:
    if resource.data is None:
        raise _refuse("清单中有这个文件，压缩包中没有。")
    return qti_text.root_of(resource.data)


def _unreadable(reading: Reading, name: str, sentence: str, source: str) -> None:
    position = len(reading.drafts) + 1
    said = f"压缩包中的“{name[:60]}”不能读取：{sentence}"
    reading.drafts.append(
        Draft(line=position, source=source, problems=[Problem(position, "题型", said, source=source)])
    )


def _add(
    reading: Reading,
    root: Element,
    resource: packages.Resource,
    version: str,
    item_reader: ItemReader,
    source: str,
) -> None:
    for item in (root, *root.iterfind(".//*")):
        if local_name(item) == _ITEMS[version]:
            reading.drafts.append(item_reader(item, resource.metadata, len(reading.drafts) + 1, source))
    other = ROOTS.get(local_name(root), version)
    if other != version:
        said = f"“{resource.name[:60]}”是{VERSIONS[other]}文件，不是{VERSIONS[version]}，没有读入。"
        reading.problems.append(Problem(len(reading.drafts) + 1, "压缩包", said, "warning", source))
