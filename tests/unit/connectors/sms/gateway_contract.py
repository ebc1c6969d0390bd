"""What every gateway must do behind `SmsGateway`, as a test class to inherit from: the stand-ins and a real Kannel alike."""

from __future__ import annotations

from abc import ABC, abstractmethod

import pytest

from connectors.port import ConnectorError, OutgoingMessage, Receipt, Reported, WillNotDeliver
from connectors.sms import SmsGateway
from tests.fakes import MemoryIntake, eventually, listening

NUMBER = "+8613800138000"
VARIABLES = {"reference": "TS20261121-0007", "hotline": "400-800-1234", "status": "处理中"}


def outgoing(text: str = "编号TS20261121-0007，咨询400-800-1234", **more: object) -> OutgoingMessage:
    values = {"key": "TS1/ack", "address": NUMBER, "text": text, "notice": "acknowledgement", "variables": VARIABLES}
    return OutgoingMessage(**values | more)  # type: ignore[arg-type]


class Rig(ABC):
    """A gateway with a phone behind it, and our connector before it. `intake` is where the connector puts what comes in."""

    gateway: SmsGateway
    intake: MemoryIntake

    @abstractmethod
    async def says(self, number: str, text: str, id: str) -> None:
        """Let a phone write to us; the same id is the same message."""

    @abstractmethod
    async def heard(self, count: int) -> list[tuple[str, str]]:
        """Return (number in E.164, text) of what the phones got, once it is so much."""

    @abstractmethod
    async def reported(self, external_id: str) -> None:
        """Let the gateway report that a message of ours arrived."""

    @abstractmethod
    def wrong(self) -> SmsGateway:
        """Return a connector with a wrong password."""


class GatewayContract:
    """The inheriting class gives the fixture `rig`, not listening yet."""

    async def test_a_message_reaches_the_phone_and_its_report_names_it(self, rig: Rig) -> None:
        async with listening(rig.gateway, rig.intake):
            sent = await rig.gateway.send(outgoing())
            assert sent.external_id
            assert not sent.delivered
            assert rig.gateway.capabilities.sends_bytes == 0
            [(number, text)] = await rig.heard(1)
            assert number == NUMBER
            assert "TS20261121-0007" in text
            assert "400-800-1234" in text
            await rig.reported(sent.external_id)
            [raw] = await rig.intake.stored(1)
            report = rig.gateway.parse(raw)
            assert report.ignored == "delivery report"
            assert report.sender is None
            [receipt] = report.receipts
            assert (receipt.fate, receipt.message_id) == (Reported.DELIVERED, sent.external_id)
            assert receipt.address in ("", NUMBER)
            assert isinstance(receipt, Receipt)

    async def test_what_a_phone_says_is_stored_and_understood(self, rig: Rig) -> None:
        async with listening(rig.gateway, rig.intake):
            await rig.says(NUMBER, "厨房漏水三天了，6栋1202", "m-1")
            [raw] = await rig.intake.stored(1)
            heard = rig.gateway.parse(raw)
            assert heard.channel == raw.channel == rig.gateway.channel == "sms"
            assert heard.conversation == raw.conversation == NUMBER
            assert heard.sender is not None
            assert heard.sender.address == NUMBER
            assert heard.text == heard.visible_reply == "厨房漏水三天了，6栋1202"
            assert heard.external_id == raw.external_id
            assert not heard.automatic
            assert rig.gateway.parse(raw) == heard

    async def test_two_messages_with_the_same_words_are_two(self, rig: Rig) -> None:
        async with listening(rig.gateway, rig.intake):
            await rig.says(NUMBER, "好", "m-1")
            await rig.intake.stored(1)
            await rig.says(NUMBER, "好", "m-2")
            assert len(await rig.intake.stored(2)) == 2

    async def test_what_cannot_be_stored_comes_again(self, rig: Rig) -> None:
        async with listening(rig.gateway, rig.intake):
            rig.intake.down = True
            await rig.says(NUMBER, "电梯坏了", "m-1")
            await eventually(lambda: rig.intake.calls > 0)
            rig.intake.down = False
            await rig.says(NUMBER, "电梯坏了", "m-1")
            assert {rig.gateway.parse(raw).text for raw in await rig.intake.stored(1)} == {"电梯坏了"}

    async def test_a_number_that_takes_no_short_messages_is_refused_without_asking(self, rig: Rig) -> None:
        for address in ("+861062345678", "95588", "4008001234", "nobody"):
            with pytest.raises(WillNotDeliver, match="nothing can be sent to this number"):
                await rig.gateway.send(outgoing(address=address))

    async def test_check_knows_a_good_login_from_a_wrong_one(self, rig: Rig) -> None:
        await rig.gateway.check()
        wrong = rig.wrong()
        try:
            with pytest.raises(ConnectorError, match=r"refuses the (login|key)"):
                await wrong.check()
        finally:
            await wrong.close()

    async def test_health_follows_listening(self, rig: Rig) -> None:
        assert not rig.gateway.health().ok
        async with listening(rig.gateway, rig.intake):
            assert rig.gateway.health().ok
        assert not rig.gateway.health().ok

    async def test_closing_twice_is_harmless(self, rig: Rig) -> None:
        await rig.gateway.send(outgoing())
        await rig.gateway.close()
        await rig.gateway.close()
