"""Where a complaint is: the place and the site, as its customer says, else by what is known of them (R-009)."""

from __future__ import annotations

from bot.dialogue.turn import Turn
from bot.people import Directory


def place_of(said: str, known: str) -> str:
    """Return the place of a matter: what this message says, else where its customer lives.

    "Block 3" of somebody who lives in block 3, room 502, is no other place, and the known one says more.
    """
    if not known.startswith(said):
        return said
    cut_off = known[: len(said)][-1:].isdigit() and known[len(said) :][:1].isdigit()  # "Block 4" in "Block 42"
    return said if cut_off else known


async def site_of(turn: Turn, text: str, place: str, finder: str | None) -> str:
    """Return the code of the site that a complaint is about, empty where that is not known.

    What the words say comes first, then the customer's room, the service group, the address of ours that was written to, and
    the only site of the employee who brings it in. A company with a single site needs none of it.
    """
    directory = await turn.work.directory()
    if len(directory.sites) < 2:
        return next(iter(directory.sites), "")
    named = directory.site_in(text) or directory.site_in(place)
    if named is not None:
        return named.code
    return await _of_room(turn) or _written_to(turn, directory) or _of_finder(finder, directory)


async def _of_room(turn: Turn) -> str:
    room = await turn.work.room(turn.room.channel, turn.room.address) if turn.room is not None else None
    return room.site if room is not None else ""


def _written_to(turn: Turn, directory: Directory) -> str:
    written = {address.casefold() for address in turn.incoming.recipients}
    found = [site.code for site in directory.sites.values() if written.intersection(site.addresses)]
    return found[0] if len(found) == 1 else ""


def _of_finder(finder: str | None, directory: Directory) -> str:
    known = directory.get(finder)
    theirs = sorted(known.sites & directory.sites.keys()) if known is not None else []
    return theirs[0] if len(theirs) == 1 else ""


async def asks_for_site(turn: Turn, site: str) -> bool:
    """Say whether a customer has to be asked which site they mean."""
    return not site and len((await turn.work.directory()).sites) > 1


async def told_site(turn: Turn, known: str) -> str:
    """Return the site that an answer to our question names; the one that is known already where it names none."""
    site = (await turn.work.directory()).site_in(turn.words)
    return known or (site.code if site is not None else "")
