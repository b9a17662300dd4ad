"""`quizapp`: one program; its commands call the same actions as the pages."""

from typing import Any

import click
from flask.cli import FlaskGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from quizapp import create_app
from quizapp.errors import Refused


class Commands(FlaskGroup):
    """All commands; what a rule or the database refuses becomes one sentence instead of a traceback."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(add_default_commands=False, add_version_option=False, load_dotenv=False, **settings)
        self.params = []  # Flask's own options speak of files and modes that this program does not have

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as refused:
            raise click.ClickException(f"{refused.sentence}{refused.advice}") from refused
        except (OperationalError, ProgrammingError) as error:
            reason = str(error.orig).splitlines()[0]
            raise click.ClickException(
                f"数据库不可用或还没有准备好（{reason}）。没有改动任何内容。请先执行quizapp db upgrade，再重试。"
            ) from error


@click.group(cls=Commands, create_app=create_app, help="条例学考：学习和考试系统。")
def main() -> None:
    """The areas' blueprints bring their commands; `--help` of each says what it does."""
