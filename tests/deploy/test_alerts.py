"""The alert rules in Prometheus' own tool: each fires and clears, and what nobody waits for raises none."""

from pathlib import Path
from typing import Any

import yaml

from tests.helpers.running import ROOT
from tests.helpers.tools import run_tool

RULES = ROOT / "deploy/alerts.yml"
CASES = Path(__file__).parent / "alerts_test.yml"


def test_every_rule_fires_and_clears_and_stays_quiet() -> None:
    assert "SUCCESS" in run_tool("promtool", "test", "rules", CASES)


def test_every_rule_has_a_case_in_which_it_fires_and_then_clears() -> None:
    cases: list[dict[str, Any]] = [
        case for test in yaml.safe_load(CASES.read_text())["tests"] for case in test.get("alert_rule_test", [])
    ]
    names = [rule["alert"] for rule in yaml.safe_load(RULES.read_text())["groups"][0]["rules"]]
    last = {case["alertname"]: case for case in cases}
    assert {case["alertname"] for case in cases if case["exp_alerts"]} == set(names)
    assert [name for name in names if last[name]["exp_alerts"]] == []
