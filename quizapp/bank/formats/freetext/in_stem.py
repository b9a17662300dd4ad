"""Answers that stand in the words of a question, taken out of them: （B）, _B__, a letter behind padding."""

from quizapp.bank.drafts import BLANK
from quizapp.bank.formats.freetext import answers
from quizapp.bank.formats.freetext.answers import Answer
from quizapp.bank.formats.freetext.normalise import Line
from quizapp.bank.formats.freetext.paper import FoundOptions


def blanked(line: Line, inside: list[Answer]) -> Line:
    """The line with （　　） in place of every answer in it; the answers are added to `inside`."""
    found = answers.answers_inside(line)
    if not found:
        return line
    text, shadow, begin = "", "", 0
    for answer, start, end in found:
        inside.append(answer)
        text += line.text[begin:start] + BLANK
        shadow += line.shadow[begin:start] + "(  )"
        begin = end
    return Line(
        line.number, text + line.text[begin:], shadow + line.shadow[begin:], line.indented, line.blanks
    )


def padded(found: FoundOptions) -> list[Answer]:
    """A letter set off at the end of the stem or of the last option, taken out of the words."""
    ends = [(found.stem, len(found.stem) - 1)] if found.stem else []
    ends += [(found.options[-1].lines, len(found.options[-1].lines) - 1)] if found.options else []
    for lines, place in ends:
        if lines and (padded := answers.padded_answer(lines[place])):
            answer, start = padded
            lines[place] = lines[place].cut(0, start)
            return [answer]
    return []
