"""The shape of what a bank's pages accept."""

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from quizapp.bank import formats, labels
from quizapp.bank.catalogue import SIZES, SORTS
from quizapp.bank.drafts import (
    JUDGE_OPTIONS,
    LETTERS,
    USE_WORDS,
    CitationDraft,
    Draft,
    Problem,
    kind_word,
    tidied,
    tidy,
)
from quizapp.bank.models import KINDS, STATUSES, USES
from quizapp.forms import Form, trimmed
from quizapp.regulations.citing import Law

KIND_CHOICES = {"single": "单选题", "multiple": "多选题", "any": "不定项选择题", "judge": "判断题"}


def choices(words: dict[str, str], first: str = "") -> list[SelectChoice]:
    """Choices of a select; first: the words of the empty one."""
    start = [SelectChoice("", first)] if first else []
    return start + [SelectChoice(value, word) for value, word in words.items()]


def articles_of(law: Law | None) -> dict[str, str]:
    """The articles of a law in words, by number."""
    return {article.number: article.in_words for article in law.articles} if law else {}


class BankForm(Form):
    """A new bank."""

    title = StringField("题库名称", [DataRequired("请填写题库名称。"), Length(max=80)], filters=[trimmed])
    slug = StringField(
        "地址",
        [
            DataRequired("请填写地址。"),
            Length(max=60, message="最多60个字符。"),
            Regexp(
                r"(?!(new|reports)\Z)[a-z0-9]+(-[a-z0-9]+)*\Z",
                message="只用小写字母、数字和连字符，如bumen-tiku。",
            ),
        ],
        filters=[trimmed],
    )
    unit = SelectField("所属单位", coerce=int)
    regulation = SelectField("对应法规", coerce=int)
    sealed = BooleanField("封闭题库")


class UploadForm(Form):
    """The first step of an import: a file, or text that was pasted."""

    file = FileField("试题文件")
    text = TextAreaField("粘贴试题", [Length(max=400_000, message="最多40万字，请改为上传文件。")])
    format = SelectField("格式", default="")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.format.choices = choices({one.name: one.word for one in formats.FORMATS}, "自动识别")

    def validate_text(self, field):
        if not (field.data or "").strip() and not self.given:
            raise ValidationError("请选择文件，或粘贴试题。")

    @property
    def given(self):
        """The uploaded file, if there is one."""
        return self.file.data if self.file.data and self.file.data.filename else None

    def source(self):
        """(bytes, name of the file)."""
        if self.given:
            return self.given.read(), self.given.filename
        return (self.text.data or "").encode(), "粘贴的试题.txt"


class ColumnsForm(Form):
    """Which row holds the headings; which column holds what is read beside it, `column-0` and so on."""

    header = IntegerField("表头所在行", [NumberRange(0, 1000, message="应当是表中的行号，没有表头填0。")])


class ReasonForm(Form):
    """A change that says why. Whether a reason is needed is the action's rule."""

    reason = StringField("理由", [Length(max=200, message="最多200字。")], filters=[trimmed])


