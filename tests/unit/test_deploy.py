"""The files for deployment hold together: with each other, with the settings, the commands and the metrics there are."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import subprocess
from fnmatch import fnmatch
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from bot.__main__ import _parser
from bot.delivery import Counts
from bot.operations import Operations
from bot.settings import Settings, load_settings
from bot.storage.database import Database
from connectors.web import WebChatSettings
from scheduler.port import Beat, Fate
from tests.unit.bot.desk_kit import SMS, FakeChannel

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"

INSTRUCTIONS = {
    "FROM", "WORKDIR", "RUN", "COPY", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "STOPSIGNAL", "ENTRYPOINT", "CMD",
}  # fmt: skip
SERVICE_KEYS = {
    "image", "build", "command", "restart", "environment", "secrets", "volumes", "networks", "healthcheck", "depends_on",
    "ports", "read_only", "tmpfs", "cap_drop", "security_opt", "init", "stop_grace_period", "logging",
}  # fmt: skip


def containerfile() -> list[tuple[str, str]]:
    """Return the instructions of the Containerfile with what follows each."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Containerfile").read_text(encoding="utf-8"), flags=re.M)
    lines = re.sub(r"\\\n", " ", text).splitlines()
    return [(name, rest.strip()) for name, _, rest in (line.strip().partition(" ") for line in lines) if name]


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = msgspec.yaml.decode((DEPLOY / "compose.yaml").read_bytes())
    return loaded


def ignored(name: str) -> bool:
    """Say whether .dockerignore keeps a file out of what a build sees."""
    out = False
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#") and fnmatch(name, line.removeprefix("!")):
            out = not line.startswith("!")
    return out


def understood(command: str) -> Any:
    """Return the options of a command line of ours; fails where there is no such command."""
    words = shlex.split(command)
    assert words[0].rpartition("/")[2] in ("complaintbot", "run")
    return _parser().parse_args(words[1:])


def test_the_containerfile_copies_what_there_is_and_runs_as_nobody_in_particular() -> None:
    instructions = containerfile()
    assert {name for name, _ in instructions} <= INSTRUCTIONS
    copied = set()
    for name, rest in instructions:
        if name == "COPY" and not rest.startswith("--from"):
            *sources, _ = rest.split()
            copied |= set(sources)
    assert all((ROOT / source).exists() and not ignored(source) for source in copied)
    packages = re.search(r"^packages = \[(.*)\]$", (ROOT / "pyproject.toml").read_text(), re.M | re.S)
    assert packages is not None
    wanted = re.findall(r'"(\w+)"', packages[1].partition("]")[0])
    assert {*wanted, "templates", "pyproject.toml"} <= copied
    assert ignored("config.toml")
    assert ignored("data")
    [user] = [rest for name, rest in instructions if name == "USER"]
    assert int(user.partition(":")[0]) > 0


def test_the_containers_settings_are_settings_and_its_health_check_is_python() -> None:
    instructions = containerfile()
    [values] = [rest for name, rest in instructions if name == "ENV"]
    environ = dict(word.split("=", 1) for word in shlex.split(values))
    settings = load_settings(None, environ)
    assert (settings.http.host, settings.http.port) == ("0.0.0.0", 8080)
    [volume] = [rest for name, rest in instructions if name == "VOLUME"]
    assert str(settings.service.data_dir) == volume
    [check] = [rest for name, rest in instructions if name == "HEALTHCHECK"]
    command = msgspec.json.decode(check.partition("CMD ")[2], type=list[str])
    assert command[:2] == ["python", "-c"]
    compile(command[2], "HEALTHCHECK", "exec")
    assert f":{settings.http.port}/healthz" in command[2]
    [entry] = [rest for name, rest in instructions if name == "ENTRYPOINT"]
    [run] = [rest for name, rest in instructions if name == "CMD"]
    words = msgspec.json.decode(entry, type=list[str]) + msgspec.json.decode(run, type=list[str])
    understood(shlex.join(words))


