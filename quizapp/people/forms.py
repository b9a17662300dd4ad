"""The shape of what people type on this area's pages."""

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import EqualTo, InputRequired, Length, NumberRange, Regexp, ValidationError

from quizapp.forms import Form, trimmed
from quizapp.people import passwords, recovery, unit_sheet
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


class RecoverForm(Form):
    login = StringField("学法账号、工号或姓名", [_GIVEN, Length(max=64, message="过长")], filters=[trimmed])
    phone = StringField("本人手机号", [_GIVEN, Length(max=20, message="过长")], filters=[trimmed])

    def validate_phone(self, field: StringField) -> None:
        if len(recovery.plain_phone(field.data)) != 11:
            raise ValidationError("请填写11位手机号")


class ConfirmRecoveryForm(Form):
    code = StringField(
        "核对码",
        [_GIVEN, Length(recovery.CODE_DIGITS, recovery.CODE_DIGITS, f"是{recovery.CODE_DIGITS}位数字")],
        filters=[lambda typed: recovery.digits(typed or "")],
    )
    how = RadioField(
        "核实方式",
        [InputRequired("请选择核实方式")],
        choices=[SelectChoice(*way) for way in recovery.HOW.items()],
    )


def unit_name(label: str = "单位名称") -> StringField:
    """The field of a 全称."""
    return StringField(
        label, [_GIVEN, Length(max=unit_sheet.LONGEST_NAME, message="过长")], filters=[trimmed]
    )


def short(label: str, most: int = 20) -> StringField:
    """A field of a few characters that may stay empty."""
    return StringField(label, [Length(max=most, message=f"不超过{most}个字符")], filters=[trimmed])


def unit_code() -> StringField:
    """The field of a new 单位编码."""
    rules = [
        _GIVEN,
        Length(max=unit_sheet.LONGEST_CODE, message="过长"),
        Regexp(r"^\S+$", message="不能有空格"),
    ]
    return StringField("单位编码", rules, filters=[trimmed])


def unit_sort() -> IntegerField:
    """The field of a 单位排序号."""
    return IntegerField("单位排序号", [InputRequired(_WHOLE), NumberRange(0, 9999, _WHOLE)])


class UnitForm(Form):
    kind = short("单位类别")
    sort = unit_sort()
    head = short("负责人", 50)
    contact = short("联系人", 50)
    phone = short("联系电话", 40)


class NewUnitForm(Form):
    parent = SelectField("上级单位", coerce=int)
    code = unit_code()
    name = unit_name()
    short_name = short("简称")
    kind = short("单位类别")
    sort = unit_sort()


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
