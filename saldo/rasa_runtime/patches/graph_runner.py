"""Runs a model's graph in an order that is reckoned once.

Rasa has dask plan every run anew, which takes longer than Saldo takes to understand a message. Nodes, inputs and
results are those of Rasa's own runner.
"""

from __future__ import annotations

from functools import lru_cache
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from rasa.engine.constants import PLACEHOLDER_MESSAGE
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner

from saldo.insight.stages import stage

if TYPE_CHECKING:
    from rasa.core.agent import Agent

Planned = tuple[tuple[str, GraphNode, tuple[str, ...]], ...]
"""Nodes in an order in which each comes after those it needs: name, node, names of what it needs."""


class PlannedRunner(GraphRunner):
    """Rasa's runner with a plan for each set of targets; there are two, to understand and to choose an action."""

    def __init__(self, rasas: DaskGraphRunner) -> None:
        self.rasas = rasas
        self._schema, self._nodes = rasas._graph_schema, rasas._instantiated_nodes
        self._planned = lru_cache(self._plan)

    @classmethod
    def create(cls, *given: Any, **named: Any) -> PlannedRunner:
        """A runner of nodes that Rasa's makes."""
        return cls(DaskGraphRunner.create(*given, **named))

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The result of each target; what a node needs and nobody gives is left to the node to complain of."""
        wanted = tuple(targets or self._schema.target_names)
        found: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        with stage("understand" if PLACEHOLDER_MESSAGE in found else "choose"):
            for name, node, needs in self._planned(wanted):
                found[name] = node(*(found.get(need, need) for need in needs))
        return dict(found[name] for name in wanted)

    def _plan(self, targets: tuple[str, ...]) -> Planned:
        nodes = self._schema.minimal_graph_schema(list(targets)).nodes
        order = TopologicalSorter({name: node.needs.values() for name, node in nodes.items()}).static_order()
        return tuple((name, self._nodes[name], tuple(nodes[name].needs.values())) for name in order if name in nodes)


def plan(agent: Agent) -> Agent:
    """The agent, its graph run by plan from now on."""
    if agent.processor:  # none where the model could not be loaded, which Rasa has said
        agent.processor.graph_runner = PlannedRunner(agent.processor.graph_runner)
    return agent
