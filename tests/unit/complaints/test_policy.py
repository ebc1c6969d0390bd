"""Profiles as data: what ships, what is inherited, and how a slip of the pen is reported."""

from __future__ import annotations

import tomllib
from datetime import time, timedelta
from pathlib import Path

import pytest

from complaints import policy
from complaints.calendar import QuietHours
from complaints.errors import PolicyError
from complaints.limits import DayMode
from complaints.policy import CloseRequirement, Policy
from complaints.vocabulary import Role, Severity

KEPT = Path(__file__).parents[2] / "data" / "profiles_kept"
SHIPPED = (
    "base", "beijing-12345", "hongkelong", "leyoujia-24h", "leyoujia-315", "mingyuan", "sales-centre",
    "sinopec-sh", "vanke",
)  # fmt: skip


def clocks(profile: Policy) -> dict[str, tuple[str, str, frozenset[str]]]:
    return {c.name: (str(c.limit), str(c.starts), frozenset(map(str, c.met_by))) for c in profile.clocks}


def test_the_sales_centre_asks_for_the_cause_of_each_and_closes_when_they_are_satisfied() -> None:
    centre = policy.load("sales-centre")
    assert clocks(centre) == clocks(policy.load("base"))
    assert centre.close_requires == {CloseRequirement.RESULT_TOLD, CloseRequirement.CUSTOMER_SATISFIED}
    assert centre.results.cause.severities == frozenset(Severity)


def test_base_promises_what_the_documents_leave_open() -> None:
    base = policy.load("base")
    assert clocks(base) == {
        "first_contact": ("2h", "received", frozenset({"accepted", "progress", "plan_submitted", "resolved"})),
        "accept": ("24h", "received", frozenset({"accepted", "resolved"})),
        "complete": ("13wd", "accepted", frozenset({"resolved"})),
        "callback": ("1d", "resolved", frozenset({"survey_asked", "surveyed", "closed"})),
    }
    assert base.close_requires == {CloseRequirement.RESULT_TOLD, CloseRequirement.CALLBACK_DONE_OR_EXPIRED}
    assert base.callback.reminder_after == timedelta(hours=24)
    assert base.callback.expire_after == timedelta(hours=72)
    assert base.overdue.nag_every == timedelta(hours=24)
    assert base.extension.longest is None
    assert base.reopen_days == 30
    assert base.day_mode is DayMode.END_OF_DAY
    assert base.quiet_staff == QuietHours(time(22), time(7))
    assert base.quiet_customer == QuietHours(time(21), time(8))
    assert base.quiet_except == {Severity.S0, Severity.S1}


def test_r054_r055_r083_leyoujia_promises_feedback_in_6_hours_a_plan_in_24_and_a_callback_a_day_after() -> None:
    leyoujia = policy.load("leyoujia-24h")
    found = clocks(leyoujia)
    assert found["investigate_feedback"][:2] == ("6h", "received")
    assert found["plan"] == ("24h", "received", frozenset({"plan_submitted", "resolved"}))
    assert found["callback"] == ("1d", "plan_submitted", frozenset({"plan_answered", "resolved"}))
    assert "complete" not in found  # taken away from what it inherits
    assert CloseRequirement.CUSTOMER_SATISFIED in leyoujia.close_requires
    assert str(leyoujia.extension.longest) == "1d"
    assert leyoujia.extension.times == 1


def test_a_profile_inherits_where_it_is_silent() -> None:
    base, leyoujia = policy.load("base"), policy.load("leyoujia-24h")
    assert leyoujia.overdue == base.overdue
    assert leyoujia.callback.expire_after == base.callback.expire_after
    assert leyoujia.extension.approver is Role.CENTER_LEAD
    assert clocks(leyoujia)["accept"] == clocks(base)["accept"]
    assert leyoujia.version != base.version


def write(folder: Path, name: str, text: str) -> Path:
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_company_adds_its_own_profile_and_changes_one_value(tmp_path: Path) -> None:
    write(tmp_path, "ours", 'inherits = "leyoujia-24h"\n[clocks.plan]\nlimit = "12h"\n')
    ours = policy.load("ours", [tmp_path])
    assert clocks(ours)["plan"] == ("12h", "received", frozenset({"plan_submitted", "resolved"}))
    assert clocks(ours)["investigate_feedback"][0] == "6h"
    assert policy.available([tmp_path]) == sorted([*SHIPPED, "ours"])


