"""What is public of certificates, and their commands: a blueprint of its own, since it belongs to no menu."""

from flask import Blueprint

bp = Blueprint("certificates", __name__, cli_group="certificates")
bp.cli.help = "合格证：核验签名、查看公钥、更换密钥。"
