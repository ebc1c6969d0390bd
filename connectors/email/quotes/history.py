"""Where an older mail begins inside a text, told by its lines alone.

Every test here reads a bounded number of characters of a bounded number of lines, so the work grows with the text and no
faster, whatever the text is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from connectors.characters import Characters
from connectors.email.quotes.signature import is_rule, without_signature
from connectors.email.quotes.words import (
    AMBIGUOUS,
    DRAWN,
    FORWARD_SENTENCES,
    FORWARDED,
    LABELS,
    ON,
    ORIGINAL,
    WROTE,
    Label,
    squeezed,
)

# Nobody writes more than this above what they answer; beyond it the text is taken as it is.
MOST_LINES = 3_000
_LONGEST_LINE = 500
_LONGEST_ATTRIBUTION = 600

_DRAWN = re.escape(DRAWN)
_DIRECTIONS = Characters.fromkeys((0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_BLANKS = " \t\u3000\xa0"
_MARKS = frozenset(">＞")
_BARRED = re.compile(r"^\s{0,3}[|│┃](?!.*[|│┃]\s*$)")

_DIGIT = re.compile(r"\d")
_FIGURE = re.compile(r"\s{0,3}[>＞]\s?\d")

# What we, and other desks, write above our own text.
_ABOVE_HERE = re.compile(
    rf"^\s*[{_DRAWN}\s]{{0,40}}(?:请在(?:此线|此行|这行|本行|分割线)(?:之上|以上|上方|上面)(?:直接)?(?:回复|输入)|"
    r"(?:please\s+)?(?:reply|type your reply|write)\s+above\s+this\s+line).{0,40}$",
    re.I,
)

# "-----原始邮件-----发件人：客服", all in one line
_RULED_WORDS = re.compile(
    rf"^[{_DRAWN}]{{2,}}\s?([^{_DRAWN}\s][^{_DRAWN}]{{1,30}})[{_DRAWN}]{{2,}}\s?[^{_DRAWN}\s:：]{{1,20}}[:：]"
)
_LABELLED = re.compile(
    r"^[\s>＞*|_·•\u200e]{0,20}(?P<label>[^\W\d_][^:：*|\n]{0,24}?)[\s*_\u200e]{0,8}[:：][\s*_]{0,8}(?P<value>.*)$"
)
_LABEL_WITHIN = re.compile(r"[\s;；|*](?P<label>[^\s:：;；|*]{1,12})[*\s]?[:：]")

_EMAIL = re.compile(r"[^\s<>()\[\]\"'，,;；:：]{1,64}@[^\s<>()\[\]\"'，,;；:：]{2,100}")
_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2,4}(?!\d)|\d{1,2}\s?月\s?\d{1,2}|"
    r"\d{1,2}월\s?\d{1,2}"
)
_TIME = re.compile(r"\d{1,2}\s?[:：时時点點시]\s?\d{2}|\d{1,2}\s?h\s?\d{2}\b|\bkl[.o]?\s*\d{1,2}[.:]\d{2}", re.I)
_MAY_END = re.compile(
    rf"(?:@[^\s<>]{{2,30}}>|[:：][\s*_]{{0,4}}|[{_DRAWN}]{{2}}\s{{0,4}}|(?:写道|寫道|wrote)\s{{0,4}})$", re.I
)
# Yahoo on a phone goes on with the older mail in the same line.
_RUN_ON = re.compile(r"^(.{20,300}?[:：])\s{2,}\S")
_MAY_BEGIN = re.compile(rf"[<@\d]|^[\s{_DRAWN}\"'“]{{0,12}}(?:{ON})\b", re.I)
_WROTE_AT_END = re.compile(rf"(?<![A-Za-zÀ-ž])(?:{WROTE})(?!\w*[。！？!?]).{{0,160}}$", re.I)
_WROTE_RIGHT_AT_END = re.compile(rf"(?:{WROTE})\W{{0,4}}$", re.I)
_BEGINNING = re.compile(
    rf"^[\s\"'“”‘’«»„(\[*_]{{0,6}}(?:"
    rf"(?:(?:{ON})[\s,，]|[在于於])[^\n]{{0,100}}?\d"
    r"|\d{1,4}[^\w]|\d{4}[年년]"
    r"|[^\W\d_]{1,14}[.,]{0,2}\s?(?:\([^)]{1,6}\)\s?)?(?:den\s|d\.\s)?\d{1,2}\b"
    r"|[^\W\d_]{2,14},?\s[^\W\d_]{2,12}\.?\s\d{1,2}\b"
    r"|[^\n<]{0,90}<\s?[^<>\s]{3,120}\s?>"
    r"|[^\n<]{0,90}\[?mailto:"
    r"|[^\n@]{0,60}@[^\s@]{3,80}"
    r"|[^\n]{1,40}?[于於在]\s?\d{4}"
    r")",
    re.I,
)
_NAMED_AND_DATED = re.compile(r"[^<\n]{1,90}<[^<>\s]{3,120}>.{0,20}\d{1,4}")
# How no person's last line begins: "On Thu", "2026年11月20日", "pt., 20 lis".
_PROGRAM_BEGINS = re.compile(
    rf"(?:(?:{ON})[\s,，]|[在于於])\s?[^\n]{{0,20}}?\d|(?:19|20)\d\d\s?[-/.年년]|"
    rf"\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}|[^\W\d_]{{1,14}}[.,]+\s",
    re.I,
)
_ENDS_WITH_ADDRESS = re.compile(r"[^\s<>]@[^\s<>]{2,100}[\s>)\]\"']{0,6}$")
# A person telling what somebody wrote, not a program announcing it.
_NARRATES = re.compile(
    r"我|收到|里面|信里|邮件里|郵件裡|短信|微信|电话|\b(?:I|we|me|us|which|that|received|got|he|she|they|ich|wir|"
    r"mir|uns|je|nous|yo|nosotros)\b"
)
_SENTENCE_ENDS = re.compile(r"[。！？!?]")
# "My answers are in red below": they stand where nothing tells them from what they answer.
_POINTS_BELOW = re.compile(
    r"(?:回复|答复|批注|回答|意见|答覆|回覆).{0,20}(?:红|紅|蓝|藍|下方|下面|原文|原邮件|原郵件|邮件中|文中)|"
    r"[红紅蓝藍](?:字|色字|色部分|色字体)|标红|標紅|逐[条條](?:回|答)|\bin[- ]?line\b|\bsee (?:my .{0,20})?below\b|"
    r"(?:answer|comment|repl(?:y|ies)|response|remark|note|antwort|kommentar|anmerkung|réponse|commentaire|"
    r"respuesta|comentario|rispost|commento|commenti|resposta|comentário|antwoord|opmerking|odpowied|komentarz|"
    r"ответ|комментар|回答|コメント)\w{0,6}\b.{0,40}(?:\bin (?:red|blue|green|bold|the text)|below|between|"
    r"in rot|in blau|im text|unten|en rouge|en bleu|ci-dessous|ci-après|en rojo|en azul|abajo|in rosso|sotto|"
    r"seguito|em vermelho|em azul|abaixo|in het rood|in het blauw|hieronder|na czerwono|poniżej|красным|ниже|赤字|"
    r"下記|以下)",
    re.I,
)
_POINTER_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where what is not the writer's begins. start, end: the lines that announce it; the older words begin at `end`.
    forward: it is handed on, not answered.
    """

    start: int
    end: int
    forward: bool = False


