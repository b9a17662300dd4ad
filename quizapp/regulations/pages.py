"""What the pages and commands of this area share: the blueprint."""

from flask import Blueprint

bp = Blueprint("regulations", __name__, cli_group="regulations")
