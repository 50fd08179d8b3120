"""The model that a server answers by: loaded when it starts, and newer ones taken over while it runs."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.processor import MessageProcessor
from rasa.engine.exceptions import GraphComponentException
from rasa.shared.exceptions import RasaException
from sanic import Sanic

from saldo.errors import SaldoError, UnusableFile, place_of
from saldo.rasa_runtime.model_file import REMEDY, intact, must_be_this_bots
from saldo.rasa_runtime.patches.graph_runner import PlannedRunner

log = logging.getLogger(__name__)
LOOK_SECONDS = 3.0
"""Between two looks at whether there is a newer one."""


def processor_of(agent: Agent, model: Path, stock_rasa: bool = False) -> MessageProcessor:
    """The model, loaded for the agent's stores and actions. UnusableFile if that cannot be done."""
    try:
        loaded = MessageProcessor(
            model, agent.tracker_store, agent.lock_store, agent.nlg, action_endpoint=agent.action_endpoint
        )
    except (RasaException, GraphComponentException, OSError, ValueError, KeyError):
        raise UnusableFile(model, f"this model cannot be used; {REMEDY}") from None
    if not stock_rasa:
        loaded.graph_runner = PlannedRunner(loaded.graph_runner)
    return loaded


def take_over(agent: Agent, processor: MessageProcessor) -> None:
    """Answer by this model from now on; turns that have begun end by the one they began with."""
    agent.processor, agent.domain = processor, processor.domain
    agent.tracker_store.domain = processor.domain
    agent.nlg.responses = processor.domain.responses


async def follow(app: Sanic, model: Path, current: str, stock_rasa: bool) -> None:
    """Take over each newer model that can be used; of one that cannot, the log tells, and the one there is goes on."""
    seen = _look(model)
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            if (now := _look(model)) == seen:
                continue
            seen = now
            newest = await asyncio.to_thread(intact, model)
            if newest != current:
                await asyncio.to_thread(must_be_this_bots, model)
                take_over(app.ctx.agent, await asyncio.to_thread(processor_of, app.ctx.agent, model, stock_rasa))
                current = newest
                # below an error nothing is logged, and an operator wants to know
                log.error("a newer model has been taken over: %s", newest[:12])
        except SaldoError as error:
            log.error("the newer model is refused, and the one before goes on: %s", error)
        except Exception as error:  # nothing that a file holds may end the following
            log.error("the newer model is refused, and the one before goes on: %s", place_of(error))


def _look(model: Path) -> tuple[int, int, int] | None:
    try:
        stat = model.stat()
    except OSError:  # between two models, or taken away: the one that was loaded goes on
        return None
    return stat.st_mtime_ns, stat.st_ino, stat.st_size
