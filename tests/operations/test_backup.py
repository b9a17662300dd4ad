"""A backup is taken while people work, is whole or no backup, and brings every row back. Hazard H50."""

import contextlib
import contextvars
import json
import sqlite3
import threading
import zipfile
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from quizapp import clock
from quizapp.attempts.certificates import keys
from quizapp.attempts.certificates import signing as signatures
from quizapp.audit import AuditEvent
from quizapp.db import UtcDateTime, db
from quizapp.errors import Refused
from quizapp.operations import backing_up, restoring, rows, transactions
from quizapp.operations.backup_file import SEAL, open_backup
from tests.cast import PASSWORD
from tests.operations.filling import fill_every_table
from tests.operations.test_copying import sums, told


@pytest.fixture
def filled(app):
    return fill_every_table()


@pytest.fixture
def taken(app, database, filled, tmp_path):
    """A backup of a database with rows in every table."""
    return backing_up.back_up(database.url, tmp_path / "b.zip", now=clock.now(), key=None, advance=told)


def restore(backup, database, *, replace=False):
    return restoring.restore(backup, database.url, replace=replace, now=clock.now(), advance=told)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_is_restored_is_what_was_there_row_by_row(taken, database, databases, kind):
    """Also on the other kind of database."""
    other = databases.bare(kind)
    if kind == "sqlite":
        assert restore(taken, other) == ""
    else:
        restore(taken, other)
    assert sums(other.url) == sums(database.url)
    databases.drop(other)