def first_boundary(lines: Sequence[str]) -> Boundary | None:
    """Return the first place at which a program put an older mail; quoting marks alone are none."""
    for index, line in enumerate(lines[:MOST_LINES]):
        if not line or line.isspace() or len(line) > 2 * _LONGEST_LINE:
            continue
        found = _boundary_at(lines, index)
        if found:
            return found
    return None


def _boundary_at(lines: Sequence[str], index: int) -> Boundary | None:
    separator = _separator(lines, index)
    if separator is not None:
        return separator
    if is_quoted(lines[index]):
        return None
    if _ABOVE_HERE.match(lines[index]):
        return Boundary(index, len(lines))
    span = attribution(lines, index)
    if span:
        return Boundary(index, index + span)
    span = header_block(lines, index)
    if span and not _is_introduced(lines, index):
        return Boundary(index, index + span)
    return None


def is_quoted(line: str) -> bool:
    """Tell whether a line carries a quoting mark."""
    return line[:4].lstrip()[:1] in _MARKS and not line.startswith("    ")


def _is_barred(line: str) -> bool:
    return bool(_BARRED.match(line[:_LONGEST_LINE]))


# --- what announces an older mail ------------------------------------------------------------------------------------


def _separator(lines: Sequence[str], index: int) -> Boundary | None:
    """Read "------ 原始邮件 ------", "Begin forwarded message:" and the like."""
    line = lines[index]
    if len(line) > 160:
        return None
    bare = line.replace("&nbsp;", " ").strip(_BLANKS + ">＞")
    joined_on = _RULED_WORDS.match(bare)
    words = joined_on[1] if joined_on else bare.strip(DRAWN + _BLANKS + ":：【】[]")
    if not words or len(words) > 60:
        return None
    phrase = squeezed(words)
    original, forward = phrase in ORIGINAL, phrase in FORWARDED or phrase in FORWARD_SENTENCES
    if not original and not forward:
        return None
    drawn = phrase not in AMBIGUOUS and (bool(joined_on) or len(bare) - len(bare.strip(DRAWN)) >= 2)
    announced = bare.endswith((":", "：")) and phrase in FORWARD_SENTENCES
    if not drawn and not announced and not _labels_follow(lines, index + 1):
        return None
    if original and is_quoted(line):
        return None  # part of a quotation, whose beginning is elsewhere
    return Boundary(index, index + 1, forward=forward and not original)


