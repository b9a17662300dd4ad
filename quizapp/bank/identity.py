"""Which question of the bank a draft is: by its code, or by its words when it came without one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from quizapp.bank.drafts import Draft, code_from_words


class Known(Protocol):
    """A question of the bank as its newest revision says it."""

    @property
    def code(self) -> str: ...
    @property
    def stem(self) -> str: ...
    @property
    def options(self) -> list[str]: ...


def with_codes(drafts: Iterable[Draft], known: Sequence[Known]) -> list[Draft]:
    """The drafts, each with a code. One without takes the code of the question with the same stem and options, else
    with the same stem when only one has it, else a code made from its words: so an import repeated finds its own."""
    drafts = list(drafts)
    whole = {(question.stem, *question.options): question.code for question in known}
    times = Counter(question.stem for question in known)
    alone = {question.stem: question.code for question in known if times[question.stem] == 1}
    taken = {draft.code for draft in drafts if draft.code}
    stems = {question.code: question.stem for question in known}
    out = []
    for draft in drafts:
        code = draft.code or _free([whole.get((draft.stem, *draft.options)), alone.get(draft.stem)], taken)
        code = code or _made(draft, taken, stems)
        taken.add(code)
        out.append(replace(draft, code=code))
    return out


def _free(codes: Iterable[str | None], taken: set[str]) -> str:
    return next((code for code in codes if code and code not in taken), "")


def _made(draft: Draft, taken: set[str], stems: dict[str, str]) -> str:
    code, count = code_from_words(draft), 1
    while code in taken or stems.get(code, draft.stem) != draft.stem:
        count += 1
        code = f"{code_from_words(draft)}-{count}"
    return code
