"""When a certificate ends. The standard library tells it of connections only; a few steps into the DER are enough."""

import ssl
from datetime import UTC, datetime

SEQUENCE, VERSION, UTC_TIME = 0x30, 0xA0, 0x17


def ends_at(pem: str) -> datetime:
    """notAfter of the first certificate of a PEM file. Raises ValueError for anything else. Source: RFC 5280, 4.1."""
    mark = "-----END CERTIFICATE-----"
    first = pem[pem.find("-----BEGIN CERTIFICATE-----") : pem.find(mark) + len(mark)]
    try:
        _, certificate, _ = _next(ssl.PEM_cert_to_DER_cert(first))
        _, signed, _ = _next(certificate)
        kind, _, rest = _next(signed)
        if kind == VERSION:
            _, _, rest = _next(rest)  # the serial number
        _, _, rest = _next(rest)  # the algorithm
        _, _, rest = _next(rest)  # the issuer
        _, validity, _ = _next(rest)
        _, _, rest = _next(validity)  # notBefore
        kind, moment, _ = _next(rest)
    except IndexError as error:
        raise ValueError("no certificate") from error
    return _time(kind, moment.decode("ascii"))


def _next(data: bytes) -> tuple[int, bytes, bytes]:
    """The first element of DER data: its tag, what it holds, and what follows it. Raises IndexError."""
    tag, length, start = data[0], data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start])
    if start + length > len(data):
        raise IndexError("cut short")
    return tag, data[start : start + length], data[start + length :]


def _time(kind: int, words: str) -> datetime:
    """UTCTime has two digits for the year, and 50 is 1950; GeneralizedTime has four."""
    if kind == UTC_TIME:
        words = ("19" if words >= "50" else "20") + words
    return datetime.strptime(words, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
