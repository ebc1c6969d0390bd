"""`check`, `migrate`, `run` and `demo`: what would keep the service from starting is told by name."""

from __future__ import annotations

import asyncio
import re
import socket
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app import running
from bot.checking import check
from bot.settings import load_settings
from bot.storage import queues
from bot.storage.database import migrate, revisions
from tests.unit.bot.cli_kit import EMAIL, Done, Run, in_database, refused, write


def results(done: Done) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in done.out.splitlines())


def test_check_says_ok_of_each_part(run: Run, data: Path) -> None:
    done = run("check")
    told = results(done)
    assert told.pop("roles") == "connectors, web, workers, scheduler"
    assert told.pop("schema") == f"ok: the tables are of revision {revisions()[-1]}, as this version's"
    assert (done.status, told) == (0, {"database": "ok", "rules": "ok", "http": "ok", "web": "ok"})


def test_check_calls_no_channel_well_that_the_service_has_as_down(run: Run, data: Path) -> None:
    in_database(data, lambda work: queues.save_cursor(work, "outage:web", "2026-03-02T02:00:00+00:00"))
    done = run("check")
    assert done.status == 1
    said = "it can be reached, but the service has it as down since 2026-03-02 02:00 UTC"
    assert results(done)["web"] == said


def test_check_tells_which_server_cannot_be_reached(run: Run, data: Path, closed_port: int) -> None:
    sms = "[connectors.sms]\nenabled = true\n"
    write("config.toml", EMAIL + f"imap_port = {closed_port}\nsmtp_port = {closed_port}\n" + sms)
    done = run("check", "--config", "config.toml")
    assert done.status == 1
    told = results(done)
    assert list(told) == ["secrets", "database", "schema", "rules", "http", "email", "web", "sms", "roles"]
    assert told["database"] == told["web"] == "ok"
    assert str(closed_port) in told["email"]
    assert "secret is empty" in told["sms"]
    assert "hunter2" not in done.out + done.err


@pytest.mark.parametrize(
    ("settings", "part", "told"),
    [
        ("[service]\npolicy = 'leyoujia-24'\n", "rules", "choose one of base"),
        ("[calendar]\nmonday = ['9-12']\n", "rules", "calendar.monday"),
        ("[calendar]\ncountry = 'XX'\n", "rules", "calendar.country"),
        ("[policies]\ndirectory = 'nowhere'\n", "rules", "policies.directory names"),
        ("[http]\nhost = '999.1.1.1'\n", "http", "http.host is '999.1.1.1'"),
    ],
)
def test_check_finds_what_would_keep_run_from_starting(run: Run, settings: str, part: str, told: str) -> None:
    write("config.toml", settings)
    done = run("check")
    assert done.status == 1
    assert told in results(done)[part]


def test_check_tells_of_the_database_and_still_of_the_rest(run: Run, closed_port: int) -> None:
    write(
        "config.toml", f"[database]\nurl = 'postgresql://bot:hunter2@127.0.0.1:{closed_port}/bot?connect_timeout=5'\n"
    )
    done = run("check")
    assert done.status == 1
    told = results(done)
    assert told["database"] != "ok"
    assert told["web"] == "ok"
    assert "hunter2" not in done.out + done.err


def test_check_makes_no_tables(run: Run, tmp_path: Path) -> None:
    done = run("check")
    assert (done.status, results(done)["database"]) == (0, "ok")
    assert results(done)["schema"].startswith("warning: there are no tables yet: `complaintbot run` makes them")
    assert [path.name for path in tmp_path.iterdir()] == []


def test_check_says_how_old_the_tables_are_and_leaves_them_so(run: Run, tmp_path: Path) -> None:
    older = revisions()[-2]
    asyncio.run(migrate(f"sqlite+aiosqlite:///{tmp_path / 'data' / 'complaintbot.db'}", older))
    for _ in range(2):
        done = run("check")
        said = results(done)["schema"]
        assert (done.status, said.startswith(f"warning: the tables are of revision {older}, and this")) == (0, True)
        assert "`complaintbot run` brings them up to date" in said


def test_check_refuses_the_tables_of_a_version_to_come(run: Run, data: Path) -> None:
    in_database(data, lambda work: work.session.execute(text("UPDATE alembic_version SET version_num = '9901'")))
    done = run("check")
    assert done.status == 1
    assert "revision 9901, which this version" in results(done)["schema"]


def test_check_says_where_a_file_stands_in_the_way(run: Run, tmp_path: Path) -> None:
    write("data", "a file")
    done = run("check")
    assert done.status == 1
    assert "nothing can be written to" in results(done)["database"]


def test_migrate_may_be_run_again(run: Run, tmp_path: Path) -> None:
    for _ in range(2):
        done = run("migrate")
        assert (done.status, done.out) == (0, "the database is up to date\n")
    assert (tmp_path / "data" / "complaintbot.db").is_file()


def test_a_database_that_is_none_is_told(run: Run, tmp_path: Path) -> None:
    write("file", "not a database, and longer than the head of one would be" * 100)
    write("config.toml", "[database]\nurl = 'sqlite:///file'\n")
    refused(run("migrate"), "database")


def test_check_warns_of_nights_that_nobody_watches(run: Run) -> None:
    """A promise of six hours runs out at night before anybody hears of it; that stops no start. What waits for the morning
    does not.
    """
    assert "nights:" not in run("check").out
    write("config.toml", '[service]\npolicy = "leyoujia-24h"\n')
    done = run("check", "--config", "config.toml")
    assert done.status == 0
    [warning] = [line for line in done.out.splitlines() if line.startswith("nights: ")]
    assert warning.startswith(
        "nights: warning: leyoujia-24h promises investigate_feedback 6h, and nobody is on duty on "
    )


