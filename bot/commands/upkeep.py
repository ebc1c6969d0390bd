"""What keeps a service well: backup, restore, audit, doctor."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.common import add, add_config, missing_file, no_database, read, settings_of, write
from complaints.errors import ConfigError

if TYPE_CHECKING:
    from bot.commands.common import Commands
    from bot.settings import Settings


def register(commands: Commands) -> None:
    backup = add(commands, "backup", _backup, "write everything into one file, beside a running service")
    backup.add_argument("file", type=Path, metavar="FILE", help="is not there yet")
    restore = add(commands, "restore", _restore, "let a stopped service be what a backup holds")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--check", action="store_true", help="only check the file, part by part")
    restore.add_argument(
        "--replace", action="store_true", help="put it in the place of what is there, which is gone afterwards"
    )
    restore.add_argument(
        "--keep-replaced",
        action="store_true",
        help="with --replace: keep what was there beside it, to be removed by hand",
    )
    restore.add_argument(
        "--hold-unsent", action="store_true", help="what waited to go out is uncertain, for a person to decide (outbox)"
    )
    chain = add(commands, "audit", None, "the chain in which every change of what happened shows").add_subparsers(
        required=True, metavar="WHAT"
    )
    audit_verify = add(
        chain,
        "verify",
        _audit_verify,
        "look through all of it, name the first link that does not hold, and complaints that are not what their events say",
    )
    audit_verify.add_argument(
        "--anchor",
        metavar="LINE",
        help="what audit anchor printed, or a file of such lines: each must be in the chain, which shows a lost end, and a"
        " chain that was made anew",
    )
    audit_anchor = add(chain, "anchor", _audit_anchor, "print the newest link, to be kept away from the database")
    secret = add(
        commands, "secret", None, "the secret with which replies, buttons and codes are signed"
    ).add_subparsers(required=True, metavar="WHAT")
    secret_adopt = add(
        secret,
        "adopt",
        _secret_adopt,
        "say that it was changed on purpose: what went out under the old one is believed no more",
    )
    doctor = add(commands, "doctor", _doctor, "find what is stuck, since when, and say what cures it")
    doctor.add_argument(
        "--deep", action="store_true", help="look through all that is open and at every file, too: it takes longer"
    )
    doctor.add_argument("--json", action="store_true", help="print one JSON list")
    for command in (backup, restore, audit_verify, audit_anchor, secret_adopt, doctor):
        add_config(command)


def _kept(options: argparse.Namespace) -> Settings:
    """Return the settings of a database that is there. Raises ConfigError."""
    settings = settings_of(options)
    if (missing := missing_file(settings)) is not None:
        raise ConfigError(no_database(settings, missing))
    return settings


def _backup(options: argparse.Namespace) -> int:
    from bot.backup import make, noted

    settings = _kept(options)
    manifest = make(settings, options.file)
    asyncio.run(noted(settings, manifest))
    print(f"{options.file}: {manifest}")
    if settings.service.secret:
        print("the signing key is not in it: it stands in your settings, keep them too", file=sys.stderr)
    for path in manifest.missing:
        print(f"{settings.files_dir / path} is not on the disk, so it is not in the backup", file=sys.stderr)
    return 0


def _restore(options: argparse.Namespace) -> int:
    from bot.alone import only_one
    from bot.backup import opened, restore
    from bot.storage.database import place_of

    settings = settings_of(options)
    with opened(options.file) as archive:
        print(f"{options.file}: {archive.manifest}")
        if options.check:
            return 0
        with only_one(settings):
            done = asyncio.run(
                restore(
                    settings,
                    archive,
                    replace=options.replace,
                    hold_unsent=options.hold_unsent,
                    keep_replaced=options.keep_replaced,
                )
            )
    if done.kept:
        print(f"what was there before is kept as {done.kept}: remove it once it is not needed any more")
    if done.again:
        print(f"{done.again} who had been erased came back with it, and were erased again")
    for person, why in done.owed:
        print(f"person {person} had been erased and is back: {why}; then complaintbot person erase", file=sys.stderr)
    if done.held:
        print(f"under a legal hold since the backup, and held here, too: {', '.join(done.held)}")
    if done.unread or not options.replace:
        says = "who was erased since the backup is not known here: complaintbot person erased --again FILE erases them again"
        print(says, file=sys.stderr)
        says = "nor what was put under a legal hold since: before the service starts, complaintbot hold place does so again"
        print(says, file=sys.stderr)
    where = place_of(settings.database.url)
    if done.waiting:
        says = f"{done.waiting} messages of ours waited to be sent when the backup was made"
        if options.hold_unsent:
            print(f"{says}: none goes out by itself now. Uncertain are {done.uncertain} in all; decide on each:")
            print("  complaintbot outbox uncertain, then complaintbot outbox resend or dismiss")
        else:
            print(
                f"{says}: they go out, perhaps again, when the service starts (--hold-unsent keeps them for a person)"
            )
    print(f"restored into {where}; start the service")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from bot.app import load_rules
    from bot.calendars import Calendars
    from bot.clock import SystemClock
    from bot.doctor import as_json, examine, lines

    settings = _kept(options)
    book, _ = load_rules(settings, Calendars(settings))
    found = asyncio.run(examine(settings, book, SystemClock().now(), deep=options.deep))
    if options.json:
        print(as_json(found))
    else:
        for line in lines(found, lambda at: at.astimezone(settings.service.zone)):
            print(line)
        if any(finding.since for finding in found):
            print(f"times are those of {settings.service.timezone}")
        if not found:
            print("nothing is stuck")
    return 1 if any(finding.wrong for finding in found) else 0


def _secret_adopt(options: argparse.Namespace) -> int:
    from bot.settings import signing_secret
    from bot.signing import adopt
    from bot.tokens import Signer

    # The database first: where there is none, no secret is made beside it.
    mark = Signer(signing_secret(_kept(options).service)).mark
    changed = write(options, lambda work: adopt(work, mark))
    print("from now on every process is to have this secret" if changed else "it is the secret that is known already")
    return 0


def _audit_verify(options: argparse.Namespace) -> int:
    from bot.auditing import read_anchors, said
    from bot.storage import audit

    anchors = read_anchors(options.anchor) if options.anchor is not None else ()
    found = read(options, lambda work: audit.verify(work, anchors))
    print(said(found))
    return 0 if found.whole else 1


def _audit_anchor(options: argparse.Namespace) -> int:
    from bot.auditing import anchor_line
    from bot.storage import audit
    from bot.storage.work import Work
    from bot.winding import clock_of

    async def look(work: Work) -> str:
        return anchor_line(await audit.head_of(work), (await clock_of(work)).now())

    print(read(options, look))
    return 0
