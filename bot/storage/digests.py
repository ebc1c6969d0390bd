"""What an event is known by: a digest of what happened, and of its words by a digest of their own that outlives them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime

import msgspec

_SALT = 16  # bytes of a seed; with the 32 of a digest in its place the words were erased

_encode = msgspec.json.Encoder().encode


def new_seed() -> bytes:
    """Return the salt of a new event: without it nobody can try out which words its digest is of."""
    return secrets.token_bytes(_SALT)


def hidden(text: str) -> str:
    """Return what stands in place of an identity that would name somebody: the same one gives the same."""
    return f"forgotten:{hashlib.sha256(text.encode()).hexdigest()}"


def is_erased(seed: bytes) -> bool:
    return len(seed) != _SALT


def words_digest(seed: bytes, note: str, facts: str) -> bytes:
    """Return what stays of an event's words where they are erased."""
    return hashlib.sha256(seed + _encode((note, facts))).digest()


def event_digest(
    seed: bytes,
    reference: str,
    kind: str,
    at: datetime,
    by: str | None,
    channel: str,
    old: str | None,
    new: str,
    note: str,
    facts: str,
) -> bytes:
    """Return the digest of an event. seed: its salt, or the digest of the words that were erased."""
    words = seed if is_erased(seed) else words_digest(seed, note, facts)
    plain = (reference, kind, at.astimezone(UTC).isoformat(), by, channel, old, new)
    return hashlib.sha256(_encode(plain) + words).digest()