def test_the_version_is_a_fingerprint_of_the_content(tmp_path: Path) -> None:
    """R-108: rules are data, and each change of them is a version."""
    write(tmp_path, "ours", 'inherits = "base"\n')
    first = policy.load("ours", [tmp_path])
    assert policy.load("ours", [tmp_path]).ref == first.ref
    write(tmp_path, "ours", 'inherits = "base"\nreopen_days = 10\n')
    assert policy.load("ours", [tmp_path]).version != first.version


@pytest.mark.parametrize(
    ("text", "where", "cure"),
    [
        pytest.param("reopen_day = 3", "ours.reopen_day ", "did you mean reopen_days", id="near key at the top"),
        pytest.param('[overdue]\nnag_evry = "2h"', "overdue.nag_evry", "did you mean nag_every", id="near key below"),
        pytest.param(
            '[clocks.plan]\nlimit="1h"\nform="received"\nmet_by=["resolved"]', "plan.from", "set it", id="form"
        ),
        pytest.param("zzz = 1", "ours.zzz", "known keys", id="a key like no other"),
        pytest.param('reopen_days = "30"', "reopen_days", "must be a whole number", id="text for a number"),
        pytest.param("reopen_days = true", "reopen_days", "must be a whole number", id="yes for a number"),
        pytest.param("reopen_days = -1", "reopen_days is -1", "0 or more", id="negative days"),
        pytest.param("urges_before_raise = 0", "urges_before_raise is 0", "1 or more", id="zeroth urge"),
        pytest.param("also_sms = 1", "also_sms", "must be true or false", id="number for a yes"),
        pytest.param('day_mode = "hour"', "day_mode", "choose from hours, end_of_day", id="word not in the set"),
        pytest.param('close_requires = ["happy"]', "close_requires", "customer_satisfied", id="unknown requirement"),
        pytest.param('raise_on_dissatisfied = "S9"', "raise_on_dissatisfied", "S0, S1", id="unknown severity"),
        pytest.param('[clocks.accept]\nlimit = "1 day"', "accept.limit", "write a number", id="limit"),
        pytest.param('[clocks.accept]\nmet_by = ["done"]', "accept.met_by", "resolved", id="milestone"),
        pytest.param(
            "[clocks.accept]\nmet_by = []", "accept.met_by is empty", "name the milestones", id="kept by nothing"
        ),
        pytest.param("[clocks]\naccept = 5", "clocks.accept", "must be a table", id="clock that is no table"),
        pytest.param(
            "[clocks]\nfirst_contact=false\naccept=false\ncomplete=false\ncallback=false",
            "clocks is empty",
            "promises",
            id="no clock",
        ),
        pytest.param(
            "[clocks]\nacept = false", "clocks.acept", "did you mean accept?", id="clock nobody has, taken away"
        ),
        pytest.param('effective_from = "2027-13-01"', "effective_from is '2027-13-01'", "write a day", id="month 13"),
        pytest.param('effective_from = "soon"', "effective_from is 'soon'", "write a day", id="no day"),
        pytest.param("effective_from = 2027-01-01", "effective_from is '2027-01-01'", "in quotes", id="a bare day"),
        pytest.param("[ladders]\nzzz = false", "ladders.zzz", "no parent has", id="ladder nobody has, taken away"),
        pytest.param(
            '[clocks.accept]\nwhen = ["noon"]', "accept.when", "work_time, off_hours, day_off", id="time of day"
        ),
        pytest.param('[clocks.accept]\nkinds = ["gripe"]', "accept.kinds", "complaint, repair", id="kind"),
        pytest.param('[clocks.accept]\nchannels = ["pigeon"]', "accept.channels holds 'pigeon'", "phone", id="channel"),
        pytest.param('[clocks.accept]\nwhose = "customer"', "accept.whose", "media_officer", id="whose"),
        pytest.param('[clocks.accept]\nflags = ["press"]', "accept.flags", "media", id="flag"),
        pytest.param("[clocks.accept]\ncategories = [1]", "accept.categories holds 1", "in quotes", id="category"),
        pytest.param(
            '[clocks.accept]\nmet_by = ["received"]',
            "accept.met_by holds received",
            "before it runs",
            id="kept by itself",
        ),
        pytest.param(
            '[clocks.accept]\nrepeats = true\nlimit = "0h"', "accept.limit", "some time between", id="repeats at once"
        ),
        pytest.param(
            '[clocks.accept]\nseverities = ["S1"]\nby_severity = { S2 = "1h" }',
            "by_severity names S2",
            "leaves out",
            id="limit for a severity that it is not for",
        ),
        pytest.param(
            '[clocks.accept]\nby_category = { QUAL = "soon" }',
            "by_category.QUAL",
            "write a number",
            id="limit by category",
        ),
        pytest.param(
            '[clocks.accept]\nby_severity = { S9 = "1h" }',
            "accept.by_severity.S9",
            "S0, S1",
            id="limit for no severity",
        ),
        pytest.param(
            '[hold]\nwaits_for = ["client"]',
            "waits_for holds 'client'",
            "choose from customer, third_party, court (see",
            id="wait",
        ),
        pytest.param(
            '[hold]\nwaits_for = ["group"]', "waits_for holds 'group'", "court (see", id="wait nobody asks for"
        ),
        pytest.param('validity_review = "jury"', "validity_review", "none, agent, group", id="reviewer"),
        pytest.param("[also.other]\nlimit = 1", "also.other", "must be a table", id="another's clocks"),
        pytest.param(
            '[overdue]\nnag_every = "1wd"', "overdue.nag_every", "write min, h or d", id="span in working days"
        ),
        pytest.param(
            "[overdue]\nladder = [{ after = 0, tell = [] }]", "ladder[0].after", "1 or more", id="zeroth rung"
        ),
        pytest.param(
            '[overdue]\nladder = [{ after = 1, tell = ["boss"] }]', "ladder[0].tell", "superior, backup", id="who"
        ),
        pytest.param(
            '[reminders]\nshort = ["100%"]', "reminders.short", "between 1% and 99%", id="reminder at the limit"
        ),
        pytest.param(
            '[reminders]\nlong = ["1wd"]', "reminders.long", "write min, h or d", id="reminder in working days"
        ),
        pytest.param('[extension]\nmax = "a bit"', "extension.max", "write a number", id="extension"),
        pytest.param(
            '[extension]\napprover = "handler"', "extension.approver", "center_lead, dept_head, leader", id="approver"
        ),
        pytest.param(
            '[extension]\napprover = "王主管"',
            "'王主管': choose from center_lead",
            "dept_head, leader (see",
            id="a name",
        ),
        pytest.param('[callback]\nby = "agnet"', "callback.by", "did you mean agent? choose from agent, dis", id="by"),
        pytest.param(
            '[quiet_hours]\n[callback]\nreminder_after = "10m"', "reminder_after", "number and min, h", id="m"
        ),
        pytest.param(
            '[clocks.complet]\nlimit = "1h"', "clocks.complet.met_by", "did you mean policy ours.clocks.comp", id="c"
        ),
        pytest.param('[hold]\napprover = "agent"', "hold.approver", "center_lead, dept_head, leader", id="of a pause"),
        pytest.param("[extension]\ntimes = -1", "extension.times", "0 or more", id="extensions below none"),
        pytest.param(
            '[callback]\nreminder_after = "80h"', "reminder_after", "shorter than expire_after", id="callback"
        ),
        pytest.param('[quiet_hours]\nstaff = "10pm-7am"', "quiet_hours.staff", "21:00-08:00", id="quiet hours"),
        pytest.param('[quiet_hours]\nstaff = "25:00-07:00"', "quiet_hours.staff", "21:00-08:00", id="hour 25"),
        pytest.param('[quiet_hours]\nexcept = ["urgent"]', "quiet_hours.except", "S0", id="loud severity"),
        pytest.param("[grading.rules]\ncrowdd = false", "grading.rules.crowdd", "did you mean crowd?", id="rule"),
        pytest.param(
            '[overdue]\nladder = [{ after = 1, tell = ["customer"] }]', "ladder[0].tell", "agent", id="customer told"
        ),
        pytest.param(
            "[overdue]\nladder = [{ after = 1, tell = [] }]", "ladder[0].tell is empty", "say whom", id="nobody"
        ),
        pytest.param(
            '[progress]\nmisses_tell = [{ after = 1, tell = ["system"] }]', "misses_tell[0].tell", "agent", id="a miss"
        ),
        pytest.param('[visits]\nmissed_tell = ["customer"]', "visits.missed_tell", "agent", id="a visit"),
        pytest.param(
            '[grading]\nunconfirmed_tell = ["customer"]', "grading.unconfirmed_tell", "agent", id="a proposal"
        ),
        pytest.param('[outward]\nmedia = ["customer"]', "outward.media", "media_officer", id="the press"),
        pytest.param(
            '[grading.rules.late]\nat_least = "S2"\nwhen = { overdue = -1 }',
            "late.when.overdue",
            "0 or more",
            id="count",
        ),
        pytest.param('[overdue]\nnag_every = "1min"', "overdue.nag_every", "5min", id="a chase a minute"),
        pytest.param('[parts]\nnag_every = "1min"', "parts.nag_every", "5min", id="a part's chase a minute"),
        pytest.param(
            '[ladders.danger]\nconfirm_every = "1min"', "ladders.danger.confirm_every", "5min", id="an answer a minute"
        ),
        pytest.param(
            '[clocks."my plan/7"]\nlimit="1h"\nfrom="received"\nmet_by=["resolved"]',
            "my plan/7",
            "a-z",
            id="clock's name",
        ),
        pytest.param(
            f'[clocks.{"x" * 33}]\nlimit="1h"\nfrom="received"\nmet_by=["resolved"]', "xxx", "32", id="long name"
        ),
        pytest.param("[clocks.accept]\ntitle = {}", "clocks.accept.title.zh is missing", "or both", id="no language"),
        pytest.param('[clocks.accept]\ntitle = { en = "a, b" }', "title.zh is 'a, b'", "site visit", id="a comma"),
        pytest.param('[clocks.accept]\ntitle = "接"', "clocks.accept.title", "a table", id="a bare title"),
        pytest.param("[title]\nfr = 'x'", "title.fr", "known keys: en, zh", id="language"),
        pytest.param('[words]\nroom = { zh = "包厢" }', "words.room is unknown", "known keys: example", id="a word"),
        pytest.param("reopen_days = = 3", "ours.toml", "not valid TOML", id="broken file"),
        pytest.param("inherits = ['base']", "inherits", "the name of one profile", id="two parents"),
    ],
)
def test_a_wrong_profile_names_file_key_and_cure(tmp_path: Path, text: str, where: str, cure: str) -> None:
    head = "" if text.startswith("inherits") else 'inherits = "base"\n'
    write(tmp_path, "ours", head + text)
    with pytest.raises(PolicyError) as error:
        policy.load("ours", [tmp_path])
    assert "policy ours" in str(error.value)
    assert str(tmp_path / "ours.toml") in str(error.value)
    assert where in str(error.value)
    assert cure in str(error.value)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[clocks.accept]\ncategories = ["QAUL"]', "clocks.accept"),
        ('[clocks.accept]\nby_category = { QAUL = "1h" }', "clocks.accept"),
        ('[questionnaires]\nQAUL = "quality"', "questionnaires"),
        ('[results.needs_evidence]\ncategories = ["QAUL"]', "results.needs_evidence"),
        ('[results.needs_cause]\ncategories = ["QAUL"]', "results.needs_cause"),
        ('[grading.rules.x]\nat_least = "S2"\nwhen = { categories = ["QAUL"] }', "grading.rules.x.when"),
    ],
)
def test_a_category_is_known_wherever_a_profile_names_it(tmp_path: Path, text: str, where: str) -> None:
    write(tmp_path, "ours", f'inherits = "base"\n{text}')
    told = (
        rf"policy ours\.{where} names the category 'QAUL': did you mean QUAL\? choose from QUAL, .*\(see .*ours\.toml\)"
    )
    with pytest.raises(PolicyError, match=told):
        policy.load("ours", [tmp_path], ["QUAL", "QUAL.leak", "SALES"])


