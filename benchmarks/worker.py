"""Trains and questions any Rasa NLU pipeline in a process of its own, so that time and memory are that pipeline's.

`python -m benchmarks.worker train CONFIG DATA MODEL` and `… parse MODEL RUNNER < questions`, where questions are JSON
Lines of texts. Each prints one JSON object. `saldo benchmark` starts it once per contender and step.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from saldo.rasa_runtime import patches
from saldo.settings import from_environment

Json = dict[str, Any]


def train(config: str, data: str, model: str) -> Json:
    """Seconds that learning took, Rasa's own start-up left out."""
    patches.apply(from_environment())
    from rasa.model_training import train_nlu

    path, began = Path(model), time.perf_counter()
    made = train_nlu(config, data, str(path.parent), fixed_model_name=path.stem.removesuffix(".tar"))
    if not made:
        sys.exit(f"Rasa could not train {config} on {data}.")
    return {"seconds": time.perf_counter() - began, "megabytes": _peak()}


def parse(model: str, runner: str, texts: list[str]) -> Json:
    """What each text was understood as, in Rasa's own words, and the milliseconds that it took.

    `runner` is `planned`, as Saldo runs a model's graph, or `dask`, as Rasa does.
    """
    began = time.perf_counter()
    patches.apply(from_environment())  # what `saldo serve` does too; a model that needs TensorFlow gets it
    from rasa.core.agent import Agent

    from saldo.rasa_runtime.patches.graph_runner import plan

    agent = Agent.load(model)
    if runner == "planned":
        plan(agent)
    started = time.perf_counter() - began
    return {"start": started, "parsed": asyncio.run(_parsed(agent, texts)), "megabytes": _peak()}


async def _parsed(agent: Any, texts: list[str]) -> list[Json]:
    await agent.parse_message(texts[0])  # the first one pays for what is made on first use
    found = []
    for text in texts:
        began = time.perf_counter()
        understood = await agent.parse_message(text)
        milliseconds = 1000 * (time.perf_counter() - began)
        ranking = [(each["name"], each["confidence"]) for each in understood["intent_ranking"]]
        found.append({"intent": understood["intent"]["name"], "ranking": ranking, "milliseconds": milliseconds})
    return found


def _peak() -> float:
    """The most memory that this process held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(step: str, *arguments: str) -> None:
    """One step; whatever Rasa prints goes to stderr."""
    out, sys.stdout = sys.stdout, sys.stderr
    if step == "train":
        found = train(*arguments)
    else:
        model, runner = arguments
        found = parse(model, runner, [json.loads(line) for line in sys.stdin])
    print(json.dumps(found), file=out)


if __name__ == "__main__":
    main(*sys.argv[1:])
