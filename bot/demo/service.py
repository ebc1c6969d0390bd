"""The demo as a service: everything embedded, on this machine only."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.app import App, running, settle
from bot.clock import MovableClock
from bot.demo import profiles
from bot.demo.cast import NAMES, Phones, enter, load_phones
from bot.demo.moving import News, TimeMachine
from bot.demo.pages import Pages
from bot.settings import PREFIX, Locale, Settings, load_settings
from bot.storage.database import Database, migrate
from bot.winding import keep, wind
from connectors.web import new_secret

HOTLINE = "400-800-1234"
SETTINGS = "demo.toml"
_TAKEN = ("SERVICE", "CALENDAR", "POLICIES")  # sections whose keys a company may try out by the environment
_OURS = (
    "LOCALE",
    "DATA_DIR",
    "ROLES",
    "SECRET",
    "SECRET_FILE",
)  # of [service], said by the command line or the demo itself
_OPENS, _CLOSES = time(9), time(20)
_UNUSED = {
    Locale.ZH: "演示只用环境变量里的 service、calendar、policies 各项；以下没有用到：{names}",
    Locale.EN: "Of the environment the demo takes [service], [calendar] and [policies] only; not used: {names}",
}


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo. ids: the staff's person ids by part."""

    app: App
    clock: MovableClock
    machine: TimeMachine
    news: News
    phones: Phones
    ids: dict[str, str]


