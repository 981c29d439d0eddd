"""Bad matrices, rules and SLAs: each is refused when the settings are read, in words that say what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import SettingsError
from triage.rules.pipeline import build_rule_pipeline, rules_id
from triage.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[3]
FIELDS = """
[fields.team]
allowed = ["sales", "billing"]
[fields.tags]
kind = "tags"
[fields.impact]
kind = "ordinal"
values = ["low", "high"]
[fields.urgency]
kind = "ordinal"
values = ["low", "high"]
[fields.priority]
kind = "ordinal"
values = ["low", "normal", "high"]
"""
MATRIX = """
[matrix.priority]
rows = "impact"
columns = "urgency"
cells.low = {low = "low", high = "normal"}
cells.high = {low = "normal", high = "high"}
"""
SLA = """
[sla]
timezone = "Europe/Helsinki"
hours = {mon = ["08:00-12:00", "13:00-17:00"], sat = ["10:00-24:00"]}
holidays = [2026-12-24, "2026-12-25"]
[[sla.targets]]
name = "urgent"
when = {fields.priority = "high", min_confidence = 0.5}
first_response = "30m"
"""


def rule(content: str, name: str = "r") -> str:
    return f"[[rules]]\nname = '{name}'\n{content}\n"


def load(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "triage.toml"
    path.write_text(FIELDS + text, encoding="utf-8")
    return load_settings(path)


def test_good_ones_are_taken_and_survive_being_passed_on_as_json(tmp_path: Path) -> None:
    rules = rule(
        "when = {channel = 'phone', language = ['lv', 'de']}\nset = {team = 'sales', tags = ['vip']}"
    )
    settings = load(tmp_path, MATRIX + rules + SLA)
    assert Settings.model_validate_json(settings.model_dump_json()) == settings
    rule_pipeline = build_rule_pipeline(settings)
    assert rule_pipeline.sla is not None
    assert {d.isoformat() for d in rule_pipeline.sla.business_hours.holidays} == {"2026-12-24", "2026-12-25"}
    assert [len(day) for day in rule_pipeline.sla.business_hours.week] == [2, 0, 0, 0, 0, 1, 0]


def test_the_id_of_the_rules_does_not_change_with_the_order_of_holidays(tmp_path: Path) -> None:
    one = load(tmp_path, SLA)
    other = load(tmp_path, SLA.replace('2026-12-24, "2026-12-25"', '"2026-12-25", 2026-12-24'))
    assert rules_id(one) == rules_id(other)


def test_what_the_helpdesk_has_now_is_no_part_of_what_is_learnt(tmp_path: Path) -> None:
    assert {f.name for f in load(tmp_path, "").field_specs()} == set(load(tmp_path, "").fields)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        # rules
        (rule("set = {group = 'a'}"), r"rules, 'r', set: there is no field 'group'.*add \[fields.group\]"),
        (
            rule("set = {priority = 'huge'}"),
            "found the value 'huge' of 'priority', expected one of.*'normal'",
        ),
        (rule("set = {team = 'gone'}"), "found the value 'gone' of 'team', expected one of.*'billing'"),
        (rule("set = {team = ['sales', 'billing']}"), "found the list .* for 'team', which takes one value"),
        (rule("raise_by = {team = 1}"), "the field 'team' is a choice, expected an ordinal"),
        (rule("raise_by = {group = 1}"), "raise_by: there is no field 'group'"),
        (rule("raise_by = {priority = 0}"), r"rules\.0\.raise_by\.priority: .*greater than or equal to 1"),
        (rule("lower_by = {tags = 1}"), "lower_by: the field 'tags' is a tags, expected an ordinal"),
        (rule("at_least = {priority = 'huge'}"), "at_least: found the value 'huge'"),
        (rule("at_most = {team = 'sales'}"), "at_most: the field 'team' is a choice"),
        (
            rule("at_least = {priority = 'high'}\nat_most = {priority = 'low'}"),
            "at_least 'high' lies above at_most 'low' of 'priority'",
        ),
        (rule(""), "the rule 'r' has no effect: give it set, raise_by"),
        (rule("set = {team = 'sales'}") * 2, "rules: the name 'r' occurs 2 times"),
        (rule("set = {team = 'sales'}", name=""), r"rules\.0\.name: .*at least 1 character"),
        (rule("priority = 'high'"), r"rules\.0\.priority: Extra inputs"),
        # conditions
        (rule("set = {team = 'sales'}\nwhen = {fields.group = 'a'}"), "when: there is no field 'group'"),
        (rule("set = {team = 'sales'}\nwhen = {fields.impact = 'huge'}"), "when: found the value 'huge'"),
        (rule("set = {team = 'sales'}\nwhen = {min_confidence = 0.5}"), "min_confidence counts for `fields`"),
        (rule("set = {team = 'sales'}\nwhen = {language = 'de-AT'}"), "found 'de-AT', expected an ISO 639-1"),
        (rule("set = {team = 'sales'}\nwhen = {requester = 'Ann'}"), "found 'Ann', expected an address"),
        (rule("set = {team = 'sales'}\nwhen = {channel = []}"), "when.channel: .*at least 1 item"),
        (rule("set = {team = 'sales'}\nwhen = {segment = 'vip'}"), "when.segment: Extra inputs"),
        # matrix
        (
            MATRIX.replace(", high = 'normal'", "").replace(', high = "normal"', ""),
            "no cell for impact 'low' and urgency 'high'",
        ),
        (
            MATRIX.replace('high = "high"', 'high = "huge"'),
            r"cells\.high\.high: found the value 'huge' of 'priority'",
        ),
        (MATRIX + "cells.middle = {low = 'low'}", "found the row 'middle', expected the values of 'impact'"),
        (MATRIX.replace('high = "high"', 'high = "high", top = "high"'), "found the column 'top'"),
        (MATRIX.replace('"impact"', '"size"'), r"matrix\.priority: there is no field 'size'"),
        (MATRIX.replace('"impact"', '"team"'), "the field 'team' is a choice, expected an ordinal"),
        (MATRIX.replace('"impact"', '"urgency"'), "expected three different ones"),
        (MATRIX.replace("matrix.priority", "matrix.grade"), r"matrix\.grade: there is no field 'grade'"),
        (
            MATRIX + "[matrix.impact]\nrows = 'priority'\ncolumns = 'urgency'\ncells = {}",
            "'impact' follows from a matrix itself",
        ),
        # SLA
        (SLA.replace("Europe/Helsinki", "Helsinki"), "sla.timezone: .*found 'Helsinki', expected the name"),
        (SLA.replace("Europe/Helsinki", "../etc"), "sla.timezone: .*found '../etc'"),
        (SLA.replace("Europe/Helsinki", "Europe"), "sla.timezone: .*found 'Europe'"),
        (SLA.replace("08:00-12:00", "12:00-08:00"), "mon: '12:00-08:00' ends before it begins"),
        (SLA.replace("08:00-12:00", "8-12"), "mon: found '8-12', expected a range like"),
        (SLA.replace("10:00-24:00", "10:00-25:00"), "sat: .*expected times from 00:00 to 24:00"),
        (SLA.replace("08:00-12:00", "08:00-14:00"), "mon: the ranges .* overlap"),
        (SLA.replace("mon =", "monday ="), "sla.hours.monday"),
        ("[sla]\nhours = {}", "sla.hours: .*found no open hours"),
        ("[sla]\nhours = {mon = ['09:00-09:30']}", "less than one hour a week"),
        ("[sla]\nhours = 'always'", "sla.hours: "),
        (SLA.replace("2026-12-24", "'Christmas'"), r"sla.holidays\.\d: "),
        (
            SLA.replace("timezone", "holiday_region = 'XX'\ntimezone"),
            "found 'XX', expected a country such as DE",
        ),
        (
            SLA.replace("timezone", "holiday_region = 'DE-XX'\ntimezone"),
            "found 'DE-XX', expected DE or one of its regions: DE-BB, DE-BE",
        ),
        (SLA.replace("timezone", "holiday_region = 'DE-'\ntimezone"), "found 'DE-', expected DE or one"),
        (SLA.replace("timezone", "holiday_region = 'de-by'\ntimezone"), "found 'de-by', expected a country"),
        (SLA.replace('"30m"', '"soon"'), "found 'soon', expected a length of time like 30m"),
        (SLA.replace('"30m"', '"400d"'), "found '400d', expected at most 365d or 1000h"),
        (SLA.replace('first_response = "30m"', ""), "the target 'urgent' sets no time"),
        (
            SLA.replace('fields.priority = "high"', 'fields.priority = "huge"'),
            "sla.targets, 'urgent', when: found",
        ),
        (
            SLA + "[[sla.targets]]\nname = 'urgent'\nresolution = '1d'",
            "sla.targets: the name 'urgent' occurs 2",
        ),
        (
            SLA + "".join(f"[[sla.targets]]\nname = '{n}'\nresolution = '1d'\n" for n in "ab"),
            "sla.targets, 'b': is never reached, since 'a' before it is for all tickets",
        ),
        # allowed
        (
            "[fields.grade]\nkind = 'ordinal'\nvalues = ['a', 'b']\nallowed = ['c']",
            r"`allowed` holds \['c'\]",
        ),
        ("[fields.grade]\nallowed = []", "fields.grade.allowed: .*at least 1 item"),
    ],
)
def test_a_bad_one_is_refused_with_its_place_and_what_was_expected(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        load(tmp_path, text)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, rule("set = {group = 'a'}") + rule("raise_by = {team = 1}", name="s"))
    assert "there is no field 'group'" in caught.value.message
    assert "the field 'team' is a choice" in caught.value.message


def test_the_base_of_all_these_is_good(tmp_path: Path) -> None:
    load(tmp_path, MATRIX + rule("set = {team = 'sales'}") + SLA)


def test_the_example_in_the_documentation_can_be_copied(tmp_path: Path) -> None:
    documented = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    path = tmp_path / "triage.toml"
    path.write_text(documented.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    rule_pipeline = build_rule_pipeline(load_settings(path))
    assert (len(rule_pipeline.matrices), len(rule_pipeline.rules)) == (1, 3)
    assert rule_pipeline.sla is not None
    assert len(rule_pipeline.sla.targets) == 3
