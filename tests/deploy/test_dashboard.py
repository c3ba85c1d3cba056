"""The dashboard has the form that Grafana publishes for dashboards, and every panel asks valid PromQL."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.helpers.running import ROOT
from tests.helpers.tools import run_tool

DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy/grafana-dashboard.json").read_text())
PANELS: list[dict[str, Any]] = DASHBOARD["panels"]


def read_by_grafanas_types(dashboard: dict[str, Any]) -> Any:
    types = pytest.importorskip("grafana_foundation_sdk.models.dashboard")
    from grafana_foundation_sdk.cog.encoder import JSONEncoder

    return json.loads(json.dumps(types.Dashboard.from_json(dashboard), cls=JSONEncoder))


def kept(given: Any, read: Any) -> bool:
    """Whether nothing of `given` was lost or changed when it was read; defaults may have come to it."""
    if isinstance(given, dict):
        return all(name in read and kept(value, read[name]) for name, value in given.items())
    if isinstance(given, list):
        return len(given) == len(read) and all(map(kept, given, read))
    return bool(given == read)


def test_grafana_knows_every_field() -> None:
    assert kept(DASHBOARD, read_by_grafanas_types(DASHBOARD))
    wrong = {**DASHBOARD, "panels": [{**PANELS[0], "titel": "Models"}]}
    assert not kept(wrong, read_by_grafanas_types(wrong))


def test_every_query_is_valid(tmp_path: Path) -> None:
    queries = [target["expr"] for panel in PANELS for target in panel["targets"]]
    rules = [{"record": f"panel:{n}", "expr": re.sub(r"\$\w+", ".*", query)} for n, query in enumerate(queries)]
    (tmp_path / "panels.yml").write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    assert f"{len(queries)} rules found" in run_tool("promtool", "check", "rules", tmp_path / "panels.yml")


def test_every_panel_has_a_number_and_a_place_of_its_own() -> None:
    cells = [
        (panel["gridPos"]["x"] + column, panel["gridPos"]["y"] + row)
        for panel in PANELS
        for column in range(panel["gridPos"]["w"])
        for row in range(panel["gridPos"]["h"])
    ]
    assert len(set(cells)) == len(cells) and max(column for column, _ in cells) < 24
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
