"""The sheets of an exam, read from the database in chunks into the table that statistics work on."""

from quizapp.analysis.sheets import Sheets

WHICH = {
    "counted": "计入成绩的一次",
    "first": "第一次",
    "best": "最高的一次",
    "last": "最后一次",
    "all": "全部",
}


def of_exam(exam_id: int, which: str = "counted") -> Sheets:
    """The closed sheets of an exam that count, marked by its current run: no trials, nothing voided, no withdrawn
    closing, no sheet that time closed without one answer (缺考).

    which: of several attempts of a person, see WHICH; "counted" is as the exam counts (best or last). The ids are
    revision ids in the order of the paper: by section, then as the exam's forms have them. Raises KeyError for
    another word, LookupError for an exam without a marking run. Without any sheet: no attempts (size 0), every
    question of the exam's papers with an empty column.
    """
    raise NotImplementedError
