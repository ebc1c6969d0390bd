"""What people are told of their data, what is kept of who looked at it, and that deleted means deleted on a server, too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import text

from bot.retention import purge
from bot.storage import retention
from bot.storage.work import Work
from tests.fakes import until
from tests.unit.bot.cli_kit import STAFF as TABLE
from tests.unit.bot.cli_kit import Run, in_database, write
from tests.unit.bot.commands.test_messages import set_aside
from tests.unit.bot.desk_kit import Kit, open_desk

TOLD = "您的信息只用来处理您反映的事"
PHONE = "+8613712345678"


class TestTheyAreTold:
    async def test_once_in_the_first_answer(self, kit: Kit) -> None:
        await kit.says("电梯坏了三天没人修", "c1")
        await kit.deliver()
        await kit.says("厨房漏水，物业不管", "c1")
        await kit.deliver()
        first, *others = kit.chat.texts("c1")
        assert (first.count(TOLD), len(others) > 0, "".join(others).count(TOLD)) == (1, True, 0)

    async def test_by_mail_as_well(self, kit: Kit) -> None:
        await kit.says("电梯坏了三天没人修", "li@example.com", "email", subject="投诉", message_id="<1@example.com>")
        await kit.deliver()
        assert "".join(kit.mail.texts("li@example.com")).count(TOLD) == 1

    async def test_an_sms_has_no_room_for_it(self, kit: Kit) -> None:
        await kit.says("电梯坏了三天没人修", PHONE, "sms")
        await kit.deliver()
        assert kit.sms.texts(PHONE)
        assert TOLD not in "".join(kit.sms.texts(PHONE))


class TestWhoLookedIsKept:
    def acts(self, data: Path) -> Sequence[tuple[str, str, bool]]:
        """Return each act: what, its facts, whether an account of the machine did it."""

        async def read(work: Work) -> list[tuple[str, str, bool]]:
            rows = await work.session.execute(text("SELECT kind, facts, by FROM acts ORDER BY id"))
            return [(kind, facts, by.startswith("shell:")) for kind, facts, by in rows]

        return [act for act in in_database(data, read) if act[0] not in ("policy_stored", "staff_imported")]

    def test_of_the_staff_of_a_raw_message_and_of_everything(self, run: Run, data: Path) -> None:
        set_aside(data)
        assert run("staff", "import", write("staff.csv", TABLE)).status == 0
        assert run("staff", "list").status == 0
        assert run("quarantine", "show", "2").status == 0
        assert run("backup", "desk.zip").status == 0
        kinds = [kind for kind, _, _ in self.acts(data)]
        assert kinds == ["staff_listed", "quarantine_shown", "backed_up"]
        assert all(by_account for _, _, by_account in self.acts(data))
        assert "13800138000" not in "".join(facts for _, facts, _ in self.acts(data))

    def test_nothing_of_what_was_understood_is_shown(self, run: Run, data: Path) -> None:
        set_aside(data)
        assert run("quarantine", "show", "1").status == 0
        refused = run("quarantine", "show", "3")
        assert (refused.status, refused.out) == (1, "")
        assert "message 3 is not in quarantine" in refused.err
        assert [kind for kind, _, _ in self.acts(data)] == ["quarantine_shown"]


async def test_a_servers_tables_are_vacuumed_after_somebody_was_erased(fresh_postgres_url: str) -> None:
    async with open_desk(fresh_postgres_url) as kit:

        async def vacuumed(work: Work) -> int:
            counted = "SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'people'"
            return int(await work.session.scalar(text(counted)) or 0)

        assert await kit.database.read(vacuumed) == 0
        await kit.write(lambda work: retention.want_purge(work, True))
        assert await purge(kit.database)
        await until(lambda: kit.database.read(vacuumed), "what was erased is vacuumed")
        assert not await kit.database.read(retention.purge_wanted)