def announces_forward(lines: Sequence[str], index: int) -> bool:
    """Tell whether a line says that a mail handed on follows."""
    separator = _separator(lines, index)
    return separator is not None and separator.forward


def _labels_follow(lines: Sequence[str], index: int) -> bool:
    following = [line for line in lines[index : index + 5] if line.strip()]
    return bool(following) and label_of(following[0]) is not None


def attribution(lines: Sequence[str], index: int) -> int:
    """Return how many lines from `index` on say "so-and-so wrote:", 0 where they say no such thing."""
    first = lines[index]
    if len(first) > _LONGEST_LINE or is_quoted(first) or not first.strip():
        return 0
    if not _MAY_BEGIN.search(first) and not (_MAY_END.search(first[-40:]) and _is_quoted_next(lines, index + 1)):
        return 0
    run_on = _RUN_ON.match(first)
    if run_on and _EMAIL.search(run_on[1]) and _says_wrote(run_on[1], stands_alone=False, quoted_next=False):
        return 1
    joined = ""
    for count in (1, 2, 3, 4):
        if index + count > len(lines):
            break
        last = lines[index + count - 1]
        if count > 1 and (not last.strip() or is_quoted(last) or len(last) > _LONGEST_LINE):
            break
        joined = f"{joined} {last.strip()}" if joined else last.strip()
        if len(joined) > _LONGEST_ATTRIBUTION:
            break
        if _MAY_END.search(last.translate(_DIRECTIONS)[-40:]):
            stands_alone = index == 0 or not lines[index - 1].strip() or is_rule(lines[index - 1])
            quoted_next = _is_quoted_next(lines, index + count)
            if last.rstrip().endswith(">") and not quoted_next:
                continue  # an address alone announces nothing
            if _says_wrote(joined, stands_alone=stands_alone, quoted_next=quoted_next):
                return 0 if _begins_later(lines, index, count, quoted_next=quoted_next) else count
            if last.rstrip().endswith((":", "：")):
                break
    return 0


def _begins_later(lines: Sequence[str], index: int, count: int, *, quoted_next: bool) -> bool:
    """Tell whether the first of several lines is the writer's own, right above the line that says who wrote."""
    parts = [line.strip() for line in lines[index : index + count]]
    program = bool(_PROGRAM_BEGINS.match(parts[0]))
    for start in range(1, count):
        above, below = " ".join(parts[:start]), " ".join(parts[start:])
        complete = _PROGRAM_BEGINS.match(below) and not below.startswith(("于", "於", "在"))
        if below.startswith("<") or (above.endswith(">") and not complete and not _EMAIL.search(below)):
            continue  # one announcement, broken before or behind the address
        if not _DATE.search(below) and not _EMAIL.search(below):
            continue
        whole = _PROGRAM_BEGINS.match(below) or _NAMED_AND_DATED.match(below) or below.startswith(("--", "=="))
        if program and not whole and not (_DATE.search(above) and _DATE.search(below)):
            continue  # one announcement, broken elsewhere
        if _says_wrote(below, stands_alone=True, quoted_next=quoted_next):
            return True
    return False


