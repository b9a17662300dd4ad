"""`quizapp analysis`: item and test statistics of an exam, or of a table of marks from a file."""

import json
from pathlib import Path
from typing import Any

import click

from quizapp.analysis import describing, document, printing, tables
from quizapp.analysis import reading as sheets_of
from quizapp.analysis.pages import bp
from quizapp.db import db, reading
from quizapp.exams.models import Exam

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@bp.cli.command("items")
@click.argument("exam_id", type=int, required=False, metavar="[EXAM]")
@click.option("--marks", type=FILE, help="成绩表（.csv）：首行为题目名称，每份答卷一行；空白为没有考到该题。")
@click.option("--max", "maxima", type=FILE, help="每题的满分（.csv）；不填时以该题的最高得分为满分。")
@click.option("--drawn", type=FILE, help="每人随机抽取的题目（.csv）。")
@click.option(
    "--which",
    type=click.Choice(list(sheets_of.WHICH)),
    default="counted",
    show_default=True,
    help="一人考了几次时取哪一次："
    + "，".join(f"{code}为{word}" for code, word in sheets_of.WHICH.items())
    + "。",
)
@click.option("--json", "as_json", is_flag=True, help="输出JSON，格式见文件格式说明。")
def items(
    exam_id: int | None,
    marks: Path | None,
    maxima: Path | None,
    drawn: Path | None,
    which: str,
    as_json: bool,
) -> None:
    """试题和试卷统计：得分率、区分度、权重、内部一致性等，不改动任何数据。

    EXAM为考试编号；用--marks给出成绩表时不填，纸质考试也可以这样分析。
    """
    if marks is None and (maxima or drawn):
        raise click.UsageError("--max和--drawn只用于--marks给出的成绩表。")
    if exam_id is not None and marks is None:
        told = _of_exam(exam_id, which)
    elif marks is not None and exam_id is None:
        told = _of_table(marks, maxima, drawn)
    else:
        raise click.UsageError("请填写考试编号，或者用--marks给出成绩表，二者取一。")
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for line in [*printing.lines(told), *told["notes"]]:
        click.echo(line)


def _of_exam(exam_id: int, which: str) -> dict[str, Any]:
    with reading():  # takes no writer's turn: an exam may be running
        exam = db.session.get(Exam, exam_id)
        if exam is None or exam.published_at is None:
            raise click.ClickException(f"没有编号为{exam_id}的已发布考试。")
        sheets = sheets_of.of_exam(exam_id, which)
        if not sheets.size:
            raise click.ClickException("这场考试还没有计入统计的答卷。")
        run, about = describing.of_exam(exam_id, [item for item in sheets.ids if isinstance(item, int)])
        title = exam.title
    source = {"exam": exam_id, "title": title, "which": which, "marking_run": run}
    return {"source": source, "notes": []} | document.document(sheets, about)


def _of_table(marks: Path, maxima: Path | None, drawn: Path | None) -> dict[str, Any]:
    read = [path.read_bytes() if path else None for path in (maxima, drawn)]
    sheets, notes = tables.read(marks.read_bytes(), *read)
    return {"source": {"marks": marks.name}, "notes": notes} | document.document(sheets)
