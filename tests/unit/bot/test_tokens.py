"""Tokens: what is signed cannot be made up, survives what mail programs do to it, and codes are good once."""

from __future__ import annotations

import string
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.staff import CODE_LIFE, issue_code
from bot.storage.models import AddressRow, BindCodeRow
from bot.storage.work import Work
from bot.tokens import CODE_LENGTH, Signer, new_code
from tests.unit.bot.desk_kit import Kit, open_desk

SIGNER = Signer("s" * 40)
DOMAIN = "desk.example"
OWN = "kf@desk.example"


class TestReplyTokens:
    @given(st.integers(min_value=1, max_value=10**18 - 1))
    def test_what_we_sign_we_know_again(self, number: int) -> None:
        assert SIGNER.outbox_id([SIGNER.message_id(number, DOMAIN)]) == number
        assert SIGNER.outbox_id([SIGNER.plus_address(number, OWN)]) == number

    @given(st.integers(min_value=1, max_value=10**9), st.integers(min_value=0, max_value=200))
    def test_no_letter_of_it_can_be_changed(self, number: int, at: int) -> None:
        token = SIGNER.message_id(number, DOMAIN)
        end = token.index("@")
        at = 3 + at % (end - 3)
        changed = token[:at] + ("0" if token[at] != "0" else "1") + token[at + 1 :]
        assert SIGNER.outbox_id([changed]) is None

    @pytest.mark.parametrize(
        "carrier",
        [
            pytest.param("{id}", id="as it is"),
            pytest.param("{id} <other@x>", id="among others"),
            pytest.param("<a@b> {id}", id="behind another"),
            pytest.param("客服 <{plus}>", id="an address with a name"),
            pytest.param('"Desk" <{plus}>', id="an address with a quoted name"),
        ],
    )
    def test_it_is_found_where_mail_programs_put_it(self, carrier: str) -> None:
        text = carrier.format(id=SIGNER.message_id(7, DOMAIN), plus=SIGNER.plus_address(7, OWN))
        assert SIGNER.outbox_id([text]) == 7

    def test_the_last_of_a_thread_counts(self) -> None:
        thread = [SIGNER.message_id(number, DOMAIN) for number in (3, 9, 5)]
        assert SIGNER.outbox_id(thread) == 5
        assert SIGNER.outbox_id([*thread, "<cb8-" + "0" * 24 + "@desk.example>"]) == 5

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("", id="nothing"),
            pytest.param("<>", id="empty brackets"),
            pytest.param("<cb1@x>", id="no signature"),
            pytest.param("<cb-@x>", id="no number"),
            pytest.param("cb1-" + "0" * 24, id="no brackets"),
            pytest.param("<cb1-" + "g" * 24 + "@x>", id="not hexadecimal"),
            pytest.param("<cb" + "9" * 30 + "-" + "0" * 24 + "@x>", id="a number too long"),
            pytest.param("<xcb1-" + "0" * 24 + "@x>", id="inside a word"),
            pytest.param("<" * 100_000, id="brackets without end"),
            pytest.param("cb1-" * 50_000, id="beginnings without end"),
        ],
    )
    def test_what_is_none_is_none(self, text: str) -> None:
        assert SIGNER.outbox_id([text]) is None

    def test_another_secret_makes_other_tokens(self) -> None:
        other = Signer("t" * 40)
        assert other.outbox_id([SIGNER.message_id(7, DOMAIN)]) is None
        assert other.code_hash("ABCDEFGH") != SIGNER.code_hash("ABCDEFGH")

    def test_the_secret_is_never_shown(self) -> None:
        assert "s" * 40 not in repr(SIGNER)
        assert "s" * 40 not in SIGNER.message_id(1, DOMAIN)


class TestCodes:
    def test_a_code_is_easy_to_read_out_and_hard_to_guess(self) -> None:
        codes = {new_code() for _ in range(500)}
        assert len(codes) == 500
        for code in codes:
            assert len(code) == CODE_LENGTH
            assert set(code) <= set(string.ascii_uppercase + string.digits) - set("0O1IL")

    def test_case_and_spaces_around_it_do_not_matter(self) -> None:
        assert SIGNER.code_hash(" abcdefgh\n") == SIGNER.code_hash("ABCDEFGH")