def _taken(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what the demo takes of the environment: who the company is, its hours, rules and categories."""
    ours = {f"{PREFIX}SERVICE__{key}" for key in _OURS}
    begins = tuple(f"{PREFIX}{section}__" for section in _TAKEN)
    return {
        name: value for name, value in environ.items() if name.upper().startswith(begins) and name.upper() not in ours
    }


def unused(environ: Mapping[str, str]) -> list[str]:
    """Return the names of the settings in the environment that the demo does not take: a database, channels, servers."""
    taken = _taken(environ)
    return sorted(name for name in environ if name.startswith(PREFIX) and "__" in name and name not in taken)


def demo_settings(*, port: int, lang: Locale, data_dir: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of the demo: SQLite in `data_dir`, web chat and SMS stub, loopback only.

    Of the environment only who the company is, its hours, rules and categories are taken, so that they can be tried: its
    database and channels stay out. environ: instead of the process's own.
    """
    environ = _taken(os.environ if environ is None else environ)
    for section, values in _sections(port, lang, data_dir).items():
        for key, value in values.items():
            name = f"{PREFIX}{section.replace('.', '__')}__{key}".upper()
            environ.setdefault(name, value if isinstance(value, str) else json.dumps(value))
    return load_settings(None, environ)


def _sections(port: int, lang: Locale, data_dir: Path) -> dict[str, dict[str, Any]]:
    return {
        "service": {
            "name": NAMES[lang],
            "locale": lang.value,
            "hotline": HOTLINE,
            "policy": "leyoujia-24h",
            "data_dir": str(data_dir.absolute()),
        },
        "http": {"host": "127.0.0.1", "port": port},
        "connectors.web": {"enabled": True},
        "connectors.sms": {"enabled": True},
    }


def write_settings(*, port: int, lang: Locale, data_dir: Path) -> Path:
    """Write the settings beside the data, for commands to be pointed at it; return the file. Raises OSError."""
    file = data_dir / SETTINGS
    lines = [f"# Written by the demo at each start: complaintbot doctor --config {file}"]
    for section, values in _written(port, lang, data_dir).items():
        lines += ["", f"[{section}]"]
        lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def _written(port: int, lang: Locale, data_dir: Path) -> dict[str, dict[str, Any]]:
    """Return what is written down: what it runs by, wherever that came from, and a secret that opens nothing.

    The demo's own hooks stay shut for everybody but its page; whoever starts a service on this file has a secret for them.
    """
    rules = demo_settings(port=port, lang=lang, data_dir=data_dir)
    sections = _sections(port, lang, data_dir)
    sections["service"] |= {"policy": rules.service.policy, "pack": rules.service.pack}
    if rules.policies.directory is not None:
        sections["policies"] = {"directory": str(rules.policies.directory.absolute())}
    for name in _taken(os.environ):
        section, _, key = name.removeprefix(PREFIX).lower().partition("__")
        if section != "policies":
            sections.setdefault(section, {})[key] = getattr(getattr(rules, section), key)
    sections["connectors.sms"]["secret"] = new_secret()
    return sections


@asynccontextmanager
async def running_demo(
    *,
    port: int,
    lang: str,
    data_dir: Path,
    clock: MovableClock | None = None,
    environ: Mapping[str, str] | None = None,
) -> AsyncIterator[Demo]:
    """Start the demo and stop it cleanly at the end. port 0 takes a free one; `app.port` says which. environ: as in
    `demo_settings`.

    Raises ConfigError if the port or the data folder is in use.
    """
    locale = Locale(lang)
    settings = demo_settings(port=port, lang=locale, data_dir=data_dir, environ=environ)
    phones = load_phones(settings.service.data_dir)
    clock, by_day = clock or MovableClock(), clock is None
    await _wound(settings, clock, by_day=by_day)
    made: list[tuple[Pages, TimeMachine, News]] = []

    def routes(app: App) -> list[web.RouteDef]:
        news = News(app.database, clock)
        machine = TimeMachine(app, clock, news)
        pages = Pages(app, machine, news, phones, locale)
        made.append((pages, machine, news))
        return pages.routes()

    async with running(settings, clock=clock, demo=True, pages=routes) as app:
        [(pages, machine, news)] = made
        pages.ids = await enter(app, phones, locale)
        await profiles.choose_again(app)
        async with news.watching():
            yield Demo(app, clock, machine, news, phones, dict(pages.ids))


async def _wound(settings: Settings, clock: MovableClock, *, by_day: bool) -> None:
    """Set the clock as far ahead as it was when the demo last stopped: time never goes back. To be called before the start."""
    await migrate(settings.database.url)
    async with Database(settings.database.url) as database:
        await database.read(lambda work: wind(work, clock))
        if by_day:
            wait_for_the_day(clock, settings.service.zone)
        await database.write(lambda work: keep(work, clock.ahead, clock.now()))


def wait_for_the_day(clock: MovableClock, zone: tzinfo) -> None:
    """Move on to the morning where it is evening or night: the quiet hours would hold back what a visitor came to see."""
    local = clock.now().astimezone(zone)
    if not _OPENS <= local.time() < _CLOSES:
        day = local.date() + timedelta(days=local.time() >= _CLOSES)
        clock.move_to(datetime.combine(day, _OPENS, zone))


async def serve_demo(*, port: int, lang: str, data_dir: Path) -> None:
    """Run the demo until SIGTERM or SIGINT. Raises ConfigError if it cannot start."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running_demo(port=port, lang=lang, data_dir=data_dir) as demo:
        url = f"http://127.0.0.1:{demo.app.port}/demo"
        file = write_settings(port=demo.app.port, lang=Locale(lang), data_dir=data_dir)
        said = {
            Locale.ZH: f"演示已就绪，请用浏览器打开 {url} （按 Ctrl+C 结束，数据保留在 {data_dir}；"
            f"在命令行查看：complaintbot rates --config {file}）",
            Locale.EN: f"The demo is up: open {url} in a browser (Ctrl+C ends it; its data stays in {data_dir};"
            f" commands look at it like this: complaintbot rates --config {file})",
        }
        print(said[Locale(lang)], flush=True)
        if left := ", ".join(unused(os.environ)):
            print(_UNUSED[Locale(lang)].format(names=left), flush=True)
        await settle(data_dir)
        await stop.wait()
