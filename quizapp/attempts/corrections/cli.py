"""`quizapp attempts correct` and `corrections`: the same actions as the pages. Approving stays a press on the page by
a person, since a command does not say who it is."""

import click
from sqlalchemy import select

from quizapp import clock, dates
from quizapp.attempts import runs
from quizapp.attempts.corrections import actions, queries, rehearsal_job, showing, treatments
from quizapp.attempts.corrections.models import Correction
from quizapp.attempts.marks import Key
from quizapp.attempts.models import MarkingRun
from quizapp.attempts.pages import bp
from quizapp.bank import queries as bank
from quizapp.bank.models import Question, Revision
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams.models import Exam
from quizapp.people.models import Person
from quizapp.people.queries import person_called


def _exam(exam_id: int) -> Exam:
    exam = db.session.get(Exam, exam_id)
    if exam is None or exam.published_at is None:
        raise click.ClickException(f"没有编号为{exam_id}的已发布考试。")
    return exam


@bp.cli.command("corrections")
@click.argument("exam_id", type=int, metavar="考试编号")
def corrections(exam_id: int) -> None:
    """列出一次考试的判分记录：次数、状态、提出人、原因、变化人数。"""
    exam = _exam(exam_id)
    for told in queries.of_exam(exam.id):
        state = "现行" if told.run.state == "current" else treatments.STATES[told.correction.state]
        changed = f"{told.effect.changed}人变化" if told.effect else "—"
        by = told.by or "命令行"
        when = dates.minute(told.run.created_at)
        click.echo(f"第{told.run.number}次\t{state}\t{when}\t{by}\t{changed}\t{told.correction.reason}")
    first = queries.first_run(exam.id)
    state = "现行" if first.state == "current" else "已生效"
    click.echo(f"第1次\t{state}\t{dates.minute(first.created_at)}\t发布考试时的标准答案")


@bp.cli.command("correct")
@click.argument("exam_id", type=int, metavar="考试编号")
@click.option("--question", "codes", multiple=True, metavar="试题编号", help="要更正的试题，可写几次。")
@click.option("--answer", "answers", multiple=True, metavar="答案", help="与各试题依次对应，如C，或AC、ACD。")
@click.option("--full", is_flag=True, help="各试题送分。")
@click.option("--drop", is_flag=True, help="各试题作废，分值不计入试卷。")
@click.option("--rescale", is_flag=True, help="各试题作废，其余试题按满分折算。")
@click.option("--restore", type=int, metavar="次数", help="恢复第几次判分，撤销以后的更正。")
@click.option("--better", is_flag=True, help="取新旧成绩中较高者；不写则全部按更正后的答案计分。")
@click.option("--reason", required=True, metavar="原因", help="记入更正记录，批准人会看到。")
@click.option("--by", metavar="账号", help="提出人的学法账号或工号；须由另一人批准。")
@click.option("--dry-run", is_flag=True, help="只试算，不保存任何内容。")
def correct(
    exam_id: int, codes: tuple[str, ...], answers: tuple[str, ...], restore: int | None, **how: bool
) -> None:
    """试算一项更正，列出影响，并提交批准；成绩在另一人于页面批准后才变化。"""
    exam, reason, by = _exam(exam_id), str(how["reason"]), _person(how["by"])
    try:
        if restore is not None:
            earlier = _run_of(exam, restore)
            asked = actions.restore(exam, earlier, reason=reason, actor_id=by, now=clock.now())
        else:
            changes = _changes(exam, codes, answers, _treatment(how))
            policy = "better" if how["better"] else "new"
            asked = actions.ask(exam, changes, policy=policy, reason=reason, actor_id=by, now=clock.now())
        if how["dry_run"]:
            while runs.mark_batch(asked.run_id):
                pass
            _say(exam, actions.rehearsed(asked.run_id))
            db.session.rollback()
            click.echo("只是试算，没有保存任何内容。")
            return
        run_id = asked.run_id
        db.session.commit()
        rehearsal_job.run(
            run_id, lambda done, total, words="": click.echo(f"已试算{done}/{total}份", err=True)
        )
        _say(exam, db.session.get_one(Correction, run_id))
        actions.submit(run_id, actor_id=by)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        raise click.ClickException(f"{refused.sentence}{refused.advice}") from None
    click.echo("已提交，等待另一名考务管理员在“考试管理”中批准。成绩还没有改动。")


def _person(login: object) -> int | None:
    if not login:
        return None
    person: Person | None = person_called(str(login))
    if person is None:
        raise click.ClickException(f"没有账号或工号为“{login}”的人员。")
    return person.id


def _treatment(how: dict[str, bool]) -> str:
    chosen = [name for name in ("full", "drop", "rescale") if how[name]]
    if len(chosen) > 1:
        raise click.ClickException("--full、--drop、--rescale只能写一个。")
    return chosen[0] if chosen else "normal"


def _run_of(exam: Exam, number: int) -> int:
    wanted = select(MarkingRun.id).where(MarkingRun.exam_id == exam.id, MarkingRun.number == number)
    run_id = db.session.scalar(wanted)
    if run_id is None:
        raise click.ClickException(f"这场考试没有第{number}次判分。")
    return run_id


def _changes(exam: Exam, codes: tuple[str, ...], answers: tuple[str, ...], treatment: str) -> dict[int, Key]:
    """The new keys by revision, of the questions that these codes name in the exam."""
    if not codes:
        raise click.ClickException("请用--question写明要更正的试题。")
    if treatment == "normal" and len(answers) != len(codes):
        raise click.ClickException("每个--question须有一个--answer，或用--full、--drop、--rescale。")
    keys = runs.current({exam.id})[exam.id].keys
    of_exam = select(Question.code, Revision.id).join(Revision, Revision.question_id == Question.id)
    rows = db.session.execute(of_exam.where(Revision.id.in_(list(keys)), Question.code.in_(codes)))
    of = dict(rows.all())
    faces, found = bank.faces(of.values()), {}
    for at, code in enumerate(codes):
        if code not in of:
            raise click.ClickException(f"这场考试中没有编号为{code}的试题。")
        revision, now = of[code], keys[of[code]]
        if treatment == "normal":
            letters = [letter for letter, _ in faces[revision].lettered]
            try:
                found[revision] = Key(now.kind, treatments.accepted(answers[at], now.kind, letters))
            except ValueError as problem:
                raise click.ClickException(f"{code}：{problem}") from None
        else:
            found[revision] = Key(now.kind, now.accepted, treatment)
    return found


def _say(exam: Exam, correction: Correction) -> None:
    told = queries.one(exam.id, correction.run_id)
    effect = told.effect if told else None
    if effect is None:
        return
    click.echo(f"实考{effect.sat}人，成绩变化{effect.changed}人：提高{effect.up}人，降低{effect.down}人。")
    click.echo(f"变为合格{effect.gained}人，变为不合格{effect.lost}人。")
    for words, people in showing.moves(effect):
        click.echo(f"等级 {words}\t{people}人")
    for one in showing.bars(effect):
        click.echo(f"{one.label}\t{one.people}人")
    for unit in showing.units(exam, effect):
        click.echo(
            f"{'　' * unit.depth}{unit.name}\t实考{unit.sat}\t变化{unit.changed}\t"
            f"合格率{'→'.join(unit.passed)}\t优秀率{'→'.join(unit.excellent)}\t平均分{'→'.join(unit.mean)}"
        )
