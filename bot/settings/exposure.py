"""Who besides us can read the secrets: the files that hold them, looked at as the system guards them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from stat import S_IROTH

from bot.settings.sections import Settings
from bot.settings.tables import PREFIX, secrets_of

_FILE = "_file"


def exposed(path: Path | None, environ: Mapping[str, str]) -> list[str]:
    """Return a sentence for each file with a secret of ours that everybody on this machine may read.

    That is the settings file where it holds one itself, and each file that it or the environment names by `…_file`.
    """
    secret = frozenset(secrets_of(Settings))
    base = Path.cwd() if path is None else path.absolute().parent
    given = [] if path is None else list(_given(tomllib.loads(path.read_text(encoding="utf-8-sig"))))
    holds = path is not None and any(key in secret and _is_secret(key, text) for key, text in given)
    given += [(name.lower().rpartition("__")[2], text) for name, text in environ.items() if name.startswith(PREFIX)]
    named = [base / text for key, text in given if key.removesuffix(_FILE) in secret and key.endswith(_FILE) and text]
    looked_at = dict.fromkeys([path, *named] if path is not None and holds else named)
    return [
        f"everybody on this machine can read the secrets in {file}: chmod 600 {file}"
        for file in looked_at
        if _open(file)
    ]


def _given(table: object) -> Iterator[tuple[str, str]]:
    """Yield every key of a settings file with its text."""
    if isinstance(table, Mapping):
        for key, value in table.items():
            if isinstance(value, str):
                yield key, value
            yield from _given(value)
    elif isinstance(table, list):
        for each in table:
            yield from _given(each)


def _is_secret(key: str, text: str) -> bool:
    # The place of a database file is none, nor an address without a password.
    return bool(text) and not text.startswith("sqlite") and (key != "proxy" or "@" in text)


def _open(file: Path) -> bool:
    return file.is_file() and bool(file.stat().st_mode & S_IROTH)
