"""The shape of what people type and tick about reminders."""

from wtforms import SelectChoice, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from quizapp.forms import Form, trimmed
from quizapp.reports.reminders import actions, jobs, posts
from quizapp.reports.reminders.wording import CHANNELS

ADDRESS = (
    r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"  # as HTML's type=email, with a dot
)


class AskForm(Form):
    channels = SelectMultipleField(
        "提醒方式",
        choices=[SelectChoice(name, words) for name, words in CHANNELS.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def validate_channels(self, field):
        if not field.data:
            raise ValidationError("请至少选择一种提醒方式")


class RobotForm(Form):
    label = StringField(
        "群名称", [InputRequired("请填写"), Length(max=50, message="不超过50个字符")], filters=[trimmed]
    )
    address = StringField("机器人地址", [InputRequired("请填写")], filters=[trimmed])
    secret = StringField("加签密钥", [Length(max=200, message="过长")], filters=[trimmed])

    def validate_address(self, field):
        wrong = posts.problem(field.data or "", actions.allowed_hosts(), jobs.schemes())
        if wrong:
            raise ValidationError(wrong)

    def validate_secret(self, field):
        if field.data and posts.maker_of(self.address.data or "") == "wecom":
            raise ValidationError("企业微信群机器人没有加签密钥，请留空")
        if field.data and not posts.PLAIN.fullmatch(field.data):
            raise ValidationError("密钥中有空格、汉字或其他不能识别的字符，请重新复制")


class AddressForm(Form):
    address = StringField(
        "电子邮箱",
        [
            InputRequired("请填写"),
            Length(max=254, message="过长"),
            Regexp(ADDRESS, message="不是电子邮箱地址，请写成name@example.com的形式"),
        ],
        filters=[trimmed],
    )
