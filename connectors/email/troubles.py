"""What went wrong between us and a server, in words for the person who runs us."""

from __future__ import annotations

import os
import re
import ssl

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\x85]+")
_WHO = re.compile(r"""(?:"[^"\r\n]{1,64}"|[^\s<>"'()\[\]:;,@]{1,128})(?=@[\w\[])""")  # of an address: before its domain
_NUMBER = re.compile(r"\+?[0-9*]{7,}")
_READ = 2000  # characters of a server's words that are looked at


def reason(error: BaseException) -> str:
    """Return what an operating system's error says, without its number and addresses."""
    if isinstance(error, OSError) and error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return str(getattr(error, "strerror", None) or error or type(error).__name__)


def quoted(said: str) -> str:
    """Return a server's words on one line, short, without the mailboxes and numbers in them: they are kept and shown."""
    return _NUMBER.sub("…", _WHO.sub("…", _CONTROL.sub(" ", said[:_READ])))[:200]


def tls_trouble(where: str, key: str, error: ssl.SSLError) -> str:
    """Return why encryption did not begin. key: "imap" or "smtp", as the settings begin."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"{where}: the server's certificate is not trusted ({error.verify_message}): set ca_file, or use its name"
        )
    return f"{where}: no TLS there ({error.reason or type(error).__name__}): check {key}_port and {key}_tls"
