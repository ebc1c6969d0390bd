"""The house in order: nothing of one machine and no secret in tracked files, no dead link, locks and licence in place."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import load_settings

ROOT = Path(__file__).parent.parent

# Put together here so that this file does not accuse itself.
INDEX_HOSTS = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "tuna.tsing" + "hua",
    "mirrors." + "aliyun",
    "registry.npm" + "js",
)
MACHINE_PATHS = re.compile(r"(?<![\w.~>])/(?:" + "|".join(("work", "root", "farm")) + r")/")
SECRETS = {
    "a private key": re.compile("-----BEGIN [A-Z ]*PRIVATE " + "KEY-----"),
    "a Telegram bot's token": re.compile(r"(?<!\d)\d{8,12}:AA[\w-]{33}(?![\w-])"),
    "an AWS key": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "a GitHub token": re.compile(r"\bgh[opsu]_[A-Za-z0-9]{36}\b"),
    "an API key": re.compile(r"\bsk-[A-Za-z0-9_-]{32,}"),
}
# Made up for the tests of what the logs leave out.
MADE_UP = {("tests/unit/bot/test_logs.py", "a Telegram bot's token")}

LINK = re.compile(r"!?\[[^\]\n]*\]\(\s*<?([^)\s>]+)>?[^)\n]*\)")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.M)
FENCED = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)
CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`", re.M | re.S)


def tracked_files() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def texts(files: list[Path]) -> Iterator[tuple[str, str]]:
    """Yield name and content of each file; what is no UTF-8 is read as far as it goes."""
    for path in files:
        yield path.relative_to(ROOT).as_posix(), path.read_bytes().decode("utf-8", errors="replace")


@pytest.fixture(scope="module")
def files() -> list[Path]:
    if not (ROOT / ".git").exists():
        return [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]
    return tracked_files()


def complaints_about(name: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        for host in INDEX_HOSTS:
            if host in line:
                yield f"{name}:{number}: names the package index {host}"
        if MACHINE_PATHS.search(line):
            yield f"{name}:{number}: names a path of one machine"
        for what, pattern in SECRETS.items():
            if pattern.search(line) and (name, what) not in MADE_UP:
                yield f"{name}:{number}: holds {what}"


def anchors(markdown: str) -> set[str]:
    """Return the anchors that a page's headings get: lower case, blanks as dashes, punctuation dropped."""
    found: set[str] = set()
    for heading in HEADING.findall(FENCED.sub("", markdown)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        found.add(re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-"))
    return found


def dead_links(name: str, markdown: str) -> Iterator[str]:
    for target in LINK.findall(CODE.sub("", markdown)):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue  # to the outside: not ours to keep alive
        path, _, anchor = target.partition("#")
        page = (ROOT / name).parent / path if path else ROOT / name
        if not page.exists():
            yield f"{name}: {target} does not exist"
        elif anchor and page.suffix == ".md" and anchor.lower() not in anchors(page.read_text(encoding="utf-8")):
            yield f"{name}: {target} names no heading"


def test_nothing_of_one_machine_and_no_secret_is_tracked(files: list[Path]) -> None:
    assert [found for name, text in texts(files) for found in complaints_about(name, text)] == []


def test_every_link_of_the_docs_leads_somewhere(files: list[Path]) -> None:
    pages = [path for path in files if path.suffix == ".md"]
    assert [found for name, text in texts(pages) for found in dead_links(name, text)] == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://" + INDEX_HOSTS[0] + "/simple",
        "cd /" + "work/main",
        "path = '/" + "root/.cache'",
        "-----BEGIN RSA PRIVATE " + "KEY-----",
        "token = '7123456789:AA" + "x" * 33 + "'",
        "AKIA" + "A" * 16,
    ],
)
def test_what_must_not_be_tracked_is_recognised(line: str) -> None:
    assert len(list(complaints_about("some.file", f"first\n{line}\n"))) == 1


@pytest.mark.parametrize("line", ["https://example.com/root/", "data/work/x", "<data_dir>/root/", "~/work/"])
def test_other_paths_are_allowed(line: str) -> None:
    assert list(complaints_about("some.file", line)) == []


def test_a_dead_link_is_recognised() -> None:
    page = "[a](nowhere.md) [b](LICENSE) [c](#no-such) [d](#a-heading) `[e](code.md)` [f](https://x.example/y)\n# A heading\n"
    assert next(dead_links("CHANGELOG.md", page)) == "CHANGELOG.md: nowhere.md does not exist"
    assert [found.split()[1] for found in dead_links("CHANGELOG.md", page)] == ["nowhere.md", "#no-such", "#a-heading"]
    assert anchors("# A heading\n## `run`, and *more*\n### 三、接口\n") == {"a-heading", "run-and-more", "三接口"}


def test_the_example_settings_load() -> None:
    assert load_settings(ROOT / "config.example.toml", {}).service.policy == "base"


def test_what_is_private_to_a_machine_is_not_tracked(files: list[Path]) -> None:
    names = {path.relative_to(ROOT).as_posix() for path in files}
    assert "config.toml" not in names
    assert [name for name in names if name.startswith("data/") or name.endswith((".db", ".db-wal", ".db-shm"))] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_locks_are_hashed_and_name_everything_asked_for(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    asked = project["project"]["dependencies"] + groups["build"]
    if lock == "requirements-dev.lock":
        asked += [each for each in groups["dev"] if isinstance(each, str)]
    pinned = {name.lower().replace("_", "-") for name in re.findall(r"^([\w.-]+)==", text, re.M)}
    assert [each for each in asked if re.split(r"[\[<>=!~ ;]", each)[0].lower() not in pinned] == []
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_the_two_locks_agree() -> None:
    pins = [
        dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.M))
        for lock in ("requirements.lock", "requirements-dev.lock")
    ]
    assert {name: version for name, version in pins[0].items() if pins[1].get(name) != version} == {}


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
