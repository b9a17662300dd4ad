"""`quizapp certificates`: anybody with the public keys can check a certificate where there is no network."""

import pytest

from quizapp.attempts.certificates import claims, keys, sheet
from quizapp.db import db


@pytest.fixture
def run(app):
    def run(*words, given=None):
        return app.test_cli_runner().invoke(args=["certificates", *words], input=given)

    return run


def test_a_pdf_is_verified_and_told_whether_it_stands(run, certificate, tmp_path):
    file = tmp_path / "证书.pdf"
    file.write_bytes(sheet.pdf([certificate.signed], "https://example.cn/c/"))
    done = run("verify", str(file))
    assert done.exit_code == 0, done.output
    assert f"签名有效：{certificate.number}" in done.output
    assert "江映雪" in done.output
    assert "目前有效" in done.output


def test_a_scanned_text_is_verified_by_keys_in_a_file_without_the_database(run, certificate, tmp_path):
    known = tmp_path / "公钥.txt"
    known.write_text(run("keys").output, encoding="utf-8")
    text = claims.text(certificate.signed)
    for done in (
        run("verify", text, "--keys", str(known)),
        run("verify", "-", "--keys", str(known), given=text),
    ):
        assert done.exit_code == 0, done.output
        assert "签名有效" in done.output
        assert "目前" not in done.output


def test_a_text_that_was_changed_is_refused_with_status_1(run, certificate):
    done = run("verify", claims.text(certificate.signed).replace("江映雪", "罗成"))
    assert done.exit_code == 1
    assert "签名不符" in done.output
    assert "签名有效" not in done.output


def test_a_file_of_many_says_which_is_wrong(run, certificate, tmp_path):
    good = claims.text(certificate.signed)
    file = tmp_path / "all.txt"
    file.write_text(f"{good}\n\n{good.replace('优秀', '合格')}\n", encoding="utf-8")
    done = run("verify", str(file))
    assert done.exit_code == 1
    assert "2份证书中有1份不能确认" in done.output


@pytest.mark.parametrize("what", ["别的文字", "XFZ1\nXF-2026"])
def test_what_is_no_certificate_is_named_as_such(run, app, what):
    done = run("verify", what)
    assert done.exit_code == 1
    assert "核验文本" in done.output
    assert "Traceback" not in done.output


def test_a_changed_key_leaves_what_was_signed_before_verified(run, certificate):
    before = keys.current().id
    assert run("rotate-key").exit_code == 0
    db.session.expire_all()
    assert keys.current().id != before
    done = run("verify", claims.text(certificate.signed))
    assert (done.exit_code, "签名有效" in done.output) == (0, True)
    assert run("keys").output.count("\n") == 2
