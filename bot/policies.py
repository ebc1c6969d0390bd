"""The policies in force, which of them a complaint runs under, and the older versions that running complaints keep."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from bot.settings import PolicyChoice
from bot.storage import codec
from bot.storage.database import Database
from bot.storage.work import Newer, Work
from complaints import policy, taxonomy
from complaints.calendar import WorkingCalendar
from complaints.complaint import Complaint
from complaints.errors import PolicyError
from complaints.parts.weighing import PolicyRef
from complaints.policy import Policy, covers
from complaints.policy.clocks import CHANNELS
from complaints.policy.profile import ALSO
from complaints.promises import Terms
from complaints.rota import Site
from complaints.taxonomy import Pack
from complaints.vocabulary import Kind, Severity


class Matter(Protocol):
    """What a profile is chosen by; a filing and a complaint have it."""

    @property
    def site(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def channel(self) -> str: ...


class PolicyBook:
    """Finds the terms of a complaint. A change of a profile does not move what began under its old version."""

    def __init__(
        self,
        name: str,
        directories: Sequence[Path],
        calendar: WorkingCalendar,
        *,
        choose: Sequence[PolicyChoice] = (),
        calendar_of: Callable[[str], WorkingCalendar] | None = None,
        categories: Collection[str] | None = None,
    ) -> None:
        """calendar_of: a site's calendar, by its code. categories: that there are; None: those of the packs that ship.

        Raises PolicyError where a profile or a row of `choose` is wrong.
        """
        self.calendar = calendar
        self._name = name
        self._directories = directories
        self._choose = choose
        self._calendar_of = calendar_of or (lambda _: calendar)
        self._categories = taxonomy.shipped_codes() if categories is None else categories
        self._combinations: dict[tuple[str, tuple[str, ...]], tuple[Policy, Mapping[str, Any]]] = {}
        self.current = Terms(self._combination(name, ())[0], calendar)
        self._known: dict[PolicyRef, Policy] = {self.current.policy.ref: self.current.policy}
        self._check_rows()

    async def store(self, database: Database) -> None:
        """Keep the profile as it is now, so that what begins today can end under it."""
        found, data = self._combination(self._name, ())

        async def job(work: Work) -> None:
            await work.store_policy(found.name, found.version, codec.dumps(data))

        await database.write(job)

    async def use(self, name: str, database: Database) -> None:
        """Let what begins from now on run under another profile, where no row and no site names one. Raises PolicyError."""
        found = self._combination(name, ())[0]
        self._name = name
        self.current = Terms(found, self.calendar)
        self._known[found.ref] = found
        await self.store(database)

    def calendar_at(self, site: str) -> WorkingCalendar:
        """Return the calendar of a site, by its code; the company's for none."""
        return self._calendar_of(site) if site else self.calendar

    async def terms(self, work: Work, complaint: Complaint) -> Terms:
        """Return what a complaint runs under: the version of its profile under which it began, its site's calendar.

        Raises PolicyError where that is not stored, Newer where a newer version stored it and this one cannot read it.
        """
        ref = complaint.policy
        known = self._known.get(ref)
        if known is None:
            data = await self._stored(work, ref)
            try:
                found = policy.parse(policy.completed(data), ref.name)
            except PolicyError as error:
                raise Newer(
                    f"the profile of {complaint.reference} cannot be read: {error}", complaint.reference
                ) from error
            known = self._known[ref] = replace(found, version=ref.version)
        return Terms(known, self._calendar_of(complaint.site))

    async def choice(self, work: Work, matter: Matter, site_policy: str = "") -> Terms:
        """Return what a new complaint runs under. site_policy: the profile that its site names."""
        found, data = self._combination(*self._names(matter, site_policy))
        if found.ref != self.current.policy.ref:
            self._known[found.ref] = found
            await work.store_policy(found.name, found.version, codec.dumps(data))
            return Terms(found, self._calendar_of(matter.site))
        return Terms(self.current.policy, self._calendar_of(matter.site) if matter.site else self.current.calendar)

    async def widened(self, work: Work, complaint: Complaint) -> Terms:
        """Return the terms of a complaint whose category, kind or severity has changed: those it has, with the clocks of the
        profiles that such a complaint has besides. None is taken away.
        """
        terms = await self.terms(work, complaint)
        if not (fitting := self._also(complaint)):
            return terms
        data = await self._stored(work, complaint.policy)
        name, also = complaint.policy.name.partition("+")[0], tuple(data.get(ALSO, {}))
        more = [other for other in fitting if other not in (name, *also)]
        if not more:
            return terms
        data = policy.with_added(data, more, self._directories)
        found = policy.parse(data, policy.combined_name(name, (*also, *more)))
        self._known[found.ref] = found
        await work.store_policy(found.name, found.version, codec.dumps(data))
        return Terms(found, terms.calendar)

    def doubts(self, pack: Pack, sites: Mapping[str, Site], today: date) -> Iterator[str]:
        """Yield, a sentence each, what stops no start and is hardly meant: rows and clocks that nothing will ever fit,
        profiles before their day. sites: those that there are, by code.
        """
        has = {category.code for category in pack.categories}
        for number, row in enumerate(self._choose, start=1):
            if row.sites and (unknown := sorted(set(row.sites) - sites.keys())):
                known = ", ".join(sorted(sites)) or "none: import them with `sites import`"
                yield f"policies.choose.{number}.sites holds {unknown[0]!r}, which is no site's code; there are {known}"
            if unknown := sorted(set(row.categories) - has):
                yield f"policies.choose.{number}.categories holds {unknown[0]!r}, which the pack {pack.name} has not"
        for name in self._in_use(sites):
            found = self._combination(name, ())[0]
            if date.fromisoformat(found.effective_from) > today:
                yield (
                    f"policy {name} is to hold from {found.effective_from}, yet it runs already, for every complaint it is "
                    "chosen for: until that day, name in its place the one that holds now"
                )
            if nameless := sorted({clock.name for clock in found.clocks if not clock.title} - _named()):
                yield (
                    f"policy {name}.clocks.{nameless[0]}.title is missing, so people read “{nameless[0]}”: say what it is "
                    'called, as in title = { zh = "上门查看", en = "site visit" }'
                )
            codes = {code for clock in found.clocks for code in clock.codes}
            if unknown := sorted(codes - has):
                yield (
                    f"policy {name} has clocks for the categories {', '.join(unknown)}, which the pack {pack.name} has not, "
                    f"so they never run: set service.pack to one that has them, or choose another profile"
                )

    def _in_use(self, sites: Mapping[str, Site]) -> list[str]:
        """Return the names of the profiles that complaints can run under, each once."""
        of_sites = sorted({site.policy for site in sites.values()} & set(policy.available(self._directories)))
        return list(dict.fromkeys([self._name, *(row.policy for row in self._choose), *of_sites]))

    async def _stored(self, work: Work, ref: PolicyRef) -> Mapping[str, Any]:
        for found, data in self._combinations.values():
            if found.ref == ref:
                return data
        text = await work.policy_data(ref.name, ref.version)
        if text is None:
            raise PolicyError(
                f"a complaint runs under {ref.name} {ref.version}, which is not stored: "
                "restore the policies table from a backup"
            )
        stored: Mapping[str, Any] = codec.loads(text)
        return stored

    def _names(self, matter: Matter, site_policy: str) -> tuple[str, tuple[str, ...]]:
        row = next((row for row in self._choose if not row.also and _fits(row, matter)), None)
        # A site may name a profile that was taken away since; its complaints are taken in all the same.
        there = site_policy and site_policy in policy.available(self._directories)  # which looks into the folders
        of_site = site_policy if there else self._name
        name = row.policy if row is not None else of_site
        return name, tuple(other for other in self._also(matter) if other != name)

    def _also(self, matter: Matter) -> list[str]:
        return list(dict.fromkeys(row.policy for row in self._choose if row.also and _fits(row, matter)))

    def _combination(self, name: str, also: tuple[str, ...]) -> tuple[Policy, Mapping[str, Any]]:
        known = self._combinations.get((name, also))
        if known is None:
            with policy.naming_file(name, self._directories):
                data = policy.combined(name, also, self._directories)
                found = policy.parse(data, policy.combined_name(name, also))
                policy.refuse_slips(found, self._categories)
            known = self._combinations[name, also] = found, data
        return known

    def _check_rows(self) -> None:
        """Raise PolicyError naming the row and the key that is wrong."""
        for number, row in enumerate(self._choose, start=1):
            where = f"policies.choose.{number}"
            if not row.policy:
                raise PolicyError(
                    f"{where}.policy is empty: name a profile, {', '.join(policy.available(self._directories))}"
                )
            try:
                self._combination(*((self._name, (row.policy,)) if row.also else (row.policy, ())))
            except PolicyError as error:
                raise PolicyError(f"{where}.policy: {error}") from None
            for key, values, known in (
                ("categories", row.categories, self._categories),
                ("kinds", row.kinds, frozenset(Kind)),
                ("severities", row.severities, frozenset(Severity)),
                ("channels", row.channels, CHANNELS),
            ):
                if unknown := next((value for value in values if value not in known), None):
                    raise PolicyError(f"{where}.{key} holds {unknown!r}: choose from {', '.join(sorted(known))}")


def _fits(row: PolicyChoice, matter: Matter) -> bool:
    return (
        (not row.sites or matter.site in row.sites)
        and (not row.categories or any(covers(code, matter.category) for code in row.categories))
        and (not row.kinds or matter.kind in row.kinds)
        and (not row.severities or matter.severity in row.severities)
        and (not row.channels or matter.channel in row.channels)
    )


@cache
def _named() -> frozenset[str]:
    """Return the names of the clocks that we have words for: those of the profiles that ship."""
    return frozenset(clock.name for name in policy.available() for clock in policy.load(name).clocks)
