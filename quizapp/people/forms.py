"""The shape of what people type on this area's pages."""

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    IntegerField,
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import EqualTo, InputRequired, Length, NumberRange, Regexp, ValidationError

from quizapp.forms import Form, trimmed
from quizapp.people import passwords, unit_sheet
from quizapp.people.models import ROLES

_GIVEN = InputRequired("请填写")
_WHOLE = "请填写0至9999的整数"


class SignInForm(Form):
    login = StringField("学法账号、工号或手机号", [_GIVEN, Length(max=64, message="过长")], filters=[trimmed])
    password = PasswordField(
        "口令、一次性口令或备用码", [_GIVEN, Length(max=passwords.LONGEST, message="过长")]
    )
    keep = BooleanField("保持登录（仅限本人手机）")


class ConfirmForm(Form):
    password = PasswordField("口令", [_GIVEN, Length(max=passwords.LONGEST, message="过长")])


class NewPasswordForm(Form):
    password = PasswordField("新口令", [_GIVEN, Length(max=passwords.LONGEST, message="过长")])
    again = PasswordField("再输入一次", [_GIVEN, EqualTo("password", "两次输入的口令不一致")])


class ChangePasswordForm(NewPasswordForm):
    old = PasswordField("现在的口令", [_GIVEN, Length(max=passwords.LONGEST, message="过长")])

    def validate_password(self, field: PasswordField) -> None:
        if field.data == self.old.data:
            raise ValidationError("新口令不能与现在的口令相同")


class UnitForm(Form):
    name = StringField(
        "单位名称", [_GIVEN, Length(max=unit_sheet.LONGEST_NAME, message="过长")], filters=[trimmed]
    )
    short_name = StringField("简称", [Length(max=20, message="不超过20个字符")], filters=[trimmed])
    kind = StringField("单位类别", [Length(max=20, message="不超过20个字符")], filters=[trimmed])
    sort = IntegerField(
        "单位排序号", [InputRequired("请填写0至9999的整数"), NumberRange(0, 9999, "请填写0至9999的整数")]
    )


class NewUnitForm(UnitForm):
    parent = SelectField("上级单位", coerce=int)
    code = StringField(
        "单位编码",
        [
            _GIVEN,
            Length(max=unit_sheet.LONGEST_CODE, message="过长"),
            Regexp(r"^\S+$", message="不能有空格"),
        ],
        filters=[trimmed],
    )


class SheetForm(Form):
    file = FileField("选择文件", [FileRequired("请选择文件")])


class GrantForm(Form):
    login = StringField("学法账号、工号或手机号", [_GIVEN, Length(max=64, message="过长")], filters=[trimmed])
    role = SelectField(
        "角色",
        [InputRequired("请选择角色")],
        choices=[SelectChoice("", "请选择"), *(SelectChoice(value, words) for value, words in ROLES.items())],
    )
    unit = SelectField("单位（含所有下级单位）", coerce=int)
