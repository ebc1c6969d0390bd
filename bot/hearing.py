"""Hearing: who speaks, where, about which complaint, and which question of ours they answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.answers import Answer
from bot.desk import Desk, Via
from bot.dialogue import Turn
from bot.dialogue.cards import without_own_card
from bot.dialogue.media import described
from bot.dialogue.proving import proof_asked
from bot.dialogue.questions import SURVEYING, Question, asked_by
from bot.grammar.details import find_details, find_phone
from bot.menus import spelled_out
from bot.outside import answered_outside
from bot.people import Person
from bot.rooms import private_chat_open, private_link
from bot.storage import codec, queues
from bot.storage.models import AddressRow, PersonRow
from bot.storage.values import Outgoing, Received, Said
from bot.storage.work import Work
from bot.threads import thread_of
from complaints.numbers import FULL
from complaints.taxonomy import Pack
from connectors.port import Capabilities, Connector, IncomingMessage

# Ten thousand full stops, or the same syllable as often, say no more than a few do, and whatever looks for words would walk
# through them again and again.
_LONGEST_RUN = 40
_RUN = re.compile(rf"[\W_]{{{_LONGEST_RUN},}}+")
_AGAIN = re.compile(rf"(.{{1,8}}?)\1{{{_LONGEST_RUN},}}+", re.DOTALL)


class Hearing:
    """Makes a turn of the conversation of what came in. max_chars: of one message that are read. locale: of people whose
    language nobody knows.
    """

    def __init__(
        self,
        desk: Desk,
        pack: Pack,
        connectors: Mapping[str, Connector],
        *,
        max_chars: int,
        max_file_bytes: int,
        acknowledgement_cap: int,
        locale: str,
    ) -> None:
        self._desk = desk
        self._pack = pack
        self._connectors = connectors
        self._max_chars = max_chars
        self._max_file_bytes = max_file_bytes
        self._acknowledgement_cap = acknowledgement_cap
        self._locale = locale

    async def turn(self, work: Work, row: Received, incoming: IncomingMessage, answered: Outgoing | None) -> Turn:
        """Return the turn. answered: the message of ours that it answers, if it carries its genuine token."""
        assert incoming.sender is not None
        channel, address = row.channel, incoming.sender.address
        capabilities = self._connectors[channel].capabilities
        known = await work.address(channel, address)
        opens = known is not None and known.last_inbound_at is None and not incoming.group
        conversation, person, proven = await self._speaker(work, channel, incoming, answered, capabilities)
        # What is handed on is the complaint, however short the note above it (trap 15).
        said = incoming.text if incoming.forwarded_from else incoming.visible_reply or incoming.text
        words = shortened(said.strip()[: self._max_chars])
        if person.staff and capabilities.threads and not incoming.forwarded_from:
            words = without_own_card(words, person)
        message_id = incoming.message_id or incoming.external_id
        room = Via(channel, incoming.conversation, person.id, message_id, room=True) if incoming.group else None
        if room is not None:
            conversation.room, conversation.room_message = room.address, message_id
        if not conversation.locale:
            person = await self._spoken(work, conversation, person, incoming, words)
        thread = await thread_of(work, incoming, answered, person, capabilities, where(incoming))
        # What we ask somebody we ask in private: words in a group answer none of it.
        question = (
            _question(conversation.pending, answered, thread.reference, capabilities.threads) if room is None else None
        )
        if question is not None and await _pressed_elsewhere(work, incoming, question):
            question = None  # it goes on waiting
        fresh = capabilities.threads and thread.reference is None
        if fresh and answered is None and question is None:
            last = Question.loads(conversation.pending)
            question = await answered_outside(work, incoming, person, words, last, self._pack)
            fresh = question is None
        return Turn(
            work=work,
            desk=self._desk,
            pack=self._pack,
            incoming=incoming,
            inbox_id=row.id,
            capabilities=capabilities,
            person=person,
            proven=proven,
            via=Via(channel, address, person.id, message_id if room is None else None),
            room=room,
            private_open=room is None or private_chat_open(conversation, capabilities),
            start_link=private_link(capabilities),
            caught_up=opens and await queues.wake_reader(work, person.id, self._desk.clock.now()) > 0,
            max_file_bytes=self._max_file_bytes,
            conversation=conversation,
            question=question,
            words=spelled_out(words),
            named=thread.reference,
            in_thread=thread.sure,
            fresh_thread=fresh,
            acknowledgement_cap=self._acknowledgement_cap,
        )

    async def _speaker(
        self, work: Work, channel: str, incoming: IncomingMessage, answered: Outgoing | None, capabilities: Capabilities
    ) -> tuple[AddressRow, Person, bool]:
        """Return where and who speaks, and whether that is shown. Somebody new becomes a customer."""
        assert incoming.sender is not None
        now, proves = self._desk.clock.now(), capabilities.proves_sender
        row = await work.address(channel, incoming.sender.address)
        if row is None:
            customer = await work.new_customer(now, name=incoming.sender.name, locale=incoming.locale or "")
            row = await work.add_address(customer.id, channel, incoming.sender.address, now, proven=proves)
        if not incoming.group:  # what is said in a group opens no private chat
            work.change_address(row, last_inbound_at=now, blocked_at=None)
        speaker = await work.person_row(row.person)
        assert speaker is not None
        if capabilities.addresses_are_phones:
            speaker.phone = speaker.phone or find_phone(incoming.sender.address)
        by_token = answered is not None and self._was_told(answered, row, speaker)
        return row, codec.person(speaker), (row.proven and proves) or by_token

    def _was_told(self, answered: Outgoing, row: AddressRow, speaker: PersonRow) -> bool:
        """Say whether a message of ours went to whoever now answers it: to them, at the address from which they write.

        Of customers one of the two is enough: they may have another address, or have become known as somebody else, and a
        message that went to somebody unnamed went to an address that is sealed.
        """
        theirs = answered.person == row.person
        here = self._desk.signer.opened(row.channel, answered.address) == row.address
        return (theirs and here) if speaker.staff else (theirs or here)

    async def _spoken(
        self, work: Work, conversation: AddressRow, person: Person, incoming: IncomingMessage, words: str
    ) -> Person:
        """Note in which language somebody is answered who has chosen none, and return who they are with it.

        What a program or a phone is set to is a hint, and so is a word or two: either holds until a customer says something
        that is plainly of one language. Of staff, who stand in the directory with theirs, the first word decides.
        """
        command = words.startswith("/")  # of no language
        if person.staff:
            if incoming.locale:
                conversation.locale = incoming.locale
            elif _NUMBER.sub("", words).strip() and not command:
                conversation.locale = _language(words, self._locale)
            return person
        told = "" if command or incoming.pressed else language_told(words)
        conversation.locale = told
        hint = person.locale or incoming.locale or ("" if command else _hinted(words))
        if (known := told or hint) and known != person.locale:
            row = await work.person_row(person.id)
            assert row is not None
            row.locale = known
        return replace(person, locale=known or self._locale)


def _question(pending: str, answered: Outgoing | None, named: str | None, threads: bool) -> Question | None:
    """Return the question that the message answers.

    In one endless chat the last one. In a mail thread that of the notice answered, else the last one put about the thread's
    complaint; a letter that begins a new matter answers none.
    """
    last = Question.loads(pending)
    if not threads:
        return last
    asked = None
    if answered is not None:
        if answered.notice == Answer.PROVE_WISH:
            return proof_asked(answered.reference, codec.loads(answered.facts))
        facts = codec.loads(answered.facts) if answered.notice in SURVEYING else None
        asked = asked_by(answered.notice, answered.reference, facts)
    if asked is not None or last is None:
        return asked
    if answered is not None and "confirm" in last.data:
        return None  # a good word about another mail takes nothing back: who had it asked may be anybody
    return last if (last.reference == named if last.reference else answered is not None) else None


async def _pressed_elsewhere(work: Work, incoming: IncomingMessage, question: Question) -> bool:
    """Say whether what was pressed is a button of another message than those that put the question."""
    if not incoming.pressed or not incoming.reply_to_message or not question.shown_by:
        return False
    shown = await work.put_by_message(incoming.channel, incoming.reply_to_message, where(incoming))
    return shown is not None and shown not in question.shown_by


_NUMBER = re.compile(FULL)  # of a complaint: letters of no language


_HAN = re.compile("[一-鿿]")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_SENTENCE = 3  # words; fewer may be a name, a place, or what everybody says
_A_NAME = 40  # characters; longer words are more than who somebody is and where
_ANYBODYS = re.compile(r"\W*(?:ok|okay|kk?|\d+)?\W*", re.IGNORECASE)


def _language(words: str, default: str) -> str:
    """Guess the language of somebody we do not know yet: any Chinese character makes it Chinese."""
    words = _NUMBER.sub("", words[:500])
    if _HAN.search(words):
        return "zh"
    return "en" if _WORD.search(words) else default


def language_told(words: str) -> str:
    """Return the language that words are plainly of: Chinese, but a name alone, or a whole English sentence; "" for others."""
    rest = _besides_a_name(words)
    if _HAN.search(rest):
        return "zh"
    return "en" if len(_WORD.findall(rest)) >= _SENTENCE else ""


def _hinted(words: str) -> str:
    """Return the language that a word or two hint at; "" where they are anybody's: a name, a number, an "ok"."""
    rest = _besides_a_name(words)
    return "" if _ANYBODYS.fullmatch(rest) else _language(rest, "")