def test_what_the_compose_file_names_is_there() -> None:
    file = compose()
    assert file.keys() == {"name", "services", "secrets", "volumes", "networks"}
    for name, service in file["services"].items():
        assert service.keys() <= SERVICE_KEYS, name
        assert set(service.get("secrets", [])) <= file["secrets"].keys()
        assert set(service["networks"]) <= file["networks"].keys()
        for mount in service["volumes"]:
            source = mount.partition(":")[0]
            assert source in file["volumes"] or source.startswith("./")
        for other, how in service.get("depends_on", {}).items():
            assert how["condition"] == "service_healthy"
            assert "healthcheck" in file["services"][other]
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), "the service speaks no TLS"
        for secret in service.get("secrets", []):
            assert f"/run/secrets/{secret}" in service["environment"].values()
    build = file["services"]["complaintbot"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).resolve() == ROOT / "Containerfile"
    assert all(secret["file"].startswith("secrets/") for secret in file["secrets"].values())


def test_the_compose_files_settings_load_with_its_secrets(tmp_path: Path) -> None:
    service = compose()["services"]["complaintbot"]
    head = (DEPLOY / "compose.yaml").read_text(encoding="utf-8").partition("\nname:")[0]
    made = re.search(r"printf '(\S+)'", head)
    assert made is not None
    written = {"database_url": made[1] % "0123456789abcdef", "signing_key": "k" * 64}
    for name, content in written.items():
        (tmp_path / name).write_text(content + "\n")
    environ = {key: value.replace("/run/secrets", str(tmp_path)) for key, value in service["environment"].items()}
    settings = load_settings(ROOT / "config.example.toml", environ)
    assert settings.database.url == "postgresql+psycopg://complaintbot:0123456789abcdef@database/complaintbot"
    assert settings.service.secret == "k" * 64
    assert "database" in compose()["services"]
    options = understood(shlex.join(["complaintbot", *service["command"]]))
    assert f"./{options.config.name}:{options.config}:ro" in service["volumes"]


@pytest.mark.parametrize("unit", sorted(path.name for path in DEPLOY.glob("*.service")))
def test_the_units_run_commands_that_there_are(unit: str, tmp_path: Path) -> None:
    text = re.sub(r"\\\n\s*", "", (DEPLOY / unit).read_text(encoding="utf-8"))
    parsed = configparser.ConfigParser(strict=False, interpolation=None, comment_prefixes=("#",))
    parsed.read_string(text)
    start = parsed["Service"]["ExecStart"]
    if not start.startswith("/bin/sh"):
        assert str(understood(start).config) == "/etc/complaintbot/config.toml"
        return
    script = shlex.split(start)[2].replace("$$", "$").replace("%%", "%")
    subprocess.run(["sh", "-n", "-c", script], check=True)
    for command in re.findall(r"\brun ((?:backup|restore|audit)[^;>]*)", script):
        understood(f"complaintbot {command} --config x")


@pytest.mark.parametrize("broken", ["", "audit verify", "restore"])
def test_the_nightly_backup_verifies_before_it_adds_an_anchor_or_removes_a_backup(tmp_path: Path, broken: str) -> None:
    """broken: which command fails."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "complaintbot-backup.service").read_text(encoding="utf-8"))
    [start] = [line.removeprefix("ExecStart=") for line in text.splitlines() if line.startswith("ExecStart=")]
    command = tmp_path / "complaintbot"
    command.write_text(f"""#!/bin/sh
echo "$@" >> calls.txt
case "$*" in
    {broken.replace(" ", "?") or "none"}*) exit 1 ;;
    audit?anchor*) echo "an anchor" ;;
    backup*) touch "$2" ;;
