"""The key of certificates: made once, the same on every server, changed without harm to what was signed before."""

import os
import stat

import pytest

from quizapp import clock
from quizapp.attempts.certificates import keys, signing
from quizapp.attempts.certificates.models import Certificate, CertificateKey
from quizapp.db import db
from quizapp.errors import Refused
from tests.attempts.certificates.conftest import issue


@pytest.fixture(autouse=True)
def own_folder(app, tmp_path):
    """Each test begins without a key."""
    before, app.config["INSTANCE_DIR"] = app.config["INSTANCE_DIR"], str(tmp_path / "instance")
    yield
    app.config["INSTANCE_DIR"] = before


def made():
    own = keys.signer(clock.now())
    db.session.commit()
    return own


def test_the_first_key_is_made_when_it_is_needed_and_only_its_owner_reads_it(app):
    assert keys.current() is None
    own = made()
    assert keys.place().read_text() == own.private
    if os.name == "posix":
        assert stat.S_IMODE(keys.place().stat().st_mode) == 0o600
    assert keys.public_halves() == {own.key_id: own.public}
    assert made().key_id == own.key_id
    assert os.listdir(keys.place().parent) == [keys.FILE]


def test_a_key_whose_transaction_was_lost_is_used_by_the_next(app):
    lost = keys.signer(clock.now())
    db.session.rollback()
    assert keys.current() is None
    assert made().key_id == lost.key_id


@pytest.mark.parametrize("there", ["nothing", "another", "rubbish"])
def test_a_server_without_the_right_key_makes_no_certificate_and_no_second_key(app, there):
    made()
    if there == "nothing":
        keys.place().unlink()
    else:
        keys.place().write_text(signing.new().private if there == "another" else "?")
    with pytest.raises(Refused, match="certificate_key") as refused:
        keys.signer(clock.now())
    assert "rotate-key" in refused.value.advice
    assert db.session.query(CertificateKey).count() == 1


def test_a_new_key_signs_from_now_on_and_the_old_one_is_verified_for_good(passed, at):
    older = issue(passed)
    at.later(days=1)
    own, waiting = keys.renew(clock.now())
    db.session.commit()
    keys.take_over(waiting)
    assert keys.signer(clock.now()).key_id == own.key_id != older.key_id
    assert os.listdir(keys.place().parent) == [keys.FILE]
    assert signing.problem(older.signed, keys.public_halves()) == ""
    assert [key.retired_at is None for key in keys.everything()] == [True, False]


def test_a_power_cut_between_table_and_file_is_told_and_mended_by_another_change(app):
    made()
    keys.renew(clock.now())
    db.session.commit()  # and then the machine stops
    with pytest.raises(Refused, match="certificate_key"):
        keys.signer(clock.now())
    own, waiting = keys.renew(clock.now())
    db.session.commit()
    keys.take_over(waiting)
    assert keys.signer(clock.now()).key_id == own.key_id


def test_certificates_name_the_key_that_signed_them(passed):
    made = issue(passed)
    assert db.session.query(Certificate).one().key_id == keys.current().id == made.key_id
