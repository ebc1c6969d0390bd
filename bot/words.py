"""The words: a notice or an answer, a locale and a form become a text, a subject and buttons.

The words themselves are data under `templates/`: `<notice>/<locale>/<form>.txt`, and beside them an optional
`buttons.txt` with a line `label | says` for each answer that can be tapped. `_layout/<locale>/` holds what they share: the
frame of a mail, its subject, the line that numbers the buttons, and `words.toml` with the words for statuses, severities
and times. Only files of ours are ever templates: what people wrote is a value, and every value is made inert on its way out.
"""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    pass_context,
)
from jinja2.bccache import bc_magic
from jinja2.runtime import Context

from bot.compiled import Compiled, compiled
from bot.shown import block, fit, inert, name_masked, phone, phone_masked, phones_masked, short
from complaints.causes import causes
from complaints.emergency import Services
from complaints.errors import ConfigError
from complaints.vocabulary import Milestone, Status
from connectors.port import Button, Form

LOCALES: Final = ("zh", "en")
_LAYOUT: Final = "_layout"
_BY_WORD: Final = "# by word"
"""First line of a `buttons.txt` whose answers must not be numbered, because digits mean something else there."""


_M = Milestone
_ADVISED: Final[Mapping[str, frozenset[Milestone]]] = {
    clock: frozenset(milestones)
    for milestones, clocks in {
        (_M.ACCEPTED, _M.PROGRESS): ("first_contact", "unnamed"),
        (_M.ACCEPTED,): ("accept",),
        (_M.PROGRESS,): ("investigate_feedback", "progress_report"),
        (_M.PLAN_SUBMITTED,): ("plan",),
        (_M.RESOLVED,): ("complete",),
        (_M.SURVEYED,): ("callback",),
        (_M.ANSWERED,): ("answer", "consult_feedback"),
        (_M.DISPATCHED,): (
            "dispatch", "transfer", "transfer_phone", "transfer_email", "transfer_forum", "transfer_off_hours",
            "unassigned",
            "unreached",
            "under_review",
            "under_review_press",
        ),
        (_M.PHONED,): ("transfer_holiday",),
        (_M.PHONED, _M.ACKNOWLEDGED): ("urgent_notify",),
        (_M.NATURE_REPORTED,): ("nature_report",),
        (_M.NATURE_DECIDED,): ("nature_decide",),
        (_M.DEPT_REPLIED,): ("dept_reply_center",),
        (_M.ESCALATED,): ("urgent_to_center",),
        (_M.CENTRE_REPLIED,): ("center_reply_customer",),
        (_M.FORUM_REPLIED,): ("forum_first_reply",),
        (_M.MEDIA_REPLIED,): ("media_reply", "press", "press_mine"),
        (_M.NOTIFIED,): ("severity_notice",),
        (_M.BULLETIN,): ("bulletin",),
        (_M.APOLOGISED,): ("apology",),
        (_M.COMPENSATED,): ("compensate",),
        (_M.SERVICE_CONFIRMED,): ("service_confirm",),
    }.items()
    for clock in clocks
}  # fmt: skip
"""Which milestones the sentence of the table `todo` about a clock advises to reach."""
_OF_ASSIGNEES: Final = frozenset(
    {"first_contact", "unnamed", "accept", "investigate_feedback", "plan", "complete", "progress_report", "answer"}
)
"""What an assignee does: where there is none, somebody is to be given the work first."""
_TO_THE_CUSTOMER: Final = frozenset({"first_contact", "unnamed", "answer", "center_reply_customer", "consult_feedback"})
"""What is done by writing to or phoning the customer: where they are of the press, by one alone (R-069)."""
_NOT_GIVEN: Final = frozenset({Status.NEW, Status.UNDER_REVIEW, Status.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Rendered:
    """Words ready to go. subject: mail only. numberable: the buttons may be offered as 1, 2, 3 where there are none."""

    subject: str | None
    text: str
    buttons: tuple[Button, ...] = ()
    locale: str = "zh"
    numberable: bool = True


def templates_dir() -> Path:
    """Return the folder of the templates: inside the installed package, or beside the packages in a checkout."""
    package = Path(__file__).resolve().parent
    for folder in (package / "templates", package.parent / "templates"):
        if (folder / _LAYOUT).is_dir():
            return folder
    raise ConfigError(f"no templates beside {package}: install complaintbot again")


_NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})
_OF_THE_TRADE: Final = {
    ("ask", "place"): ("trade", "place"), ("ask", "site"): ("trade", "site"), ("form_step", "place"): ("trade", "where"),
}  # fmt: skip


