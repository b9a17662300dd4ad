"""The OpenAPI document: valid by the standard's own schema, and complete, since it is read from the views."""

import re

from openapi_spec_validator import validate

from quizapp import api, openapi
from quizapp.home import guide
from quizapp.people.tokens.rules import REASONS, SCOPES
from tests.pulling import Puller


def test_the_document_is_valid_openapi(client):
    document = Puller(client).document
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_every_address_of_the_api_stands_in_the_document(app, client):
    addresses = {
        re.sub(r"<int:(\w+)>", r"{\1}", rule.rule).removeprefix(api.PREFIX)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.endpoint != "home.api_document"
    }
    paths = Puller(client).document["paths"]
    assert set(paths) == addresses
    names = [found["get"]["operationId"] for found in paths.values()]
    assert len(set(names)) == len(names)


def test_every_scope_that_an_address_asks_for_can_be_given(client):
    asked = {
        scope
        for found in Puller(client).document["paths"].values()
        for way in found["get"]["security"]
        for scope in way["token"]
    }
    assert asked == set(SCOPES) - {"people.phone:read"}  # that one adds a field


def test_the_document_is_not_sent_twice(client):
    tag = client.get("/api/v1/openapi.json").headers["ETag"]
    assert client.get("/api/v1/openapi.json", headers={"If-None-Match": tag}).status_code == 304


def test_the_guide_names_every_address_scope_and_limit(app, client):
    text = (guide.folder() / "api.md").read_text(encoding="utf-8")
    for path in Puller(client).document["paths"]:
        assert f"`{api.PREFIX}{path.replace('{exam_id}', '考试编号')}`" in text
    for word in (*SCOPES, *REASONS):
        assert f"`{word}`" in text
    assert f"默认{openapi.DEFAULT}项" in text
    assert f"最多{openapi.MOST}项" in text
