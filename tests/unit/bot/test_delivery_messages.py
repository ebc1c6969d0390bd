"""What goes out with the words: questions and their answers, buttons, menus; subject and thread of a mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.utils import parseaddr

from bot.storage.models import MessageRow
from complaints.vocabulary import Rating, Status
from connectors.port import TryAgainLater
from tests.unit.bot.delivery_kit import MATTER
from tests.unit.bot.desk_kit import CHAT, MAIL, PLAIN_CHAT, SECRET, SMS, FakeChannel, Kit, open_desk


class TestQuestions:
    async def resolved(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.says("接单", "handler")
        await kit.says("办结 换了配件", "handler")
        await kit.deliver()

    async def test_the_survey_makes_a_number_mean_something(self, kit: Kit) -> None:
        await self.resolved(kit)
        await kit.says("5")
        complaint = await kit.the_complaint()
        assert complaint.status is Status.CLOSED
        assert complaint.surveys[-1].rating is Rating.SATISFIED

    async def test_a_number_without_a_question_means_nothing(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.says("5")
        assert not (await kit.the_complaint()).surveys

    async def test_buttons_travel_where_the_channel_shows_them(self, kit: Kit) -> None:
        await self.resolved(kit)
        [survey] = [message for message in kit.chat.sent if "/survey/" in message.key]
        assert [button.label for button in survey.buttons] == ["满意", "一般", "不满意"]

    async def test_a_number_stands_in_for_a_button_that_the_words_name(self, database_url: str) -> None:
        channels = [FakeChannel("chat", PLAIN_CHAT), FakeChannel("sms", SMS)]
        async with open_desk(database_url, channels=channels) as kit:
            await kit.says(MATTER)
            await kit.deliver()
            [text] = kit.chat.texts("handler")
            assert "回复“接单”" in text
            assert kit.chat.sent[0].buttons == ()
            await kit.says("1", "handler")
            assert (await kit.the_complaint()).status is Status.WORKING

    async def test_a_digit_beyond_the_menu_is_asked_back(self, database_url: str) -> None:
        channels = [FakeChannel("chat", PLAIN_CHAT), FakeChannel("sms", SMS)]
        async with open_desk(database_url, channels=channels) as kit:
            await kit.says(MATTER)
            await kit.deliver()
            await kit.says("9", "handler")
            await kit.deliver()
            assert (await kit.the_complaint()).status is Status.DISPATCHED
            assert len(await kit.outbox("unclear_staff")) == 1

    async def test_yes_answers_what_was_asked_before_withdrawing(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.says("撤回")
        await kit.deliver()
        assert (await kit.the_complaint()).status is Status.DISPATCHED
        await kit.says("是")
        assert (await kit.the_complaint()).status is Status.WITHDRAWN

    async def test_the_answer_to_missing_facts_is_no_new_complaint(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.deliver()
        await kit.says("王小明 13712345678 6栋1202")
        assert len(await kit.complaints()) == 1
        assert len(await kit.outbox("facts_recorded")) == 1

    async def test_a_plan_is_agreed_to_by_a_word(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.says("方案 明天上午换主板，费用由我们承担", "handler")
        await kit.deliver()
        assert (await kit.the_complaint()).status is Status.PROPOSED
        await kit.says("同意")
        assert (await kit.the_complaint()).status is Status.EXECUTING

    async def test_a_text_is_cut_to_what_the_channel_carries(self, database_url: str) -> None:
        channels = [FakeChannel("chat", replace(CHAT, max_chars=60)), FakeChannel("sms", SMS)]
        async with open_desk(database_url, channels=channels) as kit:
            await kit.says(MATTER * 20)
            await kit.deliver()
            assert all(len(message.text) <= 60 for message in kit.chat.sent)
            assert kit.chat.sent


# ── mail ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestMail:
    async def test_an_acknowledgement_threads_under_the_mail_it_answers(self, kit: Kit) -> None:
        """Trap 10: In-Reply-To, References, the number in the subject, our signed id and the address to answer to."""
        await kit.says(MATTER, "a@example.com", "email", message_id="<m1@example.com>", subject="电梯坏了")
        await kit.deliver()
        [mail] = kit.mail.sent
        reference = (await kit.the_complaint()).reference
        assert mail.reply_to == "<m1@example.com>"
        assert mail.references[-1] == "<m1@example.com>"
        assert mail.subject == f"Re: 电梯坏了 [{reference}]"
        [row] = await kit.outbox("acknowledgement")
        assert mail.message_id is not None
        assert kit.desk.signer.outbox_id([mail.message_id]) == row.id
        assert mail.message_id.endswith("@example.com>")
        assert mail.reply_address is not None
        assert kit.desk.signer.outbox_id([mail.reply_address]) == row.id
        assert parseaddr(mail.reply_address)[1].startswith("desk+")

    async def test_a_second_mail_of_ours_continues_the_thread(self, kit: Kit) -> None:
        await kit.says(MATTER, "a@example.com", "email", message_id="<m1@example.com>", subject="Re: 电梯坏了")
        await kit.deliver()
        await kit.says("进展 已联系师傅", "handler")
        await kit.deliver()
        first, *_, second = kit.mail.sent
        assert second.subject == first.subject
        assert second.subject is not None
        assert second.subject.count("Re:") == 1
        assert second.reply_to == "<m1@example.com>"
        assert first.message_id in second.references
        assert len(second.references) == len(set(second.references))

    async def test_without_plus_addressing_no_address_is_made_up(self, database_url: str) -> None:
        channels = [FakeChannel("chat", CHAT), FakeChannel("email", replace(MAIL, plus_addressing=False))]
        async with open_desk(database_url, channels=channels) as kit:
            await kit.says(MATTER, "a@example.com", "email", message_id="<m1@example.com>")
            await kit.deliver()
            assert [mail.reply_address for mail in kit.mail.sent] == [None]

    async def test_the_answer_to_our_mail_finds_its_complaint_by_any_of_its_signs(self, kit: Kit) -> None:
        """Trap 10: some programs drop References, others the plus part, others all but the subject."""
        await kit.says(MATTER, "a@example.com", "email", message_id="<m1@example.com>", subject="电梯")
        await kit.deliver()
        [mail] = kit.mail.sent
        reference = (await kit.the_complaint()).reference
        signs: list[dict[str, object]] = [
            {"in_reply_to": mail.message_id},
            {"references": [mail.message_id]},
            {"recipients": [mail.reply_address]},
            {"references": ["<m1@example.com>"]},
            {"subject": f"回复：电梯 [{reference}]"},
        ]
        for number, sign in enumerate(signs):
            await kit.says(f"补充：第{number}次，还是坏的没人修", "a@example.com", "email", **sign)
        assert len(await kit.complaints()) == 1
        said = await kit.rows(MessageRow, MessageRow.outgoing.is_(False))
        assert [row.reference for row in said] == [reference] * 6

    async def test_a_mail_outside_every_thread_begins_a_new_matter(self, kit: Kit) -> None:
        await kit.says(MATTER, "a@example.com", "email", message_id="<m1@example.com>", subject="电梯")
        await kit.says("地下室漏水没人管", "a@example.com", "email", message_id="<m2@example.com>", subject="漏水")
        assert len(await kit.complaints()) == 2

    async def test_each_retry_carries_the_same_message_id(self, kit: Kit) -> None:
        """Trap 45: whoever gets it twice all the same has one mail in their program."""
        kit.mail.outcomes.append(TryAgainLater("busy"))
        await kit.says(MATTER, "a@example.com", "email", message_id="<m1@example.com>")
        await kit.deliver()
        kit.clock.move_to(kit.clock.now() + timedelta(minutes=1))
        await kit.deliver()
        first, second = kit.mail.attempts
        assert first.message_id == second.message_id

    async def test_a_token_of_another_service_is_nothing(self, kit: Kit) -> None:
        assert kit.desk.signer.outbox_id(["<cb1-000000000000000000000000@example.com>"]) is None
        assert SECRET not in repr(kit.desk.signer)
