"""A whole desk in one file: every table as it stood at one moment, every file that it speaks of, and the signing key.

The archive is a zip: `tables/<name>` (frames of packed rows, the first one the names of the columns), `files/<path>`, `secret`,
and last `manifest.json`, which has the size and the SHA-256 of each. It fits either kind of database, so it is also the way
from SQLite to PostgreSQL. Its file is readable by its owner alone, for all that customers said is in it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec

from bot.erasure import ERASED, OWED, InTheWay, remove_files
from bot.holding import taken_over
from bot.persons import once_more
from bot.retention import purge
from bot.settings import Settings
from bot.storage import holds, queues, stuck
from bot.storage.audit import RESTORED, record_act
from bot.storage.database import Database, DatabaseUnavailable, revisions
from bot.storage.files import FETCHED
from bot.storage.holds import Hold
from bot.storage.whole import Table, discard, fill, filled_tables, others_at_work, rows, snapshot, values
from bot.storage.work import Work
from bot.winding import clock_of
from complaints.errors import ComplaintError

FORMAT = 1
_MANIFEST, _SECRET, _TABLES, _FILES = "manifest.json", "secret", "tables/", "files/"
_CHUNK = 1 << 20
_LENGTH = struct.Struct(">I")


class ArchiveError(ComplaintError):
    """The archive cannot be used; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Part:
    """A member of the archive. rows: of a table."""

    size: int
    sha256: str
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in an archive. revision: of the tables. missing: paths of files that were not on the disk any more."""

    format: int
    made_at: datetime
    version: str
    revision: str
    database: str
    parts: dict[str, Part]
    missing: tuple[str, ...] = ()

    def rows(self, table: str) -> int:
        part = self.parts.get(f"{_TABLES}{table}")
        return part.rows if part else 0

    @property
    def files(self) -> list[str]:
        """The paths of the files, below the folder of files."""
        return [name.removeprefix(_FILES) for name in self.parts if name.startswith(_FILES)]

    def __str__(self) -> str:
        counts = (
            ("complaints", "complaints"),
            ("messages in", "inbox"),
            ("messages out", "outbox"),
            ("timers", "timers"),
        )
        said = ", ".join(f"{self.rows(table)} {name}" for name, table in counts)
        return f"{said}, {len(self.files)} files; tables of revision {self.revision}, from {self.made_at:%Y-%m-%d %H:%M:%S} UTC"


# ── making one ────────────────────────────────────────────────────────────────────────────────────────────────────────


def make(settings: Settings, target: Path) -> Manifest:
    """Write an archive of everything as it stands now, beside a running service. Raises ComplaintError.

    target: must not be there yet; it appears when it is whole.
    """
    if target.exists():
        raise ArchiveError(f"{target} is there already: give another name, or remove it")
    half = target.with_name(f"{target.name}.part")
    try:
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                manifest = _write(archive, settings)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, target)
    except OSError as error:
        raise ArchiveError(f"{target} cannot be written: {error.strerror or error}") from None
    finally:
        half.unlink(missing_ok=True)
    return manifest


def _write(archive: zipfile.ZipFile, settings: Settings) -> Manifest:
    made_at = datetime.now(UTC)
    parts: dict[str, Part] = {}
    kept: list[str] = []
    with snapshot(settings.database.url) as whole:
        if whole.revision not in revisions():
            raise ArchiveError(
                f"the tables are of revision {whole.revision}, which this version does not know: use the one that made them"
                if whole.revision
                else "there are no tables yet: nothing was ever kept here"
            )
        for table in whole.tables():
            parts[f"{_TABLES}{table.name}"] = _write_table(archive, table, kept)
    missing = []
    # After the tables: a file lies on the disk before its row says so, and is never changed.
    for path in kept:
        try:
            parts[f"{_FILES}{path}"] = _write_file(archive, f"{_FILES}{path}", settings.files_dir / path)
        except FileNotFoundError:
            missing.append(path)
    secret = settings.service.data_dir / "secret"
    if not settings.service.secret and secret.is_file():
        parts[_SECRET] = _write_file(archive, _SECRET, secret)
    manifest = Manifest(
        FORMAT,
        made_at,
        version("complaintbot"),
        whole.revision,
        "sqlite" if settings.database.is_sqlite else "postgresql",
        parts,
        tuple(missing),
    )
    archive.writestr(_MANIFEST, msgspec.json.encode(manifest))
    return manifest


def _write_table(archive: zipfile.ZipFile, table: Table, kept: list[str]) -> Part:
    """Write a table's rows; of the table of files, put the places of those that we have into `kept`."""
    rows = 0

    def frames() -> Iterator[bytes]:
        nonlocal rows
        encode = msgspec.msgpack.Encoder().encode
        places = [table.columns.index(name) for name in ("state", "path")] if table.name == "files" else None
        yield _frame(encode(table.columns))
        for page in table.rows:
            rows += len(page)
            if places is not None:
                state, path = places
                kept.extend(row[path] for row in page if row[state] == FETCHED)
            yield _frame(encode(page))

    part = _write_member(archive, f"{_TABLES}{table.name}", frames())
    return Part(part.size, part.sha256, rows)


