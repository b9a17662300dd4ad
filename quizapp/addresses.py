"""Addresses of databases: as PostgreSQL's own programs and people write them, turned into what SQLAlchemy takes."""

import re

SERVERS = re.compile(r"(?P<start>postgresql\+psycopg://(?:[^@/?]*@)?)(?P<hosts>[^/?]*,[^/?]*)(?P<rest>.*)")
WHO_MAY_WRITE = "target_session_attrs"


def for_sqlalchemy(address: str) -> str:
    """The same address with its driver; of several servers, the one that may write is meant unless it says another.

    postgresql://app@db1:5432,db2:5432/quizapp → postgresql+psycopg://app@/quizapp?host=db1:5432&host=db2:5432&…
    """
    if address.startswith("postgresql://"):
        address = address.replace("postgresql://", "postgresql+psycopg://", 1)
    found = SERVERS.fullmatch(address)
    if found is None:
        return address
    place, _, said = found["rest"].partition("?")
    query = [f"host={host}" for host in found["hosts"].split(",")]
    if WHO_MAY_WRITE not in said:
        query.append(f"{WHO_MAY_WRITE}=read-write")
    return f"{found['start']}{place}?{'&'.join(query + [said] if said else query)}"
