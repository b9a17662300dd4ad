"""考试归档包: what lies in it, who may make it, that every making is noted, and the commands."""

import io
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock, jobs
from quizapp.attempts import runs
from quizapp.audit import AuditEvent
from quizapp.cli import main
from quizapp.db import db
from quizapp.exams import tallies
from quizapp.exams.exception_words import VEILED
from quizapp.exams.halls.models import HallInvigilator, HallNote, HallPlace, HallSession
from quizapp.exams.models import Candidate, Exam, ExcuseRequest
from quizapp.people.models import Grant, Membership
from quizapp.reports.archive import queries
from tests.cast import sign_in
from tests.statements import statements

OVER = "2026-12-27 09:00"


def candidate_of(exam_id, person_id):
    return db.session.query(Candidate).filter_by(exam_id=exam_id, person_id=person_id).one()


@pytest.fixture(autouse=True)
def one_sample(monkeypatch):
    """Typesetting takes most of the time: of a draw one sample here, not four."""
    monkeypatch.setattr("quizapp.exams.print_views.DRAWN", 1)


@pytest.fixture
def told(results, cast, at):
    """An exam with an excuse, a hall record and a corrected key, over; gives its id."""
    now = at("2026-12-12 11:00")
    fang, jiang = candidate_of(results, cast.fang), candidate_of(results, cast.jiang)
    asked = {"reason": "产假", "proof": "产假审批表", "asked_by_id": cast.zhou, "asked_at": now}
    granted = {"state": "granted", "decided_by_id": cast.he, "decided_at": now, "answer": "同意免考"}
    db.session.add(ExcuseRequest(candidate_id=fang.id, kind="exempt", **asked, **granted))
    hall = HallSession(
        exam_id=results,
        title="第一场",
        hall="县委党校机房",
        seats=30,
        opens_at=now,
        closes_at=now + timedelta(hours=2),
        start_code="123456",
    )
    db.session.add(hall)
    db.session.flush()
    db.session.add_all(
        [
            HallInvigilator(session_id=hall.id, person_id=cast.li),
            HallPlace(session_id=hall.id, candidate_id=jiang.id, seat=7, arrived_at=now),
            HallNote(session_id=hall.id, candidate_id=jiang.id, at=now, by_id=cast.li, text="更换了键盘"),
        ]
    )
    exam = db.session.get_one(Exam, results)
    keys = runs.current({exam.id})[exam.id].keys
    revision, key = next((one, key) for one, key in keys.items() if key.kind == "single")
    other = next(letter for letter in "ABCD" if frozenset(letter) not in key.accepted)
    new = runs.marking.Key("single", (*key.accepted, frozenset(other)), "normal")
    run = runs.prepare(exam.id, {revision: new}, actor_id=cast.he, reason="两个选项都符合第二十四条", now=now)
    db.session.commit()
    runs.activate(run.id, actor_id=cast.zhou)
    tallies.replace_results(
        {
            jiang.id: tallies.Result(jiang.id, 785, True, False, True, now),
            candidate_of(results, cast.luo).id: tallies.Result(
                candidate_of(results, cast.luo).id, 425, False, False, True, now
            ),
        }
    )
    db.session.commit()
    at(OVER)
    return results


@pytest.fixture
def he(app, cast, told):
    return sign_in(app.test_client(), cast.he)


def make(client, exam_id):
    """Press the button, do the job, fetch the file."""
    client.page(f"/reports/exams/{exam_id}/archive").press("制作归档包")
    job = db.session.scalars(select(jobs.Job).order_by(jobs.Job.id.desc())).first()
    assert jobs.run(job.id)
    db.session.expire_all()
    job = db.session.get_one(jobs.Job, job.id)
    assert job.state == "done", job.sentence
    reply = client.get(f"/jobs/{job.token}/file")
    assert reply.status_code == 200
    return zipfile.ZipFile(io.BytesIO(reply.data)), job


def text(archive, path):
    return archive.read(path).decode("utf-8-sig")