class BulkForm(ReasonForm):
    """What a change of many questions needs besides them: a reason, tags or uses."""

    tags = StringField("标签", [Length(max=100, message="最多100字。")], filters=[trimmed])
    uses = SelectMultipleField(
        "用途",
        choices=choices(USE_WORDS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class ExportForm(ReasonForm):
    format = SelectField("文件格式", default="xlsx")
    knowing = HiddenField()  # what the format cannot keep was shown

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.format.choices = choices({name: formats.BY_NAME[name].word for name in formats.WRITABLE})


class FilterForm(Form):
    """What the list of questions is narrowed to; sent by GET."""

    class Meta(Form.Meta):
        csrf = False

    article = SelectField("条文", validate_choice=False)
    kind = SelectField("题型", choices=choices(KINDS, "全部题型"), validate_choice=False)
    difficulty = SelectField(
        "难度",
        choices=choices({str(n): f"难度{n}" for n in range(1, 6)}, "全部难度"),
        validate_choice=False,
    )
    status = SelectField("状态", choices=choices(STATUSES, "全部状态"), validate_choice=False)
    use = SelectField("用途", choices=choices(USES, "全部用途"), validate_choice=False)
    tag = SelectField("标签", validate_choice=False)
    author = SelectField("编写人", validate_choice=False)
    sort = SelectField("排列", choices=choices(SORTS), validate_choice=False)
    size = SelectField("每页", choices=choices({str(n): f"每页{n}题" for n in SIZES}), validate_choice=False)
    q = StringField("编号或文字", filters=[trimmed])

    def offer(self, law: Law | None, tags: list[str], authors: list[tuple[int, str]]) -> None:
        """The articles of the bank's own regulation, and what its questions bear."""
        self.article.choices = choices(articles_of(law), "全部条文")
        self.tag.choices = choices({tag: tag for tag in tags}, "全部标签")
        self.author.choices = choices({str(identity): name for identity, name in authors}, "全部编写人")


class QuestionForm(Form):
    """One question, written in the browser."""

    kind = SelectField("题型", choices=choices(KIND_CHOICES))
    stem = TextAreaField("题干", [InputRequired("请填写题干。"), Length(max=2000)])
    option_a = TextAreaField("选项A")
    option_b = TextAreaField("选项B")
    option_c = TextAreaField("选项C")
    option_d = TextAreaField("选项D")
    option_e = TextAreaField("选项E")
    option_f = TextAreaField("选项F")
    option_g = TextAreaField("选项G")
    option_h = TextAreaField("选项H")
    key = StringField("答案", [InputRequired("请填写答案。"), Length(max=20)], filters=[trimmed])
    citations = TextAreaField("依据")
    explanation = TextAreaField("解析")
    difficulty = SelectField("难度", coerce=int, default=3)
    uses = SelectMultipleField(
        "用途",
        choices=choices(USE_WORDS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    code = StringField("编号", [Length(max=40)], filters=[trimmed])
    tags = StringField("标签", [Length(max=100)], filters=[trimmed])
    article = SelectField("对照条文", validate_choice=False)  # shown beside the form, no part of the question

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.difficulty.choices = [SelectChoice(n, word) for n, word in enumerate("12345", 1)]

    def offer_articles(self, law: Law | None) -> None:
        """The articles of the bank's own regulation, to be read beside the form."""
        self.article.choices = choices(articles_of(law), "选择条文")

    @property
    def options(self):
        """The fields of the options, A to H."""
        return [self[f"option_{letter.lower()}"] for letter in LETTERS]

    def show(self, draft: Draft) -> None:
        """Fill the fields with a question."""
        self.kind.data = "any" if draft.any_number else draft.kind
        self.stem.data = draft.stem
        for field, option in zip(self.options, [] if draft.kind == "judge" else draft.options, strict=False):
            field.data = option
        self.key.data = labels.answer_text(draft)
        self.citations.data = "\n".join(labels.citation_text(citation) for citation in draft.citations)
        self.explanation.data = draft.explanation
        self.difficulty.data = draft.difficulty
        self.uses.data = list(draft.uses)
        self.code.data = draft.code
        self.tags.data = "、".join(draft.tags)

    def draft(self, code: str = "") -> Draft:
        """The question that was written, with a problem for every field that cannot be read."""
        kind = "multiple" if self.kind.data == "any" else self.kind.data
        options = [field.data or "" for field in self.options]
        while options and not tidy(options[-1]):
            options.pop()
        draft = Draft(
            kind=kind,
            any_number=self.kind.data == "any",
            stem=self.stem.data or "",
            options=list(JUDGE_OPTIONS) if kind == "judge" else options,
            key=labels.key_of(self.key.data or "", kind) or "",
            explanation=self.explanation.data or "",
            difficulty=self.difficulty.data,
            citations=[],
            code=code or self.code.data or "",
            uses=tuple(self.uses.data or ()),
            tags=labels.tags_of(self.tags.data or ""),
        )
        if not draft.key:
            wanted = "“正确”或“错误”" if kind == "judge" else "选项字母，如C或ABD"
            draft.problems.append(
                Problem(0, "答案", f"{kind_word(kind, draft.any_number)}的答案应当填{wanted}。")
            )
        for line in filter(None, tidy(self.citations.data or "").split("\n")):
            self._cite(draft, line)
        return tidied(draft)

    def _cite(self, draft: Draft, line: str) -> None:
        citation: CitationDraft | None = labels.citation_of(line)
        if citation is None:
            said = f"“{line[:20]}”不能识别，应当写作：第二十四条第一款 “原文”。"
            draft.problems.append(Problem(0, "依据", said))
        else:
            draft.citations.append(citation)
