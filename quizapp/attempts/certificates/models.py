"""Certificates that were made, and the public halves of the keys that signed them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.attempts.certificates.claims import Claim, Printed, Signed
from quizapp.db import UtcDateTime, db


class CertificateKey(db.Model):
    """A key that signs or has signed: its public half. The private one lies in the instance folder alone."""

    __tablename__ = "certificate_key"
    id: Mapped[str] = mapped_column(String(8), primary_key=True)  # see signing.id_of
    public: Mapped[str] = mapped_column(String(43))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # none: it signs


class Certificate(db.Model):
    """One certificate as it was made. Rows are only ever added; whether it stands is worked out: see `standing`."""

    __tablename__ = "certificate"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)  # see numbers
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    claim_key: Mapped[str] = mapped_column(String(64))  # see claims.Claim.key
    title: Mapped[str]
    name: Mapped[str]
    unit: Mapped[str]
    exam: Mapped[str]
    level: Mapped[str]
    issuer: Mapped[str]
    examined_on: Mapped[date]
    issued_on: Mapped[date]
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    key_id: Mapped[str] = mapped_column(ForeignKey("certificate_key.id"))
    signature: Mapped[str] = mapped_column(String(86))
    __table_args__ = (UniqueConstraint("candidate_id", "claim_key"),)  # one for each thing that was said

    @property
    def signed(self) -> Signed:
        """What was printed and signed."""
        said = Claim(self.title, self.name, self.unit, self.exam, self.level, self.issuer)
        return Signed(
            Printed(self.number, said, self.examined_on, self.issued_on), self.key_id, self.signature
        )
