"""The service itself: demo, run, check, migrate."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.common import add, add_config, named, settings_file, settings_of

if TYPE_CHECKING:
    from bot.commands.common import Commands


def register(commands: Commands) -> None:
    demo = add(
        commands, "demo", _demo, "everything embedded, on a page with three phones and a clock that can be moved"
    )
    demo.add_argument("--port", type=_port, default=8080, help="port on the loopback address (default 8080)")
    demo.add_argument("--lang", choices=("zh", "en"), default="zh")
    demo.add_argument("--data", type=Path, default=Path("data"), help="folder for its data (default data/)")
    demo.add_argument("--play", action="store_true", help="play one whole life in the terminal instead")

    run = add(commands, "run", _run, "run the service")
    check = add(commands, "check", _check, "check the settings, then whether each connector can be reached")
    migrate = add(commands, "migrate", _migrate, "bring the database up to this version (run does so by itself)")
    for command in (run, check, migrate):
        add_config(command)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: it lies between 0 and 65535")
    return int(text)


def _demo(options: argparse.Namespace) -> int:
    gc.disable()  # as in `_run`
    from bot.demo.play import play
    from bot.demo.service import serve_demo

    if options.play:
        asyncio.run(play(options.lang, sys.stdout))
    else:
        asyncio.run(serve_demo(port=options.port, lang=options.lang, data_dir=options.data))
    return 0


def _run(options: argparse.Namespace) -> int:
    gc.disable()  # until it is up: nothing that is loaded goes away again
    from bot.app import serve
    from bot.settings.exposure import exposed

    settings = settings_of(options, channels=True)
    for warning in exposed(settings_file(options), os.environ):
        logging.getLogger(__name__).warning(warning)
    with named(settings_file(options)):
        asyncio.run(serve(settings))
    return 0


def _check(options: argparse.Namespace) -> int:
    from bot.checking import FINE, WARNING, check
    from bot.doctor import channels_said_down
    from bot.settings.exposure import exposed

    failures = 0
    settings = settings_of(options, channels=True)
    for warning in exposed(settings_file(options), os.environ):
        print(f"secrets: {WARNING}{warning}")
    with named(settings_file(options)):
        found = asyncio.run(check(settings))
    said = asyncio.run(channels_said_down(settings))
    for name, tried in found:
        trouble = tried
        if not tried and name in said:
            trouble = f"it can be reached, but the service has it as {said[name]}"
        print(f"{name}: {trouble.removeprefix(f'{name}: ') or 'ok'}")
        failures += bool(trouble) and not trouble.startswith((FINE, WARNING))
    print(f"roles: {', '.join(settings.service.roles)}")
    return 1 if failures else 0


def _migrate(options: argparse.Namespace) -> int:
    from bot.storage.database import migrate

    asyncio.run(migrate(settings_of(options).database.url))
    print("the database is up to date")
    return 0
