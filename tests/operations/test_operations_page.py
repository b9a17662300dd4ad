"""docs/operations.md names commands, options, settings and figures: every one of them exists."""

import re

import click
import pytest

from quizapp import config
from quizapp.cli import main
from tests.databases import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"quizapp((?: [a-z][a-z-]*(?![\w:/.-]))+)((?: --[a-z-]+)*)", PAGE)))


def test_the_page_names_commands():
    assert {words.strip() for words, _ in COMMANDS} >= {
        "backup",
        "restore",
        "db copy",
        "db upgrade",
        "doctor",
        "drain",
    }


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_command_and_option_that_the_page_names_exists(app):
    for words, options in COMMANDS:
        command: click.Command = main
        with click.Context(main, obj=info(app)) as context:
            for word in words.split():
                assert isinstance(command, click.Group), words
                command = command.get_command(context, word)
                assert command is not None, words
        known = {name for parameter in command.params for name in parameter.opts}
        assert set(options.split()) <= known, (words, options)


def info(app):
    from flask.cli import ScriptInfo

    return ScriptInfo(create_app=lambda: app)


def test_every_setting_that_the_page_names_exists():
    named = set(re.findall(r"QUIZAPP_([A-Z_]+)", PAGE))
    assert len(named) > 8
    assert named <= set(config.BY_NAME)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_figure_that_the_page_names_is_told(client):
    named = set(re.findall(r"`(quizapp_[a-z_]+)", PAGE))
    client.get("/healthz")
    told = client.get("/metrics").text
    assert len(named) > 5
    assert [name for name in sorted(named) if name not in told] == []
