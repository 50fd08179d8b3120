"""What is written of the metrics names those there are: docs/monitoring.md, the dashboard, the alerts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import get_args

import pytest
import yaml
from prometheus_client import REGISTRY
from prometheus_client.registry import Collector

from saldo.insight import metrics
from saldo.insight.stages import Stage
from tests.support import CHECKOUT

PAGE = (CHECKOUT / "docs" / "monitoring.md").read_text(encoding="utf-8")
DASHBOARD = json.loads((CHECKOUT / "deploy" / "grafana" / "saldo.json").read_text(encoding="utf-8"))
ALERTS = yaml.safe_load((CHECKOUT / "deploy" / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
LIBRARYS = {"up", "process_resident_memory_bytes"}
"""Metrics that Prometheus and its library make."""
MEANS = ("_bucket", "_sum", "_count")


def ours() -> dict[str, set[str]]:
    """Our metrics, and the labels of each."""
    found: dict[str, set[str]] = {"saldo_store_up": {"store"}}
    for family in REGISTRY.collect():
        if family.name.startswith("saldo_"):
            name = f"{family.name}_total" if family.type == "counter" else family.name
            collector: Collector = REGISTRY._names_to_collectors[family.name]
            found[name] = set(collector._labelnames)  # type: ignore[attr-defined]
    return found


def names(expression: str) -> set[str]:
    """The metrics that a query reads; a histogram by its own name."""
    found = re.findall(r"\b(saldo_[a-z_]+|process_[a-z_]+|up)\b", expression)
    return {next((name.removesuffix(end) for end in MEANS if name.endswith(end)), name) for name in found}


def labels(expression: str) -> Iterator[str]:
    """The labels that a query selects or groups by."""
    for inner in re.findall(r"\{([^}]*)\}", expression):
        yield from re.findall(r"(\w+)\s*[=!]", inner)
    for inner in re.findall(r"by \(([^)]*)\)", expression):
        yield from re.split(r",\s*", inner)


def test_the_page_has_each_metric_with_its_labels() -> None:
    rows = re.findall(r"^\| `(saldo_\w+)` \| (.*?) \|", PAGE, re.MULTILINE)
    assert {name: set(re.findall(r"`(\w+)`", told)) for name, told in rows} == ours()


def test_the_page_has_each_stage_and_alert() -> None:
    assert [stage for stage in get_args(Stage) if f"`{stage}`" not in PAGE] == []
    assert re.findall(r"^\| `(Saldo\w+)`", PAGE, re.MULTILINE) == [rule["alert"] for rule in RULES]


QUERIES = [
    *(pytest.param(target["expr"], id=panel["title"]) for panel in PANELS for target in panel["targets"]),
    *(pytest.param(rule["expr"], id=rule["alert"]) for rule in RULES),
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_reads_metrics_and_labels_that_there_are(query: str) -> None:
    known = ours()
    assert names(query) and names(query) <= {*known, *LIBRARYS}
    allowed = {"le", "job", "instance"}.union(*(known.get(name, set()) for name in names(query)))
    assert {*labels(query)} <= allowed
    assert query.count("(") == query.count(")")


def test_the_dashboard_shows_each_metric() -> None:
    shown = {name for panel in PANELS for target in panel["targets"] for name in names(target["expr"])}
    assert {*ours()} - shown == set()


def test_each_panel_has_a_place_of_its_own() -> None:
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in DASHBOARD["panels"])
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len({*cells}) and max(x for x, _ in cells) < 24


def test_each_alert_says_how_bad_it_is_and_what_it_saw() -> None:
    assert {rule["labels"]["severity"] for rule in RULES} == {"page", "ticket"}
    assert all(rule["annotations"]["summary"] for rule in RULES)
    assert metrics.PATIENCE == 2.0, "docs/monitoring.md says so"
