"""QTI 2.1 and 2.2 in, 2.1 out: one item as XML, or a package with a manifest."""

from collections.abc import Sequence

from quizapp.bank.drafts import Draft, Reading
from quizapp.bank.formats import qti, qti_items, qti_writing

CARRIES = qti_writing.CARRIES
_DIALECT = qti_writing.Dialect(
    kebab=False,
    namespace="http://www.imsglobal.org/xsd/imsqti_v2p1",
    schema="http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
    template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct",
    resource_type="imsqti_item_xmlv2p1",
    manifest_namespace="http://www.imsglobal.org/xsd/imscp_v1p1",
    manifest_schema="http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd",
    package_schema="QTIv2.1 Package",
    package_version="1.0.0",
)


def read(data: bytes, file_name: str) -> Reading:
    """All items in the manifest's order. Raises Refused when there is none or the file cannot be read at all."""
    return qti.read(data, file_name, "qti21", qti_items.read_item)


def write(drafts: Sequence[Draft], title: str = "") -> bytes:
    """A package; the same questions give the same bytes."""
    return qti_writing.write(drafts, title, _DIALECT)
