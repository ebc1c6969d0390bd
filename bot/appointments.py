"""A visit as calendars take it: an iCalendar file (RFC 5545), the same event each time it is moved or called off (RFC 5546)."""

from __future__ import annotations

from datetime import UTC, datetime

from complaints.parts.asking import Visit
from complaints.vocabulary import VisitState
from connectors.port import Attachment


def calendar_file(
    visit: Visit, reference: str, *, title: str, text: str, place: str, organizer: str, now: datetime
) -> Attachment:
    """Return the visit as a file to attach.

    title, text, place: what people read. organizer: our mail address. It is published rather than put as an invitation: the yes
    was said by chat, and a program's own answer to an invitation would come in as somebody's mail.
    """
    from icalendar import Calendar, Event, vCalAddress  # long to load, and many a day passes without a visit

    cancelled = visit.state is VisitState.CANCELLED
    method = "CANCEL" if cancelled else "PUBLISH"
    calendar = Calendar()
    calendar.add("prodid", "-//complaintbot//visits//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    event.add("uid", f"{reference}.{visit.number}@visits.complaintbot")
    event.add("sequence", visit.sequence)
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", visit.slot.start.astimezone(UTC))
    event.add("dtend", visit.slot.end.astimezone(UTC))
    event.add("summary", title)
    event.add("description", text)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("organizer", vCalAddress(f"mailto:{organizer}"))
    if place:
        event.add("location", place)
    calendar.add_component(event)
    content = calendar.to_ical()
    return Attachment(f"{reference}.ics", f"text/calendar; charset=utf-8; method={method}", content, len(content))
