"""Tables that people keep in a spreadsheet: .csv or .xlsx, a heading line in English or Chinese, then a line for each entry."""

from __future__ import annotations

import codecs
import contextlib
import csv
import difflib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import TypeVar
from zipfile import BadZipFile, ZipFile

from bot.phones import MAINLAND, home
from complaints.errors import ComplaintError

L = TypeVar("L")
R = TypeVar("R")
_NAMED = 100  # wrong lines; whoever has more has another mistake
_LARGEST = 20 << 20  # bytes of a table, packed or not
_UNPACKED = 200 << 20  # of all that is packed in one
_PROLOG = 1 << 16
_UNHOLDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NO_TITLE = re.compile(r"[\[\]:*?/\\]")  # of a sheet
_LONGEST_CELL = 32_767  # characters, in an .xlsx
_LINES, _WIDEST = 100_000, 100  # a sheet can say that it has a million lines of sixteen thousand cells, and hold none


def read_lines(
    path: Path, columns: Sequence[str], also: Mapping[str, str], needed: str, error: type[ComplaintError]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (number, values by column) for each line that holds something; the heading is line 1.

    columns: their English names; also: what else they may be called, the Chinese names first. needed: the one that must be
    there. A .csv is UTF-8, UTF-16 or GB18030, with commas, semicolons or tabs. Raises `error`, naming the file, the place and
    the cure.
    """
    if not path.is_file():
        raise error(f"{path}: no such file")
    if path.stat().st_size > _LARGEST:
        raise error(f"{path}: a table may have {_LARGEST >> 20} MB: split it")
    lines = _xlsx(path, error) if path.suffix.lower() == ".xlsx" else _csv(path, error)
    if not lines:
        raise error(f"{path}: it is empty; the first line names the columns: {', '.join(columns)}")
    heading = read_each(lines[0], lambda cell: _column(cell, columns, also, path, error), error)
    for column in heading:
        if column and heading.count(column) > 1:
            raise error(f"{path}: there are {heading.count(column)} columns {column}; leave one")
    if needed not in heading:
        called = next(name for name, column in also.items() if column == needed)
        raise error(f"{path}: there is no column {needed} ({called})")
    for number, cells in enumerate(lines[1:], start=2):
        values = {column: cell.strip() for column, cell in zip(heading, cells, strict=False) if column}
        if any(values.values()):
            yield number, values


_FORMULA = tuple("=+-@\t\n＝＋－＠")
"""With what a cell begins that a spreadsheet would work out: nobody's words may do that."""


def plain(text: str) -> str:
    """Return a text as a cell that is shown and never worked out; what no sheet can hold is left out."""
    text = _UNHOLDABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def write_table(path: Path, lines: Iterable[Sequence[str]], error: type[ComplaintError]) -> None:
    """Write lines of text, the heading first, as .csv (UTF-8 that Excel knows) or .xlsx. Raises `error`."""
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise error(f"{path}: the name ends in .xlsx or .csv")
    try:
        if kind == ".xlsx":
            _write_xlsx(path, ("", lines))
        else:
            _write_csv(path, lines)
    except OSError as failed:
        raise error(f"{path} cannot be written: {failed.strerror or failed}") from None


def write_book(path: Path, sheets: Mapping[str, Iterable[Sequence[str]]], error: type[ComplaintError]) -> None:
    """Write several tables as the sheets of an .xlsx, by their names, the headings first. Raises `error`."""
    try:
        _write_xlsx(path, *sheets.items())
    except OSError as failed:
        raise error(f"{path} cannot be written: {failed.strerror or failed}") from None


def book_bytes(sheets: Mapping[str, Iterable[Sequence[str]]]) -> bytes:
    """Return several tables as the content of an .xlsx, as `write_book` writes it."""
    content = io.BytesIO()
    _write_xlsx(content, *sheets.items())
    return content.getvalue()


def _write_csv(path: Path, lines: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([plain(cell) for cell in line] for line in lines)


def _write_xlsx(path: Path | io.BytesIO, *sheets: tuple[str, Iterable[Sequence[str]]]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    for name, lines in sheets:
        sheet = book.create_sheet(_NO_TITLE.sub(" ", name)[:31] or None)
        for line in lines:
            cells = [WriteOnlyCell(sheet, plain(cell)[:_LONGEST_CELL]) for cell in line]
            for cell in cells:
                cell.data_type = "s"  # text, whatever it looks like
            sheet.append(cells)
    book.save(path)


def words(text: str) -> list[str]:
    """Return the words of a cell that holds several."""
    return [word for word in re.split(r"[\s,;、，；|]+", text) if word]


def phone(text: str, where: str, error: type[ComplaintError]) -> str:
    """Return the phone number of a cell, E.164; empty where there is none. Raises `error`."""
    if not text:
        return ""
    import phonenumbers  # seldom needed, and its tables take a while to load

    try:
        number = phonenumbers.parse(text, home())
    except phonenumbers.NumberParseException:
        number = None
    # A local number without its area's code is "possible", too, and reaches nobody.
    if number is None or not phonenumbers.is_valid_number(number):
        raise error(f"{where}: phone {text!r} is not a phone number; write it like {_as_at_home()}")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _as_at_home() -> str:
    """Return how a mobile phone's number is written in the desk's own country, and with its code."""
    if home() == MAINLAND:
        return "13800138000 or +86 138 0013 8000"
    import phonenumbers

    example = phonenumbers.example_number_for_type(home(), phonenumbers.PhoneNumberType.MOBILE)
    if example is None:
        return "+86 138 0013 8000, with its country"
    formats = (phonenumbers.PhoneNumberFormat.NATIONAL, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return " or ".join(phonenumbers.format_number(example, each) for each in formats)


class Faults:
    """What is wrong with one line: noted fault by fault, so that whoever keeps the table reads of all of them at once."""

    def __init__(self, error: type[ComplaintError]) -> None:
        self._error = error
        self._found: list[str] = []

    @contextlib.contextmanager
    def noted(self) -> Iterator[None]:
        """Note the error that is raised within, and go on after it."""
        try:
            yield
        except self._error as fault:
            self._found.append(str(fault))

    def check(self) -> None:
        """Raise one error that says all that was noted."""
        if self._found:
            raise self._error("; ".join(self._found))


def read_each(lines: Iterable[L], read: Callable[[L], R], error: type[ComplaintError]) -> list[R]:
    """Return what `read` makes of every line; raises one `error` that names every line that is wrong."""
    found, wrong = [], []
    for line in lines:
        try:
            found.append(read(line))
        except error as trouble:
            wrong.append(str(trouble))
    if wrong:
        more = [f"and {len(wrong) - _NAMED} more"] if len(wrong) > _NAMED else []
        raise error("\n".join([*wrong[:_NAMED], *more]))
    return found


def _csv(path: Path, error: type[ComplaintError]) -> list[list[str]]:
    try:
        text = _decoded(path.read_bytes())
    except OSError as failed:
        raise error(f"{path}: it cannot be read: {failed.strerror}") from None
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        return list(reader)
    except csv.Error as failed:
        raise error(f"{path}, line {reader.line_num}: not a readable .csv file: {failed}") from None


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # Excel's "Unicode text"
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")  # what Excel writes on a Chinese Windows


def _xlsx(path: Path, error: type[ComplaintError]) -> list[list[str]]:
    # Long to load, and only a command that reads a sheet needs it.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _check_packed(path, error)
        with contextlib.closing(load_workbook(path, read_only=True, data_only=True)) as book:
            rows = book.worksheets[0].iter_rows(values_only=True, max_row=_LINES, max_col=_WIDEST)
            return [[_text(cell) for cell in row] for row in rows]
    except (InvalidFileException, BadZipFile, LookupError, ValueError, TypeError, SyntaxError, OSError) as failed:
        # SyntaxError: what is inside is no XML
        raise error(f"{path}: not a readable .xlsx file: {failed}") from None


def _check_packed(path: Path, error: type[ComplaintError]) -> None:
    """Raise `error` where a sheet would unpack to more than any table has, or names things of its own to be written out."""
    with ZipFile(path) as packed:
        unpacked = sum(part.file_size for part in packed.infolist())  # no more than that is ever unpacked of it
        if unpacked > _UNPACKED:
            raise error(
                f"{path}: it unpacks to {unpacked >> 20} MB, and {_UNPACKED >> 20} are taken: it is no table of ours"
            )
        for part in packed.infolist():
            with packed.open(part) as content:
                if b"<!DOCTYPE" in content.read(_PROLOG).replace(b"\0", b""):  # without the zeros of UTF-16
                    raise error(f"{path}: {part.filename} declares entities, which no spreadsheet does: save it anew")


def _text(cell: object) -> str:
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a phone number that the sheet keeps as 1.38E10
    return "" if cell is None else str(cell)


def _column(cell: str, columns: Sequence[str], also: Mapping[str, str], path: Path, error: type[ComplaintError]) -> str:
    name = cell.strip().lower()
    name = also.get(name, name)
    if name and name not in columns:
        near = difflib.get_close_matches(name, [*columns, *also], 1)
        meant = f"did you mean {near[0]}? " if near else ""
        others = ", ".join(each for each in also if not each.isascii())  # as they stand in the documents, too
        raise error(f"{path}: column {cell!r} is unknown; {meant}known are {', '.join(columns)} or {others}")
    return name
