"""Parcels: a message of the outbox as its channel takes it: the words, the question they put, and its place in a thread."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.answers import Internal
from bot.appointments import calendar_file
from bot.contents import is_harmful
from bot.continuing import link_for
from bot.desk import DRILL_PREFIX
from bot.dialogue.questions import ASKED_BACK, PUT_IN_TURN, Question, asked_by, put
from bot.grammar import Pending
from bot.manners import NEWS
from bot.menus import changed_menu
from bot.people import Person
from bot.shown import fit
from bot.storage import chores, codec, files
from bot.storage.models import AddressRow
from bot.storage.reveals import add_reveal
from bot.storage.values import FileKept, Outgoing, Said, ThreadLine
from bot.storage.work import Work
from bot.tokens import Signer
from bot.views import Viewer, shows_number
from bot.words import Rendered, Words
from complaints.change import NoticeKind
from complaints.vocabulary import Flag
from connectors.port import Attachment, Button, Capabilities, Command, Connector, Form, OutgoingMessage
from scheduler.port import Outcome

_PRACTICE = re.compile(rf"(?<![\w-]){DRILL_PREFIX}\d{{8}}-\d{{4,}}")
_REFERENCES = 10  # of a thread's messages, besides the last: what mail programs themselves keep is no more
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NO_MAILBOX = "nobody@complaintbot.invalid"  # an event has to name who arranged it, and here nothing reaches us by mail


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready to go, as its channel takes it, and what stands in the outbox for it: one row, or several that are
    told together. secret: what stands in the words and is kept nowhere. files: of ours, that go out with it. probe: it is the
    one that finds out how a paused channel fares.
    """

    rows: tuple[Outgoing, ...]
    message: OutgoingMessage
    secret: str = field(default="", repr=False)
    files: tuple[FileKept, ...] = ()
    probe: bool = False

    @property
    def outgoing(self) -> Outgoing:
        return self.rows[0]

    @property
    def reference(self) -> str | None:
        """The complaint that all of it is about."""
        references = {row.reference for row in self.rows}
        return references.pop() if len(references) == 1 else None