def _says_wrote(joined: str, *, stands_alone: bool, quoted_next: bool) -> bool:
    joined = joined.translate(_DIRECTIONS)
    bare = joined.strip(DRAWN + _BLANKS)
    announced = bare.endswith((":", "：")) or joined.rstrip()[-2:].strip(DRAWN) == ""
    core = bare.rstrip(":：" + _BLANKS + DRAWN)
    email, date, time = _EMAIL.search(core), _DATE.search(core), _TIME.search(core)
    begins = bool(_BEGINNING.match(core))
    wrote = _WROTE_AT_END.search(core)
    if "。" in core or (not announced and not (quoted_next and (wrote or bare.endswith(">")))):
        return False
    if quoted_next:
        if begins and (date or stands_alone) and _ENDS_WITH_ADDRESS.search(core):
            return True
        if wrote:
            return bool(email or date) or (len(core) <= 80 and bool(_WROTE_RIGHT_AT_END.search(core)))
        return bool(date and (email or time)) and stands_alone
    if wrote is None:
        return bool(begins and date and _ENDS_WITH_ADDRESS.search(core))
    if not begins or _narrates(core):
        return False
    if email:
        return bool(date) or (len(core) <= 160 and bool(_WROTE_RIGHT_AT_END.search(core)))
    # Neither an address nor quoting marks: only the shape that programs give it will do.
    return bool(date and time) and stands_alone and len(core) <= 120


def _narrates(core: str) -> bool:
    words = _EMAIL.sub(" ", core)
    return bool(_NARRATES.search(words)) or bool(_SENTENCE_ENDS.search(words))


def _is_quoted_next(lines: Sequence[str], index: int) -> bool:
    following = next((line for line in lines[index : index + 4] if line.strip()), "")
    return is_quoted(following) or _is_barred(following)


def label_of(line: str) -> tuple[Label, str] | None:
    """Return what a header line names and its value; None where a line is no such line."""
    match = _LABELLED.match(line[:_LONGEST_LINE])
    if match is None:
        return None
    label = LABELS.get(squeezed(match["label"]))
    return (label, match["value"].strip()) if label else None


@dataclass(slots=True)
class _Header:
    """The header lines read so far."""

    values: dict[Label, str] = field(default_factory=dict)
    span: int = 0

    def is_a_mail(self) -> bool:
        """Tell a mail's header from the forms of couriers and ticket offices, which ask "发件人" and "日期" too."""
        if Label.FROM not in self.values:
            return False
        sender, receiver = self.values[Label.FROM], self.values.get(Label.TO, "")
        sent = self.values.get(Label.SENT, "")
        dated = bool(_DIGIT.search(sent or self.values.get(Label.DATE, "")))
        if Label.SUBJECT in self.values:
            return dated or "@" in sender + receiver
        if not sent:
            return dated and "@" in sender and Label.TO in self.values
        return dated and ("@" in sender or (Label.TO in self.values and bool(_TIME.search(sent))))


def header_block(lines: Sequence[str], index: int) -> int:
    """Return how many lines from `index` on are an older mail's header, as Outlook, Foxmail and QQ write it; 0 for none."""
    if ":" not in lines[index] and "：" not in lines[index]:
        return 0
    first, before = label_of(lines[index]), label_of(lines[index - 1]) if index else None
    if first is None or (before is not None and before[0] is not Label.DATE):
        return 0  # no header's first line
    header = _Header()
    last = Label.OTHER
    for offset, line in enumerate(lines[index : index + 20]):
        labelled = label_of(line)
        if labelled:
            last, value = labelled
            header.values.setdefault(last, value)
            if offset == 0:
                _read_within(header, line)
        elif not line.strip():
            if Label.FROM not in header.values or not _labels_right_after(lines, index + offset + 1):
                break
            continue
        elif not header.values.get(last):
            header.values[last] = line.strip()  # the value stands on a line of its own
        elif not _continues(line):
            break
        header.span = offset + 1
    own_date = (
        first[0] is Label.DATE and Label.SENT in header.values
    )  # "时间：昨天" is the writer's, right above a header
    return header.span if header.is_a_mail() and not own_date else 0


