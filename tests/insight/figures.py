"""The figures that Prometheus would read from this process now."""

from __future__ import annotations

from prometheus_client import REGISTRY

Name = tuple[str, ...]
"""A metric and the values of its labels."""


class Figures(dict[Name, float]):
    """Values by metric and labels; 0 for what was never counted."""

    def __missing__(self, name: Name) -> float:
        return 0.0

    def since(self, before: Figures) -> Figures:
        """What was added."""
        return Figures({name: value - before[name] for name, value in self.items() if value != before[name]})


def figures() -> Figures:
    """All of ours but the buckets."""
    return Figures(
        {
            (sample.name, *(sample.labels[name] for name in sorted(sample.labels, key=ORDER.index))): sample.value
            for family in REGISTRY.collect()
            for sample in family.samples
            if sample.name.startswith("saldo_") and not sample.name.endswith(("_bucket", "_created"))
        }
    )


ORDER = (
    "kind", "topic", "act", "stage", "helpful", "reason", "outcome", "route", "place", "store", "method", "language",
    "status",
)  # fmt: skip
"""In which the values of labels stand."""