def _besides_a_name(words: str) -> str:
    """Return what words say besides a complaint's number, a name and a place, none of which is of a language."""
    words = _NUMBER.sub(" ", words[:500])
    if len(words) <= _A_NAME:
        found = find_details(words, answering=True)
        for each in filter(None, (found.name, found.place)):
            words = words.replace(each, " ")
    return words


def shortened(text: str) -> str:
    """Return a text in which no run of marks, and no piece that is said again and again, is longer than anybody means it."""
    text = _RUN.sub(lambda run: run[0][:_LONGEST_RUN], text)
    return _AGAIN.sub(lambda again: again[1] * _LONGEST_RUN, text)


def where(incoming: IncomingMessage) -> str:
    """Return where a message was said: the group, else the sender's own address."""
    if incoming.group:
        return incoming.conversation
    return incoming.sender.address if incoming.sender else ""


def kept(
    row: Received,
    incoming: IncomingMessage,
    person: str | None,
    reference: str | None,
    own_addresses: Sequence[str],
) -> Said:
    """Return what is kept of a message that came in."""
    return Said(
        reference=reference,
        inbox_id=row.id,
        person=person,
        channel=row.channel,
        address=where(incoming),
        outgoing=False,
        subject=(incoming.subject or "")[:500],
        text=incoming.text,
        attachments=described(incoming),
        message_id=incoming.message_id,
        own_address=_own_address(incoming, own_addresses),
        at=row.received_at,
    )


def kept_of_turn(turn: Turn, row: Received, incoming: IncomingMessage) -> Said:
    """Return what is kept of a message that was a turn of the conversation."""
    verb = turn.did or (turn.meaning.verb if turn.meaning is not None else "")
    said = kept(row, incoming, turn.person.id, turn.reference or None, turn.capabilities.own_addresses)
    if turn.sealed:  # neither where it was said nor the code that opened it is anybody's to read
        said = replace(said, inbox_id=None, address=turn.where, text=turn.words, subject="", own_address=None)
    return replace(said, version=turn.version, verb=str(verb), album=incoming.album)


def _own_address(incoming: IncomingMessage, own_addresses: Sequence[str]) -> str | None:
    """Return which of our addresses a message was sent to, where there are several to tell apart."""
    if len(own_addresses) < 2:
        return None
    ours = {address.lower(): address for address in own_addresses}
    for recipient in incoming.recipients:
        local, _, domain = recipient.lower().rpartition("@")
        if found := ours.get(recipient.lower()) or ours.get(f"{local.partition('+')[0]}@{domain}"):
            return found
    return None