def test_the_backup_of_a_moment_is_consistent_while_others_write(app, database, cast, tmp_path):
    """Each writer adds a failed sign-in and its audit row in one transaction: a backup holds both or neither."""
    db.session.remove()  # no turn to write is held here
    stop = threading.Event()

    def write() -> None:
        with app.app_context():
            for number in range(100_000):
                if stop.is_set():
                    break
                values = {"n": f"pair-{number}", "at": clock.now()}
                db.session.execute(
                    sa.text("INSERT INTO login_failure (login, address, at) VALUES (:n, '', :at)").bindparams(
                        sa.bindparam("at", type_=UtcDateTime)
                    ),
                    values,
                )
                db.session.execute(
                    sa.insert(AuditEvent).values(
                        at=values["at"],
                        action=values["n"],
                        object_kind="",
                        object_id="",
                        detail={},
                        address="",
                    )
                )
                db.session.commit()
            db.session.remove()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = []
        for number in range(3):
            out = tmp_path / f"{number}.zip"
            made = backing_up.back_up(database.url, out, now=clock.now(), key=None, advance=told)
            found = {table["name"]: table["rows"] for table in made.manifest["tables"]}
            counts.append((found["login_failure"], found["audit_event"]))
    finally:
        stop.set()
        writer.join()
    assert all(failures == audited for failures, audited in counts)
    assert counts[-1][0] > counts[0][0], "nobody wrote meanwhile: this test showed nothing"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_copy_of_the_file_under_writing_is_what_a_backup_must_not_be(app, database, cast, tmp_path):
    """The negative control: the newest commits of a live SQLite database do not stand in its file."""
    db.session.execute(sa.text("UPDATE person SET name = '刚刚提交'"))
    db.session.commit()
    copied = tmp_path / "copy.db"
    copied.write_bytes(Path(database.name).read_bytes())
    with sqlite3.connect(copied) as connection:
        there = connection.execute("SELECT count(*) FROM person WHERE name = '刚刚提交'").fetchone()[0]
    connection.close()
    assert there == 0
    made = backing_up.back_up(database.url, tmp_path / "b.zip", now=clock.now(), key=None, advance=told)
    person = next(table for table in made.tables if table.name == "person")
    assert {row[person.names.index("name")] for row in made.rows(person)} == {"刚刚提交"}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_byte_changed_anywhere_in_the_file_is_noticed(taken):
    whole = taken.path.read_bytes()
    chance = Random(50)
    places = [0, len(whole) - 1, len(whole) - SEAL, *(chance.randrange(len(whole)) for _ in range(200))]
    for place in places:
        flipped = bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(8)
        taken.path.write_bytes(flipped)
        with pytest.raises(Refused, match="damaged"):
            open_backup(taken.path)
    taken.path.write_bytes(whole)
    assert open_backup(taken.path).seal == taken.seal


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_cut_short_is_refused(taken):
    whole = taken.path.read_bytes()
    for length in (0, 1, SEAL, SEAL + 22, len(whole) // 2, len(whole) - 1):
        taken.path.write_bytes(whole[:length])
        with pytest.raises(Refused, match="damaged"):
            open_backup(taken.path)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_whose_seal_fits_but_whose_rows_do_not_is_refused(taken, database, databases):
    """Somebody made the file anew with other rows: what is read is compared with the manifest."""
    taken.manifest["tables"][3]["rows"] += 1
    other = databases.bare("sqlite")
    with pytest.raises(Refused, match="damaged"):
        restore(taken, other)
    assert not Path(other.name).exists()


def test_a_database_that_holds_anything_is_replaced_on_demand_only_and_kept(app, taken, database):
    before = sums(database.url)
    with pytest.raises(Refused, match="not_empty"):
        restore(taken, database)
    assert sums(database.url) == before
    db.session.execute(sa.text("UPDATE setting SET value = '1'"))
    db.session.commit()
    db.session.remove()
    db.engine.dispose()
    said = restore(taken, database, replace=True)
    assert sums(database.url) == before
    assert "保留" in said
    changed = rows.Table("setting", (("name", "text"), ("value", "json")))
    with old(database, said) as connection:
        assert {row[1] for row in rows.read(connection, changed)} == {"1"}


def old(database, said):
    """What stood there before, where the sentence says that it is kept."""
    if database.dialect == "sqlite":
        return transactions.snapshot(f"sqlite:///{said.split('保留为')[1].rstrip('。')}")
    return transactions.filling(database.url, said.split("模式")[1].split("中")[0])


def test_the_app_goes_on_with_the_restored_database_and_ids_follow(app, cast, database, taken, as_jiang):
    db.session.remove()
    db.engine.dispose()
    restore(taken, database, replace=True)
    made = AuditEvent(at=clock.now(), action="x", object_kind="", object_id="", detail={}, address="")
    db.session.add(made)
    db.session.commit()
    assert made.id == 7003


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_file_of_a_running_system_is_not_replaced_under_it(app, taken, database):
    """It would go on writing into the file that was put aside, and those answers would be lost."""
    db.session.execute(sa.text("SELECT count(*) FROM person"))
    before = Path(database.name).read_bytes()
    db.session.rollback()  # the connection stays in the pool, as that of an idle server does
    with pytest.raises(Refused, match="in_use"):
        restore(taken, database, replace=True)
    assert Path(database.name).read_bytes() == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_damaged_database_gives_way_to_a_backup_and_is_not_backed_up(app, taken, database, tmp_path):
    before = sums(database.url)
    db.session.remove()
    db.engine.dispose()
    with sqlite3.connect(database.name) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    whole = bytearray(Path(database.name).read_bytes())
    whole[4096 : len(whole) // 2] = b"\x55" * (len(whole) // 2 - 4096)
    Path(database.name).write_bytes(whole)
    with pytest.raises(Refused, match="damaged"):
        backing_up.back_up(database.url, tmp_path / "c.zip", now=clock.now(), key=None, advance=told)
    assert not (tmp_path / "c.zip").exists()
    restore(taken, database, replace=True)
    assert sums(database.url) == before


def test_a_backup_from_before_an_upgrade_is_upgraded_when_it_is_restored(
    app, bare_database, databases, tmp_path
):
    with transactions.filling(bare_database.url) as connection:
        transactions.upgrade(connection, "0001")
        connection.execute(
            sa.text(
                "INSERT INTO unit (code, name, short_name, kind, sort, lft, rgt) VALUES ('A','甲','','',0,1,2)"
            )
        )
    made = backing_up.back_up(bare_database.url, tmp_path / "o.zip", now=clock.now(), key=None, advance=told)
    assert made.revision == "0001"
    other = databases.bare(bare_database.dialect)
    restore(made, other)
    with transactions.snapshot(other.url) as connection:
        assert rows.version(connection) == transactions.newest()
        assert connection.execute(sa.text("SELECT name FROM unit")).scalars().all() == ["甲"]
    databases.drop(other)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_of_a_newer_program_is_refused_in_words(app, taken, databases):
    newer = type(taken)(taken.path, taken.manifest, taken.seal, "9999", taken.tables)
    with pytest.raises(Refused) as refused:
        restoring.check_version(newer)
    assert "更新版本的程序" in refused.value.sentence
    assert "请先升级程序" in refused.value.advice


def test_a_failed_restore_leaves_everything_as_it_was(app, taken, database, monkeypatch):
    before = sums(database.url)
    db.session.remove()
    db.engine.dispose()

    def break_off(*_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr("quizapp.operations.loading._compare", break_off)
    with pytest.raises(ZeroDivisionError):
        restore(taken, database, replace=True)
    assert sums(database.url) == before


def test_the_commands_say_what_they_did_and_leave_a_record(app, cast, database, tmp_path):
    out = tmp_path / "day.zip"
    run = app.test_cli_runner().invoke
    done = run(args=["backup", str(out)])
    assert done.exit_code == 0, done.output
    assert "不含签名密钥" in done.output
    assert "恢复演练通过" in done.output
    again = run(args=["backup", str(out)])
    assert (again.exit_code, "已经存在" in str(again.exception)) == (1, True)
    drilled = run(args=["restore", str(out), "--drill"])
    assert "恢复演练通过" in drilled.output
    left = db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert left == ["operations.backed_up", "operations.drilled", "operations.drilled"]
    db.session.rollback()
    assert (out.stat().st_mode & 0o777) == 0o600


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_secret_key_is_in_the_file_on_demand_only(app, cast, tmp_path):
    key = app.config["SECRET_KEY"]
    for name, extra, there in (("a.zip", [], False), ("b.zip", ["--with-secret-key"], True)):
        done = app.test_cli_runner().invoke(args=["backup", "--no-drill", str(tmp_path / name), *extra])
        assert done.exit_code == 0, done.output
        with zipfile.ZipFile(tmp_path / name) as archive:
            held = b"".join(archive.read(member) for member in archive.namelist())
            assert (key.encode() in held) is there
            assert json.loads(archive.read("manifest.json"))["has_key"] is there


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_any_program_opens_the_file(taken):
    with zipfile.ZipFile(taken.path) as archive:
        assert archive.testzip() is None
        lines = archive.read("tables/person.jsonl").decode().splitlines()
    assert len(lines) == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_command_restores_into_a_new_file_and_keeps_another_key_beside(app, cast, make_app, tmp_path):
    run = app.test_cli_runner().invoke
    out = tmp_path / "day.zip"
    assert run(args=["backup", "--no-drill", "--with-secret-key", str(out)]).exit_code == 0
    db.session.remove()
    new = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'new' / 'q.db'}",
        "SECRET_KEY": "another key, of another machine",
    }
    other = make_app(**new)
    outside = contextvars.Context().run  # of the context of the first app
    done = outside(other.test_cli_runner().invoke, args=["restore", str(out)])
    assert done.exit_code == 0, done.output
    assert "已恢复，各表行数和内容与备份一致" in done.output
    kept = Path(app.config["INSTANCE_DIR"]) / "secret_key.from-backup"
    assert kept.read_text() == app.config["SECRET_KEY"]
    assert (kept.stat().st_mode & 0o777) == 0o600
    page = other.test_client().page("/sign-in").press("登录", login="10000017", password=PASSWORD)
    assert "江映雪" in page.text
    again = outside(other.test_cli_runner().invoke, args=["restore", str(out)])
    assert (again.exit_code, "没有恢复" in str(again.exception)) == (1, True)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_file_and_no_backup_are_said_in_words(app, tmp_path):
    run = app.test_cli_runner().invoke
    assert "没有找到文件" in run(args=["restore", str(tmp_path / "none.zip")]).output
    (tmp_path / "text.zip").write_text("这不是备份")
    with pytest.raises(Refused, match="damaged"):
        run(args=["restore", str(tmp_path / "text.zip")], catch_exceptions=False)


def checkpoint(database) -> int:
    """0 when SQLite could fold its whole log into the file, 1 when somebody kept it from doing so."""
    with contextlib.closing(sqlite3.connect(database.name, timeout=0)) as connection:
        return connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_does_not_keep_the_log_growing_while_it_is_written(
    app, cast, database, tmp_path, monkeypatch
):
    """Hazard H47: an exam goes on beside it for minutes."""
    seen = []
    plain = rows.read

    def write_meanwhile(connection, table):
        if table.name == "unit":
            with contextlib.closing(sqlite3.connect(database.name)) as other:
                other.execute("UPDATE unit SET sort = sort + 1")
                other.commit()
            seen.append(checkpoint(database))
        return plain(connection, table)

    db.session.remove()
    monkeypatch.setattr(rows, "read", write_meanwhile)
    backing_up.back_up(database.url, tmp_path / "b.zip", now=clock.now(), key=None, advance=told)
    with transactions.snapshot(database.url) as connection:  # what a plain long reader does
        unit = rows.Table("unit", (("id", "whole"),))
        rows.count(connection, unit)
        list(write_meanwhile(connection, unit))
    assert seen == [0, 1]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_folder_that_is_not_there_is_said_in_words(app, database, tmp_path):
    with pytest.raises(Refused, match="not_written"):
        backing_up.back_up(database.url, tmp_path / "no" / "b.zip", now=clock.now(), key=None, advance=told)


# The key of certificates ------------------------------------------------------------------------------------


@pytest.fixture
def signing(app, cast, tmp_path, monkeypatch):
    """This machine has signed certificates with a key, and with another one since."""
    monkeypatch.setitem(app.config, "INSTANCE_DIR", str(tmp_path / "node"))
    keys.signer(clock.now())
    db.session.commit()
    return rotated()


def rotated():
    own, waiting = keys.renew(clock.now())
    db.session.commit()
    keys.take_over(waiting)
    return own


def run(app, *args):
    db.session.remove()
    done = app.test_cli_runner().invoke(args=[str(one) for one in args])
    db.session.remove()
    assert done.exit_code == 0, done.output
    return done.output


def elsewhere(make_app, tmp_path, out):
    """The backup restored on another machine; gives its app and what it said."""
    url = f"sqlite:///{tmp_path / 'other' / 'q.db'}"
    other = make_app(DATABASE_URL=url, INSTANCE_DIR=str(tmp_path / "other"))
    db.session.remove()
    done = contextvars.Context().run(other.test_cli_runner().invoke, args=["restore", str(out)])
    assert done.exit_code == 0, done.output
    return other, done.output


def in_context(app, what):
    def called():
        with app.app_context():
            return what()

    return contextvars.Context().run(called)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_key_of_certificates_is_in_the_file_on_demand_only(app, signing, tmp_path):
    for name, extra, there in (("a.zip", [], False), ("b.zip", ["--with-secret-key"], True)):
        said = run(app, "backup", "--no-drill", tmp_path / name, *extra)
        assert (signing.key_id in said) is there
        with zipfile.ZipFile(tmp_path / name) as archive:
            held = b"".join(archive.read(member) for member in archive.namelist())
            assert (signing.private.encode() in held) is there
            manifest = json.loads(archive.read("manifest.json"))
        assert manifest["certificate_key"] == (signing.key_id if there else "")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_another_machine_signs_with_the_restored_key_and_knows_the_older_ones(
    app, signing, make_app, tmp_path
):
    run(app, "backup", "--no-drill", "--with-secret-key", tmp_path / "b.zip")
    halves = keys.public_halves()
    assert len(halves) == 2
    other, said = elsewhere(make_app, tmp_path, tmp_path / "b.zip")
    assert f"合格证的签名密钥已放回{tmp_path / 'other' / 'certificate_key'}" in said
    assert in_context(other, lambda: keys.signer(clock.now()).key_id) == signing.key_id
    assert in_context(other, keys.public_halves) == halves
    assert ((tmp_path / "other" / "certificate_key").stat().st_mode & 0o777) == 0o600


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_from_before_a_change_of_the_key_brings_the_old_one_back_and_keeps_the_new_one_beside(
    app, signing, database, tmp_path, at
):
    run(app, "backup", "--no-drill", "--with-secret-key", tmp_path / "b.zip")
    newer = rotated()
    said = run(app, "restore", "--replace", tmp_path / "b.zip")
    [kept] = (tmp_path / "node").glob("certificate_key.before-*")
    assert str(kept) in said
    assert kept.read_text() == newer.private
    assert keys.signer(clock.now()).key_id == signing.key_id


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_same_key_stays_as_it_is(app, signing, tmp_path):
    run(app, "backup", "--no-drill", "--with-secret-key", tmp_path / "b.zip")
    assert "合格证的签名密钥与备份中的相同。" in run(app, "restore", "--replace", tmp_path / "b.zip")
    assert [one.name for one in (tmp_path / "node").iterdir()] == ["certificate_key"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_restores_without_the_key_is_told_what_to_do(app, signing, make_app, tmp_path):
    run(app, "backup", "--no-drill", tmp_path / "b.zip")
    other, said = elsewhere(make_app, tmp_path, tmp_path / "b.zip")
    assert "备份中没有合格证的签名密钥，本机也没有现用的" in said
    assert "rotate-key" in said
    assert in_context(other, keys.that_signs) is None


@pytest.mark.parametrize("there", ["nothing", "another"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_machine_without_the_right_key_says_that_its_backup_has_none(app, signing, tmp_path, there):
    keys.place().unlink()
    if there == "another":
        keys.place().write_text(signatures.new().private)
    said = run(app, "backup", "--no-drill", "--with-secret-key", tmp_path / "b.zip")
    assert "本机没有现用的合格证签名密钥，文件中不含这个密钥" in said
    assert open_backup(tmp_path / "b.zip").certificate_key() is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_before_the_first_certificate_there_is_no_key_to_keep(app, cast, tmp_path):
    said = run(app, "backup", "--no-drill", "--with-secret-key", tmp_path / "b.zip")
    assert "还没有颁发过合格证" in said
    assert open_backup(tmp_path / "b.zip").certificate_key() is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_tables_the_backup_says_so_and_not_that_a_key_is_missing(bare_database, make_app, tmp_path):
    empty = make_app(DATABASE_URL=bare_database.url)
    done = contextvars.Context().run(
        empty.test_cli_runner().invoke, args=["backup", "--with-secret-key", str(tmp_path / "b.zip")]
    )
    assert "数据库中还没有数据表，没有备份" in str(done.exception)
