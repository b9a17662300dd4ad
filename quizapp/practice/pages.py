"""The blueprint of practice: its pages hang themselves in."""

from flask import Blueprint

bp = Blueprint("practice", __name__)
