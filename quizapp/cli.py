"""`quizapp`: one program; its commands call the same actions as the pages."""

import click
from flask.cli import FlaskGroup

from quizapp import create_app


@click.group(
    cls=FlaskGroup, create_app=create_app, add_default_commands=False, help="条例学考：学习和考试系统。"
)
def main() -> None:
    """All commands of the areas are registered by their blueprints; `--help` of each says what it does."""
