"""The alert rules and the dashboard speak of metrics that a running server really has."""

import json
import re
from pathlib import Path

import httpx
import pytest
import yaml

from tests.helpers.picture_makers import PNG
from tests.helpers.running import metric

DEPLOY = Path(__file__).parents[2] / "deploy"
MADE_BY_PROMETHEUS = {"up"}
MADE_BY_SCRAPING = {"job", "instance"}


def alert_expressions() -> list[str]:
    groups = yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"]
    return [rule["expr"] for group in groups for rule in group["rules"]]


def dashboard_expressions() -> list[str]:
    panels = json.loads((DEPLOY / "grafana-dashboard.json").read_text())["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


def metrics_in(expression: str) -> set[str]:
    """Names before a selector, a range or a comparison: what is no function and no label."""
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\b(by|on)\s*\([^)]*\)', "", expression)
    return set(re.findall(r"\b(?:prewarm|process)_\w+|\bup\b", bare))


@pytest.mark.parametrize("expressions", [alert_expressions, dashboard_expressions])
def test_every_metric_in_rules_and_dashboard_exists(studio: httpx.Client, expressions) -> None:  # type: ignore[no-untyped-def]
    studio.post("/api/v1/cartoon", files={"image": PNG})
    studio.post("/api/v1/cartoon", files={"image": b"no picture"})
    studio.post("/api/v1/jobs/cartoon", files={"image": PNG})
    there = set(re.findall(r"^(?:# TYPE )?(\w+)", studio.get("/metrics").text, re.MULTILINE))
    wanted = set().union(*(metrics_in(expression) for expression in expressions()))
    assert len(wanted) >= 8
    assert wanted - MADE_BY_PROMETHEUS <= there


def test_what_is_to_be_warm_is_told_apart_from_what_a_visitor_chose(studio: httpx.Client) -> None:
    studio.post("/api/v1/cartoon", files={"image": PNG}, data={"style": "sketch"}).raise_for_status()
    told = studio.get("/metrics").text
    for wanted, model in (("true", "cartoon-anime"), ("false", "cartoon-sketch")):
        assert metric(told, "prewarm_model_state", model=model, state="ready", wanted=wanted) == 1
        assert metric(told, "prewarm_model_ready", model=model, wanted=wanted) == 1
    assert "cartoon-artstyle" not in told


def test_every_label_that_rules_and_dashboard_choose_by_exists(studio: httpx.Client) -> None:
    there: dict[str, set[str]] = {}
    for name, labels in re.findall(r"^(\w+)\{(.*)\}", studio.get("/metrics").text, re.MULTILINE):
        there.setdefault(name, set()).update(re.findall(r'(\w+)="', labels))
    for expression in (*alert_expressions(), *dashboard_expressions()):
        for name, selector in re.findall(r"(prewarm_\w+)\{([^}]*)\}", expression):
            chosen = set(re.findall(r'(\w+)[=!]~?"', selector)) - MADE_BY_SCRAPING
            assert chosen <= there.get(name, chosen), expression
