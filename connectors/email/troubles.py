"""What went wrong between us and a server, in words for the person who runs us."""

from __future__ import annotations

import os
import ssl


def reason(error: BaseException) -> str:
    """Return what an operating system's error says, without its number and addresses."""
    if isinstance(error, OSError) and error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return str(getattr(error, "strerror", None) or error or type(error).__name__)


def tls_trouble(where: str, key: str, error: ssl.SSLError) -> str:
    """Return why encryption did not begin. key: "imap" or "smtp", as the settings begin."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"{where}: the server's certificate is not trusted ({error.verify_message}): set ca_file, or use its name"
        )
    return f"{where}: no TLS there ({error.reason or type(error).__name__}): check {key}_port and {key}_tls"
