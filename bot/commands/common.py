"""What commands share: how they are registered, the settings, the database."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

from bot.phones import numbers_are_of
from complaints.errors import ComplaintError, ConfigError

if TYPE_CHECKING:
    from bot.calendars import Calendars
    from bot.settings import Settings
    from bot.storage.database import Database
    from bot.storage.work import Work

Command = Callable[[argparse.Namespace], int]
T = TypeVar("T")


class Parser(argparse.ArgumentParser):
    """Ends with status 1 and one line where the command line is wrong."""

    def error(self, message: str) -> NoReturn:
        self.exit(1, f"{self.prog}: {message} (see {self.prog} --help)\n")


if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Parser]


def add(commands: Commands, name: str, command: Command | None, text: str) -> Parser:
    """Add a command; without a function it is one that has commands of its own."""
    parser = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    if command is not None:
        parser.set_defaults(command=command)
    return parser


def add_config(parser: argparse.ArgumentParser) -> None:
    """Let a command take `--config`."""
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="settings (default: config.toml where there is one)"
    )


def settings_of(options: argparse.Namespace, *, channels: bool = False) -> Settings:
    """Read the settings, and log as they say. channels: as for `load_settings`. Raises ConfigError."""
    from bot.logs import configure_logging

    settings = read_settings(options, channels=channels)
    configure_logging(settings.log)
    return settings


def read_settings(options: argparse.Namespace, *, channels: bool = False) -> Settings:
    """Read the settings and nothing else. channels: as for `load_settings`. Raises ConfigError, naming the file."""
    from bot.settings import load_settings

    path = settings_file(options)
    with named(path):
        settings = load_settings(path, os.environ, channels=channels)
    numbers_are_of(settings.calendar.numbers)
    return settings


@contextlib.contextmanager
def named(path: Path | None) -> Iterator[None]:
    """Let what is wrong with the settings be told with the file in which they stand."""
    try:
        yield
    except ConfigError as error:
        if path is None or str(path) in str(error):
            raise
        raise ConfigError(f"{path}: {error}") from None


def settings_file(options: argparse.Namespace) -> Path | None:
    """Return the file that was named, or config.toml where there is one."""
    path: Path | None = options.config
    return Path("config.toml") if path is None and Path("config.toml").is_file() else path


def with_database(
    options: argparse.Namespace, job: Callable[[Database, Settings], Awaitable[T]], *, makes: bool = False
) -> T:
    """Open the database, brought up to date, and return what the job does.

    makes: where there is no SQLite file yet, it is made, and that is told. Else ConfigError is raised: an empty one made on the
    way would be taken for the desk's.
    """

    async def opened() -> T:
        from bot.storage.database import Database, migrate

        settings = settings_of(options)
        missing = missing_file(settings)
        if missing is not None and not makes:
            raise ConfigError(no_database(settings, missing))
        await migrate(settings.database.url)
        made = "" if missing is None else f"made a new database: {missing}"
        try:
            async with Database(settings.database.url) as database:
                result = await job(database, settings)
        except ComplaintError as error:
            if not made:
                raise
            raise ComplaintError(f"{error} ({made})") from None
        if made:
            print(made, file=sys.stderr)
        return result

    return asyncio.run(opened())


def missing_file(settings: Settings) -> Path | None:
    """Return the SQLite file that is meant, where it is not there. Raises ConfigError where that cannot be seen."""
    from bot.storage.database import file_of

    file = file_of(settings.database.url)
    try:
        return file if file is not None and not file.exists() else None
    except OSError as error:
        raise ConfigError(f"{file} cannot be looked at: {error.strerror}; run this as the service's user") from None


def no_database(settings: Settings, file: Path) -> str:
    """Say that a SQLite file is not there, and which setting names another."""
    from bot.settings import variable_of

    key = "service.data_dir" if file == settings.service.data_dir / "complaintbot.db" else "database.url"
    return (
        f"there is no database {file}: if the service keeps it elsewhere, name its settings by --config and set {key} in them"
        f" (or {variable_of(key)}, as for the service); a new one is made by `complaintbot run`"
    )


def read(options: argparse.Namespace, job: Callable[[Work], Awaitable[T]]) -> T:
    """Return what a unit of work reads."""
    return with_database(options, lambda database, _: database.read(job))


def write(options: argparse.Namespace, job: Callable[[Work], Awaitable[T]]) -> T:
    """Return what a unit of work does, once it is committed."""
    return with_database(options, lambda database, _: database.write(job))


def published_calendars(options: argparse.Namespace) -> Calendars:
    """Return the calendars with the days that were imported."""
    from bot.publishing import published

    return with_database(options, published)
