"""口令条 as PDF: eight to an A4 page, to be cut along the dashed lines.

The QR code holds the sign-in address and the account, never the one-time password: apps that scan keep what they saw,
and send it to their makers. Whoever finds a photograph of the code alone cannot come in.
"""

import io
from collections.abc import Sequence
from pathlib import Path

import segno

from quizapp import dates, typesetting
from quizapp.people.actions import Slip

TITLE = "一次性口令条"
ADVICE = "首次登录后请设置自己的口令。请勿拍照转发，重新打印后本条作废。"


def pdf(slips: Sequence[Slip], address: str, site: str) -> bytes:
    """The pages. address: of the sign-in page. site: what the installation is called. Raises Refused without a font."""
    cells = [
        {
            "name": slip.name,
            "unit": slip.unit,
            "account": slip.account,
            "code": slip.one_time_password,
            "until": dates.minute(slip.expires_at),
            "qr": svg(address, slip.account),
        }
        for slip in slips
    ]
    data = {"title": TITLE, "site": site, "address": address, "advice": ADVICE, "slips": cells}
    return typesetting.pdf(Path(__file__).with_suffix(".typ"), data)


def code(address: str, account: str) -> segno.QRCode:
    """What is scanned: the sign-in page with the account filled in.

    The mask is given: comparing all eight takes seven times as long, and every reader reads any of them.
    """
    return segno.make(f"{address}?login={account}", error="m", mask=3, micro=False)


def svg(address: str, account: str) -> str:
    """The QR code as a drawing of its own."""
    drawn = io.BytesIO()
    code(address, account).save(drawn, kind="svg", border=0, xmldecl=False, svgclass=None, lineclass=None)
    return drawn.getvalue().decode()
