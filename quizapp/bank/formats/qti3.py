"""QTI 3.0 in and out: one item as XML, or a package with a manifest."""

from collections.abc import Sequence

from quizapp.bank.drafts import Draft, Reading
from quizapp.bank.formats import qti, qti_items, qti_writing

CARRIES = qti_writing.CARRIES
_DIALECT = qti_writing.Dialect(
    kebab=True,
    namespace="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    schema="https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
    template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml",
    resource_type="imsqti_item_xmlv3p0",
    manifest_namespace="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    manifest_schema="https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd",
    package_schema="QTI Package",
    package_version="3.0.0",
)


def read(data: bytes, file_name: str) -> Reading:
    """All items in the manifest's order. Raises Refused when there is none or the file cannot be read at all."""
    return qti.read(data, file_name, "qti30", qti_items.read_item)


def write(drafts: Sequence[Draft], title: str = "") -> bytes:
    """A package; the same questions give the same bytes."""
    return qti_writing.write(drafts, title, _DIALECT)
