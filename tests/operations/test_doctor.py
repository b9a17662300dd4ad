"""`quizapp doctor`: what is wrong is found and said with what to do, and the exit code says it to scripts."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from quizapp import audit, clock, dates
from quizapp.attempts.models import Attempt
from quizapp.audit import AuditEvent
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.exams.models import Exam, Tally
from quizapp.jobs import Job
from quizapp.operations import assessment, certificate, doctor
from quizapp.operations.doctor import BROKEN, FINE, WATCH
from quizapp.people.models import Person
from tests.databases import free_port, lacking
from tests.operations.filling import fill_every_table


def levels(**options) -> dict[str, str]:
    return {found.area: found.level for found in doctor.examine(clock.now(), **options)}


def finding(area: str, **options) -> doctor.Finding:
    return next(found for found in doctor.examine(clock.now(), **options) if found.area == area)


def test_a_fresh_system_lacks_a_backup_and_a_drill_alone(app, cast, tmp_path):
    Path(app.config["INSTANCE_DIR"]).mkdir(parents=True, exist_ok=True)
    found = levels()
    found.pop("磁盘")  # of the machine that runs the tests
    wrong = {area for area, level in found.items() if level != FINE}
    away = {"备份", "恢复演练"} | ({"设置"} if db.engine.dialect.name == "postgresql" else set())
    broken = {"落盘"} if db.engine.dialect.name == "postgresql" else set()  # the tests' server does not sync
    assert wrong == away | broken


@pytest.mark.parametrize(("free", "level"), [(21, FINE), (19, WATCH), (4, BROKEN)])
def test_little_space_is_an_alarm(app, monkeypatch, free, level):
    """Hazard H48."""
    usage = shutil.disk_usage("/")._replace(free=free, total=100)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage)
    assert finding("磁盘").level == level


def test_a_job_that_nobody_takes_is_found(app):
    moment = clock.now() - timedelta(minutes=6)
    db.session.add(Job(token="t", kind="x", payload={}, created_at=moment, touched_at=moment))
    db.session.commit()
    assert finding("后台任务").level == BROKEN
    assert "quizapp worker" in finding("后台任务").advice


def test_sheets_that_nobody_closes_are_found(app):
    fill_every_table()
    past = clock.now() - timedelta(minutes=6)
    db.session.execute(
        sa.update(Attempt).values(state="in_progress", closed_at=None, closes_at=past, refused_after=past)
    )
    db.session.commit()
    assert finding("到时交卷").level == WATCH


def test_counters_that_differ_from_the_list_are_found(app):
    fill_every_table()
    db.session.execute(sa.update(Exam).values(state="published"))
    db.session.execute(sa.update(Tally).values(expected=999))
    db.session.commit()
    assert finding("人数统计").level == BROKEN


def test_tables_of_another_version_are_found(app):
    db.session.execute(sa.text("UPDATE alembic_version SET version_num = '0003'"))
    assert "quizapp db upgrade" in finding("数据库版本").advice
    db.session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    assert "比程序新" in finding("数据库版本").sentence
    db.session.rollback()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_of_yesterday_is_too_old_and_one_of_today_is_not(app, at):
    at("2026-11-02 09:00")
    audit.record("operations.backed_up", ("backup", "0"), actor_id=None)
    audit.record("operations.drilled", ("backup", "0"), actor_id=None)
    db.session.commit()
    at("2026-11-03 08:59")
    assert finding("备份").level == FINE
    at("2026-11-03 09:01")
    assert (finding("备份").level, finding("恢复演练").level) == (WATCH, FINE)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("kind", "level"), [("ext4", FINE), ("nfs4", BROKEN)])
def test_sqlite_on_a_network_file_system_is_found(app, database, monkeypatch, tmp_path, kind, level):
    mounts = tmp_path / "mounts"
    place = Path(database.name).parent
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/x {place} {kind} rw 0 0\n")
    plain = doctor.file_system
    monkeypatch.setattr(doctor, "file_system", lambda path, _mounts: plain(path, mounts))
    assert finding("落盘").level == level


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_postgresql_that_acknowledges_before_it_syncs_is_found(app):
    found = finding("落盘")
    assert found.level == BROKEN
    assert "synchronous_commit" in found.sentence


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_short_key_and_open_cookies_behind_a_proxy_are_found(make_app):
    with make_app(SECRET_KEY="short", TRUSTED_PROXY=1).app_context():
        found = [each.sentence for each in doctor.examine(clock.now()) if each.area == "设置"]
        db.session.remove()
    assert len(found) == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_its_database_it_still_says_what_is_wrong(make_app):
    away = f"postgresql+psycopg://nobody:nothing@127.0.0.1:{free_port()}/gone"
    done = make_app(DATABASE_URL=away).test_cli_runner().invoke(args=["doctor"])
    assert done.exit_code == 1
    assert "[故障] 数据库" in done.output


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_exit_code_is_1_for_what_is_broken_alone(app, cast, monkeypatch):
    usage = shutil.disk_usage("/")
    run = app.test_cli_runner().invoke
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage._replace(free=90, total=100))
    assert run(args=["doctor"]).exit_code == 0
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage._replace(free=1, total=100))
    assert run(args=["doctor"]).exit_code == 1


# The certificate --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A certificate for ten days."""
    if shutil.which("openssl") is None:
        lacking("openssl is missing, install it with: sudo apt install openssl")
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        [  # noqa: S607 - where the system has it
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "10",
                "-subj",
                "/CN=localhost",
            ),
            *("-keyout", folder / "key.pem", "-out", folder / "cert.pem"),
        ],
        check=True,
        capture_output=True,
    )
    return folder / "cert.pem"