def _frame(content: bytes) -> bytes:
    return _LENGTH.pack(len(content)) + content


def _write_file(archive: zipfile.ZipFile, name: str, path: Path) -> Part:
    with path.open("rb") as file:
        return _write_member(archive, name, iter(lambda: file.read(_CHUNK), b""), packed=name.startswith(_FILES))


def _write_member(archive: zipfile.ZipFile, name: str, chunks: Iterable[bytes], *, packed: bool = False) -> Part:
    """packed: photos and documents hardly become smaller, so they are stored as they are."""
    info = zipfile.ZipInfo(name, datetime.now(UTC).timetuple()[:6])
    info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    digest, size = hashlib.sha256(), 0
    with archive.open(info, "w", force_zip64=True) as member:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            member.write(chunk)
    return Part(size, digest.hexdigest())


async def noted(settings: Settings, manifest: Manifest) -> None:
    """Keep in the audit chain that all that is known of everybody was copied. An older version's tables have no chain."""
    if manifest.revision == revisions()[-1]:
        async with Database(settings.database.url) as database:
            await database.write(partial(_note, manifest.made_at))


async def _note(made_at: datetime, work: Work) -> None:
    record_act(work, "backed_up", made_at=made_at.isoformat())


# ── using one ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Archive:
    """An archive that was opened and found whole: each part is there and has the checksum that was written down."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest
        self._zip = archive

    def tables(self) -> Iterator[Table]:
        for name in self.manifest.parts:
            if name.startswith(_TABLES):
                with self._zip.open(name) as member:
                    frames = _frames(member)
                    columns = msgspec.msgpack.decode(next(frames), type=tuple[str, ...])
                    yield Table(name.removeprefix(_TABLES), columns, (msgspec.msgpack.decode(each) for each in frames))

    def chunks(self, name: str) -> Iterator[bytes]:
        with self._zip.open(name) as member:
            yield from iter(lambda: member.read(_CHUNK), b"")

    @property
    def secret(self) -> bytes | None:
        """The key that signs reply tokens; None where it stands in the settings."""
        return b"".join(self.chunks(_SECRET)) if _SECRET in self.manifest.parts else None


def _frames(member: IO[bytes]) -> Iterator[bytes]:
    while length := member.read(_LENGTH.size):
        yield member.read(_LENGTH.unpack(length)[0])


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Give an archive whose every part was checked. Raises ArchiveError with what is wrong with it."""
    with contextlib.ExitStack() as stack:
        try:
            archive = stack.enter_context(zipfile.ZipFile(path))
            manifest = _manifest(path, archive)
            known = Archive(path, archive, manifest)
            for name, part in manifest.parts.items():
                _check(known, name, part)
        except FileNotFoundError:
            raise ArchiveError(f"{path} is not there") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise ArchiveError(f"{path} is damaged or was cut off ({error}): take another backup") from None
        except OSError as error:
            raise ArchiveError(f"{path} cannot be read: {error.strerror or error}") from None
        yield known  # whatever goes wrong from here on is not the archive's fault


