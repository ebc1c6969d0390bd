"""docs/policies.md says what the files say: every key, every milestone, every clock of every profile."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

import pytest

from bot.grammar.duties import ticked
from bot.settings import PolicyChoice
from complaints import policy
from complaints.duties import DUTIES
from complaints.policy import Clock, CloseRequirement, ValidityReview, When
from complaints.policy.clocks import CHANNELS
from complaints.policy.ladders import ASSIGNEE, BACKUP, DUTY_DESK, SUPERIOR, How
from complaints.vocabulary import Flag, Kind, Milestone, Role, Stage

PAGE = (Path(__file__).parents[3] / "docs" / "policies.md").read_text("utf-8")


def section(title: str) -> str:
    """Return what stands under a heading, up to the next of its level or above."""
    [level] = re.findall(rf"(?m)^(#+) {re.escape(title)}$", PAGE)
    after = PAGE.split(f"{level} {title}\n", 1)[1]
    return re.split(rf"(?m)^#{{1,{len(level)}}} ", after)[0]


def rows(title: str) -> list[list[str]]:
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section(title).splitlines()
        if line.startswith("| `")
    ]
    assert cells
    return cells


def named(title: str) -> set[str]:
    return {name for row in rows(title) for name in re.findall(r"`([a-z_0-9]+)`", row[0])}


def test_every_key_of_a_clock_is_explained() -> None:
    keys = {field.name for field in fields(Clock)} - {"name", "profile", "starts"} | {"from"}
    assert {row[0].strip("`") for row in rows("Clocks") if row[0].strip("`") not in list(Milestone)} == keys


def test_every_key_of_a_choice_is_explained() -> None:
    assert named("Which profile a complaint runs under") == {field.name for field in fields(PolicyChoice)}


def words_for(title: str, key: str) -> set[str]:
    """Return the values that the row of a key names; what stands in brackets only explains them."""
    [told] = [row[1] for row in rows(title) if row[0] == f"`{key}`"]
    return set(re.findall(r"`([a-z_]+)`", re.sub(r"\([^)]*\)", "", told)))


@pytest.mark.parametrize(
    ("title", "key", "values"),
    [
        ("Clocks", "stages", Stage),
        ("Clocks", "flags", Flag),
        ("Clocks", "kinds", Kind),
        ("Clocks", "when", When),
        ("Clocks", "whose", {ASSIGNEE, *Role} - {Role.SYSTEM, Role.CUSTOMER}),
        ("Which profile a complaint runs under", "kinds", Kind),
        ("Which profile a complaint runs under", "channels", CHANNELS),
        ("The other sections", "close_requires", CloseRequirement),
        ("The other sections", "validity_review", ValidityReview),
        ("Ladders, phone calls and nights", "steps", {ASSIGNEE, SUPERIOR, BACKUP, DUTY_DESK, "how", *How}),
    ],
)
def test_a_key_takes_the_words_that_its_row_names(title: str, key: str, values: Iterable[str]) -> None:
    assert words_for(title, key) == set(values)


def test_every_key_of_base_is_explained_beside_it_or_on_the_page() -> None:
    """The clocks' own keys stand in their table."""
    text = (policy.SHIPPED / "base.toml").read_text("utf-8")
    comments = " ".join(re.findall(r"(?m)(?:^|\s)#(.*)$", text))
    told = set(re.findall(r"`([a-z_]+)`", f"{PAGE} {comments}"))
    keys = re.findall(r"(?m)^(\w+) = (.*)$", text)
    assert len(keys) > 100
    assert [key for key, value in keys if "#" not in value and key not in told] == []


def test_every_milestone_is_explained() -> None:
    assert named("Milestones") == set(Milestone)


def test_every_section_of_a_profile_is_explained() -> None:
    base = tomllib.loads((policy.SHIPPED / "base.toml").read_text("utf-8"))
    assert named("The other sections") == set(base)


def test_the_words_for_a_milestone_tick_it() -> None:
    by_milestone = {duty.milestone: duty.name for duty in DUTIES.values() if duty.milestone is not None}
    for milestone, how in rows("Milestones"):
        duty = by_milestone.get(Milestone(milestone.strip("`")))
        said = re.findall("“([^”]+)”", how)
        if duty is not None:
            meant = [ticked(words) for words in said]
            assert {each.name for each in meant if each is not None} == {duty}
            assert None not in meant


@pytest.mark.parametrize("name", policy.available())
def test_every_clock_of_a_profile_stands_as_it_is(name: str) -> None:
    """R-108, R-120: whose rules they are, and from when on."""
    profile, base = policy.load(name), policy.load("base")
    own = [clock for clock in profile.clocks if name == "base" or clock != base.clock(clock.name)]
    told = {row[0].strip("`"): row[1:] for row in rows(name)} if own or "| clock |" in section(name) else {}
    assert set(told) == {clock.name for clock in own}
    for clock in own:
        limit, starts, kept, only, whose, source, _ = told[clock.name]
        limits = [clock.limit, *clock.by_severity.values(), *clock.by_category.values()]
        assert re.findall(r"`(\w[\w.]*)`", limit) == [str(each) for each in limits]
        assert starts == f"`{clock.starts}`"
        assert set(re.findall(r"`(\w+)`", kept)) == set(clock.met_by)
        assert only == (", ".join(clock.conditions) or "—")
        assert whose == (clock.whose or "assignee")
        assert source == clock.source
    assert profile.owner in section(name)
    assert profile.effective_from in section(name)


def test_every_clock_of_every_profile_says_where_it_comes_from() -> None:
    assert [
        f"{name} {clock.name}" for name in policy.available() for clock in policy.load(name).clocks if not clock.source
    ] == []
