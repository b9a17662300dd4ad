"""The pages of certificates: one's own, and what the public page shows to whoever holds the number."""

import io
import re

import pypdf
import pytest
from sqlalchemy import text

from quizapp import dates
from quizapp.attempts.certificates import claims, looking_up, numbers, signing
from quizapp.attempts.certificates.models import Certificate
from quizapp.db import db
from quizapp.people.models import LoginFailure, Person
from tests.attempts.conftest import csrf_of, own_phone
from tests.statements import statements


def pdf_of(reply):
    return pypdf.PdfReader(io.BytesIO(reply.get_data()))


# One's own --------------------------------------------------------------------------------------------------


def test_who_has_passed_takes_the_certificate_from_the_result_and_keeps_it_as_pdf(
    certified, passed, page, as_jiang, attempt
):
    result = as_jiang.page(f"/attempts/{attempt.token}/result")
    taken = result.press("领取合格证")
    certificate = db.session.query(Certificate).one()
    assert "合格证已生成" in taken.text
    assert certificate.number in taken.text
    assert "证书有效" in taken.text
    again = as_jiang.page(f"/attempts/{attempt.token}/result")
    assert "领取合格证" not in again.text
    assert certificate.number in again.text
    file = as_jiang.get(f"/my-exams/certificates/{certificate.number}/file")
    assert file.mimetype == "application/pdf"
    sheet = pdf_of(file)
    words = "".join(sheet.pages[0].extract_text().split())
    assert len(sheet.pages) == 1
    assert (sheet.pages[0].mediabox.width, sheet.pages[0].mediabox.height) > (800, 590)  # lying A4
    for said in ("合格证书", "县信访局江映雪同志", "2026年12月25日", "“2026年度条例考试”", "成绩优秀"):
        assert said in words
    assert words.endswith("青石县法治办2026年12月25日")
    assert f"编号：{certificate.number}" in words
    assert not re.search("[0-9]分", words)  # no points
    assert "90" not in words.replace(certificate.number, "").replace(certificate.key_id, "")
    [attached] = sheet.attachments["certificates.txt"]
    signed = claims.read(attached.decode())
    assert signed == certificate.signed
    assert signing.problem(signed, {certificate.key_id: public_key()}) == ""


def public_key():
    from quizapp.attempts.certificates import keys

    return keys.current().public


def test_a_certificate_that_fell_is_not_downloaded_and_says_why(certified, passed, certificate, as_jiang):
    certified.excellent_mark = 1000
    db.session.execute(text("UPDATE candidate SET excellent = false WHERE id = :id"), {"id": passed})
    db.session.commit()
    path = f"/my-exams/certificates/{certificate.number}"
    assert as_jiang.get(f"{path}/file").status_code == 409
    page = as_jiang.page(path)
    assert "证书已更正。成绩等级已更正，以新的证书为准。" in page.text
    newer = page.press("领取新的合格证")
    assert "证书有效" in newer.text
    assert certificate.number not in newer.text


def test_nobody_elses_certificate_opens(certificate, as_luo):
    for path in ("", "/file"):
        assert as_luo.get(f"/my-exams/certificates/{certificate.number}{path}").status_code == 404


def test_who_has_not_passed_is_refused_in_words(certified, page, as_jiang):
    page.hand_in("...")
    csrf_of(own_phone(as_jiang))
    reply = as_jiang.send("POST", f"/my-exams/{certified.id}/certificate", {})
    assert (reply.status_code, reply.json["code"]) == (409, "failed")


# The public page --------------------------------------------------------------------------------------------


def test_the_public_page_shows_what_the_certificate_says_with_the_name_masked(certificate, client, cast):
    page = client.page(f"/c/{certificate.number}")
    facts = [
        *("证书有效", certificate.number, "江＊＊", "县信访局", "2026年度条例考试", "优秀", "青石县法治办"),
        dates.day(certificate.examined_on),
    ]
    for said in facts:
        assert said in page.text
    person = db.session.get_one(Person, cast.jiang)
    shown = re.sub(r"\s", "", shown_of(page.text.replace(certificate.number, "")))
    for hidden in ("映雪", "江映雪", person.account, "90", "9分", "罗成"):
        assert hidden not in shown