class TestBinding:
    """A chat address becomes a member of staff's by a one-time code, and by nothing else."""

    async def code(self, kit: Kit, name: str = "张伟") -> str:
        _, code = await issue_code(kit.database, kit.desk.signer, name, kit.clock.now())
        return code

    async def owner(self, kit: Kit, address: str, channel: str = "chat") -> tuple[str, bool]:
        rows = await kit.rows(AddressRow, AddressRow.address == address, AddressRow.channel == channel)
        return (rows[0].person, rows[0].proven) if rows else ("", False)

    async def test_a_good_code_binds_the_address(self, database_url: str) -> None:
        async with open_desk(database_url) as kit:
            await kit.says("电梯坏了没人修", "c1")
            await kit.says(f"绑定 {await self.code(kit)}", "new-phone")
            assert await self.owner(kit, "new-phone") == ((await kit.person("张伟")).id, True)
            await kit.says("接单", "new-phone")
            assert (await kit.the_complaint()).accepted_at is not None

    async def test_only_a_hash_of_it_is_stored(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            code = await self.code(kit)
            [row] = await kit.rows(BindCodeRow)
            assert code not in row.code_hash
            assert row.expires_at == kit.clock.now() + CODE_LIFE

    async def test_it_is_good_once(self, database_url: str) -> None:
        async with open_desk(database_url) as kit:
            code = await self.code(kit)
            await kit.says(f"绑定 {code}", "new-phone")
            await kit.says(f"绑定 {code}", "thief")
            assert await self.owner(kit, "thief") != ((await kit.person("张伟")).id, True)
            assert len(await kit.outbox("bind_failed")) == 1

    async def test_two_who_use_it_at_once_do_not_both_get_in(self, database_url: str) -> None:
        async with open_desk(database_url) as kit:
            code = await self.code(kit)
            await kit.store(f"绑定 {code}", "one")
            await kit.store(f"绑定 {code}", "two")
            await kit.understand()
            person = (await kit.person("张伟")).id
            assert [await self.owner(kit, who) == (person, True) for who in ("one", "two")] == [True, False]

    async def test_it_is_good_for_a_while(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            code = await self.code(kit)
            kit.clock.move_to(kit.clock.now() + CODE_LIFE + timedelta(seconds=1))
            await kit.says(f"绑定 {code}", "new-phone")
            assert (await self.owner(kit, "new-phone"))[0] != (await kit.person("张伟")).id

    async def test_guessing_ends_after_a_few_tries(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            for _ in range(5):
                await kit.says(f"绑定 {new_code()}", "guesser")
            await kit.says(f"绑定 {await self.code(kit)}", "guesser")
            assert (await self.owner(kit, "guesser"))[0] != (await kit.person("张伟")).id

    async def test_the_phone_that_was_bound_before_speaks_for_nobody_and_is_told(self, database_url: str) -> None:
        async with open_desk(database_url) as kit:
            await kit.says("电梯坏了没人修", "c1")
            await kit.says(f"绑定 {await self.code(kit)}", "new-phone")
            await kit.deliver()
            assert await self.owner(kit, "handler") == ((await kit.person("张伟")).id, False)
            told = [message for message in kit.chat.sent if message.address == "handler" and "unbound" in message.key]
            assert len(told) == 1
            await kit.says("接单", "handler")
            assert (await kit.the_complaint()).accepted_at is None

    async def test_it_is_told_however_long_its_address_is(self, fresh_sqlite_url: str) -> None:
        address = f"{'long' * 75}@example.com"
        async with open_desk(fresh_sqlite_url) as kit:
            await kit.says(f"绑定 {await self.code(kit)}", address)
            await kit.says(f"绑定 {await self.code(kit)}", "new-phone")
            told = [row.key for row in await kit.outbox("binding_changed") if row.address == address]
            assert len(told) == 1
            assert len(told[0]) <= 200  # as wide as its column is

    async def test_who_has_left_cannot_bind(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as kit:
            code = await self.code(kit)

            person = (await kit.person("张伟")).id

            async def leaves(work: Work) -> None:
                row = await work.person_row(person)
                assert row is not None
                row.active = False
                await work.staff_changed()

            await kit.write(leaves)
            await kit.says(f"绑定 {code}", "new-phone")
            assert (await self.owner(kit, "new-phone"))[0] != person
            assert len(await kit.outbox("bind_failed")) == 1
            assert await kit.outbox("bound") == []


class TestMailNeedsItsToken:
    """From lines can be written by anybody: a command by mail needs the signed token of our notice."""

    async def test_a_from_line_alone_is_no_proof(self, database_url: str) -> None:
        async with open_desk(database_url) as kit:
            await kit.address("张伟", "email", "zw@example.com")
            await kit.address("张伟", "chat", "handler", proven=False)
            await kit.says("电梯坏了没人修", "c1")
            await kit.deliver()
            await kit.says("接单", "zw@example.com", "email", subject="Re: 派单", message_id="<f1@x>")
            assert (await kit.the_complaint()).accepted_at is None
            assert len(await kit.outbox("prove_by_reply")) == 1
            assigned = kit.mail.sent[0]
            await kit.says("接单", "zw@example.com", "email", subject="Re: 派单", in_reply_to=assigned.message_id)
            assert (await kit.the_complaint()).accepted_at is not None

    async def test_the_token_of_somebody_elses_notice_is_no_proof(self, database_url: str) -> None:
        async with open_desk(database_url) as kit:
            await kit.address("张伟", "email", "zw@example.com")
            await kit.address("张伟", "chat", "handler", proven=False)
            await kit.says("电梯坏了没人修", "c1")
            await kit.deliver()
            assigned = kit.mail.sent[0]
            await kit.says("办结 换了", "thief@example.com", "email", in_reply_to=assigned.message_id)
            assert (await kit.the_complaint()).resolved_at is None
