"""Word and Excel files that are the same bytes whenever they are made. Pure.

The libraries write the moment of making into the file: as the time of each part, and into docProps/core.xml.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO

from quizapp.reports.archive.writing import PLAIN_FILE, UNIX, WRITTEN, pieces

_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_ALWAYS = rb"\g<1>1980-01-01T00:00:00Z"
CORE = "docProps/core.xml"


def steady(data: bytes) -> Iterator[bytes]:
    """The same document without the moment in which it was made, in pieces."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as archive:
        for entry in source.infolist():
            with source.open(entry) as stream:
                _copy(archive, entry.filename, stream)
    target.seek(0)
    return pieces(target)


def _copy(archive: zipfile.ZipFile, name: str, stream: IO[bytes]) -> None:
    entry = zipfile.ZipInfo(name, WRITTEN)
    entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, UNIX, PLAIN_FILE
    with archive.open(entry, "w") as out:
        for piece in [_MOMENT.sub(_ALWAYS, stream.read())] if name == CORE else pieces(stream):
            out.write(piece)