def _read_within(header: _Header, line: str) -> None:
    """Take in a header that was run together into one line."""
    for match in _LABEL_WITHIN.finditer(line[:_LONGEST_LINE]):
        label = LABELS.get(squeezed(match["label"]))
        if label:
            header.values.setdefault(label, line[match.end() : match.end() + 60].strip())


def _labels_right_after(lines: Sequence[str], index: int) -> bool:
    return index < len(lines) and label_of(lines[index]) is not None


def _continues(line: str) -> bool:
    return len(line) <= 300 and (line[0] in _BLANKS or "@" in line or line.rstrip().endswith((";", "；", ",")))


def _is_introduced(lines: Sequence[str], index: int) -> bool:
    """Tell whether the words above lead over to a header: "这是我收到的邮件：" shows it as part of what is said."""
    above = next((line.strip() for line in reversed(lines[max(0, index - 4) : index]) if line.strip()), "")
    return above.endswith((":", "：")) and len(above) > 8 and not is_rule(above) and label_of(above) is None


# --- what is left of a text without it -------------------------------------------------------------------------------


def without_history(lines: list[str]) -> list[str]:
    """Return the lines without the older mail below them. Answers between its lines keep it."""
    boundary = first_boundary(lines)
    if boundary is None:
        return _without_tail_of_quotes(lines)
    if boundary.forward:
        return _up_to_rule(lines[: boundary.start]) or lines[boundary.start :]
    kept = _around(lines, boundary)
    return lines if points_below(kept) else kept


def points_below(lines: Sequence[str]) -> bool:
    """Tell whether few words say that the answers stand among what they answer."""
    said = "\n".join(lines).strip()
    return len(said) <= _POINTER_LENGTH and bool(_POINTS_BELOW.search(said))


def _around(lines: list[str], boundary: Boundary) -> list[str]:
    """Return what was said around an older mail."""
    above, rest = _up_to_rule(lines[: boundary.start]), lines[boundary.end :]
    first = next((line for line in rest if line.strip()), "")
    is_marked = is_quoted if is_quoted(first) else _is_barred if _is_barred(first) else None
    said_above = any(line.strip() for line in above)
    if is_marked is None:
        # This program marks no quoted lines: all below is older, unless nothing else would be left of an answer.
        return above if said_above or not any(is_quoted(line) for line in rest) else lines
    marked = [is_marked(line) for line in rest]
    last = len(marked) - 1 - marked[::-1].index(True)
    between = any(line.strip() and not quoted for line, quoted in zip(rest[:last], marked[:last], strict=True))
    below = without_signature(rest[last + 1 :], "")
    if not between and not any(line.strip() for line in below):
        return above
    if not between and not said_above:
        return below
    return lines


def _up_to_rule(lines: list[str]) -> list[str]:
    """Drop blank lines at the end and the rule that programs draw above an older mail's header."""
    end = _end(lines)
    if end and is_rule(lines[end - 1]):
        end = _end(lines[: end - 1])
    return lines[:end]


def _end(lines: Sequence[str]) -> int:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return end


def _without_tail_of_quotes(lines: list[str]) -> list[str]:
    """Drop quoted lines that nobody announced, where they cannot be the writer's own "> 60 dB"."""
    start = _end(lines)
    quoted = 0
    for line in reversed(lines[:start]):
        if is_quoted(line):
            quoted += 1
        elif line.strip():
            break
        start -= 1
    if not quoted:
        return lines
    tail = [line for line in lines[start : start + 100] if line.strip()]
    figures = all(_FIGURE.match(line) for line in tail[:20])
    apart = not start or not lines[start].strip()
    return lines if figures or (quoted == 1 and not apart) else lines[:start]