def test_the_archive_holds_rules_papers_lists_excuses_halls_summary_and_corrections(he, told):
    archive, _ = make(he, told)
    names = archive.namelist()
    assert all("\\" not in name and not set(name) & set(':*?"<>|') for name in names)
    folders = {name.partition("/")[0] for name in names if "/" in name}
    assert folders == {
        *("01考试办法", "02试卷和答案", "03考生名册", "04免考缓考"),
        *("05成绩名册", "06考场记录", "07汇总表", "08评分更正"),
    }
    rules = text(archive, "01考试办法/考试办法.html")
    for words in (
        "2026年度考试办法",
        "2026年12月11日 00:00",
        "少选、多选、错选均不得分",
        "60分（含本数）",
        "青石县及全部下级",
    ):
        assert words in rules
    papers = [name for name in names if name.startswith("02试卷和答案/")]
    assert len(papers) == 6  # paper, card and key, as Word and PDF
    people = text(archive, "03考生名册/考生名册.csv").splitlines()
    assert people[0] == "序号,单位,姓名,职务,考试情况"
    assert len(people) == 7
    assert "78.5" not in "".join(people)
    scores = text(archive, "05成绩名册/成绩名册.csv")
    assert "县信访局,江映雪,—,已考,78.5,合格" in scores
    assert "云岭镇,方圆,—,免考,—,—" in scores
    excuses = text(archive, "04免考缓考/免考缓考审批.html")
    for words in ("方圆", "产假审批表", "批准", "何平", "同意免考"):
        assert words in excuses
    halls = text(archive, "06考场记录/考场情况记录.html")
    for words in ("县委党校机房", "李文", "更换了键盘", "编排1人，到场1人"):
        assert words in halls
    assert "第一场,县委党校机房,7,江映雪" in text(archive, "06考场记录/考场座次.csv")
    corrections = text(archive, "08评分更正/评分更正记录.html")
    for words in ("第2次评分", "两个选项都符合第二十四条", "何平", "周明", "更正试题</dt><dd>1道"):
        assert words in corrections
    assert "第2次评分（含1次更正）" in text(archive, "目录.html")
    record = text(archive, "01考试办法/例外记录.html")
    for words in ("提出更正答案", "第2次判分，更正1道试题", "两个选项都符合第二十四条", "何平"):
        assert words in record
    for name in (name for name in names if name.endswith((".html", ".csv", ".txt"))):
        for words in (
            "10000017",
            "公务员",
            "start_code",
            ">123456<",
        ):  # account, category, a hall's start code
            assert words not in text(archive, name), name


def test_every_making_is_noted_with_the_hash_of_the_whole_and_shown(he, told, cast):
    archive, job = make(he, told)
    whole = text(archive, "整包校验值.txt").strip()
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "exam.archived")).one()
    assert (event.actor_id, event.object_id, event.detail["whole"]) == (cast.he, str(told), whole)
    assert whole in job.result["sentence"]
    page = he.page(f"/reports/exams/{told}/archive").text
    assert whole in page
    assert "何平" in page


def test_making_it_twice_gives_the_same_bytes(he, told, at):
    first, _ = make(he, told)
    at("2027-02-01 15:00")
    second, _ = make(sign_in(he.application.test_client(), he_id(told)), told)
    assert first.fp.getvalue() == second.fp.getvalue()


def he_id(exam_id):
    return db.session.get_one(Exam, exam_id).created_by_id


@pytest.mark.parametrize("moment", ["2026-12-20 10:00", "2026-12-26 00:01:00"])
def test_nothing_is_made_before_the_end_and_its_grace(app, cast, results, at, moment):
    at(moment)
    client = sign_in(app.test_client(), cast.he)
    page = client.page(f"/reports/exams/{results}/archive")
    assert "考试还没有结束" in page.text
    assert "制作归档包" not in [words for form in page.forms for words, _, _ in form.buttons]
    reply = client.send("POST", f"/reports/exams/{results}/archive", {})
    assert reply.status_code in (400, 409)
    assert db.session.scalars(select(jobs.Job)).all() == []


@pytest.mark.parametrize("who", ["jiang", "li", "fang"])
def test_it_is_for_exam_administrators_of_the_whole_exam_alone(app, cast, told, who):
    """李 leads the county and sees scores; 方 administers exams of the town alone."""
    for role in ("exam_administrator", "administrator", "leader"):
        db.session.add(Grant(person_id=cast.fang, role=role, unit_id=cast.town, granted_at=clock.now()))
    db.session.commit()
    client = sign_in(app.test_client(), getattr(cast, who))
    assert client.get(f"/reports/exams/{told}/archive").status_code == 404


