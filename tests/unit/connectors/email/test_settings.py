"""Settings that cannot work are refused with the key and what to do; secrets do not print."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.email import EmailSettings


def settings(**changes: Any) -> EmailSettings:
    return EmailSettings(
        **{"address": "kf@x.cn", "imap_host": "imap.x.cn", "imap_user": "kf", "smtp_host": "smtp.x.cn", **changes}
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"imap_tls": "plain"}, "imap_tls = 'plain' .* imap.x.cn"),
        ({"smtp_tls": "plain"}, "smtp_tls = 'plain' .* 'starttls'"),
        ({"smtp_tls": "plain", "smtp_host": "127.0.0.1.evil.cn"}, "plain"),
        ({"imap_tls": "ssl"}, "imap_tls = 'ssl' is not known"),
        ({"after_import": "delete"}, "after_import"),
        ({"start": "2020"}, "start"),
        ({"address": "kf"}, "address"),
        ({"address": "a b@x.cn"}, "address"),
        ({"display_name": "a\r\nBcc: b"}, "display_name"),
        ({"imap_host": ""}, "imap_host is empty"),
        ({"smtp_port": 0}, "smtp_port"),
        ({"imap_port": 70000}, "imap_port"),
        ({"idle_s": 0}, "idle_s"),
        ({"smtp_connections": 0}, "smtp_connections"),
    ],
)
def test_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        settings(**changes)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.1.2.3"])
def test_plain_is_for_this_machine(host: str) -> None:
    assert settings(imap_tls="plain", imap_host=host, smtp_tls="plain", smtp_host=host)


def test_secrets_do_not_print() -> None:
    assert "geheim" not in repr(settings(imap_password="geheim", smtp_password="geheim"))


def test_the_domain() -> None:
    assert settings(address="kf@X.CN").domain == "x.cn"
