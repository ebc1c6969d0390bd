"""The command line. Exit status 0 on success, 1 on a user's error with one clear line, of a table one for each
that is wrong."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from bot.commands import asking, figures, messages, persons, service, tables, upkeep
from bot.commands.common import Parser
from complaints.errors import ComplaintError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; `arguments` default to the process's own."""
    options = _parser().parse_args(arguments)
    before = os.umask(0o077)  # whatever we write holds what people told us
    try:
        return int(options.command(options))
    except ComplaintError as error:
        print(f"complaintbot: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough (`| head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    finally:
        os.umask(before)


class _Version(argparse.Action):
    """Asked for, not built in: looking the version up takes longer than the rest of the parser."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        from bot.storage.database import revisions

        print(f"complaintbot {version('complaintbot')}, tables of revision {revisions()[-1]}")
        parser.exit()


def _parser() -> Parser:
    parser = Parser(prog="complaintbot", description="Takes complaints in and lives through each of them inside chat.")
    parser.add_argument("--version", action=_Version, nargs=0, help="print which version this is, and exit")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for kin in (service, upkeep, asking, tables, messages, persons, figures):  # the order of --help
        kin.register(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