def test_scores_that_the_maker_may_not_see_are_not_in_it(app, cast, told, monkeypatch):
    """何 administers the county from its own seat: the county's own 领导班子 stays hidden from 何."""
    he_row = candidate_of(told, cast.he)
    he_row.post, li = "何", candidate_of(told, cast.li)
    zhou = candidate_of(told, cast.zhou)
    zhou.post, zhou.sat, zhou.points, zhou.status, zhou.passed = "局长", True, 887, "expected", True
    db.session.add(
        Membership(person_id=li.person_id, unit_id=cast.office, since=clock.today(clock.now()), main=False)
    )
    db.session.commit()
    monkeypatch.setitem(app.config, "LEADING_STAFF", "局长")
    archive, _ = make(sign_in(app.test_client(), cast.he), told)
    scores = text(archive, "05成绩名册/成绩名册.csv")
    assert "周明,局长,已考,不显示,不显示" in scores
    assert "88.7" not in scores
    assert "1人的成绩不在制作人查看范围内" in text(archive, "目录.html")


def test_keys_of_a_bank_that_is_only_lent_for_drawing_stay_out(he, told, monkeypatch):
    monkeypatch.setattr("quizapp.exams.queries.hides_keys", lambda exam, person_id: True)
    page = he.page(f"/reports/exams/{told}/archive")
    assert "不收标准答案" in page.text
    archive, _ = make(he, told)
    assert not any("答案与解析" in name for name in archive.namelist())
    corrections = text(archive, "08评分更正/评分更正记录.html")
    assert VEILED in corrections
    assert "两个选项都符合第二十四条" not in corrections
    assert "按答案评分" not in corrections
    record = text(archive, "01考试办法/例外记录.html")
    assert "提出更正答案" in record
    assert "两个选项都符合第二十四条" not in record
    assert VEILED in record


def test_a_list_of_people_costs_one_statement_however_long(told):
    exam = db.session.get_one(Exam, told)
    with statements("SELECT") as seen:
        assert len(list(queries.lines(exam, set(), clock.now()))) == 6
    assert len(seen) == 1


def test_the_command_makes_one_and_verifies_it(app, told, tmp_path):
    runner, target = app.test_cli_runner(), tmp_path / "归档.zip"
    made = runner.invoke(main, ["exams", "archive", str(told), str(target)], obj=app_info(app))
    assert made.exit_code == 0, made.output
    again = runner.invoke(main, ["exams", "archive", str(told), str(target)], obj=app_info(app))
    assert "已存在，没有覆盖" in again.output
    good = runner.invoke(main, ["exams", "archive", "--verify", str(target)], obj=app_info(app))
    assert good.exit_code == 0, good.output
    assert "登记的整包校验值一致" in good.output
    packed = zipfile.ZipFile(target)
    bad = tmp_path / "改.zip"
    with zipfile.ZipFile(bad, "w") as archive:
        for name in packed.namelist():
            data = packed.read(name)
            archive.writestr(name, data + b" " if name == "05成绩名册/成绩名册.csv" else data)
    found = runner.invoke(main, ["exams", "archive", "--verify", str(bad)], obj=app_info(app))
    assert found.exit_code == 1
    assert "已改动：05成绩名册/成绩名册.csv" in found.output


def app_info(app):
    from flask.cli import ScriptInfo

    return ScriptInfo(create_app=lambda: app)


def test_an_archive_that_was_never_made_here_is_told_so(app, told, tmp_path):
    from quizapp.reports.archive.writing import Content, write

    with (tmp_path / "x.zip").open("w+b") as file:
        write(file, "目录", (), [Content("a.txt", "", lambda: [b"a"])])
    found = app.test_cli_runner().invoke(
        main, ["exams", "archive", "--verify", str(tmp_path / "x.zip")], obj=app_info(app)
    )
    assert found.exit_code == 1
    assert "没有登记过" in found.output


def test_there_is_no_formula_in_any_sheet(he, told, cast):
    candidate_of(told, cast.jiang).name = "=1+1"
    db.session.commit()
    archive, _ = make(he, told)
    assert "'=1+1" in text(archive, "05成绩名册/成绩名册.csv")
    for name in archive.namelist():
        if name.endswith(".xlsx"):
            book = zipfile.ZipFile(io.BytesIO(archive.read(name)))
            assert all(b"<f>" not in book.read(part) for part in book.namelist())