def test_the_end_of_a_certificate_is_read_from_its_file(made):
    said = subprocess.run(
        ["openssl", "x509", "-noout", "-enddate", "-in", made],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    end = datetime.strptime(said.split("=")[1].strip(), "%b %d %H:%M:%S %Y GMT").replace(tzinfo=UTC)
    assert certificate.ends_at(made.read_text()) == end


@pytest.mark.parametrize(
    ("kind", "words", "year"),
    [(0x17, "491231235959Z", 2049), (0x17, "500101000000Z", 1950), (0x18, "20500101000000Z", 2050)],
)
def test_years_of_two_digits_and_of_four(kind, words, year):
    assert certificate._time(kind, words).year == year


@pytest.mark.parametrize("damage", ["", "no certificate", "cut"])
def test_anything_else_is_no_certificate(made, damage):
    words = made.read_text()[:600] + "\n-----END CERTIFICATE-----" if damage == "cut" else damage
    with pytest.raises(ValueError, match="."):
        certificate.ends_at(words)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("days", "level"), [(0, WATCH), (11, BROKEN)])
def test_a_certificate_that_ends_soon_is_found(app, made, at, days, level):
    at.later(days=days)
    assert finding("证书", certificate_file=made).level == level
    assert finding("证书", certificate_file=made.with_name("none.pem")).level == BROKEN


# The report -------------------------------------------------------------------------------------------------


def test_the_report_names_what_an_assessor_asks_for_and_no_secret(make_app, cast, bank):
    db.session.remove()
    app = make_app(METRICS_TOKEN="a-token-of-monitoring")
    with app.app_context():
        audit.record("operations.drilled", ("backup", "0"), actor_id=None)
        db.session.execute(sa.update(Person).where(Person.id == cast.luo).values(disabled_at=clock.now()))
        db.session.commit()
        db.session.remove()
    done = app.test_cli_runner().invoke(args=["doctor", "--report"])
    page = done.output
    for words in (
        "一、检查结果",
        "恢复演练 | 20",
        "周明 | 系统管理员",
        "90天未用，建议停用",
        "QUIZAPP_TRUSTED_PROXY",
    ):
        assert words in page
    assert "超过90天未登录的账号：2个" in page  # 江 and 方; 罗 is disabled
    assert "本人审核本人编写试题的记录：0条" in page
    for secret in (app.config["SECRET_KEY"], "a-token-of-monitoring", "江映雪"):
        assert secret not in page
    if "postgresql" in app.config["DATABASE_URL"]:
        assert sa.make_url(app.config["DATABASE_URL"]).password not in page


def test_who_has_signed_in_lately_is_not_unused(app, cast, as_zhou):
    page = assessment.page([], clock.now())
    row = next(line for line in page.splitlines() if "周明" in line)
    assert "没有记录" not in row
    assert "建议停用" not in row


def test_a_review_of_the_own_question_would_show(app, cast, bank):
    db.session.execute(
        sa.update(Revision).where(Revision.id == 1).values(author_id=cast.he, reviewed_by_id=cast.he)
    )
    assert "试题的记录：1条" in assessment.page([], clock.now())
    db.session.rollback()


def test_the_checks_only_read(app, cast):
    before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))
    doctor.examine(clock.now())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_it_waits_for_no_writer_and_keeps_none_waiting(app, cast):
    """It may be asked in the middle of an exam: here somebody holds the writers' turn all the time."""
    db.session.execute(sa.text("UPDATE unit SET sort = 0"))
    done = app.test_cli_runner().invoke(args=["doctor"])
    db.session.rollback()
    assert "[正常] 数据库版本" in done.output


@pytest.mark.parametrize("name", ["DATABASE_URL", "REPORTS_URL", "JOBS_URL"])
def test_the_report_shows_addresses_of_two_servers_without_their_password(name):
    shown = assessment._shown(name, "postgresql://app:hush@db1:5432,db2:5432/quizapp")
    assert "hush" not in shown
    assert "db1" in shown
    assert "db2" in shown


def backed_up(app, file, *options):
    db.session.remove()
    done = app.test_cli_runner().invoke(args=["backup", "--no-drill", str(file), *options])
    assert done.exit_code == 0, done.output


def test_a_server_without_the_key_of_certificates_is_found(app, tmp_path, monkeypatch):
    from quizapp.attempts.certificates import keys, signing

    monkeypatch.setitem(app.config, "INSTANCE_DIR", str(tmp_path / "node"))
    assert finding("合格证密钥").level == FINE  # none has been needed yet
    own = keys.signer(clock.now())
    db.session.commit()
    assert (finding("合格证密钥").level, own.key_id in finding("合格证密钥").sentence) == (FINE, True)
    assert "没有随备份保存过" in finding("合格证密钥").sentence
    backed_up(app, tmp_path / "without.zip")
    assert "没有随备份保存过" in finding("合格证密钥").sentence
    backed_up(app, tmp_path / "with.zip", "--with-secret-key")
    assert f"最近随备份保存：{dates.minute(clock.now())}" in finding("合格证密钥").sentence
    keys.place().write_text(signing.new().private)  # that of another node
    assert finding("合格证密钥").level == BROKEN
    assert "不是现用的密钥" in finding("合格证密钥").sentence
    keys.place().unlink()
    assert "没有密钥文件" in finding("合格证密钥").sentence
    assert "复制" in finding("合格证密钥").advice
