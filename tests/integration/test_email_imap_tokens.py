"""Mailboxes that take tokens instead of passwords."""

from __future__ import annotations

import dataclasses
import logging
from typing import Any

import pytest

from connectors.email import EmailConnector, EmailSettings
from connectors.port import ConnectorError
from tests.fakes import MemoryIntake, eventually, listening
from tests.integration.imap_kit import USER, a_mail, idling, settings_for
from tests.servers.dovecot import Dovecot, free_port
from tests.servers.network import Network
from tests.servers.oauth import TokenServer

pytestmark = pytest.mark.usefixtures("short_pauses")


def with_tokens(server: Dovecot, tokens: TokenServer, **changes: Any) -> EmailSettings:
    oauth: dict[str, Any] = {
        "auth": "oauth2",
        "imap_password": "",
        "oauth_token_url": tokens.token_url,
        "oauth_client_id": "app",
        "oauth_client_secret": "app-secret",
        "oauth_refresh_token": "refresh-1",
    }
    return settings_for(server, **(oauth | changes))


async def test_a_mailbox_that_takes_tokens(intake: MemoryIntake, caplog: pytest.LogCaptureFixture) -> None:
    """Logged in by XOAUTH2; a token that is no longer good is replaced; one refresh token is good for all (trap 7)."""
    with caplog.at_level(logging.DEBUG):
        async with (
            TokenServer(USER) as tokens,
            Dovecot(introspection_url=tokens.introspection_url) as dovecot,
            Network(dovecot.imaps_port) as network,
        ):
            tokens.rotate = True
            async with listening(
                connector := EmailConnector(with_tokens(dovecot, tokens, imap_port=network.port)), intake
            ):
                dovecot.deliver(USER, a_mail(1))
                await intake.stored(1)
                await idling(connector)
                network.cut()
                dovecot.deliver(USER, a_mail(2))
                await intake.stored(2)
                assert len(tokens.given) == 1
                tokens.revoke()
                await idling(connector)
                network.cut()
                dovecot.deliver(USER, a_mail(3))
                await intake.stored(3)
                assert len(tokens.given) == 2
    assert [form.get("refresh_token") for form in tokens.asked] == ["refresh-1", "refresh-2"]
    for secret in ("access-1", "access-2", "refresh-1", "app-secret"):
        assert secret not in caplog.text


async def test_what_is_wrong_with_a_token_is_said(intake: MemoryIntake) -> None:
    async with TokenServer(USER) as tokens, Dovecot(introspection_url=tokens.introspection_url) as dovecot:
        settings = with_tokens(dovecot, tokens)
        await EmailConnector(settings)._followers[0].check()
        cases: list[tuple[dict[str, Any], str]] = [
            ({"oauth_refresh_token": "old"}, "invalid_grant: .*expired.* oauth_refresh_token"),
            ({"oauth_client_secret": "wrong"}, "oauth_client_id and oauth_client_secret"),
            ({"oauth_token_url": f"http://127.0.0.1:{free_port()}/"}, "oauth_token_url and the network"),
            ({"imap_user": "somebody-else"}, "refuses the access token"),
        ]
        for changes, words in cases:
            with pytest.raises(ConnectorError, match=words) as caught:
                await EmailConnector(dataclasses.replace(settings, **changes))._followers[0].check()
            for secret in ("app-secret", "'old'", "wrong is", "access-"):
                assert secret not in str(caught.value)
        tokens.broken = True
        connector = EmailConnector(settings)
        async with listening(connector, intake):
            await eventually(lambda: "in trouble (503" in connector.health().detail)
            tokens.broken = False
            dovecot.deliver(USER, a_mail(1))
            await intake.stored(1)


async def test_a_server_that_takes_no_tokens(dovecot: Dovecot) -> None:
    async with TokenServer() as tokens:
        with pytest.raises(ConnectorError, match="does not offer XOAUTH2"):
            await EmailConnector(with_tokens(dovecot, tokens))._followers[0].check()