def test_the_privacy_notice_names_everything_that_the_public_page_shows(certificate, client):
    shown = re.findall(r"<dt>(.*?)</dt>", client.page(f"/c/{certificate.number}").html)
    notice = client.page("/privacy").text
    assert len(shown) == 8
    assert [label for label in shown if label not in notice] == []
    assert "知道证书编号的人不用登录" in notice
    assert "只显示姓氏" in notice


def shown_of(text):
    """The words of the page without those of the frame around it."""
    return text[text.index("证书有效") : text.index("查验时间")].replace("2026", "")


def test_the_source_of_the_public_page_holds_no_more_than_its_words(certificate, client, cast):
    source = client.get(f"/c/{certificate.number}").get_data(as_text=True)
    person = db.session.get_one(Person, cast.jiang)
    for hidden in ("映雪", person.account, certificate.signature, certificate.claim_key, certificate.key_id):
        assert hidden not in source
    assert 'name="robots" content="noindex' in source


@pytest.mark.parametrize("path", ["/c", "/c/keys", "/c/XF-2026-AAAAA-AAAAA"])
def test_search_engines_and_caches_keep_none_of_it(app, client, path):
    reply = client.get(path)
    assert "noindex" in reply.headers["X-Robots-Tag"]
    assert reply.headers["Cache-Control"] == "no-store"


def test_a_number_is_found_however_it_is_typed(certificate, client):
    found = client.page("/c").press("查验", number=certificate.number.lower().replace("-", ""))
    assert "证书有效" in found.text


def test_a_wrong_number_is_named_as_such_without_asking_any_table(app, client):
    with statements() as seen:
        reply = client.get("/c/XF-2026-AAAAA-AAAAA")
    assert reply.status_code == 404
    assert "证书编号不正确" in reply.get_data(as_text=True)
    assert not [sql for sql in seen if "certificate" in sql or "login_failure" in sql]


def test_who_tries_numbers_out_is_stopped_and_others_are_not(certificate, client, at):
    for _ in range(looking_up.ALLOWED):
        reply = client.get(f"/c/{numbers.new(2026)}")
        assert reply.status_code == 404
        assert "没有找到这个编号的证书" in reply.get_data(as_text=True)
    assert client.get(f"/c/{certificate.number}").status_code == 429
    assert db.session.query(LoginFailure).count() == looking_up.ALLOWED
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get(f"/c/{certificate.number}", environ_base=elsewhere).status_code == 200
    at.later(minutes=16)
    assert client.get(f"/c/{certificate.number}").status_code == 200


def test_certificates_that_are_there_may_be_checked_as_often_as_one_likes(certificate, client):
    for _ in range(looking_up.ALLOWED + 5):
        assert client.get(f"/c/{certificate.number}").status_code == 200
    assert db.session.query(LoginFailure).count() == 0


def test_a_revoked_certificate_says_so_to_everybody(certified, passed, certificate, client):
    db.session.execute(text("UPDATE candidate SET passed = false WHERE id = :id"), {"id": passed})
    db.session.commit()
    assert "证书已撤销。成绩更正后，没有达到合格线。" in client.page(f"/c/{certificate.number}").text


def test_the_public_keys_are_published(certificate, client):
    source = client.get("/c/keys").get_data(as_text=True)
    [lines] = re.findall(r'<code class="lines">(.*?)</code>', source, re.S)
    assert signing.keys_in(lines) == {certificate.key_id: public_key()}


def test_one_look_costs_few_statements(certificate, client):
    client.get(f"/c/{certificate.number}")
    with statements() as seen:
        client.get(f"/c/{certificate.number}")
    assert len(seen) <= 4
