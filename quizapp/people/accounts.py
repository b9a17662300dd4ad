"""学法账号: seven random digits and a check digit that catches every wrong digit and every swap of neighbours."""

from collections.abc import Container
from random import Random

LENGTH = 8
# Damm's quasigroup of order 10, totally anti-symmetric: H. M. Damm, "Total anti-symmetrische Quasigruppen", 2004.
_TABLE = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def check_digit(payload: str) -> str:
    """The digit that makes `payload` complete. Raises ValueError for anything but ASCII digits."""
    if not (payload.isascii() and payload.isdigit()):
        raise ValueError("only digits have a check digit")
    interim = 0
    for digit in payload:
        interim = _TABLE[interim][int(digit)]
    return str(interim)


def is_valid(account: str) -> bool:
    """Whether this can be an account: eight digits, no leading zero, the last one fits."""
    plain = len(account) == LENGTH and account.isascii() and account.isdigit()
    return plain and account[0] != "0" and check_digit(account[:-1]) == account[-1]


def make(random: Random) -> str:
    """One account: random, so that nobody's tells of anybody else's; no leading zero, which sheets would drop."""
    payload = str(random.randrange(10 ** (LENGTH - 2), 10 ** (LENGTH - 1)))
    return payload + check_digit(payload)


def make_many(count: int, taken: Container[str], random: Random) -> list[str]:
    """So many different accounts that are not taken; they come in the order of drawing, which is random."""
    made: dict[str, None] = {}
    while len(made) < count:
        account = make(random)
        if account not in taken:
            made[account] = None
    return list(made)
