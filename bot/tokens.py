"""Signed tokens: an answer that carries one proves that its writer received the message it was put into."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterable

_ID = re.compile(r"(?:^|[<+])cb([0-9]{1,18})-([0-9a-f]{24})@")
_START = re.compile(r"c([0-9]{1,18})-([0-9a-f]{24})", re.ASCII)
_CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that looks like something else: no 0O, 1IL
CODE_LENGTH = 8


class Signer:
    """Makes and checks tokens with the service's secret."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"complaintbot reply token" + secret.encode()).digest()

    def message_id(self, outbox_id: int, domain: str) -> str:
        """Return a Message-ID that names an outgoing message and cannot be made up."""
        return f"<cb{outbox_id}-{self._mac(outbox_id)}@{domain}>"

    def plus_address(self, outbox_id: int, address: str) -> str:
        """Return `address` with the token in its plus part, for mail clients that drop threading headers (trap 10)."""
        local, _, domain = address.rpartition("@")
        return f"{local}+cb{outbox_id}-{self._mac(outbox_id)}@{domain}"

    def outbox_id(self, ids: Iterable[str]) -> int | None:
        """Return the outgoing message that the last genuine token among these ids or addresses names."""
        found = None
        for text in ids:
            for number, mac in _ID.findall(text):
                if hmac.compare_digest(mac, self._mac(int(number))):
                    found = int(number)
        return found

    def _mac(self, outbox_id: int) -> str:
        return hmac.new(self._key, str(outbox_id).encode(), hashlib.sha256).hexdigest()[:24]

    def start_code(self, outbox_id: int) -> str:
        """Return the code that a customer takes along from a notice of ours into a chat; fit for a link."""
        return f"c{outbox_id}-{self._start_mac(outbox_id)}"

    def started_from(self, code: str) -> int | None:
        """Return the outgoing message whose genuine code this is."""
        found = _START.fullmatch(code)
        if found is None or not hmac.compare_digest(found[2], self._start_mac(int(found[1]))):
            return None
        return int(found[1])

    def _start_mac(self, outbox_id: int) -> str:
        return hmac.new(self._key, b"start:%d" % outbox_id, hashlib.sha256).hexdigest()[:24]

    def code_hash(self, code: str) -> str:
        """Return what is stored of a one-time code, however wide, high or far apart its letters are written."""
        written = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", code)).upper()
        return hmac.new(self._key, b"code:" + written.encode(), hashlib.sha256).hexdigest()


def is_code(text: str) -> bool:
    """Say whether a text has the form of a one-time code of `new_code`."""
    return len(text) == CODE_LENGTH and set(text.upper()) <= set(_CODE_LETTERS)


def new_code() -> str:
    """Return a fresh one-time code, easy to read out on the phone."""
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(CODE_LENGTH))
