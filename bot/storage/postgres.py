"""How a process talks to PostgreSQL: what libpq is told, and how soon a dead line or a frozen process is noticed."""

from __future__ import annotations

from sqlalchemy import make_url

DELIVERIES = "outbox"
"""What those who deliver listen to."""

LINE: dict[str, str | int] = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # ms; without it, a query over a line that was cut waits for a quarter of an hour
}
IDLE_IN_TRANSACTION = "-c idle_in_transaction_session_timeout=20s"
"""A process that is frozen in the middle of a transaction must not keep its locks: the server undoes it and goes on."""


def conninfo(url: str) -> str:
    """Return a URL of SQLAlchemy's as libpq takes it."""
    parsed = make_url(url).set(drivername="postgresql")
    query = {name: str(value) for name, value in LINE.items()} | dict(parsed.query)
    return parsed.set(query=query).render_as_string(hide_password=False)
