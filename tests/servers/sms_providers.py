"""Stand-ins for SMS providers on this machine: each checks what we sign by its own reckoning, and calls us back as the real
one does.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
import zlib
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import aiohttp
from aiohttp import web

from connectors.sms import GatewaySettings, GenericSettings
from tests.fakes import LocalServer

SECRET = "gateway-calls-here-0"
USER, PASSWORD = "account-1", "token-1"
TEMPLATES = {"acknowledgement": ("1001", "number=reference", "hotline"), "survey": ("1002", "reference")}


@dataclass(frozen=True)
class Taken:
    """A message that the provider took. number: as it was written. text: the words, or the template with its variables."""

    id: str
    number: str
    text: str


class Provider(ABC):
    """`async with provider`: it answers at `url`.

    answers: what the next requests get instead of success, first one first: (status, body, headers), "silence" = none, "cut" =
    the message is taken and the line breaks. taken: what was taken. refused: requests whose signature or login was wrong.
    """

    name: str
    charset = "utf-8"

    def __init__(self) -> None:
        self.answers: deque[tuple[int, str, Mapping[str, str]] | str] = deque()
        self.taken: list[Taken] = []
        self.refused = 0
        self.callback_url = ""
        self._server = LocalServer(lambda: [web.route("*", "/{path:.*}", self._serve)])
        self._silence = asyncio.Event()

    @property
    def url(self) -> str:
        return self._server.url

    async def __aenter__(self) -> Provider:
        await self._server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._silence.set()
        await self._server.stop()

    def settings(self, **more: Any) -> GatewaySettings:
        values: dict[str, Any] = {
            "provider": self.name, "secret": SECRET, "url": self.url, "user": USER, "password": PASSWORD,
            "callback_url": self.callback_url,
        }  # fmt: skip
        return GatewaySettings(**values | self.usual() | more)

    async def says(self, number: str, text: str, id: str) -> int:
        """Bring a message from a phone; return the status of our answer, having checked its form."""
        return await self._call("mo", *self.message(number, text, id))

    async def reports(self, taken: Taken, *, arrived: bool = True) -> int:
        return await self._call("dlr", *self.report(taken, arrived))

    async def _call(self, kind: str, body: bytes, headers: Mapping[str, str]) -> int:
        url = f"{self.callback_url}/hooks/sms/{self.name}/{SECRET}/{kind}"
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=body, headers=self.signed(url, body) | dict(headers)) as answer,
        ):
            if answer.status == 200:
                self.thanked(answer.headers["Content-Type"], await answer.text())
            return answer.status

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if not self.genuine(request, body):
            self.refused += 1
            return self.turned_away()
        if (known := self.known(request, body)) is not None:
            return known
        answer = self.answers.popleft() if self.answers else None
        if answer == "silence":
            await self._silence.wait()
        if isinstance(answer, tuple):
            status, text, headers = answer
            return web.Response(status=status, text=text, headers=headers, content_type="application/json")
        taken = self.read(request, body, f"id-{len(self.taken) + 1}")
        self.taken.append(taken)
        if answer == "cut":
            assert request.transport is not None
            request.transport.abort()
        return self.accepted(taken)

    def usual(self) -> dict[str, Any]:
        """Return the settings that this provider needs besides."""
        return {}

    def signed(self, url: str, body: bytes) -> dict[str, str]:
        """Return the headers by which we know its calls."""
        return {}

    def known(self, request: web.Request, body: bytes) -> web.Response | None:
        """Return the answer to a request that asks something and sends nothing."""
        return None

    @abstractmethod
    def genuine(self, request: web.Request, body: bytes) -> bool: ...

    @abstractmethod
    def turned_away(self) -> web.Response: ...

    @abstractmethod
    def read(self, request: web.Request, body: bytes, id: str) -> Taken: ...

    @abstractmethod
    def accepted(self, taken: Taken) -> web.Response: ...

    @abstractmethod
    def message(self, number: str, text: str, id: str) -> tuple[bytes, Mapping[str, str]]: ...

    @abstractmethod
    def report(self, taken: Taken, arrived: bool) -> tuple[bytes, Mapping[str, str]]: ...

    @abstractmethod
    def thanked(self, content_type: str, body: str) -> None: ...


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


def sid(id: str) -> str:
    """Return an id as Twilio makes them."""
    return f"SM{hashlib.sha256(id.encode()).hexdigest()[:32]}"


class FakeTwilio(Provider):
    name = "twilio"

    def usual(self) -> dict[str, Any]:
        return {"sender": "+18005551212"}

    def genuine(self, request: web.Request, body: bytes) -> bool:
        kind, _, login = request.headers.get("Authorization", "").partition(" ")
        return kind == "Basic" and base64.b64decode(login) == f"{USER}:{PASSWORD}".encode()

    def turned_away(self) -> web.Response:
        return web.json_response({"code": 20003, "message": "Authenticate", "status": 401}, status=401)

    def known(self, request: web.Request, body: bytes) -> web.Response | None:
        if request.path == f"/2010-04-01/Accounts/{USER}.json":
            return web.json_response({"sid": USER, "status": "active"})
        return None

    def read(self, request: web.Request, body: bytes, id: str) -> Taken:
        assert request.path == f"/2010-04-01/Accounts/{USER}/Messages.json"
        fields = dict(parse_qsl(body.decode()))
        assert fields["From"] == "+18005551212"
        assert fields["StatusCallback"].endswith(f"/hooks/sms/twilio/{SECRET}/dlr")
        return Taken(sid(id), fields["To"], fields["Body"])

    def accepted(self, taken: Taken) -> web.Response:
        return web.json_response({"sid": taken.id, "status": "queued", "error_code": None}, status=201)

    def signed(self, url: str, body: bytes) -> dict[str, str]:
        fields = sorted(parse_qsl(body.decode(), keep_blank_values=True))
        text = url + "".join(f"{name}{value}" for name, value in fields)
        made = hmac.new(PASSWORD.encode(), text.encode(), "sha1").digest()
        return {"X-Twilio-Signature": base64.b64encode(made).decode()}

    def message(self, number: str, text: str, id: str) -> tuple[bytes, Mapping[str, str]]:
        fields = {
            "MessageSid": sid(id),
            "SmsSid": sid(id),
            "From": number,
            "To": "+18005551212",
            "Body": text,
            "NumMedia": "0",
        }
        return urlencode(fields).encode(), FORM

    def report(self, taken: Taken, arrived: bool) -> tuple[bytes, Mapping[str, str]]:
        fields = {
            "MessageSid": taken.id,
            "MessageStatus": "delivered" if arrived else "undelivered",
            "To": taken.number,
        }
        return urlencode(fields | ({} if arrived else {"ErrorCode": "30005"})).encode(), FORM

    def thanked(self, content_type: str, body: str) -> None:
        assert content_type.startswith("text/xml")
        assert body.endswith("<Response></Response>")


class FakeAliyun(Provider):
    name = "aliyun"

    def usual(self) -> dict[str, Any]:
        return {"sign": "青藤物业", "templates": TEMPLATES}

    def genuine(self, request: web.Request, body: bytes) -> bool:
        scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
        given = dict(part.split("=", 1) for part in rest.split(","))
        names = given["SignedHeaders"].split(";")
        query = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(request.query.items()))
        lines = "".join(f"{name}:{request.headers[name].strip()}\n" for name in names)
        hashed = hashlib.sha256(body).hexdigest()
        text = f"{request.method}\n{request.path}\n{query}\n{lines}\n{given['SignedHeaders']}\n{hashed}"
        to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(text.encode()).hexdigest()}"
        made = hmac.new(PASSWORD.encode(), to_sign.encode(), "sha256").hexdigest()
        needed = {
            "host",
            "x-acs-action",
            "x-acs-content-sha256",
            "x-acs-date",
            "x-acs-signature-nonce",
            "x-acs-version",
        }
        return (
            scheme == "ACS3-HMAC-SHA256"
            and given["Credential"] == USER
            and made == given["Signature"]
            and needed <= set(names)
            and request.headers["x-acs-content-sha256"] == hashed
        )

    def turned_away(self) -> web.Response:
        return web.json_response({"Code": "SignatureDoesNotMatch", "Message": "x"}, status=400)

    def known(self, request: web.Request, body: bytes) -> web.Response | None:
        if request.headers["x-acs-action"] == "QuerySmsSign":
            approved = request.query["SignName"] == "青藤物业"
            return web.json_response({"Code": "OK", "SignStatus": 1} if approved else {"Code": "isv.SMS_SIGN_ILLEGAL"})
        return None

    def read(self, request: web.Request, body: bytes, id: str) -> Taken:
        assert request.headers["x-acs-action"] == "SendSms"
        assert request.headers["x-acs-version"] == "2017-05-25"
        fields = request.query
        assert fields["SignName"] == "青藤物业"
        variables = json.loads(fields.get("TemplateParam", "{}"))
        return Taken(id, fields["PhoneNumbers"], f"{fields['TemplateCode']} {variables}")

    def accepted(self, taken: Taken) -> web.Response:
        return web.json_response({"Code": "OK", "Message": "OK", "BizId": taken.id, "RequestId": "r"})

    def message(self, number: str, text: str, id: str) -> tuple[bytes, Mapping[str, str]]:
        said = {
            "phone_number": number.removeprefix("+86"), "send_time": "2026-11-21 11:12:13", "content": text,
            "sign_name": "青藤物业", "dest_code": "10690000", "sequence_id": zlib.crc32(id.encode()),
        }  # fmt: skip
        return json.dumps([said], ensure_ascii=False).encode(), JSON

    def report(self, taken: Taken, arrived: bool) -> tuple[bytes, Mapping[str, str]]:
        said = {
            "phone_number": taken.number, "send_time": "2026-11-21 11:12:13", "report_time": "2026-11-21 11:12:15",
            "success": arrived, "err_code": "DELIVERED" if arrived else "MOBILE_IN_BLACK", "err_msg": "x",
            "sms_size": "1", "biz_id": taken.id, "out_id": "",
        }  # fmt: skip
        return json.dumps([said]).encode(), JSON

    def thanked(self, content_type: str, body: str) -> None:
        assert content_type.startswith("application/json")
        assert json.loads(body)["code"] == 0


class FakeTencent(Provider):
    name = "tencent"

    def usual(self) -> dict[str, Any]:
        return {"sign": "青藤物业", "app_id": "1400006666", "templates": TEMPLATES}

    def genuine(self, request: web.Request, body: bytes) -> bool:
        _, _, rest = request.headers.get("Authorization", "").partition(" ")
        given = dict(part.strip().split("=", 1) for part in rest.split(","))
        stamp = request.headers["X-TC-Timestamp"]
        day = time.strftime("%Y-%m-%d", time.gmtime(int(stamp)))
        names = given["SignedHeaders"].split(";")
        lines = "".join(f"{name}:{request.headers[name].strip().lower()}\n" for name in names)
        text = f"POST\n/\n\n{lines}\n{';'.join(names)}\n{hashlib.sha256(body).hexdigest()}"
        scope = f"{day}/sms/tc3_request"
        to_sign = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(text.encode()).hexdigest()}"
        key = f"TC3{PASSWORD}".encode()
        for step in scope.split("/"):
            key = hmac.new(key, step.encode(), "sha256").digest()
        made = hmac.new(key, to_sign.encode(), "sha256").hexdigest()
        return made == given["Signature"] and given["Credential"].partition(" ")[0] == f"{USER}/{scope}"

    def turned_away(self) -> web.Response:
        error = {"Code": "AuthFailure.SignatureFailure", "Message": "x"}
        return web.json_response({"Response": {"Error": error, "RequestId": "r"}})

    def known(self, request: web.Request, body: bytes) -> web.Response | None:
        if request.headers["X-TC-Action"] != "DescribeSmsTemplateList":
            return None
        rows = [{"TemplateId": id, "StatusCode": 0} for id in json.loads(body)["TemplateIdSet"]]
        return web.json_response({"Response": {"DescribeTemplateStatusSet": rows, "RequestId": "r"}})

    def read(self, request: web.Request, body: bytes, id: str) -> Taken:
        assert request.headers["X-TC-Action"] == "SendSms"
        assert request.headers["X-TC-Version"] == "2021-01-11"
        fields = json.loads(body)
        assert (fields["SmsSdkAppId"], fields["SignName"]) == ("1400006666", "青藤物业")
        [number] = fields["PhoneNumberSet"]
        return Taken(id, number, f"{fields['TemplateId']} {fields['TemplateParamSet']}")

    def accepted(self, taken: Taken) -> web.Response:
        row = {"SerialNo": taken.id, "PhoneNumber": taken.number, "Fee": 1, "Code": "Ok", "Message": "send success"}
        return web.json_response({"Response": {"SendStatusSet": [row], "RequestId": "r"}})

    def message(self, number: str, text: str, id: str) -> tuple[bytes, Mapping[str, str]]:
        at = zlib.crc32(id.encode()) % 10**8 + 1_700_000_000
        said = {
            "extend": "",
            "mobile": number.removeprefix("+86"),
            "nationcode": "86",
            "sign": "青",
            "text": text,
            "time": at,
        }
        return json.dumps(said).encode(), JSON

    def report(self, taken: Taken, arrived: bool) -> tuple[bytes, Mapping[str, str]]:
        said = {
            "user_receive_time": "2026-11-21 11:12:15", "nationcode": "86", "mobile": taken.number.removeprefix("+86"),
            "report_status": "SUCCESS" if arrived else "FAIL", "errmsg": "DELIVRD" if arrived else "UNDELIV",
            "description": "x", "sid": taken.id,
        }  # fmt: skip
        return json.dumps([said]).encode(), JSON

    def thanked(self, content_type: str, body: str) -> None:
        assert content_type.startswith("application/json")
        assert json.loads(body) == {"result": 0, "errmsg": "OK"}


class FakeGeneric(Provider):
    """A gateway nobody has heard of: JSON with the number in a list, a token in a header, ids deep in the answer."""

    name = "generic"

    def usual(self) -> dict[str, Any]:
        generic = GenericSettings(
            headers={"Authorization": "Bearer {password}"},
            body='{"messages": [{"to": "{to}", "body": "{text}", "ref": "{id}"}], "notify": "{callback}"}',
            answer_id="messages.0.id", answer_code="messages.0.state", answer_taken=("queued",),
            answer_later=("busy",), answer_blocked=("opted-out",),
            mo_from="from", mo_text="message.body", mo_id="message.id",
            dlr_id="report.id", dlr_status="report.state", dlr_delivered=("arrived",), dlr_failed=("lost",),
            thanks='{"ok":true}',
        )  # fmt: skip
        return {"generic": generic, "url": f"{self.url}/v1/send?account={{user}}"}

    def genuine(self, request: web.Request, body: bytes) -> bool:
        return request.headers.get("Authorization") == f"Bearer {PASSWORD}" and request.query["account"] == USER

    def turned_away(self) -> web.Response:
        return web.json_response({"error": "who are you?"}, status=401)

    def read(self, request: web.Request, body: bytes, id: str) -> Taken:
        [message] = json.loads(body)["messages"]
        return Taken(id, message["to"], message["body"])

    def accepted(self, taken: Taken) -> web.Response:
        return web.json_response({"messages": [{"id": taken.id, "state": "queued"}]})

    def message(self, number: str, text: str, id: str) -> tuple[bytes, Mapping[str, str]]:
        return json.dumps({"from": number, "message": {"id": id, "body": text}}).encode(), JSON

    def report(self, taken: Taken, arrived: bool) -> tuple[bytes, Mapping[str, str]]:
        return json.dumps({"report": {"id": taken.id, "state": "arrived" if arrived else "lost"}}).encode(), JSON

    def thanked(self, content_type: str, body: str) -> None:
        assert content_type.startswith("application/json")
        assert body == '{"ok":true}'


PROVIDERS: tuple[type[Provider], ...] = (FakeTwilio, FakeAliyun, FakeTencent, FakeGeneric)