class Vocabulary:
    """The words of one locale, from its `words.toml`. A word that is not there stands for itself. trade: a pack's own words;
    categories: what it calls its own, by code.
    """

    def __init__(
        self, file: Path, trade: Mapping[str, str] = _NO_NAMES, categories: Mapping[str, str] = _NO_NAMES
    ) -> None:
        try:
            tables: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(f"{file}: {error}") from error
        # Where a pack asks in words of its own, its sites are what it asks for: which clinic, which shop.
        tables["trade"].update(({"site": trade["place"]} if "place" in trade else {}) | dict(trade))
        tables["category"].update(categories)
        self._tables = tables
        self._time: dict[str, Any] = tables["time"]

    def word(self, table: str, value: object) -> str:
        """Return the word of `table` for a code."""
        code = "" if value is None else str(value)
        table, code = _OF_THE_TRADE.get((table, code), (table, code))
        found = self._tables[table].get(code, code)
        return str(found)

    def when(self, moment: datetime, now: datetime | None) -> str:
        """Return a local moment in words; the year only where it is not the present one."""
        names = self._time
        pattern = names["same_year" if now is None or now.year == moment.year else "other_year"]
        said: str = pattern.format(
            year=moment.year,
            month=names["months"][moment.month - 1],
            day=moment.day,
            weekday=names["weekdays"][moment.weekday()],
            time=f"{moment.hour:02}:{moment.minute:02}",
        )
        return said

    def day(self, moment: datetime, now: datetime | None) -> str:
        """Return the day of a local moment in words."""
        return self.when(moment, now).removesuffix(f"{moment:%H:%M}").rstrip(" ,")

    def elsewhere(self, said: str, zone: str) -> str:
        """Return a time in words with the zone that it is told in."""
        return str(self._time["elsewhere"]).format(said=said, zone=self.word("zone", zone))

    @property
    def late(self) -> str:
        """What stands behind a limit that has passed."""
        return str(self._time["late"])

    def limit(self, value: object) -> str:
        """Return `1d` or `3wd` in words."""
        said = "" if value is None else str(value)
        match = re.fullmatch(r"(\d+(?:\.\d+)?)(h|d|wd|wh)", said)
        if match is None:
            return said
        if match[2] == "h" and "." in match[1] and float(match[1]) > 1:  # reckoned from a moment: "132.1h"
            minutes = round(float(match[1]) * 60)
            parts = (("d", minutes // 1440), ("h", minutes // 60 % 24), ("m", 0 if minutes >= 1440 else minutes % 60))
            return str(self._time["between"]).join(self._amount(unit, str(count)) for unit, count in parts if count)
        return self._amount(match[2], match[1])

    def _amount(self, unit: str, count: str) -> str:
        one, many = self._time["limit"][unit]
        return str(one if count == "1" else many).format(n=count)

    def listed(self, value: object, table: str = "ask", names: Mapping[str, str] = _NO_NAMES) -> str:
        """Return the words for a comma list of codes as part of a sentence. names: of codes whose words are not the table's."""
        codes = [code.strip() for code in str(value or "").split(",")]
        words = [names.get(code) or self.word(table, code) for code in codes if code]
        *most, last = words or [""]
        joined = str(self._tables["join"]["comma"]).join(most)
        return f"{joined}{self._tables['join']['last']}{last}" if most else last

    def todo(self, milestones: Iterable[str]) -> str:
        """Return as a sentence how any of the milestones is reached; without them only that something is to be done."""
        keeps: Mapping[str, str] = self._tables["keeps"]
        replies = str(self._tables["join"]["either"]).join(
            dict.fromkeys(keeps[each] for each in milestones if each in keeps)
        )
        return str(self._tables["join"]["todo"]).format(replies=replies) if replies else self.word("todo", "other")

    def detail(self, value: object, clocks: Mapping[str, str] = _NO_NAMES) -> str:
        """Return why something was refused; the rules speak English, so what they say most is known by a part of it.

        clocks: names of clocks that the vocabulary has not.
        """
        return self._said_of("detail", value, clocks)

    def step(self, value: object) -> str:
        """Return a step of the arithmetic of a limit, in words."""
        return self._said_of("steps", value)

    def _said_of(self, table: str, value: object, clocks: Mapping[str, str] = _NO_NAMES) -> str:
        """Return the words for what the rules say, known by a pattern; its named parts may stand in them."""
        said = "" if value is None else str(value)
        for pattern, words in self._tables[table].items():
            if found := re.search(pattern, said):
                parts = found.groupdict()
                if "limit" in parts:
                    parts["limit"] = self.limit(parts["limit"])
                if "clock" in parts:
                    parts["clock"] = self.listed(parts["clock"], "clock", clocks)
                return str(words).format(**parts)
        return said


@dataclass(frozen=True, slots=True)
class _Buttons:
    """What one `buttons.txt` offers: read once where it says nothing that changes."""

    template: Template | None
    fixed: tuple[Button, ...]
    numberable: bool


_NO_BUTTONS: Final = _Buttons(None, (), True)
_PHONE: Final = re.compile(r"(?<!\d)(?<!TS)(?<!YL)\+?\d(?:[ -]?\d){6,17}(?!\d)")
_NO_PUNCTUATION: Final = re.compile(r"[^，！？；：]+")  # which stays as wide as it was written
_LINE_ENDS: Final = re.compile(r"[ \t]+(?=\n)")
_GAPS: Final = re.compile(r"\n{3,}")
_TABLES: Final = (
    "act",
    "trade",
    "order_answer",
    "merit",
    "status",
    "desk_status",
    "part_state",
    "severity",
    "category",
    "clock",
    "promised",
    "todo",
    "awaited",
    "duty",
    "correction",
    "matter",
    "stage",
    "rating",
    "outcome",
    "form_step",
    "form_field",
    "kind",
    "channel",
    "missing",
    "fate",
    "ground",
    "barred",
    "waits",
    "waits_for",
    "instead",
    "process_question",
    "process_told",
    "promise_state",
    "awaits",
    "sign",
    "why",
    "grade_rule",
    "cause_kind",
    "redress",
    "customer_class",
    "nature",
    "turning_point",
    "utterance",
    "fault",
)


# What the variables of a provider's approved template can stand for. Nothing that a customer or a colleague wrote (trap 24).
_VARIABLES: Final = {
    "reference": "{% if c %}{{ c.reference }}{% endif %}",
    "status": "{% if c %}{{ c.status|status }}{% endif %}",
    "due": '{% set due = facts.get("due") or (c.due if c else "") %}{% if due %}{{ due|when }}{% endif %}',
    "hotline": "{{ hotline }}",
    "company": "{{ company }}",
    "name": "{{ to|short(20) }}",
}


class _Ready(str):
    """A text of ours whose values are inert already."""

    __slots__ = ()


def _finalize(value: object) -> object:
    if isinstance(value, _Ready):
        return value
    return "" if value is None else inert(str(value))


class Words:
    """Renders notices and answers. Templates are compiled when first needed and kept; safe to share, it keeps no state.

    company, hotline: as customers know them; hotline may be empty. zone: in which people are told times that
    belong to no other place. directory: other templates than ours. supervision, mailbox: where those turn who are not satisfied
    with us, a phone number and an address; either may be empty. trade: by language, a pack's own words. emergency: the
    numbers to call in danger.
    """

    def __init__(
        self,
        company: str,
        hotline: str,
        zone: tzinfo,
        directory: Path | None = None,
        *,
        supervision: str = "",
        mailbox: str = "",
        trade: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
        emergency: Sequence[str] = Services.of("CN").all,
    ) -> None:
        self._directory = directory or templates_dir()
        self._zone = zone
        self._shared: dict[str, object] = {
            **{"company": company, "hotline": hotline, "supervision": supervision, "mailbox": mailbox, "to": ""},
            "in_danger": emergency,
            "causes": tuple(each.code for each in causes()),  # as a digit names them
        }
        self._vocabularies = {
            locale: Vocabulary(self._directory / _LAYOUT / locale / "words.toml", trade.get(locale, _NO_NAMES))
            for locale in LOCALES
        }
        self._environment = Environment(
            loader=FileSystemLoader(self._directory),
            autoescape=False,  # noqa: S701  (plain text: values are made inert by `finalize`)
            undefined=StrictUndefined,
            finalize=_finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._add_filters()
        self._environment.bytecode_cache = compiled(self._environment.filters)
        self._variables = {name: self._environment.from_string(source) for name, source in _VARIABLES.items()}
        self._templates: dict[tuple[str, str, str], Template | None] = {}
        self._buttons: dict[tuple[str, str], _Buttons] = {}

    def render(self, notice: str, locale: str, form: Form, context: Mapping[str, object]) -> Rendered:
        """Return the words of a notice or an answer. An unknown locale speaks Chinese.

        context: `c`, `facts`, `items`, `now` and whatever else the templates name; `zone`: in which it tells times, named where
        it is not the company's; `privacy`: the link to what becomes of people's data, which may be empty, where that is said.
        Raises ConfigError, naming the file,
        where words are missing or name something that is not there.
        """
        locale = known_locale(locale)
        variables = {**self._shared, **context, "locale": locale}
        subject = None
        if form is Form.EMAIL:
            subject, text = self._mail(notice, locale, variables)
        else:
            text = self._text(notice, locale, form, variables)
            if "privacy" in variables:
                text = f"{text}\n\n{self._privacy(locale, variables)}"
        offered = self._offered(notice, locale)
        buttons = offered.fixed if offered.template is None else _read_buttons(self._say(offered.template, variables))
        return Rendered(subject, text, buttons, locale, offered.numberable)

    def together(self, told: Sequence[tuple[str, Mapping[str, object]]], locale: str, form: Form) -> Rendered:
        """Return the words of several notices as one text, one below the other and without buttons; a mail has one frame, and
        in its subject the complaint that all of them are about. told: notices, each with its context as for `render`.
        """
        locale = known_locale(locale)
        given = [{**self._shared, **context, "locale": locale} for _, context in told]
        if form is Form.SMS:
            for each in given[:-1]:
                each["hotline"] = ""  # said once, at the end
        texts = [self._text(notice, locale, form, each) for (notice, _), each in zip(told, given, strict=True)]
        if form is not Form.EMAIL:
            return Rendered(None, ("\n" if form is Form.SMS else "\n\n").join(texts), (), locale)
        one = len({getattr(each.get("c"), "reference", "") for each in given}) == 1
        frame = given[0] if one else {**given[0], "c": None}
        subject = self._say(self._required(_LAYOUT, locale, "subject"), frame)
        return Rendered(" ".join(subject.split()), self._framed(locale, frame, "\n\n".join(texts)), (), locale)

    def numbered(self, rendered: Rendered, limit: int | None = None) -> Rendered:
        """Return the words with the buttons as a numbered line below, for channels that show none; `limit` characters.

        The line is kept whole, the text above it gives way. Unchanged where there are no buttons, where the text already says
        the only one of them, or where digits are answers already (the 1–5 of satisfaction): there the text itself says what to
        reply.
        """
        text = rendered.text
        said = rendered.text.casefold()
        needed = len(rendered.buttons) > 1 or any(button.label.casefold() not in said for button in rendered.buttons)
        if rendered.numberable and needed and rendered.buttons:
            template = self._required(_LAYOUT, rendered.locale, "numbered")
            line = self._say(template, {"buttons": rendered.buttons, "locale": rendered.locale})
            room = None if limit is None else limit - len(line) - 1
            if room is None or room > 0:
                return replace(rendered, text=f"{text if room is None else fit(text, room)}\n{line}")
        return replace(rendered, text=text if limit is None else fit(text, limit))

    def variables(self, locale: str, context: Mapping[str, object]) -> dict[str, str]:
        """Return what can fill an approved template: reference, status, due, hotline, company, name; the empty ones left out.

        context: as for `render`.
        """
        shared = {**self._shared, **context, "locale": known_locale(locale)}
        filled = {name: self._say(template, shared) for name, template in self._variables.items()}
        return {name: value for name, value in filled.items() if value}

    def word(self, table: str, code: str, locale: str) -> str:
        """Return a word of `words.toml` in the language of `locale`."""
        return self._vocabularies[known_locale(locale)].word(table, code)

    def check(self, notices: Iterable[str]) -> None:
        """Compile the required words of every notice, in every locale. Raises ConfigError naming the first that fails.

        Not again where an earlier start found the very same files right: they are read when somebody is told of them.
        """
        every = tuple(notices)
        kept = self._environment.bytecode_cache
        mark = self._mark(every) if isinstance(kept, Compiled) else ""
        if isinstance(kept, Compiled) and kept.found_right(self._directory, mark):
            return
        for locale in LOCALES:
            for part in ("email", "subject", "numbered", "privacy"):
                self._required(_LAYOUT, locale, part)
            for notice in every:
                self._required(notice, locale, "im")
                self._template(notice, locale, "sms")
                self._template(notice, locale, "email")
                self._offered(notice, locale)
        if isinstance(kept, Compiled):
            kept.are_right(self._directory, mark)

    def _mark(self, notices: Sequence[str]) -> str:
        """Return what tells these notices with these templates, as this version of Jinja reads them, from any others; "" where
        one cannot be read.
        """
        mark = hashlib.sha256(bc_magic)
        mark.update(repr((LOCALES, [str(notice) for notice in notices])).encode())
        for folder, inside, names in os.walk(self._directory):
            inside.sort()
            for name in sorted(names):
                try:
                    told = Path(folder, name).read_bytes()
                except OSError:
                    return ""
                mark.update(repr((folder, name, len(told))).encode())
                mark.update(told)
        return mark.hexdigest()

    def _text(self, notice: str, locale: str, form: Form, variables: Mapping[str, object]) -> str:
        own = self._template(notice, locale, form) if form is not Form.IM else None
        return self._say(own or self._required(notice, locale, "im"), variables)

    def _mail(self, notice: str, locale: str, variables: dict[str, object]) -> tuple[str, str]:
        body = self._text(notice, locale, Form.EMAIL, variables)
        subject = ""
        if body.startswith("Subject:") and self._template(notice, locale, "email") is not None:
            first, _, rest = body.partition("\n")
            subject, body = first.removeprefix("Subject:"), rest.strip()
        if not subject.strip():
            subject = self._say(self._required(_LAYOUT, locale, "subject"), variables)
        if "privacy" in variables:
            body = f"{body}\n\n{self._privacy(locale, variables)}"
        framed = self._framed(locale, variables, body)
        return " ".join(subject.split()), framed  # a line break in a subject would be a header of its own

    def _framed(self, locale: str, variables: Mapping[str, object], body: str) -> str:
        return self._say(self._required(_LAYOUT, locale, "email"), {**variables, "body": _Ready(body)})

    def _privacy(self, locale: str, variables: Mapping[str, object]) -> str:
        """Return what the first answer to somebody new says of their data."""
        return self._say(self._required(_LAYOUT, locale, "privacy"), variables)

    def _say(self, template: Template, variables: Mapping[str, object]) -> str:
        try:
            text = template.render(variables)
        except (TemplateError, AttributeError, TypeError) as error:
            raise ConfigError(f"templates/{template.name}: {error}") from error
        return _GAPS.sub("\n\n", _LINE_ENDS.sub("", text)).strip()

    def _required(self, notice: str, locale: str, part: str) -> Template:
        template = self._template(notice, locale, part)
        if template is None:
            raise ConfigError(f"{self._directory}/{notice}/{locale}/{part}.txt is missing: every notice needs one")
        return template

    def _template(self, notice: str, locale: str, part: str) -> Template | None:
        key = (notice, locale, part)
        try:
            return self._templates[key]
        except KeyError:
            pass
        template = None
        try:
            template = self._environment.get_template(f"{notice}/{locale}/{part}.txt")
        except TemplateNotFound:
            pass  # kept too: most notices have no words of their own for SMS or mail
        except TemplateError as error:
            raise ConfigError(f"templates/{notice}/{locale}/{part}.txt: {error}") from error
        self._templates[key] = template
        return template

    def _offered(self, notice: str, locale: str) -> _Buttons:
        key = (notice, locale)
        if key not in self._buttons:
            self._buttons[key] = self._load_buttons(notice, locale)
        return self._buttons[key]

    def _load_buttons(self, notice: str, locale: str) -> _Buttons:
        template = self._template(notice, locale, "buttons")
        if template is None:
            return _NO_BUTTONS
        source = (self._directory / notice / locale / "buttons.txt").read_text("utf-8")
        numberable = not source.startswith(_BY_WORD)
        if "{" not in source:
            return _Buttons(None, _read_buttons(source), numberable)
        return _Buttons(template, (), numberable)

    def _add_filters(self) -> None:
        plain = {
            "short": short,
            "block": block,
            "phone": phone,
            "phone_masked": phone_masked,
            "name_masked": name_masked,
            "phones_masked": phones_masked,
        }
        self._environment.filters.update(plain)
        self._environment.filters.update({table: self._word_filter(table) for table in _TABLES})
        self._environment.filters["discreet"] = self._discreet
        self._environment.filters["clock"] = self._clock
        self._environment.filters["promised"] = self._promised
        self._environment.filters["todo"] = self._todo
        filters = {
            "when": self._when,
            "day": self._day,
            "late": self._late,
            "span": self._span,
            "limit": self._limit,
            "asked": self._asked,
            "step": self._step,
            "detail": self._detail,
        }
        self._environment.filters.update(filters)
        self._environment.tests["past"] = self._past

    def _word_filter(self, table: str) -> object:
        vocabularies = self._vocabularies

        @pass_context
        def word(context: Context, value: object) -> str:
            return vocabularies[context["locale"]].word(table, value)

        return word

    @pass_context
    def _clock(self, context: Context, value: object) -> str:
        """Return a clock by name; of several, parted by commas, all of them."""
        return self._vocabulary(context).listed(value, "clock", _own_clocks(context))

    @pass_context
    def _todo(self, context: Context, value: object) -> str:
        """Return what keeps a promise, as a sentence: where a clock has none that fits, by what its profile says."""
        vocabulary, code = self._vocabulary(context), str(value or "")
        about = context.get("c")
        if code in _TO_THE_CUSTOMER and about is not None and about.press and about.voices:
            theirs = "press_mine" if context.get("to") in about.voices else "press"
            said = vocabulary.word("todo", "under_review_press" if about.status == Status.UNDER_REVIEW else theirs)
            return said.format(number=about.reference, voices="、".join(about.voices))
        if code in _OF_ASSIGNEES and about is not None and not about.assignee and about.status in _NOT_GIVEN:
            waits_for = "under_review" if about.status == Status.UNDER_REVIEW else "unassigned"
            waits_for = "unreached" if about.unreached else waits_for
            return vocabulary.word("todo", waits_for).format(number=about.reference)
        said = vocabulary.word("todo", code)
        milestones: Mapping[str, Iterable[str]] = context.get("kept_by") or {}
        kept_by = milestones.get("first_contact" if code == "unnamed" else code)
        if said != code and (kept_by is None or _ADVISED[code].issubset(kept_by)):
            return said
        return vocabulary.todo(kept_by or ())

    @pass_context
    def _promised(self, context: Context, value: object) -> str:
        """Return what a clock promises its customer, in the customer's words."""
        vocabulary, code = self._vocabularies[context["locale"]], str(value or "")
        said = vocabulary.word("promised", code)
        return said if said != code else vocabulary.word("promised", "other")

    @pass_context
    def _discreet(self, context: Context, value: object, max_chars: int = 40) -> str:
        """Return the beginning of what a customer said without their name, and with phone numbers masked."""
        plain = _NO_PUNCTUATION.sub(lambda found: unicodedata.normalize("NFKC", found[0]), str(value or ""))
        said = _PHONE.sub(lambda found: phone_masked(found[0]), plain)
        customer = getattr(context.get("c"), "customer", "")
        return short(said.replace(customer, name_masked(customer)) if customer else said, max_chars)

    @pass_context
    def _when(self, context: Context, value: object) -> str:
        moment = self._local(context, value)
        if moment is None:
            return "" if value is None else str(value)
        return self._placed(context, moment, self._vocabulary(context).when(moment, self._today(context, moment)))

    @pass_context
    def _day(self, context: Context, value: object) -> str:
        """Return the day of a moment in words."""
        moment = self._local(context, value)
        if moment is None:
            return "" if value is None else str(value)
        return self._placed(context, moment, self._vocabulary(context).day(moment, self._today(context, moment)))

    @pass_context
    def _span(self, context: Context, start: object, end: object) -> str:
        """Return a time from when to when in words; the day once where both lie in it."""
        first, last = self._local(context, start), self._local(context, end)
        if first is None or last is None or last <= first:
            return self._when(context, start)
        if first.date() == last.date():
            said = self._vocabulary(context).when(first, self._today(context, first))
            return self._placed(context, first, f"{said}-{last:%H:%M}")
        return f"{self._when(context, start)} – {self._when(context, end)}"

    def _vocabulary(self, context: Context) -> Vocabulary:
        return self._vocabularies[context["locale"]]

    def _today(self, context: Context, moment: datetime) -> datetime | None:
        """Return the present, where `moment` is told."""
        now = self._local(context, context.get("now"))
        return now.astimezone(moment.tzinfo) if now is not None else None

    def _placed(self, context: Context, moment: datetime, said: str) -> str:
        """Return a time in words, with its zone where that is not the company's."""
        return said if moment.tzinfo == self._zone else self._vocabulary(context).elsewhere(said, str(moment.tzinfo))

    @pass_context
    def _past(self, context: Context, value: object) -> bool:
        moment, now = self._local(context, value), self._local(context, context.get("now"))
        return moment is not None and now is not None and moment <= now

    @pass_context
    def _late(self, context: Context, value: object) -> str:
        """Return the mark of a limit that has passed; "" where it has not."""
        return self._vocabulary(context).late if self._past(context, value) else ""

    @pass_context
    def _limit(self, context: Context, value: object) -> str:
        return self._vocabularies[context["locale"]].limit(value)

    @pass_context
    def _asked(self, context: Context, value: object) -> str:
        return self._vocabularies[context["locale"]].listed(value)

    @pass_context
    def _detail(self, context: Context, value: object) -> str:
        return self._vocabulary(context).detail(value, _own_clocks(context))

    @pass_context
    def _step(self, context: Context, value: object) -> str:
        return self._vocabularies[context["locale"]].step(value)

    def _local(self, context: Context, value: object) -> datetime | None:
        """Return a moment, given as such or as ISO text, in the zone people are told; None if it is none.

        That is the zone which the moment brings along (a line of a list has its own), else the context's, else the company's.
        """
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                return None
        if not isinstance(value, datetime):
            return None
        if value.tzinfo is None:
            value = value.replace(tzinfo=UTC)  # the zone of storage: a notice is not lost over a missing zone
        if isinstance(value.tzinfo, ZoneInfo):
            return value
        return value.astimezone(context.get("zone") or self._zone)


def _own_clocks(context: Context) -> Mapping[str, str]:
    """Return what a company calls clocks of its own, by their names in its profile, in the language of the words."""
    titles: Mapping[str, Mapping[str, str]] = context.get("clocks") or {}
    return {name: title[context["locale"]] for name, title in titles.items()}


def known_locale(locale: str) -> str:
    """Return the locale whose words are used for a person's: `en-GB` speaks `en`, what is not known speaks `zh`."""
    language = locale[:2].lower()
    return language if language in LOCALES else LOCALES[0]


def _read_buttons(text: str) -> tuple[Button, ...]:
    # What a button says is ours and stands last: a bar in what a customer wrote stays in the label.
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    pairs = (line.rpartition("|") for line in lines)
    return tuple(Button(label.strip() or says.strip(), says.strip() or label.strip()) for label, _, says in pairs)
