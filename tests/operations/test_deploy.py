"""The files of deploy/ fit the program: its settings, its commands, its limits. (`make faults` also runs them.)"""

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from quizapp.cli import main
from quizapp.config import BY_NAME
from tests.databases import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def test_every_setting_of_the_nodes_exists_and_none_that_they_need_is_missing():
    text = (DEPLOY / "quizapp.env").read_text(encoding="utf-8")
    named = set(re.findall(r"^#?QUIZAPP_(\w+)=", text, re.M))
    assert named <= set(BY_NAME)
    active = set(re.findall(r"^QUIZAPP_(\w+)=", text, re.M))
    assert {"DATABASE_URL", "JOBS_URL", "SECRET_KEY", "TRUSTED_PROXY", "REQUEST_START_SECONDS"} <= active


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_a_unit_starts_what_there_is(unit: Path):
    [command] = re.findall(r"^ExecStart=(.+)$", unit.read_text(encoding="utf-8"), re.M)
    program, *arguments = command.split()
    if program.startswith("/opt/quizapp/deploy/"):
        assert (ROOT / program.removeprefix("/opt/quizapp/")).stat().st_mode & 0o111
        return
    assert program == "/opt/quizapp/.venv/bin/quizapp"
    with click.Context(main) as context:
        wanted = main.get_command(context, arguments[0])
        assert wanted is not None
        wanted.make_parser(context).parse_args(arguments[1:])  # raises for an unknown option


def test_the_proxy_lets_through_the_largest_upload():
    text = (DEPLOY / "nginx" / "quizapp.conf").read_text(encoding="utf-8")
    [allowed] = re.findall(r"client_max_body_size (\d+)m;", text)
    assert int(allowed) > BY_NAME["UPLOAD_MAX_MB"].default


def test_the_proxy_stamps_each_request_itself():
    text = (DEPLOY / "nginx" / "quizapp.conf").read_text(encoding="utf-8")
    assert 'proxy_set_header X-Request-Start "t=${msec}";' in text
    assert text.count("proxy_set_header") == len(re.findall(r"^    proxy_set_header", text, re.M)), (
        "a location with headers of its own would drop all others"
    )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_only_what_may_be_repeated_is_sent_to_a_second_node(app):
    text = (DEPLOY / "nginx" / "quizapp.conf").read_text(encoding="utf-8")
    [pattern] = re.findall(r"location ~ (\S+) \{\n[^}]*non_idempotent", text)
    repeated = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) & {"POST", "PUT"} and re.search(pattern, rule.rule.replace("<token>", "t"))
    }
    assert repeated == {
        "attempts.open_page",
        "attempts.sheet",
        "attempts.sheet_form",
        "attempts.hand_in",
    }


def test_the_script_that_follows_the_primary_is_plain_shell():
    script = DEPLOY / "pgbouncer" / "follow-primary"
    subprocess.run([shutil.which("sh") or "sh", "-n", script], check=True)
