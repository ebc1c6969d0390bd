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
        ({"after_import": "move"}, "move_to"),
        ({"after_import": "move", "move_to": "INBOX"}, "another folder"),
        ({"after_import": "move", "move_to": "a\r\nb"}, "single lines"),
        ({"auth": "kerberos"}, "auth = 'kerberos' is not known"),
        ({"auth": "oauth2"}, "oauth_token_url is empty"),
        ({"auth": "oauth2", "oauth_token_url": "https://l.cn/t"}, "oauth_client_id is empty"),
        ({"auth": "oauth2", "oauth_token_url": "https://l.cn/t", "oauth_client_id": "i"}, "oauth_refresh_token"),
        (
            {
                "auth": "oauth2",
                "oauth_token_url": "http://l.cn/t",
                "oauth_client_id": "i",
                "oauth_refresh_token": "r",
            },
            "https://",
        ),
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
    secrets = ("imap_password", "smtp_password", "oauth_client_secret", "oauth_refresh_token")
    assert "geheim" not in repr(settings(**dict.fromkeys(secrets, "geheim")))


@pytest.mark.parametrize(
    ("changes", "by_token"),
    [
        ({"smtp_user": "kf"}, True),
        ({}, False),  # a relay that knows us by our address
        ({"smtp_user": "kf", "smtp_password": "x"}, False),  # a relay of its own
        ({"smtp_user": "kf", "auth": "password"}, False),
    ],
)
def test_the_token_is_for_the_smtp_server_too_where_nothing_else_is(changes: dict[str, Any], by_token: bool) -> None:
    oauth = {"auth": "oauth2", "oauth_token_url": "https://l.cn/t", "oauth_client_id": "i", "oauth_client_secret": "s"}
    assert settings(**{**oauth, **changes}).smtp_oauth is by_token


def test_the_domain() -> None:
    assert settings(address="kf@X.CN").domain == "x.cn"
