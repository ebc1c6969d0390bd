"""A year on the virtual clock: from one moment at which somebody acts, or something is due, to the next."""

from __future__ import annotations

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.calendars import CompanyCalendar
from bot.clock import MovableClock
from bot.settings import CalendarSection
from tests.simulation.desk import Desk
from tests.simulation.people import Life, People
from tests.unit.bot.desk_kit import ZONE

BEGIN = datetime(2026, 1, 1, tzinfo=ZONE).astimezone(UTC)
YEAR = timedelta(days=365)
WATCHES = 6  # times in the year that somebody else is on duty than the rota says
ENDING = timedelta(days=60)  # into a year whose holidays are not published yet; nobody complains any more

NEVER = datetime.max.replace(tzinfo=UTC)

Act = Callable[[], Awaitable[None]]


@dataclass
class Year:
    """Lets `complaints` of them come at random moments. restarts: how often the service goes away and comes back.

    watch: decides when somebody else than the rota says is on duty; apart from `chance`, so that the year is the same without.
    """

    desk: Desk
    complaints: int
    restarts: int
    chance: random.Random
    watch: random.Random
    did: Counter[str] = field(default_factory=Counter)
    _acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    async def live(self) -> None:
        """Begin, let the year pass, and stand at its end with everything done that was due until then."""
        await self.desk.start()
        self._people = People(self.desk, self.chance, CompanyCalendar(CalendarSection(), ZONE))
        await self._people.learn_names()
        for _ in range(self.complaints):
            self._at(self._any_time(), self._complains)
        for _ in range(self.restarts):
            self._at(self._any_time(), self._restarts)
        for number, day in enumerate(self.watch.sample(range(2, 360, 4), WATCHES)):
            self._at(BEGIN + timedelta(days=day, hours=10), self._goes_away if number % 2 else self._overrules_rota)
        end = BEGIN + YEAR + ENDING
        due = await self.desk.work_off()
        while (moment := self._next(due)) <= end:
            self.desk.clock.move_to(moment)
            while self._acts and self._acts[0][0] <= self.desk.clock.now():
                await heapq.heappop(self._acts)[2]()
            due = await self.desk.work_off()
            for heard in self.desk.newly_heard():
                if (answer := self._people.called(heard)) is not None:
                    self._at(*answer)
        self.desk.clock.move_to(end)
        await self.desk.work_off()

    def _next(self, due: datetime | None) -> datetime:
        acts = self._acts[0][0] if self._acts else NEVER
        return max(min(due or NEVER, acts), self.desk.clock.now())

    def _at(self, moment: datetime | None, act: Act) -> None:
        if moment is not None:
            heapq.heappush(self._acts, (moment.astimezone(UTC), next(self._numbers), act))

    def _any_time(self) -> datetime:
        return BEGIN + YEAR * self.chance.random()

    async def _complains(self) -> None:
        life = await self._people.complains()
        self.did["complained"] += 1
        if life is None:
            self.did["complained, and it became no complaint of its own"] += 1
            return
        self._at(self._people.after_work(life.pace), lambda: self._staff(life))
        self._at(self._people.after_a_while(timedelta(hours=20)), lambda: self._customer(life))

    async def _staff(self, life: Life) -> None:
        self.did["staff looked"] += 1
        again = await self._people.staff(life)
        if again is not None:
            self._at(again, lambda: self._staff(life))

    async def _customer(self, life: Life) -> None:
        self.did["customer looked"] += 1
        settled = (await self.desk.complaint(life.reference)).settled
        again = await self._people.customer(life)
        self._at(again, lambda: self._customer(life))
        if settled and not (await self.desk.complaint(life.reference)).settled:
            self.did["opened again after it was settled"] += 1
            self._at(self._people.after_work(life.pace), lambda: self._staff(life))

    async def _overrules_rota(self) -> None:
        if await self._people.overrule_rota(self.watch):
            self.did["overruled the rota"] += 1

    async def _goes_away(self) -> None:
        if await self._people.goes_away():
            self.did["went away while on duty"] += 1

    async def _restarts(self) -> None:
        kill = self.chance.random() < 0.5
        self.did["killed" if kill else "restarted"] += 1
        away = timedelta(minutes=self.chance.choice((0, 1, 7, 45, 200, 1500)))
        await self.desk.restart(away, kill=kill)


def begin(url: str, profile: str, seed: int, complaints: int, restarts: int) -> Year:
    """Return a year that has not begun. The same arguments give the same year."""
    people, world, watch = (random.Random(each) for each in (seed, f"{seed}, the world", f"{seed}, the watch"))  # noqa: S311
    return Year(Desk(url, profile, MovableClock(BEGIN), world), complaints, restarts, people, watch)
