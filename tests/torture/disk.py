"""A small file system of one's own that can be full."""

from __future__ import annotations

import contextlib
import errno
import os
import subprocess
from pathlib import Path
from types import TracebackType

_BLOCK = 1 << 20


class Disk:
    """`with Disk(folder, megabytes) as disk`: what is in the folder has no more room than that. mounted: whether it worked.

    Needs to be root. Where it cannot be mounted the folder is an ordinary one that never is full.
    """

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        self.mounted = False
        self._megabytes = megabytes
        self._filling = folder / "filling"

    def __enter__(self) -> Disk:
        self.folder.mkdir(parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={self._megabytes}m,mode=0755", "tmpfs", str(self.folder)]
        with contextlib.suppress(OSError):
            self.mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=False, capture_output=True)

    def fill(self) -> None:
        """Leave not a byte free; again and again, for what others give up is room once more."""
        with self._filling.open("ab", buffering=0) as file:
            for size in (_BLOCK, 4096, 1):
                try:
                    while True:
                        file.write(b"\0" * size)
                except OSError as full:
                    if full.errno != errno.ENOSPC:
                        raise

    def free(self) -> None:
        self._filling.unlink(missing_ok=True)

    def used_megabytes(self) -> int:
        """Return how much is in use."""
        stat = os.statvfs(self.folder)
        return (stat.f_blocks - stat.f_bfree) * stat.f_frsize >> 20
