"""Mails handed on inside a text."""

from __future__ import annotations

from connectors.email.quotes.history import MOST_LINES, announces_forward, first_boundary, label_of
from connectors.email.quotes.words import Label


def hands_on(text: str) -> bool:
    """Tell whether a text says, in a program's words, that what follows is a mail handed on."""
    boundary = first_boundary(text.split("\n"))
    return boundary is not None and boundary.forward


def forwarded_senders(text: str) -> list[str]:
    """Return what stands behind "From:" in each header block of mails handed on inside a text, outermost first."""
    lines = text.split("\n")[:MOST_LINES]
    labels = [label_of(line) if ":" in line or "：" in line else None for line in lines]
    found: list[str] = []
    for index, labelled in enumerate(labels):
        if labelled is None or labelled[0] is not Label.FROM:
            continue
        near = labels[max(0, index - 4) : index] + labels[index + 1 : index + 6]
        if sum(other is not None for other in near) >= 2 or any(
            announces_forward(lines, above) for above in range(max(0, index - 5), index)
        ):
            found.append(labelled[1].strip("*").strip())
    return found


def forwarded_words(text: str, sender: str) -> str:
    """Return what stands below the header block of the mail handed on whose "From:" says `sender`."""
    lines = text.split("\n")
    for index, line in enumerate(lines[:MOST_LINES]):
        labelled = label_of(line)
        if labelled is None or labelled[0] is not Label.FROM or labelled[1].strip("*").strip() != sender:
            continue
        end = index + 1
        while end < len(lines) and (label_of(lines[end]) is not None or lines[end][:1] in (" ", "\t")):
            end += 1
        return "\n".join(lines[end:]).strip()
    return ""
