"""Sending to a real SMTP server that refuses, breaks off, falls silent or is gone: the truth about each mail (trap 45)."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.email import EmailConnector, EmailSettings
from connectors.email import smtp as smtp_module
from connectors.port import (
    ConnectorError,
    DeliveryError,
    OutgoingMessage,
    TryAgainLater,
    UnknownDelivery,
    WillNotDeliver,
)
from tests.fakes import eventually
from tests.servers.network import Network
from tests.servers.oauth import TokenServer
from tests.servers.smtp import SmtpSink

NOW = datetime(2026, 3, 5, 2, 20, 30, tzinfo=UTC)


@pytest.fixture
async def sink() -> AsyncIterator[SmtpSink]:
    async with SmtpSink() as server:
        yield server


SETTINGS = EmailSettings(
    address="kf@x.cn",
    display_name="投诉中心",
    imap_host="127.0.0.1",
    imap_user="kf",
    imap_tls="plain",
    smtp_host="127.0.0.1",
    smtp_tls="plain",
    timeout_s=5,
)


def connector_for(sink: SmtpSink, **changes: Any) -> EmailConnector:
    return EmailConnector(dataclasses.replace(SETTINGS, **{"smtp_port": sink.port, **changes}), now=lambda: NOW)


def note(number: int = 1, **changes: Any) -> OutgoingMessage:
    base = OutgoingMessage(key=f"C-{number}/ack", address=f"z{number}@qq.com", text="已受理", subject="投诉受理 C-1")
    return dataclasses.replace(base, **changes)


# --- what arrives ----------------------------------------------------------------------------------------------------


async def test_an_answer_threads_under_what_it_answers(sink: SmtpSink) -> None:
    connector = connector_for(sink)
    sent = await connector.send(
        note(
            text="您好：\n.\n.点在行首\n\n编号 C-1",
            message_id="<c1.ack@x.cn>",
            reply_to="<2@qq.com>#0123456789abcdef",
            references=("<1@qq.com>", "<2@qq.com>"),
            reply_address="kf+abc@x.cn",
        )
    )
    (mail,) = await sink.wait_for(1)
    head = mail.parsed
    assert sent.external_id == head["Message-ID"] == "<c1.ack@x.cn>"
    assert (head["In-Reply-To"], head["References"]) == ("<2@qq.com>", "<1@qq.com> <2@qq.com>")
    assert (head["Subject"], head["From"], head["To"]) == ("投诉受理 C-1", "投诉中心 <kf@x.cn>", "z1@qq.com")
    assert (head["Reply-To"], head["Auto-Submitted"], head["X-Complaintbot"]) == ("kf+abc@x.cn", "auto-replied", "1")
    assert head["Date"].datetime == NOW
    assert (mail.sender, mail.recipients) == ("kf@x.cn", ("z1@qq.com",))
    assert mail.text.replace("\r\n", "\n") == "您好：\n.\n.点在行首\n\n编号 C-1\n"
    html = mail.parsed.get_body(("html",))
    assert html is not None
    assert "<p>您好：<br>\n.<br>\n.点在行首</p>\n<p>编号 C-1</p>" in html.get_content().replace("\r\n", "\n")
    await connector.close()


@pytest.mark.parametrize(
    ("changes", "mark"),
    [
        ({"automatic": True}, "auto-generated"),
        ({"automatic": False}, None),
        ({"automatic": False, "reply_to": "<1@qq.com>"}, None),
    ],
)
async def test_a_person_behind_it_or_not(sink: SmtpSink, changes: dict[str, Any], mark: str | None) -> None:
    connector = connector_for(sink)
    await connector.send(note(**changes))
    (mail,) = await sink.wait_for(1)
    assert mail.parsed["Auto-Submitted"] == mark
    await connector.close()


async def test_our_own_mail_is_recognised_when_it_comes_back(sink: SmtpSink) -> None:
    """No loop with ourselves (trap 14)."""
    from connectors.email import parse_mail

    connector = connector_for(sink)
    await connector.send(note())
    (mail,) = await sink.wait_for(1)
    assert parse_mail(mail.raw).automatic
    await connector.close()


@pytest.mark.parametrize(
    "text",
    ["plain ascii\n.dot\n..", "长" * 5000, "x" * 3000, "", "\r\rmixed\r\nends\n", "nul\0 and \udc80", "line\u2028sep"],
    ids=["dots", "long", "long line", "empty", "ends", "broken", "separator"],
)
async def test_any_text_travels(sink: SmtpSink, text: str) -> None:
    connector = connector_for(sink)
    await connector.send(note(text=text))
    (mail,) = await sink.wait_for(1)
    assert all(len(line) <= 998 for line in mail.raw.split(b"\r\n"))
    said = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    assert mail.text.replace("\r\n", "\n").rstrip("\n") == said.rstrip("\n")
    await connector.close()


async def test_no_text_becomes_a_header(sink: SmtpSink) -> None:
    evil = "x\r\nBcc: victim@x.cn\r\n\r\nbody"
    connector = connector_for(sink, display_name='a "b" <c>')
    await connector.send(
        note(subject=evil, message_id=f"<a@b>{evil}", reply_to=evil, references=(evil, "<ok@x.cn>"), key=evil)
    )
    (mail,) = await sink.wait_for(1)
    assert mail.parsed["Bcc"] is None
    assert mail.parsed["Subject"] == "x Bcc: victim@x.cn body"
    assert mail.parsed["References"] == "<ok@x.cn>"
    assert mail.parsed["From"].addresses[0].addr_spec == "kf@x.cn"
    assert mail.text.strip() == "已受理"
    for address in (f"a@b.cn{evil}", "a@b.cn> SIZE=1", "<a@b.cn>", "", "@", "no address", "a@b.cn,c@d.cn"):
        with pytest.raises(WillNotDeliver):
            await connector.send(note(address=address))
    with pytest.raises(WillNotDeliver):
        await connector.send(note(reply_address=f"a@b.cn{evil}"))
    assert len(sink.messages) == 1
    await connector.close()


async def test_addresses_beyond_ascii(sink: SmtpSink) -> None:
    connector = connector_for(sink)
    await connector.send(note(address="用户@例子.中国"))
    await connector.send(note(address="user@例子.中国"))
    first, second = await sink.wait_for(2)
    assert first.recipients == ("用户@xn--fsqu00a.xn--fiqs8s",)
    assert second.recipients == ("user@xn--fsqu00a.xn--fiqs8s",)
    await connector.close()


async def test_the_same_message_has_the_same_id(sink: SmtpSink) -> None:
    connector = connector_for(sink)
    first, again = [await connector.send(note(1)) for _ in range(2)]
    assert first.external_id == again.external_id
    assert (await connector.send(note(2))).external_id != first.external_id
    await connector.close()


# --- connections -----------------------------------------------------------------------------------------------------


async def test_many_at_once_share_a_few_connections(sink: SmtpSink) -> None:
    connector = connector_for(sink, smtp_connections=3)
    await asyncio.gather(*(connector.send(note(number)) for number in range(40)))
    assert len({mail.recipients for mail in await sink.wait_for(40)}) == 40
    assert sink.connections <= 3
    await connector.close()


async def test_a_connection_is_changed_after_50_mails(sink: SmtpSink) -> None:
    """Some servers take no more than 100 on one."""
    connector = connector_for(sink, smtp_connections=1)
    for number in range(101):
        await connector.send(note(number))
    assert sink.connections == 3
    await connector.close()


async def test_a_connection_the_server_closed_meanwhile(sink: SmtpSink) -> None:
    connector = connector_for(sink)
    await connector.send(note(1))
    await sink.hang_up()
    await connector.send(note(2))
    assert [mail.recipients for mail in await sink.wait_for(2)] == [("z1@qq.com",), ("z2@qq.com",)]
    await connector.close()


async def test_the_server_is_gone_and_comes_back(sink: SmtpSink) -> None:
    connector = connector_for(sink)
    await connector.send(note(1))
    await sink.down()
    with pytest.raises(TryAgainLater, match="smtp_host, smtp_port"):
        await connector.send(note(2))
    await sink.up()
    await connector.send(note(2))
    assert len(await sink.wait_for(2)) == 2
    await connector.close()
    with pytest.raises(TryAgainLater):
        await connector.send(note(3))


# --- refusals and breaks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("switch", "error"),
    [
        pytest.param({"refuse": {"z1@qq.com": "550 no such user"}}, WillNotDeliver, id="recipient, for good"),
        pytest.param({"refuse": {"z1@qq.com": "451 greylisted"}}, TryAgainLater, id="recipient, for now"),
        pytest.param({"refuse": {"z1@qq.com": "452 too many"}}, TryAgainLater, id="recipient, too many"),
        pytest.param({"refuse": {"z1@qq.com": "421 going down"}}, TryAgainLater, id="recipient, going down"),
        pytest.param({"refuse_sender": "451 busy"}, TryAgainLater, id="sender, for now"),
        pytest.param({"refuse_sender": "553 sender not allowed"}, WillNotDeliver, id="sender, for good"),
        pytest.param({"refuse_sender": "530 log in first"}, TryAgainLater, id="login wanted"),
        pytest.param({"refuse_data": "554 spam"}, WillNotDeliver, id="text, for good"),
        pytest.param({"refuse_data": "451 later"}, TryAgainLater, id="text, for now"),
        pytest.param({"refuse_data": "421 later"}, TryAgainLater, id="text, going down"),
        pytest.param({"drop_at": "MAIL"}, TryAgainLater, id="breaks off at MAIL"),
        pytest.param({"drop_at": "RCPT"}, TryAgainLater, id="breaks off at RCPT"),
        pytest.param({"drop_at": "DATA"}, TryAgainLater, id="breaks off at DATA"),
        pytest.param({"drop_after_data": True}, UnknownDelivery, id="breaks off after the text"),
        pytest.param({"silent_after_data": True}, UnknownDelivery, id="silent after the text"),
    ],
)
@pytest.mark.parametrize("used", [False, True], ids=["fresh", "pooled"])
async def test_what_became_of_a_mail(
    sink: SmtpSink, switch: dict[str, Any], error: type[DeliveryError], used: bool
) -> None:
    """Refused is refused, broken off before the text is not sent, after the text nobody knows: never more than one copy."""
    connector = connector_for(sink, timeout_s=0.5)
    if used:
        await connector.send(note(0))
    for name, value in switch.items():
        setattr(sink, name, value)
    with pytest.raises(error) as caught:
        await connector.send(note(1))
    assert type(caught.value) is error
    assert f"{sink.host}:{sink.port}" in str(caught.value)
    assert len(sink.to("z1@qq.com")) == (1 if error is UnknownDelivery else 0)
    sink.refuse, sink.refuse_sender, sink.refuse_data = {}, None, None
    sink.drop_at, sink.drop_after_data, sink.silent_after_data = None, False, False
    await connector.send(note(2))
    assert len(sink.to("z2@qq.com")) == 1
    await connector.close()


async def test_a_send_that_is_cancelled_leaves_no_half_used_connection(sink: SmtpSink) -> None:
    connector = connector_for(sink, smtp_connections=1)
    sink.silent_after_data = True
    task = asyncio.create_task(connector.send(note(1)))
    await sink.wait_for(1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    sink.silent_after_data = False
    await connector.send(note(2))
    assert sink.connections == 2
    await connector.close()


@pytest.mark.parametrize("stage", ["EHLO", "MAIL", "RCPT", "DATA"])
async def test_a_server_that_falls_silent_before_the_text(sink: SmtpSink, stage: str) -> None:
    """Nothing was handed over, so the mail may be sent again."""
    connector = connector_for(sink, timeout_s=0.3)
    sink.silent_at = stage
    with pytest.raises(TryAgainLater) as caught:
        await connector.send(note(1))
    assert type(caught.value) is TryAgainLater
    sink.silent_at = None
    await connector.send(note(1))
    assert len(sink.to("z1@qq.com")) == 1
    await connector.close()


async def test_a_server_that_is_slow_at_every_step(sink: SmtpSink) -> None:
    """Each answer comes in time and all together do not: the limit of the whole falls before the text (trap 45)."""
    async with Network(sink.port) as network:
        network.delay_s = 0.44  # an answer of several lines comes in two pieces
        connector = connector_for(sink, smtp_port=network.port, timeout_s=1.0)
        async with asyncio.timeout(connector.capabilities.slowest_send_s):
            with pytest.raises(TryAgainLater, match="too slow"):
                await connector.send(note(1))
        assert sink.messages == []
        network.delay_s = 0.0
        await connector.send(note(1))
        await connector.close()
    assert len(sink.messages) == 1


async def test_the_line_breaks_in_the_middle_of_a_mail() -> None:
    """Without its final dot no server may deliver it: it was not sent (RFC 5321 section 4.1.1.4)."""
    finished: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 x\r\n")
        while line := await reader.readline():
            writer.write(b"354 go\r\n" if line == b"DATA\r\n" else b"250 ok\r\n")
            if line == b"DATA\r\n":
                finished.append(await reader.readexactly(10_000))
                writer.transport.abort()
                return

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    settings = dataclasses.replace(SETTINGS, smtp_port=server.sockets[0].getsockname()[1])
    connector = EmailConnector(settings)
    with pytest.raises(TryAgainLater, match="in the middle") as caught:
        await connector.send(note(text="长" * 3_000_000))
    assert type(caught.value) is TryAgainLater
    assert len(finished) == 1
    await connector.close()
    server.close()


@pytest.mark.parametrize(
    ("answer", "wait_s", "everybody"),
    [
        ("451 4.7.1 Greylisting in action, please come back in 00:05:00", 300, False),
        ("450 4.2.0 <z1@qq.com>: Recipient address rejected: Greylisted for 120 seconds", 120, False),
        ("451 4.7.1 Please try again later, greylisted", 300, False),
        ("450 4.7.1 try again in 10 minutes", 600, False),
        ("451 4.3.0 come back in 99999 seconds", 3600, False),
        ("450 mailbox busy", None, False),
        ("421 4.3.2 shutting down", None, True),
        ("530 5.7.0 authentication required", None, True),
    ],
)
async def test_how_long_and_for_whom_to_wait(
    sink: SmtpSink, answer: str, wait_s: float | None, everybody: bool
) -> None:
    connector = connector_for(sink)
    sink.refuse = {"z1@qq.com": answer}
    with pytest.raises(TryAgainLater) as caught:
        await connector.send(note(1))
    assert (caught.value.retry_after_s, caught.value.everybody) == (wait_s, everybody)
    await connector.close()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("550 5.7.1 <z1@qq.com>: Relay access denied", "does not relay for us: check smtp_user"),
        ("552 5.2.2 mailbox full", "552 5.2.2 mailbox full"),
    ],
)
async def test_refused_for_good_with_the_reason(sink: SmtpSink, answer: str, words: str) -> None:
    connector = connector_for(sink)
    sink.refuse = {"z1@qq.com": answer}
    with pytest.raises(WillNotDeliver, match=words) as refused:
        await connector.send(note(1))
    assert "z1@" not in str(refused.value)
    await connector.close()


async def test_a_kept_connection_that_the_server_is_tired_of(sink: SmtpSink) -> None:
    """421 in the middle of a session: another one is opened, the mail is not put off."""
    connector = connector_for(sink)
    await connector.send(note(1))
    sink.refuse_once = "421 4.4.2 idle for too long"
    await connector.send(note(2))
    assert (len(sink.messages), sink.connections) == (2, 2)
    await connector.close()


async def test_a_refusal_leaves_the_connection_fit_for_the_next(sink: SmtpSink) -> None:
    connector = connector_for(sink)
    sink.refuse = {"z1@qq.com": "550 no such user"}
    for number in (1, 2, 1, 3):
        with contextlib.suppress(WillNotDeliver):
            await connector.send(note(number))
    assert [mail.recipients for mail in sink.messages] == [("z2@qq.com",), ("z3@qq.com",)]
    assert sink.connections == 1
    await connector.close()


async def test_an_idle_connection_is_closed(sink: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_module, "_IDLE_S", 0.05)
    connector = connector_for(sink)
    await asyncio.gather(*(connector.send(note(number)) for number in range(3)))
    await eventually(lambda: sink.open_connections == 0)
    await connector.send(note(4))
    await connector.close()


async def test_no_address_beyond_ascii_for_a_server_without_smtputf8() -> None:
    async with SmtpSink(utf8=False) as sink:
        connector = connector_for(sink)
        with pytest.raises(WillNotDeliver, match="SMTPUTF8"):
            await connector.send(note(address="用户@例子.中国"))
        await connector.send(note(1))
        assert len(sink.messages) == 1
        await connector.close()


async def test_each_mail_leaves_from_the_address_that_was_written_to(sink: SmtpSink) -> None:
    async with SmtpSink() as other:
        vip = dataclasses.replace(SETTINGS, address="VIP@y.cn", display_name="贵宾", smtp_port=other.port)
        connector = EmailConnector(dataclasses.replace(SETTINGS, smtp_port=sink.port), vip, now=lambda: NOW)
        for number, sender in enumerate((None, "kf@x.cn", "vip@Y.cn", "stranger@z.cn"), start=1):
            await connector.send(note(number, sender=sender))
        assert [mail.sender for mail in sink.messages] == ["kf@x.cn"] * 3
        (mail,) = other.messages
        assert (mail.sender, mail.parsed["From"]) == ("VIP@y.cn", "贵宾 <VIP@y.cn>")
        assert mail.parsed["Message-ID"].endswith("@y.cn>")
        await other.down()
        with pytest.raises(TryAgainLater) as caught:
            await connector.send(note(5, sender="vip@y.cn"))
        assert not caught.value.everybody  # the first address need not wait
        await connector.send(note(6))
        await connector.close()


# --- TLS and logins --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tls", ["tls", "starttls"])
async def test_encrypted_with_a_login(tls: str, tmp_path: Path) -> None:
    async with SmtpSink(tls=tls, credentials=("kf", "geheim"), tmp_dir=tmp_path) as sink:
        secure: dict[str, Any] = {
            "smtp_tls": tls,
            "smtp_user": "kf",
            "smtp_password": "geheim",
            "ca_file": sink.ca_file,
        }
        connector = connector_for(sink, **secure)
        await connector.send(note())
        assert len(await sink.wait_for(1)) == 1
        await connector.close()
        cases: list[tuple[dict[str, Any], str]] = [
            ({"smtp_password": "wrong"}, "smtp_user and smtp_password"),
            ({"ca_file": None}, "ca_file"),
            ({"ca_file": "/nonexistent"}, "/nonexistent"),
            ({"smtp_user": ""}, "smtp_user and smtp_password"),
        ]
        for changes, words in cases:
            broken = connector_for(sink, **{**secure, **changes})
            with pytest.raises(TryAgainLater, match=words) as caught:
                await broken.send(note())
            assert "geheim" not in str(caught.value)
            await broken.close()


async def test_the_wrong_kind_of_encryption(sink: SmtpSink) -> None:
    for tls in ("tls", "starttls"):
        with pytest.raises(TryAgainLater, match="smtp_tls"):
            await connector_for(sink, smtp_tls=tls, timeout_s=1).send(note())


async def test_logged_in_with_a_token(tmp_path: Path) -> None:
    """A token that was refused is replaced; what is wrong with the grant is said, and nothing secret with it."""
    async with TokenServer() as tokens, SmtpSink(tls="starttls", tokens=tokens.good, tmp_dir=tmp_path) as sink:
        secure: dict[str, Any] = {
            "smtp_tls": "starttls",
            "smtp_user": "kf",
            "ca_file": sink.ca_file,
            "auth": "oauth2",
            "oauth_token_url": tokens.token_url,
            "oauth_client_id": "app",
            "oauth_client_secret": "app-secret",
        }
        connector = connector_for(sink, **secure)
        await connector.send(note(1))
        assert tokens.asked[0]["grant_type"] == "client_credentials"
        tokens.revoke()
        await connector.send(note(2))  # on the connection that is open
        await sink.hang_up()
        with pytest.raises(TryAgainLater, match=r"refuses the login .* oauth_scope") as refused:
            await connector.send(note(3))
        assert "access-" not in str(refused.value)
        await connector.send(note(3))
        assert (len(sink.messages), len(tokens.given)) == (3, 2)
        await connector.close()
        tokens.clients.clear()
        broken = connector_for(sink, **secure)
        with pytest.raises(TryAgainLater, match="oauth_client_secret") as caught:
            await broken.send(note(4))
        assert "app-secret" not in str(caught.value)
        assert caught.value.everybody
        await broken.close()


async def test_check_says_whether_we_may_send(sink: SmtpSink) -> None:
    sender = connector_for(sink)._first
    for switch in ({"refuse_sender": "553 not owned by user"}, {"refuse": {"kf@x.cn": "554 Relay access denied"}}):
        for name, value in switch.items():
            setattr(sink, name, value)
        with pytest.raises(ConnectorError, match=r"does not let us send from kf@x\.cn"):
            await sender.check()
        sink.refuse, sink.refuse_sender = {}, None
    await sender.check()
    assert sink.messages == []


async def test_check_reaches_both_servers(sink: SmtpSink) -> None:
    connector = connector_for(sink)
    await connector._first.check()
    await sink.down()
    with pytest.raises(ConnectorError, match=f"{sink.port}"):
        await connector._first.check()
