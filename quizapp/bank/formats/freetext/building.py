"""A question as it was found becomes a draft: its kind, its answer, its options, and what was doubtful about them."""

import re
from collections.abc import Sequence

from quizapp.bank import labels
from quizapp.bank.drafts import BLANK, JUDGE_OPTIONS, Draft, Problem, tidied
from quizapp.bank.formats.freetext import answers, in_stem, marks, provisions
from quizapp.bank.formats.freetext.answers import Answer
from quizapp.bank.formats.freetext.joining import joined
from quizapp.bank.formats.freetext.marks import Kind
from quizapp.bank.formats.freetext.normalise import Line, span
from quizapp.bank.formats.freetext.options import find_options
from quizapp.bank.formats.freetext.paper import Block, Field, FoundOptions

_EMPTY = re.compile("[\\[【][ \u3000]{0,10}[\\]】]")
_REPEATED = re.compile(r"[ .、:)]{0,4}")


def draft_of(block: Block, source: str) -> Draft:
    """The draft of one question, tidied, with its problems in the order of lines."""
    builder = _Builder(block, source)
    builder.build()
    draft = tidied(builder.draft)
    draft.problems.sort(key=lambda problem: problem.line)
    return draft


class _Builder:
    def __init__(self, block: Block, source: str) -> None:
        self.block = block
        self.draft = Draft(line=block.line, source=source, places={"题干": block.line})
        self.explained: list[Line] = []
        self.kept: list[str] = []  # 考点：…, 来源：…
        self.answers: list[Answer] = [block.lead] if block.lead else []
        self.rests: list[Line] = []  # what stands behind an answer in its line
        self.written: list[str] = []  # the two options of a judge as the paper has them

    def say(self, line: int, column: str, message: str, severity: str = "warning") -> None:
        self.draft.problems.append(Problem(line, column, message, severity, self.draft.source))

    def build(self) -> None:
        for line, column, message, severity in self.block.doubts:
            self.say(line, column, message, severity)
        for field in [*self.block.fields, *self.block.listed_fields]:
            self._take(field)
        if self.block.listed:
            self.answers.append(self.block.listed)
            self.draft.places.setdefault("答案", self.block.listed.line)
        found = self._options()
        self._answers_in_body(found)
        self._set_words(found)
        self._set_kind(found)
        self._set_key()
        for rest in self.rests:
            self._rest_of_answer(rest)
        self._set_explanation()

    # Labels

    def _take(self, field: Field) -> None:
        draft, name = self.draft, field.name
        draft.places.setdefault(name if name != "续" else "解析", field.line)
        text, lines = joined(field.lines)
        if name not in ("解析", "续"):
            self._say_joined(name, lines)
        if name == "答案":
            self._take_answer(field)
        elif name in ("解析", "续"):
            if name == "续":
                self.say(field.line, "解析", "答案之后没有标签的文字按解析读入，请核对。")
            self.explained += field.lines
        elif name == "依据":
            self._cite(field, text)
        elif name in marks.KEPT_WITH_LABEL:
            self.kept.append(f"{name}：{text}")
        elif name == "标签":
            draft.tags += [tag for tag in labels.tags_of(text) if tag not in draft.tags]
        elif name == "编号":
            self._once(field, draft.code, text)
            draft.code = text
        elif name in ("难度", "用途"):
            self._take_choice(field, text)
        elif name == "题型":
            self.say(field.line, "题型", f"题型“{text[:20]}”不能识别。", "error")

    def _once(self, field: Field, before: str, text: str) -> None:
        if before and before != text:
            said = f"{field.name}有两处，前一处是“{before[:20]}”，这一处是“{text[:20]}”。"
            self.say(field.line, field.name, said, "error")

    def _take_choice(self, field: Field, text: str) -> None:
        """难度 and 用途: a few words, or digits."""
        if field.name == "难度":
            difficulty = labels.difficulty_of(text)
            self.draft.difficulty = difficulty or self.draft.difficulty
            if difficulty is None:
                self.say(field.line, "难度", f"难度“{text[:20]}”不能识别，按3读入。")
            return
        uses = labels.uses_of(text)
        self.draft.uses = uses or self.draft.uses
        if uses is None:
            self.say(field.line, "用途", f"用途“{text[:20]}”不能识别，按日常、考试读入。")

    def _cite(self, field: Field, text: str) -> None:
        """依据：a citation in the house's words; of any other text the article it names, the text as explanation."""
        citation = provisions.cited(text)
        if citation is None:
            self.kept.append(f"依据：{text}")
            self._suggest(text, field.line)
            if not self.draft.citations:
                said = f"依据“{text[:20]}”不能识别，留在解析中；应当写作：第二十四条第一款 “原文”。"
                self.say(field.line, "依据", said)
            return
        self.draft.citations.append(citation)
        self.draft.places[f"依据{len(self.draft.citations)}"] = field.line

    def _suggest(self, text: str, line: int) -> None:
        """The first provision that a text names, as 依据 to be looked at."""
        citation = provisions.first_named(text)
        if citation is None:
            return
        self.draft.citations.append(citation)
        self.draft.places[f"依据{len(self.draft.citations)}"] = line
        self.say(
            line, "依据", f"按文字中的条款填入依据{labels.citation_text(citation)}，没有引用原文，请核对。"
        )

    def _take_answer(self, field: Field) -> None:
        line = field.lines[0] if field.lines else None
        answer, end = answers.answer_at(line) if line else (None, 0)
        if line is None or answer is None:
            shown = line.text[:20] if line else ""
            said = f"答案“{shown}”不能识别，应当填选项字母，或者正确、错误。" if shown else "答案是空的。"
            self.say(field.line, "答案", said, "error")
            return
        self.answers.append(answer)
        self.rests.append(line.cut(end))

    # Options and answers in the body

    def _options(self) -> FoundOptions:
        highest = max((ord(answer.letters[-1]) - 64 for answer in self.answers if answer.letters), default=0)
        kind = self.block.kind.name
        found = find_options(self.block.body, highest, wanted=kind in ("single", "multiple", "choice"))
        for line, column, message, severity in found.doubts:
            self.say(line, column, message, severity)
        return found

    def _answers_in_body(self, found: FoundOptions) -> None:
        """Answers in brackets, on an underline, behind padding: taken out of the words, a blank left in their place."""
        inside: list[Answer] = []
        for place, line in enumerate(found.stem):
            found.stem[place] = in_stem.blanked(line, inside)
        if not inside and not self.answers:
            inside += in_stem.padded(found)
        if not inside:
            return
        letters = "".join(sorted({letter for answer in inside for letter in answer.letters}))
        first = inside[0]
        if len({answer.words() for answer in inside}) > 1:
            union = Answer(letters, None, first.line, first.place)
            known = [answer for answer in self.answers if answer.letters == letters]
            if not known and self.block.kind.name != "multiple":
                said = f"题干中有{len(inside)}处答案，不相同：{'、'.join(answer.words() for answer in inside[:5])}。"
                self.say(first.line, "答案", said, "error")
                return
            first = union
        self.draft.places.setdefault("答案", first.line)
        if not self.answers:
            self.say(first.line, "答案", f"答案{first.words()}取自题干，题干中留出空白。", "note")
        self.answers.insert(0, first)

    # Words

    def _set_words(self, found: FoundOptions) -> None:
        draft = self.draft
        text, lines = joined(found.stem)
        draft.stem = _EMPTY.sub(BLANK, text)
        self._say_joined("题干", lines)
        for option in found.options:
            text, lines = joined(option.lines)
            draft.options.append(text)
            draft.places[f"选项{option.letter}"] = option.lines[0].number if option.lines else draft.line
            self._say_joined(f"选项{option.letter}", lines)
        listed = [option.endswith(("；", ";")) for option in draft.options]
        if len(listed) > 1 and all(listed[:-1]):
            draft.options = [option.rstrip("；; ") for option in draft.options]

    def _say_joined(self, column: str, lines: Sequence[int]) -> None:
        if lines:
            named = "、".join(str(line) for line in lines[:5]) + ("等" if len(lines) > 5 else "")
            self.say(lines[0], column, f"第{named}行接在上一行之后，请核对。")

    # Kind and key

    def _set_kind(self, found: FoundOptions) -> None:
        draft, kind = self.draft, self.block.kind
        if kind.name == "other":
            self.say(draft.line, "题型", f"不能导入{kind.word}。", "error")
            return
        if kind.name in ("single", "multiple", "judge"):
            draft.kind, draft.any_number = kind.name, kind.any_number
        else:
            self._infer_kind(kind)
        if draft.kind == "judge":
            self._judge_options(found)
        elif draft.kind == "single" and self.answers and len(self._key(self.answers[0])) > 1:
            letters = self._key(self.answers[0])
            self.say(draft.line, "题型", f"题型是单选题，答案却是{letters}，题型没有改动，请核对。")
        elif draft.kind == "multiple" and not draft.any_number and self.answers:
            if len(self._key(self.answers[0])) == 1:
                letters = self._key(self.answers[0])
                self.say(draft.line, "题型", f"题型是多选题，答案却只有{letters}，题型没有改动，请核对。")

    def _infer_kind(self, kind: Kind) -> None:
        """No kind is said: options and the number of letters decide, or whether the answer is a judgement."""
        draft = self.draft
        judged = [answers.judgement(option) for option in draft.options]
        if draft.options and set(judged) != {True, False}:
            most = max((len(answer.letters) for answer in self.answers), default=0)
            draft.kind = "multiple" if most > 1 else "single" if most else ""
        elif any(answer.judged is not None for answer in self.answers) or (draft.options and self.answers):
            draft.kind = "judge"
        if draft.kind:
            self.say(draft.line, "题型", f"没有写明题型，按答案作为{draft.kind_word}读入，请核对。")
        else:
            self.say(draft.line, "题型", "没有写明题型，也不能从选项和答案看出。", "error")

    def _judge_options(self, found: FoundOptions) -> None:
        self.written = list(self.draft.options)
        said = [answers.judgement(option) for option in self.written]
        if self.written and sorted(map(str, said)) != ["False", "True"]:
            lines = [line.number for option in found.options for line in option.lines]
            where, shown = span(lines[0], lines[-1]), "；".join(self.written)
            self.say(lines[0], "选项", f"{where}：判断题却有选项，没有读入：“{shown[:60]}”。", "error")
            self.written = []
        self.draft.options = list(JUDGE_OPTIONS)

    def _key(self, answer: Answer) -> str:
        judge = self.draft.kind == "judge"
        return answer.key(judge, self.written if judge else self.draft.options)

    def _set_key(self) -> None:
        draft = self.draft
        if not self.answers:
            if not any(problem.column == "答案" for problem in draft.problems):
                self.say(draft.line, "答案", "没有找到答案。", "error")
            return
        keys = {self._key(answer): answer for answer in reversed(self.answers)}
        if len(keys) > 1:
            said = "，".join(f"第{answer.line}行{answer.place}是{answer.words()}" for answer in self.answers)
            self.say(self.answers[-1].line, "答案", f"答案不一致：{said}。", "error")
            return
        draft.key = self._key(self.answers[0])
        if not draft.key:
            answer = self.answers[0]
            self.say(answer.line, "答案", f"答案“{answer.words()}”与题型不符。", "error")

    def _rest_of_answer(self, rest: Line) -> None:
        """What stands behind the letter: the option's words again, or an explanation."""
        skip = _REPEATED.match(rest.shadow)
        words = rest.cut(skip.end() if skip else 0)
        if words.shadow[:1] == "。":
            words = words.cut(1)
        if not words.shadow.strip("。.;,)] "):
            return
        if answers.judgement(words.text) is not None or self._repeats_option(words.text):
            return
        self.say(words.number, "解析", "答案之后的文字按解析读入，请核对。")
        self.explained.insert(0, words)

    def _repeats_option(self, text: str) -> bool:
        letters = [ord(letter) - 65 for letter in self.draft.key]
        options = [self.draft.options[place] for place in letters if place < len(self.draft.options)]
        return text.rstrip("。；;. ") in {option.rstrip("。；;. ") for option in options}

    # Explanation

    def _set_explanation(self) -> None:
        text, lines = joined([line for line in self.explained if line.shadow])
        self._say_joined("解析", lines)
        self.draft.explanation = "\n".join(part for part in (text, *self.kept) if part)
        if not self.draft.citations and text:
            self._suggest(text, self.explained[0].number)