class Packer:
    """Makes parcels. locale: of people whose language nobody knows. privacy: where they can read what becomes of their data."""

    def __init__(
        self,
        words: Words,
        viewer: Viewer,
        connectors: Mapping[str, Connector],
        signer: Signer,
        *,
        locale: str,
        privacy: str = "",
    ) -> None:
        self._words = words
        self._viewer = viewer
        self._connectors = connectors
        self._signer = signer
        self._locale = locale
        self._privacy = privacy

    async def pack(self, work: Work, rows: tuple[Outgoing, ...]) -> Parcel:
        """Make one message of what stands in the outbox, and remember the question that it puts.

        Of several as many, from the first on, as fit whole. Raises ValueError if not two of them do.
        """
        return await self._alone(work, rows[0]) if len(rows) == 1 else await self._together(work, rows)

    async def _alone(self, work: Work, outgoing: Outgoing) -> Parcel:
        capabilities = self._connectors[outgoing.channel].capabilities
        conversation = await work.address(outgoing.channel, outgoing.address)
        person = await work.person(outgoing.person) if outgoing.person else None
        locale = self._language(conversation, person)
        facts: dict[str, str] = codec.loads(outgoing.facts)
        if (link := link_for(outgoing, person, self._connectors, self._signer)) is not None:
            facts["continue_at"] = link
        facts |= await self._receipt_code(work, outgoing)
        shown = await self._shown(work, outgoing, facts, capabilities) if outgoing.notice == Internal.FILES_HERE else ()
        context = await self._viewer.context(work, outgoing, facts, person, locale)
        if await self._first_answer(work, outgoing, person, conversation, capabilities):
            context["privacy"] = self._privacy
        rendered = self._words.render(outgoing.notice, locale, capabilities.form, context)
        if outgoing.reference and person is not None and not outgoing.attempts and shows_number(context, rendered.text):
            add_reveal(work, outgoing.reference, person.id, outgoing.channel, outgoing.created_at)
        rendered = await self._practice(work, outgoing, rendered, locale)
        rendered = await self._of_the_press(work, outgoing, person, rendered, locale)
        pending = conversation.pending if conversation is not None else ""
        rendered, asked = self._asking(outgoing, rendered, pending, facts, capabilities)
        if asked != pending and conversation is not None:
            conversation.pending = asked
            await self._asked_last(work, outgoing)
        text = rendered.text if capabilities.max_chars is None else fit(rendered.text, capabilities.max_chars)
        message = await self._message(work, outgoing, text, rendered.subject, rendered.buttons)
        variables = self._words.variables(locale, context) if capabilities.templates is not None else {}
        attached = await self._files(work, outgoing, facts, context, locale, rendered.text)
        menu = await self._menu(work, (outgoing,), conversation, person, locale)
        message = replace(
            message,
            notice=outgoing.notice,
            locale=rendered.locale,
            variables=variables,
            attachments=attached,
            menu=menu,
        )
        return Parcel((outgoing,), message, facts.get("code", ""), shown)

    def _asking(
        self,
        outgoing: Outgoing,
        rendered: Rendered,
        pending: str,
        facts: Mapping[str, str],
        capabilities: Capabilities,
    ) -> tuple[Rendered, str]:
        """Return the words with the answers to choose from as the channel shows them, buttons or numbers, and what waits then.

        A number counts for what stands above it and nothing else: it never takes the place of a question that still waits.
        """
        question = asked_by(outgoing.notice, outgoing.reference, facts)
        waiting = Question.loads(pending) if outgoing.notice in ASKED_BACK | PUT_IN_TURN else None
        if waiting is not None and waiting.only_offers:
            waiting = None
        aside = waiting is not None and outgoing.notice in ASKED_BACK and not facts.get("asked")
        if waiting is not None and outgoing.notice in ASKED_BACK and not aside:
            rendered = replace(rendered, buttons=tuple(Button(*each) for each in waiting.offered))
        offered = [(button.label, button.says) for button in rendered.buttons]
        numbered = bool(offered) and rendered.numberable and not capabilities.buttons and not capabilities.threads
        if question is not None:
            pending = put(pending, question.shown(outgoing.id, offered))
        elif waiting is not None and not aside:
            pending = waiting.shown(outgoing.id, offered, numbered=numbered).dumps()
        elif numbered and waiting is None:
            menu = Question(Pending.MENU, outgoing.reference, {"says": [says for _, says in offered]})
            pending = put(pending, menu.shown(outgoing.id, offered))
        if numbered and question is None and not aside:
            rendered = self._words.numbered(rendered, capabilities.max_chars)
        return (rendered if capabilities.buttons else replace(rendered, buttons=())), pending

    async def _menu(
        self,
        work: Work,
        rows: Sequence[Outgoing],
        conversation: AddressRow | None,
        person: Person | None,
        locale: str,
    ) -> tuple[Command, ...] | None:
        """Return the menu that these bring to a private chat. A sealed address has none of its own: it would tell who it is."""
        channel, address = rows[0].channel, rows[0].address
        if not self._connectors[channel].capabilities.menu or conversation is None or person is None:
            return None
        if conversation.person != person.id or self._signer.opened(channel, address) != address:
            return None
        about = [row.reference for row in rows if row.reference]
        return await changed_menu(
            work, conversation, person, locale, about, rows[-1].id, lambda each: self._viewer.may_wait(work, each)
        )

    async def _shown(
        self, work: Work, outgoing: Outgoing, facts: dict[str, str], capabilities: Capabilities
    ) -> tuple[FileKept, ...]:
        """Return the files of a complaint that a message shows, as many as its channel carries; `facts` get what to say.

        What could carry something out when it is opened is named only.
        """
        wanted = {int(id) for id in facts.get("files", "").split(",") if id}
        kept = [file for file in await files.of_complaint(work, outgoing.reference or "") if file.id in wanted]
        carried: list[FileKept] = []
        kept_back = [file for file in kept if is_harmful(file.name, file.type)]
        for file in kept:
            fits = (
                capabilities.shows_files or sum(each.size for each in carried) + file.size <= capabilities.sends_bytes
            )
            if file not in kept_back and fits:
                carried.append(file)
        left = [file.name for file in kept if file not in (*carried, *kept_back)]
        facts |= {"count": str(len(kept)), "names": "、".join(file.name for file in kept)}
        if left:
            facts["left"] = "、".join(left)
        if kept_back:
            facts["kept_back"] = "、".join(file.name for file in kept_back)
        return tuple(carried)

    async def _first_answer(
        self,
        work: Work,
        outgoing: Outgoing,
        person: Person | None,
        conversation: AddressRow | None,
        capabilities: Capabilities,
    ) -> bool:
        """Say whether a message is the first to a customer that can say what becomes of their data; an SMS has no room."""
        if person is None or person.staff or conversation is None or conversation.person != person.id:
            return False
        if capabilities.form is Form.SMS or capabilities.templates is not None:
            return False
        row = await work.person_row(person.id)
        if row is None or row.informed_by not in (None, outgoing.id):
            return False
        row.informed_by = outgoing.id
        return True

    async def _receipt_code(self, work: Work, outgoing: Outgoing) -> dict[str, str]:
        """Return the code that the first answer tells whoever would not be named; it is nowhere else."""
        if outgoing.notice != NoticeKind.ACKNOWLEDGEMENT or not outgoing.reference:
            return {}
        complaint = await work.complaint(outgoing.reference)
        unnamed = complaint is not None and complaint.anonymous
        return {"code": self._signer.receipt_code(outgoing.reference)} if unnamed else {}

    async def _asked_last(self, work: Work, outgoing: Outgoing) -> None:
        """What is asked of somebody under a sealed address is the last question in their chat."""
        opened = self._signer.opened(outgoing.channel, outgoing.address)
        known = await work.address(outgoing.channel, opened) if opened != outgoing.address else None
        if known is not None:
            known.pending = ""

    async def _files(
        self,
        work: Work,
        outgoing: Outgoing,
        facts: Mapping[str, str],
        context: Mapping[str, object],
        locale: str,
        text: str,
    ) -> tuple[Attachment, ...]:
        """Return the files that go with a message, as far as its channel carries them."""
        if facts.get("report_file"):
            row = await chores.get(work, int(facts["report_file"]))
            if row is None or row.file is None:
                return ()
            file = Attachment(row.file_name, XLSX, row.file, len(row.file))
            return (file,) if file.size <= self._connectors[outgoing.channel].capabilities.sends_bytes else ()
        if not facts.get("calendar") or not outgoing.reference:
            return ()
        complaint = await work.complaint(outgoing.reference)
        number = int(facts.get("visit", "0"))
        visit = next((each for each in complaint.visits if each.number == number), None) if complaint else None
        if visit is None or visit.agreed_at is None:
            return ()
        own = (connector.capabilities.own_address for connector in self._connectors.values())
        file = calendar_file(
            visit,
            outgoing.reference,
            title=f"{self._words.word('event', 'visit', locale)} {outgoing.reference}",
            text=text,
            place=str(getattr(context.get("c"), "place", "")),
            organizer=next((address for address in own if address), _NO_MAILBOX),
            now=outgoing.created_at,
        )
        return (file,) if file.size <= self._connectors[outgoing.channel].capabilities.sends_bytes else ()

    async def _practice(self, work: Work, outgoing: Outgoing, rendered: Rendered, locale: str) -> Rendered:
        """Return words about practice as such (R-113): marked at their beginning; in a list, each of its numbers is."""
        complaint = await work.complaint(outgoing.reference) if outgoing.reference else None
        mark = self._words.word("drill", "mark", locale)
        if complaint is not None and complaint.drill:
            subject = f"{mark}{rendered.subject}" if rendered.subject is not None else None
            return replace(rendered, text=f"{mark}{rendered.text}", subject=subject)
        text = _PRACTICE.sub(lambda found: f"{mark}{found[0]}", rendered.text)
        return rendered if text == rendered.text else replace(rendered, text=text)

    async def _of_the_press(
        self, work: Work, outgoing: Outgoing, person: Person | None, rendered: Rendered, locale: str
    ) -> Rendered:
        """Return a notice to staff about a matter of the media marked as such at its beginning (R-069)."""
        complaint = await work.complaint(outgoing.reference) if outgoing.reference else None
        if complaint is None or Flag.MEDIA not in complaint.flags or outgoing.answer:
            return rendered
        if person is None or not person.staff or person.id == complaint.complainant:
            return rendered
        return replace(rendered, text=f"{self._words.word('press', 'mark', locale)}{rendered.text}")

    async def _together(self, work: Work, rows: tuple[Outgoing, ...]) -> Parcel:
        capabilities = self._connectors[rows[0].channel].capabilities
        conversation = await work.address(rows[0].channel, rows[0].address)
        person = await work.person(rows[0].person) if rows[0].person else None
        locale = self._language(conversation, person)
        while len(rows) > 1:
            leader = replace(rows[0], notice=Internal.DIGEST, key=f"digest/{rows[0].id}-{rows[-1].id}")
            parcel = Parcel(rows, OutgoingMessage(leader.key, leader.address, ""))
            leader = replace(leader, reference=parcel.reference)
            if rows[0].notice in NEWS:
                rendered, variables = await self._news(work, rows, person, locale, capabilities.form), {}
            else:
                context = await self._viewer.context(work, leader, {}, person, locale)
                context |= await self._viewer.digest(work, rows)
                rendered = self._words.render(Internal.DIGEST, locale, capabilities.form, context)
                variables = self._words.variables(locale, context) if capabilities.templates is not None else {}
            rendered = await self._practice(work, leader, rendered, locale)
            if capabilities.max_chars is None or len(rendered.text) <= capabilities.max_chars:
                break
            rows = rows[:-1]
        else:
            raise ValueError("not two of these notices fit into one message")
        if conversation is not None and rows[0].notice not in NEWS:
            conversation.pending = put(conversation.pending, None)  # a bare digit must not answer what stood above this
        message = await self._message(work, leader, rendered.text, rendered.subject, ())
        menu = await self._menu(work, rows, conversation, person, locale)
        message = replace(message, notice=Internal.DIGEST, locale=rendered.locale, variables=variables, menu=menu)
        return replace(parcel, message=message)

    async def _news(
        self, work: Work, rows: Sequence[Outgoing], person: Person | None, locale: str, form: Form
    ) -> Rendered:
        """Return what customers read at once of what the night kept back: every word of it."""
        told = []
        for row in rows:
            facts: dict[str, str] = codec.loads(row.facts)
            told.append((row.notice, await self._viewer.context(work, row, facts, person, locale)))
        return self._words.together(told, locale, form)

    def _language(self, conversation: AddressRow | None, person: Person | None) -> str:
        return (conversation.locale if conversation else "") or (person.locale if person else "") or self._locale

    async def _message(
        self, work: Work, outgoing: Outgoing, text: str, subject: str | None, buttons: tuple[Button, ...]
    ) -> OutgoingMessage:
        message = OutgoingMessage(
            key=outgoing.key,
            address=outgoing.address,
            text=text,
            subject=subject,
            buttons=buttons,
            reply_to=outgoing.reply_to,
        )
        capabilities = self._connectors[outgoing.channel].capabilities
        if capabilities.own_address is None:
            return message
        # A thread in the mail client's sense: we answer their last message and name those before it.
        reference = outgoing.reference
        thread = await work.thread(reference, outgoing.channel, outgoing.address) if reference else []
        theirs = [line for line in thread if not line.outgoing]
        ids = [line.message_id for line in thread if line.message_id]
        last = outgoing.reply_to or (theirs[-1].message_id if theirs else None) or (ids[-1] if ids else None)
        topic = next((line.subject for line in theirs if line.subject), None)
        own, signer = await self._own_address(work, outgoing, theirs, capabilities), self._signer
        return replace(
            message,
            sender=own,
            subject=_threaded(topic, reference) if topic else subject,
            reply_to=last,
            references=(*[id for id in ids if id != last][-_REFERENCES:], last) if last else (),
            message_id=signer.message_id(outgoing.id, own.rpartition("@")[2]),
            reply_address=signer.plus_address(outgoing.id, own) if capabilities.plus_addressing else None,
        )

    async def _own_address(
        self, work: Work, outgoing: Outgoing, theirs: Sequence[ThreadLine], capabilities: Capabilities
    ) -> str:
        """Return the address of ours that a mail leaves from: the one they last wrote to."""
        assert capabilities.own_address is not None
        if len(capabilities.own_addresses) < 2:
            return capabilities.own_address
        kept = [line.own_address for line in reversed(theirs)]
        if outgoing.reply_to:
            kept.insert(0, await work.own_address_of_message(outgoing.channel, outgoing.address, outgoing.reply_to))
        return next((own for own in kept if own in capabilities.own_addresses), capabilities.own_address)


def said(parcel: Parcel, outcome: Outcome, now: datetime) -> Said:
    outgoing, message = parcel.outgoing, parcel.message
    return Said(
        channel=outgoing.channel,
        address=outgoing.address,
        outgoing=True,
        text=message.text.replace(parcel.secret, "****") if parcel.secret else message.text,
        at=now,
        reference=parcel.reference,
        person=outgoing.person,
        outbox_id=outgoing.id,
        subject=(message.subject or "")[:500],
        message_id=message.message_id or outcome.external_id,
        own_address=message.sender,
    )


def _threaded(topic: str, reference: str | None) -> str:
    """Return the subject of an answer in a thread, with the number once."""
    bare = topic
    while bare[:3].casefold() in ("re:", "回复:", "回复"):
        bare = bare.partition(":")[2].strip() or bare[3:]
    mark = f" [{reference}]" if reference and reference not in bare else ""
    return f"Re: {bare}{mark}"
