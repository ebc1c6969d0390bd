"""How far a mailbox has been read: kept with the mails, in the same commit, so that neither can be ahead of the other."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace

Ranges = tuple[tuple[int, int], ...]
"""A set of UIDs as (first, last) pairs, ascending, apart from each other."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far one mailbox has been read, under one UIDVALIDITY.

    last_uid: everything up to it has been looked at. holes: the UIDs up to it that were never had: the server did not list
    them, or listed them and did not hand them over. Should a mail turn up there after all, it has been missed (trap 2). owed:
    UIDs that are stored but perhaps not marked or moved yet. since: the day of the first start, as ISO, where older mail is
    not wanted; "" = all is. imported, known, passed_over, skipped: of the UIDs had, how many were new to us, had come before
    (by another mailbox, or under another number), could not be fetched, lay there before the first start. tried: UIDs whose
    fetching was begun and, as far as is known, not ended, each with how often.
    """

    uidvalidity: int = 0
    last_uid: int = 0
    holes: Ranges = ()
    owed: Ranges = ()
    since: str = ""
    imported: int = 0
    known: int = 0
    passed_over: int = 0
    skipped: int = 0
    tried: tuple[tuple[int, int], ...] = ()

    def past(self, last_uid: int, had: Iterable[int]) -> Place:
        """Return the place after `had` were dealt with and everything up to `last_uid` was looked at."""
        reached = max(self.last_uid, last_uid)
        looked_at = self.holes + (((self.last_uid + 1, reached),) if reached > self.last_uid else ())
        return replace(self, last_uid=reached, holes=without(joined(looked_at), had))

    def trying(self, uids: Iterable[int]) -> Place:
        """Return the place with one more try noted for each of the UIDs."""
        tried = dict(self.tried)
        tried.update((uid, tried.get(uid, 0) + 1) for uid in uids)
        return replace(self, tried=tuple(sorted(tried.items())))

    def done_with(self, uids: Iterable[int]) -> Place:
        """Return the place with no try noted for the UIDs: whatever came of it, it came to an end."""
        ended = frozenset(uids)
        return replace(self, tried=tuple(pair for pair in self.tried if pair[0] not in ended))

    def dumps(self) -> str:
        """Return the place as the text a cursor keeps."""
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def loads(cls, text: str | None) -> Place:
        """Read what `dumps` wrote; what cannot be read is the place before everything."""
        try:
            values = json.loads(text or "{}")
            place = cls(**values)
            return replace(place, holes=_pairs(place.holes), owed=_pairs(place.owed), tried=_pairs(place.tried))
        except (ValueError, TypeError):
            return _before_holes_were_kept(text or "")


def _pairs(ranges: Iterable[Iterable[int]]) -> Ranges:
    return tuple((int(first), int(last)) for first, last in ranges)


def _before_holes_were_kept(text: str) -> Place:
    uidvalidity, _, uid = text.partition(":")
    return Place(int(uidvalidity), int(uid)) if uidvalidity.isdigit() and uid.isdigit() else Place()


def ranges_of(uids: Iterable[int]) -> Ranges:
    """Return UIDs, in any order, as ranges."""
    return joined((uid, uid) for uid in sorted(set(uids)))


def joined(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return ascending ranges with those that touch made one."""
    result: list[tuple[int, int]] = []
    for first, last in ranges:
        if result and first <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(result[-1][1], last))
        else:
            result.append((first, last))
    return tuple(result)


def without(ranges: Ranges, uids: Iterable[int]) -> Ranges:
    """Return the ranges with some UIDs taken out."""
    taken = sorted(set(uids))
    result: list[tuple[int, int]] = []
    position = 0
    for first, last in ranges:
        while position < len(taken) and taken[position] < first:
            position += 1
        while position < len(taken) and taken[position] <= last:
            if first < taken[position]:
                result.append((first, taken[position] - 1))
            first = taken[position] + 1
            position += 1
        if first <= last:
            result.append((first, last))
    return tuple(result)


def uids_in(ranges: Ranges) -> Iterator[int]:
    """Yield every UID of some ranges, ascending."""
    return itertools.chain.from_iterable(range(first, last + 1) for first, last in ranges)


def as_set(ranges: Ranges) -> str:
    """Return ranges as IMAP writes them: `3:5,9`."""
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in ranges)
