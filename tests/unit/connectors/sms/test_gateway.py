"""`SmsGateway` over stand-ins of the providers: signed requests, errors told apart, callbacks let in or turned away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.port import (
    Blocked,
    DeliveryError,
    Limit,
    TryAgainLater,
    UnknownDelivery,
    WillNotDeliver,
)
from connectors.sms import GatewaySettings, SmsGateway
from connectors.sms.gateway import without_links
from connectors.sms.numbers import read_number
from connectors.sms.profile import Stamp
from tests.fakes import LocalServer, MemoryIntake, eventually, half_a_call, listening
from tests.servers.dovecot import free_port
from tests.servers.sms_providers import (
    PASSWORD,
    PROVIDERS,
    SECRET,
    USER,
    FakeAliyun,
    FakeGeneric,
    FakeTencent,
    FakeTwilio,
    Provider,
)
from tests.unit.connectors.sms.gateway_contract import NUMBER, GatewayContract, Rig, outgoing


class ProviderRig(Rig):
    """A stand-in, our connector, and the server that the stand-in calls."""

    def __init__(self, provider: Provider, **more: Any) -> None:
        self.provider = provider
        self.intake = MemoryIntake()
        self.gateway = SmsGateway(provider.settings(**more))

    async def says(self, number: str, text: str, id: str) -> None:
        assert await self.provider.says(number, text, id) in (200, 503)

    async def heard(self, count: int) -> list[tuple[str, str]]:
        assert len(self.provider.taken) >= count
        return [(read_number(taken.number).address, taken.text) for taken in self.provider.taken]

    async def reported(self, external_id: str) -> None:
        [taken] = [taken for taken in self.provider.taken if taken.id == external_id]
        assert await self.provider.reports(taken) == 200

    def wrong(self) -> SmsGateway:
        return SmsGateway(self.provider.settings(password="wrong"))


@asynccontextmanager
async def rigged(kind: type[Provider], **more: Any) -> AsyncIterator[ProviderRig]:
    async with AsyncExitStack() as stack:
        provider = kind()
        server = LocalServer(lambda: rig.gateway.routes())
        server.port = free_port()
        provider.callback_url = server.url
        await stack.enter_async_context(provider)
        rig = ProviderRig(provider, **more)
        await server.start()
        stack.push_async_callback(server.stop)
        stack.push_async_callback(rig.gateway.close)
        yield rig


@pytest.fixture
async def twilio() -> AsyncIterator[ProviderRig]:
    async with rigged(FakeTwilio) as rig:
        yield rig


class TestContract(GatewayContract):
    @pytest.fixture(params=PROVIDERS, ids=lambda kind: kind.name)
    async def rig(self, request: pytest.FixtureRequest) -> AsyncIterator[ProviderRig]:
        async with rigged(request.param) as rig:
            yield rig

    async def test_check_knows_a_good_login_from_a_wrong_one(self, rig: Rig) -> None:
        assert isinstance(rig, ProviderRig)
        if isinstance(rig.provider, FakeGeneric):
            await rig.gateway.check()  # of a gateway that nobody knows only the address can be tried
            return
        await super().test_check_knows_a_good_login_from_a_wrong_one(rig)


# ── what is sent ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "number", "text"),
    [
        (FakeTwilio, NUMBER, "编号TS20261121-0007，咨询400-800-1234"),
        (FakeAliyun, "13800138000", "1001 {'number': 'TS20261121-0007', 'hotline': '400-800-1234'}"),
        (FakeTencent, NUMBER, "1001 ['TS20261121-0007', '400-800-1234']"),
        (FakeGeneric, NUMBER, "编号TS20261121-0007，咨询400-800-1234"),
    ],
)
async def test_each_provider_gets_numbers_and_words_its_own_way(kind: type[Provider], number: str, text: str) -> None:
    async with rigged(kind) as rig:
        await rig.gateway.send(outgoing())
        [taken] = rig.provider.taken
        assert (taken.number, taken.text) == (number, text)
        assert rig.provider.refused == 0


@pytest.mark.parametrize("kind", [FakeAliyun, FakeTencent])
async def test_a_provider_of_templates_gets_no_words_of_the_complaint(kind: type[Provider]) -> None:
    """Trap 24: code and variables only, each of at most 35 characters; a notice without a template is not sent."""
    async with rigged(kind) as rig:
        assert rig.gateway.capabilities.templates == frozenset({"acknowledgement", "survey"})
        await rig.gateway.send(
            outgoing("厨房漏水三天没人管", variables={"reference": "长" * 50, "hotline": "400\n800"})
        )
        [taken] = rig.provider.taken
        assert "漏水" not in taken.text
        assert "长" * 34 + "…" in taken.text
        assert "长" * 35 not in taken.text
        assert "400 800" in taken.text
        with pytest.raises(WillNotDeliver, match="no approved template for progress"):
            await rig.gateway.send(outgoing(notice="progress"))
        with pytest.raises(WillNotDeliver, match="wants 'reference', and this message has none"):
            await rig.gateway.send(outgoing(notice="survey", variables={"hotline": "1"}))
        assert len(rig.provider.taken) == 1


async def test_links_are_left_out_where_carriers_let_none_through() -> None:
    """Trap 24."""
    text = "进度见https://kf.example.com/a?b=1，或www.example.com 谢谢"
    assert without_links(text) == "进度见…，或… 谢谢"
    async with rigged(FakeTwilio) as rig:
        await rig.gateway.send(outgoing(text))
        assert rig.provider.taken[0].text == "进度见…，或… 谢谢"
    async with rigged(FakeTwilio, links=True) as rig:
        await rig.gateway.send(outgoing(text))
        assert rig.provider.taken[0].text == text


async def test_the_companys_sign_stands_before_the_text_and_counts() -> None:
    async with rigged(FakeTwilio, sign="青藤物业", max_parts=2) as rig:
        most = rig.gateway.capabilities.max_chars
        assert most == 2 * 67 - len("【青藤物业】")
        await rig.gateway.send(outgoing("长" * most))
        assert rig.provider.taken[0].text == "【青藤物业】" + "长" * most
        with pytest.raises(WillNotDeliver, match="more than 2 parts"):
            await rig.gateway.send(outgoing("长" * (most + 1)))
        assert rig.gateway.health().facts["parts"] == 2


async def test_parts_and_cost_are_counted(twilio: ProviderRig) -> None:
    async with rigged(FakeTwilio, part_price=0.05) as rig:
        await rig.gateway.send(outgoing("长" * 71))
        await rig.gateway.send(outgoing("short"))
        facts = rig.gateway.health().facts
        assert (facts["sent"], facts["parts"], facts["cost"]) == (2, 3, 0.15)


async def test_braces_in_somebodys_words_are_words() -> None:
    async with rigged(FakeGeneric) as rig:
        await rig.gateway.send(outgoing('"{password}" {to} \\ {nothing}'))
        assert rig.provider.taken[0].text == '"{password}" {to} \\ {nothing}'


@pytest.mark.parametrize("kind", [*PROVIDERS, None], ids=lambda kind: kind.name if kind else "kannel")
def test_any_words_make_a_request(kind: type[Provider] | None) -> None:
    """What cannot be written into a request would hold up its lane for ever."""
    common = {"secret": SECRET, "user": USER, "password": PASSWORD, "links": True, "max_parts": 10}
    if kind is None:
        gateway = SmsGateway(GatewaySettings(provider="kannel", **common))  # type: ignore[arg-type]
    else:
        provider = kind()
        provider.callback_url, provider._server.port = "https://kf.example.com", 1
        gateway = SmsGateway(provider.settings(**common))

    @given(st.text(st.characters(), max_size=100), st.text(min_size=1, max_size=60))
    def request(text: str, variable: str) -> None:
        try:
            short = gateway._short(outgoing(text, variables={"reference": variable, "hotline": variable}))
        except WillNotDeliver:
            return  # a variable of nothing but blanks
        made = gateway._profile.request(gateway._settings, short, Stamp(datetime.now(UTC), "nonce"))
        assert "\n" not in made.url + "".join(made.headers.values())

    request()


# ── what is answered ──────────────────────────────────────────────────────────────────────────────────────────────────


def _twilio(code: int, status: int = 400) -> tuple[int, str, dict[str, str]]:
    said = {"code": code, "message": f"The number {NUMBER} is not good", "status": status}
    return status, json.dumps(said), {}


def _aliyun(code: str, message: str = "x", status: int = 200) -> tuple[int, str, dict[str, str]]:
    return status, json.dumps({"Code": code, "Message": message}), {}


def _tencent(code: str) -> tuple[int, str, dict[str, str]]:
    return 200, json.dumps({"Response": {"SendStatusSet": [{"Code": code, "Message": "x", "SerialNo": ""}]}}), {}


def _tencent_error(code: str) -> tuple[int, str, dict[str, str]]:
    return 200, json.dumps({"Response": {"Error": {"Code": code, "Message": "x"}}}), {}


def _state(state: str, status: int = 200) -> tuple[int, str, dict[str, str]]:
    return status, json.dumps({"messages": [{"id": "9", "state": state}]}), {}


LATER, NEVER, BLOCKED, UNKNOWN = TryAgainLater, WillNotDeliver, Blocked, UnknownDelivery


@pytest.mark.parametrize(
    ("kind", "answer", "error", "wait_s", "everybody"),
    [
        pytest.param(FakeTwilio, _twilio(21610), BLOCKED, None, False, id="twilio: opted out"),
        pytest.param(FakeTwilio, _twilio(21211), NEVER, None, False, id="twilio: no such number"),
        pytest.param(FakeTwilio, _twilio(21614), NEVER, None, False, id="twilio: no mobile"),
        pytest.param(FakeTwilio, _twilio(99999), NEVER, None, False, id="twilio: an unknown refusal"),
        pytest.param(FakeTwilio, _twilio(20429, 429), LATER, 1.0, True, id="twilio: too many requests"),
        pytest.param(FakeTwilio, (429, "{}", {"Retry-After": "17"}), LATER, 17.0, True, id="twilio: and how long"),
        pytest.param(FakeTwilio, _twilio(30003), LATER, None, False, id="twilio: the phone is off"),
        pytest.param(FakeTwilio, _twilio(20003, 401), LATER, 60.0, True, id="twilio: login"),
        pytest.param(FakeTwilio, _twilio(21606), LATER, 60.0, True, id="twilio: the sender is not ours"),
        pytest.param(FakeTwilio, (503, "", {}), LATER, None, True, id="twilio: 503"),
        pytest.param(FakeTwilio, (500, "", {}), UNKNOWN, None, False, id="twilio: 500"),
        pytest.param(FakeTwilio, (502, "<html>", {}), UNKNOWN, None, False, id="twilio: 502"),
        pytest.param(FakeTwilio, (302, "", {"Location": "/"}), LATER, 60.0, True, id="twilio: sent elsewhere"),
        pytest.param(FakeTwilio, (201, "no json", {}), UNKNOWN, None, False, id="twilio: taken, it seems"),
        pytest.param(FakeTwilio, (201, '{"sid":"SM1","error_code":30007}', {}), NEVER, None, False, id="twilio: filtered"),
        pytest.param(
            FakeAliyun, _aliyun("isv.BUSINESS_LIMIT_CONTROL", "触发分钟级流控Permits:1"), LATER, 60.0, False, id="aliyun: 1 m"
        ),
        pytest.param(
            FakeAliyun, _aliyun("isv.BUSINESS_LIMIT_CONTROL", "触发小时级流控Permits:5"), LATER, 3600.0, False, id="aliyun: 1 h"
        ),
        pytest.param(
            FakeAliyun, _aliyun("isv.BUSINESS_LIMIT_CONTROL", "触发天级流控Permits:10"), LATER, 3600.0, False, id="aliyun: day"
        ),
        pytest.param(FakeAliyun, _aliyun("isv.MOBILE_NUMBER_ILLEGAL"), NEVER, None, False, id="aliyun: number"),
        pytest.param(FakeAliyun, _aliyun("isv.TEMPLATE_PARAMS_ILLEGAL"), NEVER, None, False, id="aliyun: variables"),
        pytest.param(FakeAliyun, _aliyun("isv.MOBILE_IN_BLACK"), BLOCKED, None, False, id="aliyun: keeps us out"),
        pytest.param(FakeAliyun, _aliyun("isv.AMOUNT_NOT_ENOUGH"), LATER, 60.0, True, id="aliyun: no money"),
        pytest.param(FakeAliyun, _aliyun("isv.DAY_LIMIT_CONTROL"), LATER, 3600.0, True, id="aliyun: the account's day"),
        pytest.param(
            FakeAliyun, _aliyun("InvalidAccessKeyId.NotFound", status=404), LATER, 60.0, True, id="aliyun: key"
        ),
        pytest.param(FakeAliyun, _aliyun("Throttling.User", status=400), LATER, 1.0, True, id="aliyun: throttled"),
        pytest.param(FakeAliyun, _aliyun("isp.SYSTEM_ERROR"), LATER, None, False, id="aliyun: says try again"),
        pytest.param(FakeAliyun, (200, "[]", {}), UNKNOWN, None, False, id="aliyun: no answer of its own"),
        pytest.param(
            FakeTencent, _tencent("LimitExceeded.PhoneNumberThirtySecondLimit"), LATER, 30.0, False, id="tencent: 30 s"
        ),
        pytest.param(FakeTencent, _tencent("LimitExceeded.PhoneNumberDailyLimit"), LATER, 3600.0, False, id="tencent: day"),
        pytest.param(FakeTencent, _tencent("LimitExceeded.AppMainlandChinaDailyLimit"), LATER, 3600.0, True, id="tencent: all"),
        pytest.param(FakeTencent, _tencent("FailedOperation.PhoneNumberInBlacklist"), BLOCKED, None, False, id="tencent: out"),
        pytest.param(FakeTencent, _tencent("FailedOperation.ContainSensitiveWord"), NEVER, None, False, id="tencent: word"),
        pytest.param(
            FakeTencent, _tencent("FailedOperation.InsufficientBalanceInSmsPackage"), LATER, 60.0, True, id="tencent: money"
        ),
        pytest.param(
            FakeTencent, _tencent("InvalidParameterValue.IncorrectPhoneNumber"), NEVER, None, False, id="tencent: number"
        ),
        pytest.param(FakeTencent, _tencent_error("AuthFailure.SecretIdNotFound"), LATER, 60.0, True, id="tencent: key"),
        pytest.param(FakeTencent, _tencent_error("RequestLimitExceeded"), LATER, 1.0, True, id="tencent: too many"),
        pytest.param(FakeTencent, _tencent_error("InternalError.Timeout"), UNKNOWN, None, False, id="tencent: fell over"),
        pytest.param(FakeTencent, (200, '{"Response": 7}', {}), UNKNOWN, None, False, id="tencent: nonsense"),
        pytest.param(FakeGeneric, _state("busy"), LATER, None, False, id="generic: later"),
        pytest.param(FakeGeneric, _state("opted-out"), BLOCKED, None, False, id="generic: blocked"),
        pytest.param(FakeGeneric, _state("bad number"), NEVER, None, False, id="generic: any other word"),
        pytest.param(FakeGeneric, (200, "{}", {}), UNKNOWN, None, False, id="generic: no word at all"),
        pytest.param(FakeGeneric, (401, "", {}), LATER, 60.0, True, id="generic: login"),
    ],
)  # fmt: skip
async def test_what_a_refusal_means(
    kind: type[Provider],
    answer: tuple[int, str, dict[str, str]],
    error: type[DeliveryError],
    wait_s: float | None,
    everybody: bool,
) -> None:
    """Trap 22: a limit is waited for as long as the provider says, and holds up nobody else unless it is for all."""
    async with rigged(kind) as rig:
        rig.provider.answers.append(answer)
        with pytest.raises(DeliveryError) as caught:
            await rig.gateway.send(outgoing())
        assert type(caught.value) is error
        if isinstance(caught.value, TryAgainLater):
            assert (caught.value.retry_after_s, caught.value.everybody) == (wait_s, everybody)
        assert "13800138000" not in str(caught.value)
        assert rig.provider.taken == []
        await rig.gateway.send(outgoing())
        assert len(rig.provider.taken) == 1


@pytest.mark.parametrize("kind", PROVIDERS, ids=lambda kind: kind.name)
class TestBrokenLines:
    """Trap 45: not sent is told from perhaps sent, and nothing goes out twice by itself."""

    async def test_a_gateway_that_is_not_there_got_nothing(self, kind: type[Provider]) -> None:
        async with rigged(kind) as rig:
            url = f"http://127.0.0.1:{free_port()}"
            away = SmsGateway(rig.provider.settings(url=url))
            with pytest.raises(TryAgainLater, match="cannot be reached") as caught:
                await away.send(outgoing())
            assert caught.value.everybody
            assert "cannot be reached" in away.health().detail
            await away.close()

    async def test_silence_leaves_it_unknown(self, kind: type[Provider]) -> None:
        async with rigged(kind, timeout_s=0.2) as rig:
            rig.provider.answers.append("silence")
            with pytest.raises(UnknownDelivery, match=r"did not answer within 0\.2 s"):
                await rig.gateway.send(outgoing())

    async def test_a_line_cut_after_the_message_was_taken_leaves_it_unknown(self, kind: type[Provider]) -> None:
        async with rigged(kind) as rig:
            rig.provider.answers.append("cut")
            with pytest.raises(UnknownDelivery, match=r"the line to .* broke"):
                await rig.gateway.send(outgoing())
            assert len(rig.provider.taken) == 1

    async def test_an_endless_answer_is_not_read_to_its_end(self, kind: type[Provider]) -> None:
        async with rigged(kind) as rig:
            rig.provider.answers.append((400, "x" * 5_000_000, {}))
            with pytest.raises(DeliveryError) as caught:
                await rig.gateway.send(outgoing())
            assert len(str(caught.value)) < 300


# ── who may call ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def call(rig: ProviderRig, path: str, body: bytes = b"x=1", **headers: str) -> int:
    url = f"{rig.provider.callback_url}{path}"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status


class TestStrangers:
    @pytest.mark.parametrize("kind", PROVIDERS, ids=lambda kind: kind.name)
    async def test_whoever_does_not_know_the_secret_finds_nothing(self, kind: type[Provider]) -> None:
        async with rigged(kind) as rig, listening(rig.gateway, rig.intake):
            for path in (
                f"/hooks/sms/{kind.name}/{'x' * 20}/mo",
                f"/hooks/sms/{kind.name}/{SECRET}/other",
                "/hooks/sms",
            ):
                assert await call(rig, path) == 404
            assert rig.intake.calls == 0

    async def test_twilio_without_its_signature_is_turned_away(self, twilio: ProviderRig) -> None:
        async with listening(twilio.gateway, twilio.intake):
            path = f"/hooks/sms/twilio/{SECRET}/mo"
            assert await call(twilio, path, b"MessageSid=SM1&From=%2B1&Body=x") == 403
            assert await call(twilio, path, b"MessageSid=SM1", **{"X-Twilio-Signature": "AAAA"}) == 403
            assert twilio.intake.calls == 0

    async def test_a_call_that_is_repeated_is_stored_once(self, twilio: ProviderRig) -> None:
        """Twilio signs no time: what is heard a second time is known by its id."""
        async with listening(twilio.gateway, twilio.intake):
            for _ in range(3):
                assert await twilio.provider.says(NUMBER, "好", "SM1") == 200
            assert len(twilio.intake.messages) == 1

    @pytest.mark.parametrize(
        "cut",
        [
            pytest.param(lambda body: body.replace(b"&NumMedia=0", b"NumMedia0"), id="a field in the id"),
            pytest.param(
                lambda body: body.replace(b"&NumMedia=0&SmsSid=", b"NumMedia0SmsSid"), id="two fields in the id"
            ),
            pytest.param(lambda body: body.replace(b"&MessageSid=", b"MessageSid"), id="the id in the sender"),
        ],
    )
    async def test_a_call_cut_into_other_names_and_values_is_no_other_message(
        self, twilio: ProviderRig, cut: Callable[[bytes], bytes]
    ) -> None:
        """What is signed has no mark between names and values, so the same signature may be true of several."""
        path = f"/hooks/sms/twilio/{SECRET}/mo"
        async with listening(twilio.gateway, twilio.intake):
            body, headers = twilio.provider.message(NUMBER, "好", "SM1")
            body = urlencode(sorted(parse_qsl(body.decode(), keep_blank_values=True))).encode()
            signed = twilio.provider.signed(f"{twilio.provider.callback_url}{path}", body)
            assert await call(twilio, path, body, **headers, **signed) == 200
            ids = {message.external_id for message in twilio.intake.messages}
            await call(twilio, path, cut(body), **headers, **signed)
            assert {message.external_id for message in twilio.intake.messages} == ids

    async def test_a_text_with_fields_in_it_gives_no_message_of_somebody_else(self, twilio: ProviderRig) -> None:
        path = f"/hooks/sms/twilio/{SECRET}/mo"
        said, sender, sid = "投诉 漏水", "+8613612349999", f"SM{'a' * 32}"
        async with listening(twilio.gateway, twilio.intake):
            body, headers = twilio.provider.message(NUMBER, f"{said}From{sender}MessageSid{sid}Zz", "SM1")
            fields = sorted(parse_qsl(body.decode(), keep_blank_values=True))
            signed = twilio.provider.signed(f"{twilio.provider.callback_url}{path}", urlencode(fields).encode())
            behind = "".join(f"{name}{value}" for name, value in fields if name > "Body")
            before = [(name, value) for name, value in fields if name < "Body"]
            forged = [*before, ("Body", said), ("From", sender), ("MessageSid", sid), ("Zz", behind)]
            assert await call(twilio, path, urlencode(forged).encode(), **headers, **signed) == 403
            assert await call(twilio, path, urlencode(fields).encode(), **headers, **signed) == 200
            assert len(twilio.intake.messages) == 1

    @pytest.mark.parametrize(
        ("allowed", "proxies", "forwarded", "status"),
        [
            pytest.param((), 0, "", 200, id="anybody who knows the secret"),
            pytest.param(("127.0.0.0/8",), 0, "", 200, id="the network"),
            pytest.param(("203.0.113.0/24",), 0, "", 403, id="another network"),
            pytest.param(("203.0.113.0/24",), 0, "203.0.113.7", 403, id="a header that nobody vouches for"),
            pytest.param(("203.0.113.0/24",), 1, "203.0.113.7", 200, id="the word of our own server"),
            pytest.param(("203.0.113.0/24",), 1, "203.0.113.7, 198.51.100.1", 403, id="not what was written before it"),
            pytest.param(("203.0.113.0/24",), 1, "nonsense", 403, id="no address at all"),
            pytest.param(("203.0.113.0/24",), 1, "::ffff:203.0.113.7", 200, id="an address in disguise"),
        ],
    )
    async def test_only_the_providers_networks_may_call(
        self, allowed: tuple[str, ...], proxies: int, forwarded: str, status: int
    ) -> None:
        async with (
            rigged(FakeTencent, allow_from=allowed, proxies=proxies) as rig,
            listening(rig.gateway, rig.intake),
        ):
            body, headers = rig.provider.message(NUMBER, "好", "1")
            more = {"X-Forwarded-For": forwarded} if forwarded else {}
            assert await call(rig, f"/hooks/sms/tencent/{SECRET}/mo", body, **{**headers, **more}) == status
            assert len(rig.intake.messages) == (status == 200)

    async def test_too_much_is_not_read(self, twilio: ProviderRig) -> None:
        async with listening(twilio.gateway, twilio.intake):
            assert await call(twilio, f"/hooks/sms/twilio/{SECRET}/mo", b"x" * 600_000) == 413

    async def test_what_does_not_come_is_not_waited_for(
        self, twilio: ProviderRig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("connectors.sms.gateway._BODY_TIMEOUT_S", 0.01)
        async with listening(twilio.gateway, twilio.intake):
            assert await half_a_call(f"{twilio.provider.callback_url}/hooks/sms/twilio/{SECRET}/mo", {}) == 408

    async def test_nothing_is_taken_before_anybody_listens(self, twilio: ProviderRig) -> None:
        assert await twilio.provider.says(NUMBER, "好", "SM1") == 503


async def test_every_element_of_a_batch_is_a_message_and_nonsense_is_kept_for_people_to_see() -> None:
    async with rigged(FakeAliyun) as rig, listening(rig.gateway, rig.intake):
        batch = [json.loads(rig.provider.message(f"+861380013800{n}", f"第{n}条", str(n))[0])[0] for n in range(5)]
        path = f"/hooks/sms/aliyun/{SECRET}/mo"
        body = json.dumps([*batch, {"what": "is this"}, batch[0], 7]).encode()
        assert await call(rig, path, body) == 200
        assert await call(rig, path, body) == 200
        assert len(rig.intake.messages) == 7
        assert [raw.conversation for raw in rig.intake.messages[:5]] == [f"+861380013800{n}" for n in range(5)]
        assert [rig.gateway.parse(raw).text for raw in rig.intake.messages[:5]] == [f"第{n}条" for n in range(5)]
        assert [raw.raw for raw in rig.intake.messages[5:]] == [b'{"what":"is this"}', b"7"]


# ── what it says of itself ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "settings", "limits"),
    [
        (FakeTwilio, {}, (Limit(1, 1.0),)),
        (FakeAliyun, {}, (Limit(1, 60.0, each=True), Limit(5, 3600.0, each=True), Limit(10, 86400.0, each=True))),
        (FakeAliyun, {"per_number": ("50/86400",)}, (Limit(50, 86400.0, each=True),)),
        (FakeTencent, {}, (Limit(1, 30.0, each=True), Limit(10, 86400.0, each=True))),
        (FakeTwilio, {"per_second": 20.0}, (Limit(20, 1.0),)),
        (FakeTwilio, {"per_second": 0.5, "per_number": ("3/60",)}, (Limit(3, 60.0, each=True), Limit(1, 2.0))),
    ],
)
def test_limits_are_data(kind: type[Provider], settings: dict[str, Any], limits: tuple[Limit, ...]) -> None:
    """Trap 24: a burst gets a number blocked; so the core is told how many may go to it, and shows what waits."""
    provider = kind()
    provider.callback_url = "https://kf.example.com"
    provider._server.port = 1
    assert SmsGateway(provider.settings(**settings)).capabilities.limits == limits


@pytest.mark.parametrize(
    ("kind", "settings", "told"),
    [
        (FakeTwilio, {"secret": "short"}, "secret must be 16 to 128"),
        (FakeTwilio, {"secret": "with/a/slash/in/it/all"}, "secret must be 16 to 128"),
        (FakeTwilio, {"user": ""}, "user is empty: twilio needs it"),
        (FakeTwilio, {"callback_url": ""}, "callback_url is empty: twilio needs it"),
        (FakeTwilio, {"url": "api.twilio.com"}, "url is 'api.twilio.com': write a whole address"),
        (FakeTwilio, {"url": "http://127.0.0.1:99999"}, "url is 'http://127.0.0.1:99999': write a whole address"),
        (FakeTwilio, {"home": "China"}, "home is 'China'"),
        (FakeTwilio, {"home": "UK"}, "ISO 3166, GB"),
        (FakeTwilio, {"allow_from": ("10.0.0.300",)}, "allow_from: .*10.0.0.300"),
        (FakeTwilio, {"per_number": ("ten",)}, "per_number has 'ten'"),
        (FakeAliyun, {"templates": {}}, "templates is empty: aliyun needs it"),
        (FakeAliyun, {"templates": {"survey": ()}}, "templates.survey has no code"),
        (
            FakeAliyun,
            {"templates": {"survey": ("1", "summary")}},
            "templates.survey has the variable 'summary'; known are",
        ),
        (FakeTencent, {"app_id": ""}, "app_id is empty: tencent needs it"),
    ],
)
def test_a_setting_that_cannot_work_is_named(kind: type[Provider], settings: dict[str, Any], told: str) -> None:
    provider = kind()
    provider.callback_url = "https://kf.example.com"
    provider._server.port = 1
    with pytest.raises(ValueError, match=told):
        SmsGateway(provider.settings(**settings))


async def test_secrets_are_not_shown() -> None:
    async with rigged(FakeTwilio) as rig:
        shown = repr(rig.provider.settings())
        assert PASSWORD not in shown
        assert SECRET not in shown
        assert USER in shown


@pytest.mark.parametrize(
    ("kind", "settings", "told"),
    [
        (FakeAliyun, {"sign": "没批过的"}, "it knows no sign '没批过的'"),
        (FakeTwilio, {"user": "other"}, "compare user with the Account SID"),
    ],
)
async def test_check_says_which_setting_is_wrong(kind: type[Provider], settings: dict[str, Any], told: str) -> None:
    async with rigged(kind, **settings) as rig:
        with pytest.raises(Exception, match=told):
            await rig.gateway.check()
        assert rig.provider.taken == []


async def test_a_connector_that_is_cancelled_over_a_request_lets_go_of_it() -> None:
    async with rigged(FakeTwilio) as rig:
        rig.provider.answers.append("silence")
        sending = asyncio.create_task(rig.gateway.send(outgoing()))
        await eventually(lambda: not rig.provider.answers)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        await rig.gateway.send(outgoing(key="k2"))
        assert len(rig.provider.taken) == 1
