"""The web application: Rasa's server with one channel of ours and the actions in process."""

from __future__ import annotations

import asyncio
import logging
import os
from functools import partial

from rasa.constants import ENV_SANIC_WORKERS
from rasa.core import run
from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic

from saldo.errors import SaldoError
from saldo.rasa_runtime.action_endpoint import ActionServers, InProcessActions, actions_of
from saldo.rasa_runtime.action_server import action_secret
from saldo.rasa_runtime.channel import InputChannel
from saldo.rasa_runtime.locks import ConversationLocks
from saldo.rasa_runtime.model_file import intact
from saldo.rasa_runtime.models import follow, processor_of, take_over
from saldo.rasa_runtime.stores import Conversations
from saldo.settings import Settings

CONVERSATIONS = EndpointConfig(type="saldo.rasa_runtime.stores.Conversations")
"""Where conversations are kept, so that a restart loses none."""
EVENTS = "saldo.rasa_runtime.events.AnswerEvents"


def server(settings: Settings, channel: InputChannel) -> Sanic:
    """The server, ready to run; the model is loaded when it starts. Rasa's own API stays closed."""
    settings.state.mkdir(parents=True, exist_ok=True)
    actions = actions_of(settings)
    endpoints = AvailableEndpoints(
        action=actions,
        tracker_store=CONVERSATIONS,
        lock_store=ConversationLocks(),
        event_broker=EndpointConfig(settings.events_url, type=EVENTS) if settings.events_url else None,
    )
    app: Sanic = run.configure_app([channel], enable_api=False, endpoints=endpoints)
    app.register_listener(partial(_load, settings, intact(settings.model), endpoints), "before_server_start")
    app.register_listener(run.close_resources, "after_server_stop")
    app.register_listener(lambda *_: actions.close(), "after_server_stop")
    return app


async def _load(
    settings: Settings, model: str, endpoints: AvailableEndpoints, app: Sanic, loop: asyncio.AbstractEventLoop
) -> None:
    """What Rasa's own does, but a model that cannot be used ends the start, and a newer one is taken over later."""
    logging.getLogger("sanic.error").addFilter(_is_ours_to_tell)
    broker = await EventBroker.create(endpoints.event_broker, loop=loop)
    agent = Agent(
        tracker_store=TrackerStore.create(endpoints.tracker_store, event_broker=broker),
        lock_store=LockStore.create(endpoints.lock_store),
        action_endpoint=endpoints.action,
    )
    take_over(agent, processor_of(agent, settings.model, settings.stock_rasa))
    app.ctx.agent = agent
    app.add_task(follow(app, settings.model, model, settings.stock_rasa), name="newer models")


def _is_ours_to_tell(record: logging.LogRecord) -> bool:
    """Not what ends the start by our own refusal: the command tells it in one line."""
    return not (record.exc_info and isinstance(record.exc_info[1], SaldoError))


class Unsafe(SaldoError):
    """A stock server with stores that lose turns when there are several servers, or when one store fails."""

    def __init__(self, name: str, wanted: type, found: object) -> None:
        line = f"{name}: {{type: {wanted.__module__}.{wanted.__name__}}}"
        super().__init__(f"endpoints.yml has {type(found).__name__} for {name}; the widget needs `{line}`.")


def complete(app: Sanic, settings: Settings) -> None:
    """See that any server with the widget's channel, stock `rasa run` too, has our stores; `Unsafe` if it has others.

    Its action server is called with the secret and a deadline from then on.
    """
    agent = app.ctx.agent
    for name, wanted in (("tracker_store", Conversations), ("lock_store", ConversationLocks)):
        if not isinstance(found := getattr(agent, name), wanted):
            raise Unsafe(name, wanted, found)
    if not agent.lock_store.turns.line.shared and os.environ.get(ENV_SANIC_WORKERS, "1") != "1":
        raise SaldoError(f"{ENV_SANIC_WORKERS} needs SALDO_REDIS_URL or PostgreSQL; or use `saldo serve --workers`.")
    if not isinstance(agent.action_endpoint, (InProcessActions, ActionServers)):
        urls = [agent.action_endpoint.url] if agent.action_endpoint else ()
        actions = ActionServers(urls, action_secret(settings)) if urls else InProcessActions()
        agent.action_endpoint = actions
        if agent.processor:
            agent.processor.action_endpoint = actions
