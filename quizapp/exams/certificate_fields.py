"""证书名称 and 发证单位 as people type them: of a draft, of a 规则模板, of a published exam."""

from wtforms import StringField
from wtforms.validators import Length

from quizapp.exams.models import LONGEST_CERTIFICATE_ISSUER, LONGEST_CERTIFICATE_TITLE
from quizapp.forms import trimmed


def title_field() -> StringField:
    """Empty for the usual name."""
    return _short("证书名称", LONGEST_CERTIFICATE_TITLE)


def issuer_field() -> StringField:
    """Empty for the unit that holds the exam."""
    return _short("发证单位", LONGEST_CERTIFICATE_ISSUER)


def _short(label: str, most: int) -> StringField:
    return StringField(
        label, filters=[trimmed], validators=[Length(max=most, message=f"{label}最多{most}个字。")]
    )
