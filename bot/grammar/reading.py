"""From a text to its meaning: the order in which the tables are asked.

whole words  "帮助", "TD", "谢谢"               mean the same whatever is pending
the question that is pending                    gives "1", "好" and free words their meaning
a command word at the start                     "办结 …", "0007 派单 @…"
the sentence                                    what it denies or asks first, what it affirms last
the labelled phrases                            what it resembles much more, where that found little
what belies all that                            "不", "but", "所有…除了"
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.grammar import answers, by_phone, call_notes, centre, contrary, likeness, rating
from bot.grammar import pending as questions
from bot.grammar.arguments import EDGES, Words, numbered
from bot.grammar.folding import clean, fold
from bot.grammar.meaning import Meaning, Pending, Reading, Speaker, Verb
from bot.grammar.speech import find_head, from_customer, from_staff
from bot.grammar.spelling import mended
from bot.grammar.whole_words import whole
from bot.grammar.words import ESCALATING, HOMOPHONES, STAFF, TYPO_MEANS, TYPOS

_VERBATIM: Final = frozenset({"text", "result", "reason", "comment"})


def read(
    text: str,
    role: Speaker = Speaker.CUSTOMER,
    pending: Pending = Pending.NONE,
    *,
    guess: bool | Callable[[], bool] = True,
) -> Meaning:
    """Return what `text` means by itself from somebody of `role` while our question `pending` is open. Never raises.

    Pure and linear in the length of the text. Which complaint is meant, and whether the person may do it, is for the
    caller to find out. guess: what no rule knows may be what it resembles; a function is asked only where it is another thing.
    """
    words = _spelled(clean(text))
    verb, given = _read(words, role, pending, guess=guess)
    if (slipped := mended(words)) is not words:
        verb, given = _mended(words, slipped, (verb, given), role, pending, guess=guess)
    if role not in STAFF or verb in (Verb.COMPLAIN, Verb.COMPLAIN_FOR):
        alarming = dict.fromkeys(ESCALATING.findall(words.key))
        if alarming:
            given["escalating"] = list(alarming)
    return Meaning(text, verb, given)


def begins_with_command(text: str, role: Speaker, *, tight: bool = True) -> bool:
    """Say whether a text begins with a command word: what follows is that command's, not an answer to something else.

    tight: the word stands by itself; else more may be written to it ("结案不满意").
    """
    return find_head(numbered(_spelled(clean(text))), role, tight=tight) is not None


def _spelled(said: str) -> Words:
    """Fold, and mend what a voice keyboard or a slip made of the command word at the start."""
    key = fold(said)
    start = len(key) - len(key.lstrip(" /#*\n"))
    start += len(key[start : start + 5]) - len(key[start : start + 5].lstrip("0123456789 "))
    if meant := HOMOPHONES.get(key[start : start + 2]):
        key = key[:start] + meant + key[start + 2 :]
    elif typo := TYPOS.match(key, start):
        meant = TYPO_MEANS[typo[0]]
        said = said[:start] + meant + said[typo.end() :]
        key = key[:start] + meant + key[typo.end() :]
    return Words(key, said)


def _mended(
    words: Words, slipped: Words, plain: Reading, role: Speaker, pending: Pending, *, guess: bool | Callable[[], bool]
) -> Reading:
    """Return what words mean with their slips put right, where that is what makes them clear or denies something."""
    verb, given = _read(slipped, role, pending, guess=guess)
    denies = verb is Verb.NOT_DONE or given.get("rating") == rating.Rating.DISSATISFIED
    if plain[0] is not Verb.UNCLEAR and not denies:
        return plain
    # What is kept of it, and told to others, is what the person wrote.
    return verb, {key: words.said if key in _VERBATIM else value for key, value in given.items()}


def _of_a_line(key: str, pending: Pending) -> bool:
    """Say whether a colleague's "don't send" is of a line of theirs, and not of what we write to them."""
    return pending is not Pending.NONE or key.strip(EDGES) in answers.ON_WHO_READS


def _read(words: Words, role: Speaker, pending: Pending, *, guess: bool | Callable[[], bool]) -> Reading:
    if not words.key.strip(EDGES):
        return Verb.UNCLEAR, {}
    if (meant := whole(words.key)) and not (meant[0] is Verb.STOP and role in STAFF and _of_a_line(words.key, pending)):
        return meant
    item = numbered(words)
    speaks = from_staff if role in STAFF else from_customer
    found = questions.answer(item, role, words, pending) or speaks(item, role, words)
    ordered = find_head(item, role, tight=True) or (
        found[0] is Verb.UNCLEAR and find_head(item, Speaker.SUPERVISOR, tight=True)
    )
    if not ordered and guess:
        likely = likeness.reconsidered(found, item, words, role, pending)
        if likely is not found and (guess is True or guess()):
            found = likely
    meant = contrary.corrected(found, item, role, pending)
    if role in STAFF and not ordered:
        meant = by_phone.of_a_customer(meant, item, pending, centre=role is Speaker.SUPERVISOR)
        if role is Speaker.SUPERVISOR and pending is Pending.NONE:
            meant = call_notes.instead(meant, words)
    return centre.in_full(meant, item)
