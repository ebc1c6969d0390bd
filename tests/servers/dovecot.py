"""A real Dovecot (2.3) of one's own, on ephemeral ports, that can be killed and started again."""

from __future__ import annotations

import asyncio
import contextlib
import grp
import imaplib
import itertools
import os
import pwd
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

from tests.servers import required

PASSWORD = "secret"
_START_S = 20.0


def free_port() -> int:
    """Return a port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a self-signed certificate for 127.0.0.1 and localhost; return (certificate, key)."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-out", str(cert), "-keyout", str(key),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return cert, key


def _arrival(file: Path) -> list[int]:
    """Return what a Maildir's files are to be sorted by: seconds, microseconds and so on, as numbers."""
    return [int(number) for number in re.findall(r"\d+", file.name.partition(":")[0])[:4]]


class Dovecot:
    """`async with Dovecot() as server`: any user name is a mailbox, the password is `secret`.

    host, imap_port (plain), imaps_port (TLS), ca_file (trusts its certificate). Mail is kept over `kill` and `start`.
    STARTTLS is offered on the plain port. introspection_url: where to ask about access tokens; then XOAUTH2 is offered.
    Runs as root with an unprivileged user of its own, or as whoever runs the tests.
    """

    host = "127.0.0.1"
    password = PASSWORD

    def __init__(self, tmp_dir: Path | None = None, *, introspection_url: str = "") -> None:
        # The path of a Unix socket has room for 107 characters: pytest's own folders are too deep.
        self._dir = Path(tempfile.mkdtemp(prefix="dc", dir=tmp_dir or "/tmp"))
        self._dir.chmod(0o755)
        self.imap_port = 0
        self.imaps_port = 0
        self._introspection_url = introspection_url
        self._process: asyncio.subprocess.Process | None = None
        self._numbers = itertools.count(1)
        account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.getuid())
        self._uid, self._gid = account.pw_uid, account.pw_gid
        self._user, self._group = account.pw_name, grp.getgrgid(account.pw_gid).gr_name
        self._mail = self._dir / "mail"
        self._mail.mkdir()
        os.chown(self._mail, self._uid, self._gid)
        cert, self._key = make_certificate(self._dir)
        self.ca_file = str(cert)

    async def __aenter__(self) -> Dovecot:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.kill()
        shutil.rmtree(self._dir, ignore_errors=True)

    async def start(self) -> None:
        """Start it, on the same ports as before if it ran before, and wait until it answers."""
        if not self.imap_port:
            self.imap_port, self.imaps_port = free_port(), free_port()
        config = self._dir / "dovecot.conf"
        config.write_text(self._config() + self._token_config())
        self._process = await asyncio.create_subprocess_exec(
            required.program("Dovecot", "dovecot"),
            "-F",
            "-c",
            str(config),
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        async with asyncio.timeout(_START_S):
            while not await self._answers():
                if self._process.returncode is not None:
                    log = self._dir / "log"
                    raise RuntimeError(f"dovecot did not start: {log.read_text() if log.exists() else 'no log'}")
                await asyncio.sleep(0.02)

    async def _answers(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection(self.host, self.imap_port)
        except OSError:
            return False
        try:
            return (await reader.readline()).startswith(b"* OK")
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def kill(self) -> None:
        """Kill it and its children without warning (SIGKILL), and wait until they are gone."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()

    def freeze(self) -> None:
        """Let all of it neither answer nor die, until `thaw`."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def deliver(self, user: str, raw: bytes, *, days_ago: int = 0) -> str:
        """Put a mail into a user's INBOX as a delivery agent does, whether the server runs or not; return its file name."""
        box = self._maildir(user)
        seconds, nanoseconds = divmod(time.time_ns(), 10**9)
        name = f"{seconds}.M{nanoseconds // 1000}P{os.getpid()}Q{next(self._numbers):06d}.test"
        fresh = box / "tmp" / name
        fresh.write_bytes(raw)
        os.chown(fresh, self._uid, self._gid)
        received = time.time() - days_ago * 86_400
        os.utime(fresh, (received, received))
        fresh.rename(box / "new" / name)
        return name

    async def append(self, user: str, raw: bytes, mailbox: str = "INBOX") -> None:
        """Put a mail there over IMAP, as a mail program does."""
        await asyncio.to_thread(self._append, user, raw, mailbox)

    def _append(self, user: str, raw: bytes, mailbox: str) -> None:
        with imaplib.IMAP4(self.host, self.imap_port, timeout=30) as client:
            client.login(user, PASSWORD)
            if mailbox != "INBOX":
                client.create(mailbox)
            client.append(mailbox, None, None, raw)

    async def command(self, user: str, *steps: tuple[str, ...], mailbox: str = "INBOX") -> list[object]:
        """Do things to a mailbox as another mail program would: each step is a method of `imaplib` and its arguments."""
        return await asyncio.to_thread(self._command, user, steps, mailbox)

    def _command(self, user: str, steps: tuple[tuple[str, ...], ...], mailbox: str) -> list[object]:
        with imaplib.IMAP4(self.host, self.imap_port, timeout=30) as client:
            client.login(user, PASSWORD)
            client.select(mailbox)
            return [getattr(client, name)(*arguments) for name, *arguments in steps]

    def fetch_all(self, user: str) -> list[bytes]:
        """Return every mail in a user's INBOX, in order of delivery."""
        return self.folder(user)

    def is_seen(self, user: str) -> list[bool]:
        """Tell for every mail in a user's INBOX whether it carries the \\Seen flag."""
        box = self._maildir(user)
        files = sorted((*(box / "new").iterdir(), *(box / "cur").iterdir()), key=_arrival)
        return ["S" in file.name.partition(":2,")[2] for file in files]

    async def spoil(self, user: str, number: int) -> None:
        """Make the `number`th mail's file unreadable: Dovecot breaks the connection over it."""
        box = self._maildir(user)
        await self.command(user, ("noop",))  # brings what is new into the index
        file = sorted((box / "cur").iterdir(), key=_arrival)[number - 1]
        file.chmod(0)

    def client_tls(self) -> ssl.SSLContext:
        """Return a context that trusts this server."""
        return ssl.create_default_context(cafile=self.ca_file)

    def _maildir(self, user: str) -> Path:
        box = self._mail / user
        for part in (box, box / "tmp", box / "new", box / "cur"):
            if not part.exists():
                part.mkdir(exist_ok=True)
                os.chown(part, self._uid, self._gid)
        return box

    def _token_config(self) -> str:
        if not self._introspection_url:
            return ""
        details = self._dir / "oauth2.conf"
        details.write_text(
            f"introspection_url = {self._introspection_url}\nintrospection_mode = post\n"
            "username_attribute = username\nactive_attribute = active\nactive_value = true\n"
        )
        return (
            "auth_mechanisms = plain login xoauth2\n"
            f"passdb {{\ndriver = oauth2\nmechanisms = xoauth2\nargs = {details}\n}}\n"
        )

    def folder(self, user: str, name: str = "INBOX") -> list[bytes]:
        """Return every mail in a folder, named as in IMAP, in order of delivery; none where there is no such folder."""
        box = self._mail / user if name == "INBOX" else self._mail / user / f".{name}"
        while True:
            files = [file for part in ("new", "cur") if (box / part).is_dir() for file in (box / part).iterdir()]
            with contextlib.suppress(
                FileNotFoundError
            ):  # Dovecot moved one meanwhile, or gave it another flag: look again
                return [file.read_bytes() for file in sorted(files, key=_arrival)]

    def _config(self) -> str:
        d = self._dir
        lines = f"""
            base_dir = {d}/run
            state_dir = {d}/state
            log_path = {d}/log
            protocols = imap
            listen = 127.0.0.1
            ssl = yes
            ssl_cert = <{self.ca_file}
            ssl_key = <{self._key}
            disable_plaintext_auth = no
            default_login_user = {self._user}
            default_internal_user = {self._user}
            default_internal_group = {self._group}
            first_valid_uid = 1
            mail_location = maildir:{d}/mail/%u
            mail_max_userip_connections = 100
            auth_failure_delay = 0
            imap_idle_notify_interval = 2 secs
            passdb {{
              driver = static
              args = password={PASSWORD}
            }}
            userdb {{
              driver = static
              args = uid={self._uid} gid={self._gid} home={d}/mail/%u
            }}
            service imap-login {{
              chroot =
              inet_listener imap {{
                port = {self.imap_port}
              }}
              inet_listener imaps {{
                port = {self.imaps_port}
                ssl = yes
              }}
            }}
            service anvil {{
              chroot =
            }}
        """
        return "\n".join(line.strip() for line in lines.strip().splitlines()) + "\n"
