"""The machine that a figure was measured on, and what its disk can do at best."""

from __future__ import annotations

import os
import platform
import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from complaints.errors import ConfigError

_PROBE_COMMITS = 300
_PERIOD_US = 20_000  # in which a capped process gets its share: short beside what a message takes to go through


def describe() -> dict[str, object]:
    """Return processor, memory, system and Python, as far as the machine tells."""
    return {
        "cpus": len(os.sched_getaffinity(0)),
        "cpu": _field(Path("/proc/cpuinfo"), "model name") or platform.processor(),
        "memory_mb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1_048_576),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def _field(path: Path, name: str) -> str:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def cpu_s() -> float:
    """Return the processor time this process used so far, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_rss_mb() -> float:
    """Return the most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cpu_of_s(pid: int) -> float:
    """Return the processor time a running process used so far, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def busy_s() -> float:
    """Return the processor time that all processes of this machine used since it started, in seconds."""
    user, nice, system, _idle, _waiting, interrupts, soft, *_ = Path("/proc/stat").read_text().split()[1:]
    return sum(map(int, (user, nice, system, interrupts, soft))) / os.sysconf("SC_CLK_TCK")


@contextmanager
def capped(pid: int, cores: float) -> Iterator[None]:
    """Let a process have no more than so many cores until it ends. Raises ConfigError unless this is root's, on Linux."""
    older = Path("/sys/fs/cgroup/cpu")
    folder = (older if older.is_dir() else older.parent) / f"complaintbot-bench-{pid}"
    quota = str(round(cores * _PERIOD_US))
    try:
        folder.mkdir()
        if older.is_dir():
            (folder / "cpu.cfs_period_us").write_text(str(_PERIOD_US))
            (folder / "cpu.cfs_quota_us").write_text(quota)
        else:
            (folder / "cpu.max").write_text(f"{quota} {_PERIOD_US}")
        (folder / "cgroup.procs").write_text(str(pid))
    except OSError as error:
        raise ConfigError(f"bench: --cores needs root and control groups of the processor: {error}") from None
    try:
        yield
    finally:
        folder.rmdir()


def rss_of_mb(pid: int) -> float:
    """Return the memory a running process holds, in MB."""
    return _kib_of(pid, "VmRSS") / 1024


def peak_rss_of_mb(pid: int) -> float:
    """Return the most memory a running process ever held, in MB."""
    return _kib_of(pid, "VmHWM") / 1024


def _kib_of(pid: int, name: str) -> int:
    return int(_field(Path(f"/proc/{pid}/status"), name).split()[0])


def rows_per_second(url: str, folder: Path, row: bytes, batch: int) -> float:
    """Return how many rows a second the bare driver makes durable where `url` lives, so many of them in each commit."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_rows(folder / "probe.db", row, batch)
    return _postgresql_rows(parsed.set(drivername="postgresql").render_as_string(hide_password=False), row, batch)


def _sqlite_rows(path: Path, row: bytes, batch: int) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE probe (id INTEGER PRIMARY KEY, raw BLOB)")
    began = time.perf_counter()
    for _ in range(_PROBE_COMMITS):
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO probe (raw) VALUES (?)", [(row,)] * batch)
        connection.execute("COMMIT")
    seconds = time.perf_counter() - began
    connection.close()
    return _PROBE_COMMITS * batch / seconds


def _postgresql_rows(url: str, row: bytes, batch: int) -> float:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE bench_probe (id bigserial PRIMARY KEY, raw bytea)")
        began = time.perf_counter()
        for _ in range(_PROBE_COMMITS):
            with connection.transaction(), connection.cursor() as cursor:
                cursor.executemany("INSERT INTO bench_probe (raw) VALUES (%s)", [(row,)] * batch)
        seconds = time.perf_counter() - began
        connection.execute("DROP TABLE bench_probe")
    return _PROBE_COMMITS * batch / seconds
