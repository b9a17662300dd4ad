"""`quizapp certificates`: check a certificate by its signature, publish the keys, change the key."""

import io
import sys
from pathlib import Path

import click
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from quizapp import clock, dates
from quizapp.attempts.certificates import claims, keys, numbers, queries, signing
from quizapp.attempts.certificates.claims import Signed
from quizapp.attempts.certificates.pages import bp
from quizapp.db import db, reading


@bp.cli.command("verify")
@click.argument("what", metavar="文件或文本")
@click.option(
    "--keys",
    "key_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="公钥文件（/c/keys页面或quizapp certificates keys的内容）；给出时不连接数据库。",
)
def verify(what: str, key_file: Path | None) -> None:
    """核验证书：证书的PDF文件、存有核验文本的文件，或扫描离线核验码得到的12行文本；“-”从标准输入读取。

    有一份不符即以状态1退出。
    """
    texts = _texts(what)
    known = _keys_of(key_file) if key_file else _known()
    wrong = 0
    for text in texts:
        try:
            signed = claims.read(text)
        except ValueError as error:
            raise click.ClickException(str(error)) from error
        problem = signing.problem(signed, known)
        wrong += bool(problem)
        click.echo(_told(signed, problem))
        if not problem and key_file is None:
            click.echo(_standing(signed))
    if wrong:
        raise click.ClickException(f"{len(texts)}份证书中有{wrong}份不能确认。")


def _keys_of(file: Path) -> dict[str, str]:
    try:
        return signing.keys_in(file.read_text(encoding="utf-8", errors="replace"))
    except ValueError as error:
        raise click.ClickException(f"不能读取公钥文件{file}：{error}") from error


def _known() -> dict[str, str]:
    with reading():
        return keys.public_halves()


def _texts(what: str) -> list[str]:
    """The signed texts in a file, the standard input, or the argument itself."""
    if what == "-":
        given = sys.stdin.read()
    elif "\n" not in what and len(what) < 1000 and Path(what).is_file():
        data = Path(what).read_bytes()
        given = _attached(data) if data.startswith(b"%PDF") else data.decode("utf-8", errors="replace")
    else:
        given = what.replace("\\n", "\n")
    found = claims.texts_in(given)
    if not found:
        raise click.ClickException("没有找到核验文本：应为证书的PDF文件，或以XFZ1开头的12行文本。")
    return found


def _attached(data: bytes) -> str:
    try:
        attached = PdfReader(io.BytesIO(data)).attachments
        return "\n".join(
            part.decode("utf-8", errors="replace") for parts in attached.values() for part in parts
        )
    except PyPdfError as error:
        raise click.ClickException("不能读取这个PDF文件。") from error


def _told(signed: Signed, problem: str) -> str:
    printed, said = signed.printed, signed.printed.claim
    lines = [
        f"{'签名不能确认' if problem else '签名有效'}：{printed.number}",
        *([f"　{problem}"] if problem else []),
        f"　{said.title}　{said.name}　{said.unit}",
        f"　{said.exam}　{dates.day(printed.examined_on)}　{said.level}",
        f"　{said.issuer}　{dates.day(printed.issued_on)}",
    ]
    return "\n".join(lines)


def _standing(signed: Signed) -> str:
    """Whether it stands today, where the tables are at hand."""
    number = numbers.read(signed.printed.number)
    with reading():
        found = queries.by_number(number) if number else None
        if found is None:
            return "　本系统中没有这份证书的记录。"
        stands = found.standing
    return f"　目前{stands.word}。{stands.reason}"


@bp.cli.command("keys")
def show_keys() -> None:
    """列出全部公钥，供离线核验使用；内容与公开页面/c/keys相同。"""
    with reading():
        for key in keys.everything():
            click.echo(f"{key.id} {key.public} {dates.day(key.made_at)}{'起' if not key.retired_at else ''}")


@bp.cli.command("rotate-key")
def rotate_key() -> None:
    """换用新的签名密钥。以前颁发的证书继续有效，旧的私钥不再保留；多台服务器须随后复制新的密钥文件。"""
    own, waiting = keys.renew(clock.now())
    db.session.commit()
    keys.take_over(waiting)
    click.echo(f"已换用密钥{own.key_id}，文件：{keys.place()}。")
    click.echo("请备份这个文件；有多台服务器的，请把它复制到每一台的数据目录。")