def test_questionnaires_go_by_category_or_by_kind(tmp_path: Path) -> None:
    write(tmp_path, "ours", 'inherits = "base"\n[questionnaires]\nQUAL = "quality"\nrepair = "quality"')
    assert policy.load("ours", [tmp_path], ["QUAL"]).questions.of.keys() == {"QUAL", "repair"}
    write(tmp_path, "ours", 'inherits = "base"\n[questionnaires]\nrepiar = "quality"')
    with pytest.raises(
        PolicyError, match=r"policy ours\.questionnaires names the category 'repiar': did you mean repair"
    ):
        policy.load("ours", [tmp_path], ["QUAL"])


def test_what_a_kept_version_says_wrongly_does_not_stop_what_began_under_it() -> None:
    data = policy.merged("base")
    kept = data | {
        "overdue": {**data["overdue"], "nag_every": "1min"},
        "outward": {**data["outward"], "media": ["customer"]},
    }
    assert policy.parse(kept, "base").outward.media == (Role.CUSTOMER,)


def test_a_profile_in_another_encoding_is_told_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_bytes('owner = "客服"\n'.encode("gbk"))
    with pytest.raises(PolicyError, match=r"ours\.toml is not written in UTF-8: save it as UTF-8"):
        policy.load("ours", [tmp_path])