esac
""")
    command.chmod(0o700)
    old = tmp_path / "desk-old.zip"
    script = shlex.split(start)[2].replace("$$", "$").replace("%%", "%")
    script = script.replace("/var/backups/complaintbot", str(tmp_path)).replace(
        "/opt/complaintbot/.venv/bin/complaintbot", str(command)
    )
    for night in range(2):
        old.touch()
        os.utime(old, (0, 0))
        done = subprocess.run(["sh", "-euc", script], check=False)
        assert (done.returncode == 0) is (not broken)
        anchors = tmp_path / "anchors.txt"
        assert (len(anchors.read_text().splitlines()) if anchors.exists() else 0) == (0 if broken else night + 1)
        assert old.exists() is bool(broken)
    called = [line.partition(" --config")[0] for line in (tmp_path / "calls.txt").read_text().splitlines()]
    if not broken:
        assert [each for each in called if each.startswith("audit")] == [
            "audit verify", "audit anchor", "audit verify --anchor anchors.txt", "audit anchor",
        ]  # fmt: skip


async def test_the_alerts_ask_for_metrics_that_there_are(fresh_sqlite_url: str) -> None:
    groups = msgspec.yaml.decode((DEPLOY / "alerts.yml").read_bytes())["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules) >= 8
    counts = Counts()
    counts.add("sms", Fate.SENT)
    async with Database(fresh_sqlite_url) as database:
        operations = Operations(
            database, {"sms": FakeChannel("sms", SMS)}, {"timers": Beat(1.0)}, counts, roles=["web"]
        )
        app = web.Application()
        app.add_routes(operations.routes())
        async with TestClient(TestServer(app)) as client:
            page = await (await client.get("/metrics")).text()
    samples = [sample for family in text_string_to_metric_families(page) for sample in family.samples]
    names = {sample.name for sample in samples}
    queues = {sample.labels["queue"] for sample in samples if "queue" in sample.labels}
    for rule in rules:
        assert rule.keys() == {"alert", "expr", "for", "labels", "annotations"}
        asked = set(re.findall(r"complaintbot_\w+", rule["expr"]))
        assert asked <= names, rule["alert"]
        assert set(re.findall(r"(?:inbox|outbox)_\w+", rule["expr"])) <= queues, rule["alert"]
        for command in re.findall(r"complaintbot (?:[a-z]+ ?)+", rule["annotations"]["do"]):
            understood(command)


def test_the_web_servers_pass_on_to_where_the_service_listens() -> None:
    port = Settings().http.port
    nginx, caddy = ((DEPLOY / name).read_text(encoding="utf-8") for name in ("nginx.conf", "Caddyfile"))
    assert f"proxy_pass http://127.0.0.1:{port};" in nginx
    assert f"reverse_proxy 127.0.0.1:{port}" in caddy
    for text in (nginx, caddy):
        bare = re.sub(r"#.*", "", text)
        assert bare.count("{") == bare.count("}")
    for line in re.sub(r"#.*", "", nginx).splitlines():
        assert not line.strip() or line.strip()[-1] in "{};"


def test_nginx_limits_chats_and_hooks_by_address_and_by_network_of_ipv6() -> None:
    nginx = re.sub(r"#.*", "", (DEPLOY / "nginx.conf").read_text(encoding="utf-8"))
    zones = set(re.findall(r"limit_(?:req|conn)_zone (\S+) zone=(\w+):", nginx))
    assert {key for key, _ in zones} == {"$complaintbot_caller"}
    used = set()
    for path, most in (("/chat/socket", WebChatSettings().sockets_per_address), ("/hooks/", None)):
        [body] = re.findall(rf"location (?:= )?{path} {{([^}}]*)}}", nginx)
        assert "proxy_pass" in body
        used |= set(re.findall(r"limit_req zone=(\w+)|limit_conn (\w+)", body))
        if most is not None:
            assert f" {most};" in body
    assert {req or conn for req, conn in used} == {zone for _, zone in zones}
    [pattern] = re.findall(r'"~(\(\?s\)\S+)"\s+\$complaintbot_network;', nginx)
    network = re.compile(pattern.replace("(?<", "(?P<").replace(r"\z", r"\Z").encode())
    for one, other, alike in (
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:a0a:0:1", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
    ):
        keys = [network.fullmatch(ip_address(each).packed) for each in (one, other)]
        assert all(keys)
        assert (keys[0]["complaintbot_network"] == keys[1]["complaintbot_network"]) is alike  # type: ignore[index]
    assert network.fullmatch(ip_address("203.0.113.7").packed) is None