def _manifest(path: Path, archive: zipfile.ZipFile) -> Manifest:
    try:
        told = msgspec.json.decode(archive.read(_MANIFEST))
        if isinstance(told, dict) and isinstance(told.get("format"), int) and told["format"] > FORMAT:
            raise ArchiveError(f"{path} was made by a newer version ({told.get('version')}): use that one")
        manifest = msgspec.convert(told, Manifest)
    except (KeyError, msgspec.MsgspecError):
        raise ArchiveError(f"{path} is no backup of complaintbot") from None
    if manifest.revision not in revisions():
        raise ArchiveError(
            f"{path} was made by a newer version ({manifest.version}, tables of revision {manifest.revision}; this one knows"
            f" {revisions()[-1]}): use that one"
        )
    return manifest


def _check(archive: Archive, name: str, part: Part) -> None:
    inner = PurePosixPath(name)
    if inner.is_absolute() or ".." in inner.parts:
        raise ArchiveError(f"{archive.path} names a place outside its folder ({name!r}): it is no backup of ours")
    digest = hashlib.sha256()
    try:
        for chunk in archive.chunks(name):
            digest.update(chunk)
    except KeyError:
        raise ArchiveError(f"{archive.path}: {name} is missing in it: take another backup") from None
    if digest.hexdigest() != part.sha256:
        raise ArchiveError(f"{archive.path}: {name} was changed, its checksum is wrong: take another backup")


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a restoring. kept: where what it replaced still is, "" where nothing is. again: how many people were erased
    again whom the archive brought back; owed: ids of those with whom something stood in the way, and what. held: on what the
    legal holds are that came over from there. unread: what was replaced could not be read, so nobody knows who was erased
    there, or what was held. waiting: how many messages of ours waited when the backup was made; uncertain: how many are now.
    """

    kept: str = ""
    again: int = 0
    owed: tuple[tuple[str, str], ...] = ()
    held: tuple[str, ...] = ()
    unread: bool = False
    waiting: int = 0
    uncertain: int = 0


async def restore(
    settings: Settings, archive: Archive, *, replace: bool, hold_unsent: bool, keep_replaced: bool = False
) -> Restored:
    """Let the database, the files and the key of these settings be what the archive holds, brought up to this version.

    The service must not run, and the target be empty unless `replace`: then what is held in what is there is held in the
    archive's tables, too, who was erased there is erased from these, and what is there is gone at the end, its files with it,
    unless `keep_replaced` or it cannot be read. While anything is held there it is not let go, but refused.
    hold_unsent: what waited to go out becomes uncertain, for a person to decide. Cut off anywhere it can be made again.
    Raises ComplaintError.
    """
    try:
        return await _restore(settings, archive, replace=replace, hold_unsent=hold_unsent, keep_replaced=keep_replaced)
    except OSError as error:
        raise ComplaintError(
            f"the restoring was cut off: {error.strerror or error} ({error.filename}); mend that and make it again"
        ) from None


async def _restore(
    settings: Settings, archive: Archive, *, replace: bool, hold_unsent: bool, keep_replaced: bool
) -> Restored:
    url = settings.database.url
    if others := others_at_work(url):
        raise ArchiveError(f"{others} other connections work on this database: stop the service first")
    if not replace and (filled := filled_tables(url)):
        raise ArchiveError(
            f"the database is not empty ({', '.join(filled[:5])}{', …' if len(filled) > 5 else ''}): name an empty one, or let"
            " --replace put what is in the archive in its place"
        )
    secret = _secret_to_write(settings, archive)
    replaced = _look_at(url) if replace else _Replaced()
    lasting = dict.fromkeys(hold.on for hold in replaced.holds if hold.lifted_at is None)
    if lasting and not keep_replaced:
        named = f"{', '.join([*lasting][:5])}{', …' if len(lasting) > 5 else ''}"
        raise ArchiveError(
            f"a legal hold lasts on {named}, of which something may have come since the backup: say --keep-replaced as well, so"
            " that nothing of it goes, or lift it first (complaintbot hold lift)"
        )
    try:
        for path in archive.manifest.files:
            _put(settings.files_dir / path, archive.chunks(f"{_FILES}{path}"))
        if secret is not None:
            _put(settings.service.data_dir / "secret", [secret])
    except OSError as error:
        raise ArchiveError(f"the files cannot be written: {error.strerror or error} ({error.filename})") from None
    today = datetime.now(settings.service.zone).strftime("%Y%m%d")
    kept = await fill(url, archive.manifest.revision, archive.tables, f"{settings.service.reference_prefix}{today}")

    async def after(work: Work) -> tuple[int, tuple[str, ...]]:
        waiting = await _counted(work, *queues.UNDER_WAY, queues.HELD)
        record_act(work, RESTORED, made_at=archive.manifest.made_at.isoformat(), revision=archive.manifest.revision)
        if hold_unsent:
            await queues.hold_unsent(work, datetime.now(UTC))
        held = await taken_over(work, replaced.holds)  # before anybody is erased: whom a hold keeps stays
        return waiting, held

    async with Database(url) as database:
        waiting, held = await database.write(after)
        again, owed = await _erase_again(database, settings, replaced.erased)
        if not replaced.unread and not keep_replaced:
            for path in replaced.files - await database.read(_fetched):
                (settings.files_dir / path).unlink(missing_ok=True)
            if kept:
                discard(url, kept)
                kept = ""
        uncertain = await database.read(lambda work: _counted(work, queues.UNCERTAIN))
    return Restored(kept, again, owed, held, replaced.unread, waiting, uncertain)


async def _counted(work: Work, *wanted: str) -> int:
    """Return how many messages of ours are in one of these states."""
    states = await queues.states(work)
    return sum(states.get(state, 0) for state in wanted)


@dataclass(frozen=True, slots=True)
class _Replaced:
    """What a restoring replaces: the ids of who was erased there, the paths of its files, every legal hold."""

    erased: tuple[str, ...] = ()
    files: frozenset[str] = frozenset()
    holds: tuple[Hold, ...] = ()
    unread: bool = False


def _look_at(url: str) -> _Replaced:
    """Look at what is there, and at what earlier restorings left: one that was cut off has put the tables aside already."""
    try:
        acts = values(url, "acts", "facts", "kind", ERASED)
        files = values(url, "files", "path", "state", FETCHED)
        held = holds.as_they_stand(rows(url, "legal_holds", holds.COLUMNS))
    except DatabaseUnavailable:
        return _Replaced(unread=True)  # damaged: perhaps the very reason for the restoring
    erased = (msgspec.json.decode(facts)["person"] for facts in acts)
    return _Replaced(tuple(dict.fromkeys(erased)), frozenset(path for path in files if path), tuple(held))


async def _erase_again(
    database: Database, settings: Settings, persons: Iterable[str]
) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Erase who was erased before and is back; return how many that were, and with whom something stood in the way.

    Those are kept in the audit chain, and the doctor tells of them until they are erased.
    """
    clock = await database.read(clock_of)
    again, owed = 0, []
    for person in persons:
        try:
            again += await database.write(partial(once_more, person, clock.now()))
        except InTheWay as trouble:
            owed.append((person, str(trouble)))
            await database.write(partial(_owe, person))
    await remove_files(database, settings.files_dir)
    if again:
        await purge(database)
    return again, tuple(owed)


async def _fetched(work: Work) -> set[str]:
    return {path async for path in stuck.fetched_files(work)}


async def _owe(person: str, work: Work) -> None:
    record_act(work, OWED, person=person)


def _secret_to_write(settings: Settings, archive: Archive) -> bytes | None:
    """Return the key of the archive, None where the settings state it. A key of an empty desk has signed nothing yet."""
    secret = archive.secret
    if secret is None or not settings.service.secret:
        return secret
    if settings.service.secret.encode() != secret.strip():
        raise ArchiveError(
            "service.secret is another key than the desk's in the archive: leave it empty, or set that key"
        )
    return None


def _put(place: Path, chunks: Iterable[bytes]) -> None:
    """Write a file as one, readable by its owner alone."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = place.with_name(f"{place.name}.part")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(chunks)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, place)
