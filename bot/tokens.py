"""Signed tokens: an answer that carries one proves that its writer received the message it was put into.

And sealed addresses: where somebody who would not be named is answered, in a form that only we can read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterable
from operator import xor

_ID = re.compile(r"(?:^|[<+])cb([0-9]{1,18})-([0-9a-f]{24})@")
_START = re.compile(r"c([0-9]{1,18})-([0-9a-f]{24})", re.ASCII)
_CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that looks like something else: no 0O, 1IL
CODE_LENGTH = 8
_SEALED = "sealed:"
_MARK_BYTES = 16
LONGEST_SEALED = 200  # bytes of an address: what is made of them still fits where addresses are kept


class Signer:
    """Makes and checks tokens with the service's secret."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"complaintbot reply token" + secret.encode()).digest()
        self._seal = hashlib.sha256(b"complaintbot seal" + secret.encode()).digest()

    @property
    def mark(self) -> str:
        """What tells this secret from another, and nothing of it."""
        return hmac.new(self._key, b"which secret", hashlib.sha256).hexdigest()[:16]

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
        return hmac.digest(self._key, str(outbox_id).encode(), "sha256").hex()[:24]

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

    def receipt_code(self, reference: str) -> str:
        """Return the code by which whoever filed a complaint without a name asks for it; it is stored nowhere."""
        mac = hmac.new(self._seal, b"receipt:" + reference.encode(), hashlib.sha256).digest()
        return "".join(_CODE_LETTERS[byte % len(_CODE_LETTERS)] for byte in mac[:CODE_LENGTH])

    def opens_receipt(self, reference: str, code: str) -> bool:
        """Say whether a code is the one of this complaint."""
        return hmac.compare_digest(self.receipt_code(reference).encode(), code.upper().encode())

    def seal(self, channel: str, address: str) -> str:
        """Return an address in a form that nobody can read without our secret; always the same one for the same address.

        Raises ValueError where the address is longer than LONGEST_SEALED.
        """
        plain = address.encode()
        if len(plain) > LONGEST_SEALED:
            raise ValueError(f"an address of {len(plain)} bytes cannot be sealed: {LONGEST_SEALED} at the most")
        mark = self._sealing_mark(channel, plain)
        hidden = base64.urlsafe_b64encode(mark + self._masked(mark, plain))
        return _SEALED + hidden.decode().rstrip("=")

    def opened(self, channel: str, address: str) -> str:
        """Return the address that was sealed; an address that was not is returned as it is."""
        if not address.startswith(_SEALED):
            return address
        text = address.removeprefix(_SEALED)
        try:
            hidden = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            return address
        mark = hidden[:_MARK_BYTES]
        plain = self._masked(mark, hidden[_MARK_BYTES:])
        return plain.decode() if hmac.compare_digest(mark, self._sealing_mark(channel, plain)) else address

    def _sealing_mark(self, channel: str, plain: bytes) -> bytes:
        """Return what proves that a sealed address is ours, and makes its mask another than that of every other."""
        return hmac.digest(self._seal, b"mark:%s:%s" % (channel.encode(), plain), "sha256")[:_MARK_BYTES]

    def _masked(self, mark: bytes, text: bytes) -> bytes:
        """Return a text under a mask made of `mark`, or one under that mask as it was."""
        blocks = range(0, len(text), hashlib.sha256().digest_size)
        mask = b"".join([hmac.digest(self._seal, b"mask:%s:%d" % (mark, at), "sha256") for at in blocks])
        return bytes(map(xor, text, mask))


def is_code(text: str) -> bool:
    """Say whether a text has the form of a one-time code of `new_code`."""
    return len(text) == CODE_LENGTH and set(text.upper()) <= set(_CODE_LETTERS)


def new_code() -> str:
    """Return a fresh one-time code, easy to read out on the phone."""
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(CODE_LENGTH))