def test_a_profile_saved_with_a_mark_of_its_encoding_is_read(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text('inherits = "base"\n[questionnaires]\ndefault = "own"', "utf-8-sig")
    (tmp_path / "questionnaires").mkdir()
    words = '\ufefftitle = { zh = "问", en = "ask" }\n[[question]]\nid = "s"\ntype = "rating"\ntext = { zh = "好", en = "ok" }'
    (tmp_path / "questionnaires" / "own.toml").write_text(words, "utf-8")
    assert policy.load("ours", [tmp_path]).questions.default == "own"


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ('owner = "x"', r'title\.zh is missing: .*; or write inherits = "base" in the first line'),
        (
            '[clocks.plan]\ninherits = "base"',
            r"inherits stands below \[clocks\.plan\]: write it above the first heading",
        ),
        (
            'inherits = "base"\n[clocks.plan]\nlimit = "1h"',
            r"plan\.\w+ is missing: set it \(see the profile base\) \(see",
        ),
    ],
)
def test_a_profile_without_a_parent_is_told_how_to_name_one(tmp_path: Path, text: str, cure: str) -> None:
    write(tmp_path, "ours", text)
    with pytest.raises(PolicyError, match=cure):
        policy.load("ours", [tmp_path])


def test_a_profile_that_is_not_there_is_told_where_ones_own_are_looked_for(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"choose one of base, .*; your own are found once policies\.directory names"):
        policy.load("ours")
    with pytest.raises(PolicyError, match=rf"choose one of base, .*; your own are looked for in {tmp_path}"):
        policy.load("ours", [tmp_path])