def test_the_nights_of_a_site_are_reckoned_in_its_own_zone(run: Run, data: Path) -> None:
    write("staff.csv", "name,roles\n刘客服,agent\n")
    write("sites.csv", "code,name,calendar\nBER,Berlin,berlin\n")
    write("rota.csv", "team,person,days,hours\nBER,刘客服,daily,22:00-07:00\n")
    policy = '[service]\npolicy = "leyoujia-24h"\n'
    write("config.toml", policy + '[calendars.berlin]\ncountry = "DE"\ntimezone = "Europe/Berlin"\n')
    for what in ("staff", "sites", "rota"):
        assert run(what, "import", f"{what}.csv", "--config", "config.toml").status == 0
    assert "nights:" not in run("check", "--config", "config.toml").out


def test_check_warns_of_rows_and_clocks_that_nothing_fits(run: Run, data: Path) -> None:
    """A site that is not there and categories of another pack stop no start; they would wait in silence for ever."""
    write("sites.csv", "code,name\nCH,翠湖花园\n")
    assert run("sites", "import", "sites.csv").status == 0
    rows = '[[policies.choose]]\npolicy = "mingyuan"\nsites = ["hqq", "CH"]\n'
    rows += '[[policies.choose]]\npolicy = "vanke"\ncategories = ["UTILITY"]\n'
    write("config.toml", f'[service]\npolicy = "beijing-12345"\npack = "realestate"\n{rows}')
    done = run("check", "--config", "config.toml")
    assert done.status == 0
    assert [line.partition(": warning: ")[2] for line in done.out.splitlines() if line.startswith("policies: ")] == [
        "policies.choose.1.sites holds 'hqq', which is no site's code; there are CH",
        "policies.choose.2.categories holds 'UTILITY', which the pack realestate has not",
        "policy beijing-12345 has clocks for the categories COMPLEX, UTILITY, which the pack realestate has not, so they "
        "never run: set service.pack to one that has them, or choose another profile",
    ]
    write("config.toml", '[service]\npolicy = "beijing-12345"\npack = "hotline"\n')
    assert "policies: " not in run("check", "--config", "config.toml").out


def test_check_warns_of_a_profile_before_its_day(run: Run, data: Path, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    write("own/ours.toml", 'inherits = "base"\neffective_from = "2127-01-01"\n')
    write("config.toml", f'[service]\npolicy = "ours"\n[policies]\ndirectory = "{tmp_path / "own"}"\n')
    done = run("check", "--config", "config.toml")
    assert done.status == 0
    assert "policies: warning: policy ours is to hold from 2127-01-01, yet it runs already" in done.out


@pytest.mark.parametrize(
    ("lang", "said", "end"),
    [
        pytest.param("zh", ["我家厨房漏水三天了", "时间过去 24 小时", "满意"], "客户满意，已结案", id="zh"),
        pytest.param(
            "en", ["My kitchen has been leaking", "24 hours pass", "satisfied"], "the customer is satisfied", id="en"
        ),
    ],
)
def test_the_demo_plays_a_whole_life(run: Run, tmp_path: Path, lang: str, said: list[str], end: str) -> None:
    done = run("demo", "--play", "--lang", lang)
    assert done.status == 0
    for words in said:
        assert words in done.out
    assert re.search(r"TS\d{8}-0001", done.out)
    assert end in done.out.splitlines()[-1]
    assert done.out.count("\n\n") > 20
    assert not list(tmp_path.iterdir())


def test_a_demo_on_a_port_that_is_taken_is_told(run: Run) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(run("demo", "--port", str(port)), f"cannot listen on 127.0.0.1:{port}", "http.port: choose another")


def test_run_on_a_port_that_is_taken_is_told(run: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("COMPLAINTBOT_HTTP__PORT", str(taken.getsockname()[1]))
        done = run("run")
    assert done.status == 1
    assert "http.port" in done.err.splitlines()[-1]


# --- the port ---------------------------------------------------------------------------------------------------------


def test_check_says_what_run_would_say_of_the_port(run: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("COMPLAINTBOT_HTTP__PORT", str(port))
        done = run("check")
    assert done.status == 1
    assert results(done)["http"].startswith(f"cannot listen on 127.0.0.1:{port}: ")
    assert results(done)["http"].endswith("(http.port: choose another)")
    monkeypatch.setenv("COMPLAINTBOT_HTTP__PORT", "0")
    monkeypatch.setenv("COMPLAINTBOT_HTTP__HOST", "192.0.2.1")  # of the documents: no machine's
    done = run("check")
    assert done.status == 1
    assert results(done)["http"].endswith("(http.host: name an address of this machine)")


async def test_check_knows_the_port_that_this_service_has_from_anothers(tmp_path: Path) -> None:
    port = unused_port()
    ours = load_settings(None, {"COMPLAINTBOT_SERVICE__DATA_DIR": str(tmp_path / "a"), "COMPLAINTBOT_HTTP__PORT": port})
    others = load_settings(
        None, {"COMPLAINTBOT_SERVICE__DATA_DIR": str(tmp_path / "b"), "COMPLAINTBOT_HTTP__PORT": port}
    )
    async with running(ours):
        assert dict(await check(ours))["http"] == f"ok: 127.0.0.1:{port} is in use, by this service"
        assert dict(await check(others))["http"].startswith(f"cannot listen on 127.0.0.1:{port}")
    assert dict(await check(ours))["http"] == ""


def unused_port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])
