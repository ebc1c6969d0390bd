"""Templates as an earlier start compiled them, and whether they were found right then."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket


class Compiled(FileSystemBytecodeCache):
    """Templates as they were compiled at an earlier start: compiling all of them takes longer than the rest of a start."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):  # a full disk makes the next start slower, and does nothing worse
            super().dump_bytecode(bucket)

    def found_right(self, templates: Path, mark: str) -> bool:
        """Say whether the last templates of this folder that were found right are those of this mark."""
        try:
            return bool(mark) and self._right(templates).read_bytes() == mark.encode()
        except OSError:
            return False

    def are_right(self, templates: Path, mark: str) -> None:
        with suppress(OSError):
            self._right(templates).write_bytes(mark.encode())

    def _right(self, templates: Path) -> Path:
        where = hashlib.sha256(os.fsencode(templates.absolute())).hexdigest()[:16]
        return Path(self.directory) / (self.pattern % f"right_{where}")


def compiled(filters: Mapping[str, Callable[..., object]]) -> Compiled | None:
    """Return what is kept in this user's own folder for temporary files; None where there can be none.

    filters: those there are, for how each is called is compiled into what calls it.
    """
    called = sorted((name, str(getattr(each, "jinja_pass_arg", ""))) for name, each in filters.items())
    mark = f"{zlib.crc32(repr(called).encode()):08x}"
    try:
        return Compiled(pattern=f"complaintbot_{version('complaintbot')}_{mark}_%s.cache")
    except (OSError, RuntimeError):
        return None