def test_a_parent_that_is_not_there_is_told_with_its_heir(tmp_path: Path) -> None:
    write(tmp_path, "ours", 'inherits = "leyujia"')
    with pytest.raises(PolicyError, match="policy ours inherits 'leyujia', which does not exist: choose one of base"):
        policy.load("ours", [tmp_path])


def test_a_circle_of_parents_is_told_with_its_way(tmp_path: Path) -> None:
    write(tmp_path, "a", 'inherits = "b"')
    write(tmp_path, "b", 'inherits = "a"')
    with pytest.raises(PolicyError, match="circle: a → b → a"):
        policy.load("a", [tmp_path])


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        pytest.param("bases", "choose one of base, beijing-12345", id="missing"),
        pytest.param("../base", "made of a-z", id="a way out of the folder"),
        pytest.param("", "made of a-z", id="empty"),
    ],
)
def test_a_profile_that_is_not_there(name: str, cure: str) -> None:
    with pytest.raises(PolicyError, match=cure):
        policy.load(name)


def test_a_profile_of_its_own_may_leave_out_quiet_hours(tmp_path: Path) -> None:
    shipped = (policy.SHIPPED / "base.toml").read_text(encoding="utf-8")
    write(tmp_path, "alone", shipped.partition("[quiet_hours]")[0])
    alone = policy.load("alone", [tmp_path])
    assert (alone.quiet_staff, alone.quiet_customer, alone.quiet_except) == (None, None, frozenset())


def test_a_version_kept_with_a_wrong_day_still_holds() -> None:
    kept = {**policy.merged("base"), "effective_from": "2027-13-01"}
    assert policy.parse(policy.completed(kept), "base").effective_from == "2027-13-01"


def test_a_version_kept_before_profiles_said_as_much_still_holds_with_its_own_promises() -> None:
    kept = tomllib.loads((KEPT / "base-2026-11.toml").read_text("utf-8"))
    found = policy.parse(policy.completed(kept), "base")
    assert {clock.name for clock in found.clocks} == {"first_contact", "accept", "complete"}
    assert found.ladders == ()
    assert found.progress == policy.load("base").progress


def test_a_profile_says_how_its_customers_are_spoken_to_in_a_packs_words() -> None:
    station = policy.load("sinopec-sh").words
    assert (station["zh"]["place"], station["en"]["place"]) == ("加油站", "filling station")
    assert "电梯" not in station["zh"]["example"]
    assert not any(policy.load("base").words.values())
