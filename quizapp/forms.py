"""What all forms share: Chinese messages, fields listed one by one, blanks trimmed."""

from typing import Any

from flask import request
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import DateField

DAY = "请填写日期，如2026-12-25。"


class HeaderFirst(CSRFProtect):
    """A script's request has its token in a header: its body need not be read as a form to find none."""

    def _get_csrf_token(self) -> Any:
        return request.headers.get("X-CSRFToken") or super()._get_csrf_token()


csrf = HeaderFirst()


def trimmed(text: str | None) -> str | None:
    """A filter for text fields: outer blanks, full-width ones too, say nothing; browsers end lines by CR and LF."""
    return text.replace("\r\n", "\n").strip(" \t\r\n\u3000\u00a0") if text else text


class Form(FlaskForm):
    """A form checks the shape of input, never the rules of an exam."""

    class Meta(FlaskForm.Meta):
        locales = ["zh"]  # noqa: RUF012 - WTForms reads it so

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
            render_kw.setdefault("autocomplete", "off")
            return super().render_field(field, render_kw)


class Day(DateField):
    """A date whose complaint is in Chinese."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(DAY) from None


def problems(form: FlaskForm) -> list[str]:
    """All messages of a refused form, in the order of its fields."""
    return [
        f"{form[name].label.text}：{message}"
        for name, messages in form.errors.items()
        if name
        for message in messages
    ]
