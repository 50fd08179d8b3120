"""The action endpoint: in process, where Rasa's calls go straight to the actions, or on action servers."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import aiohttp
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor
from yarl import URL

from saldo.errors import SaldoError
from saldo.rasa_runtime.action_server import action_secret
from saldo.rasa_runtime.services import services
from saldo.settings import Settings

log = logging.getLogger(__name__)
ANSWERS_WITHIN = 3.0
"""Seconds that one action server may take; a customer waits meanwhile."""
TRIES = 2
"""Servers that are asked for one turn: an action only reads, so it may be asked for twice."""


class ActionsAway(SaldoError):
    """No action server answers, so that no turn can be answered."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"The action server at {url} does not answer ({why}); is it up, with the same secret?")


class InProcessActions(EndpointConfig):
    """Looks to Rasa like an action server's URL."""

    def __init__(self) -> None:
        super().__init__("in-process", enable_selective_domain=True)  # actions read no domain: do not copy it each turn
        services()  # content with mistakes stops the start, not the first answer
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *args: Any, json: dict[str, Any], **kwargs: Any) -> Any:
        return await self._executor.run(json)

    async def check(self) -> None:
        """Always there."""

    async def close(self) -> None:
        """Nothing is open."""


class ActionServers(EndpointConfig):
    """Action servers that share the work: each turn asks the next, and another if that one does not answer."""

    def __init__(self, urls: Sequence[str], secret: str, answers_within: float = ANSWERS_WITHIN) -> None:
        super().__init__(urls[0], enable_selective_domain=True)
        self._urls, self._starts = urls, itertools.cycle(range(len(urls)))
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._timeout = aiohttp.ClientTimeout(total=answers_within)
        self._http: aiohttp.ClientSession | None = None

    async def request(self, *args: Any, json: dict[str, Any], **kwargs: Any) -> Any:
        return await self._asked("POST", "webhook", json)

    async def check(self) -> None:
        """Raise ActionsAway if no server would answer a turn now."""
        await self._asked("GET", "actions")

    async def close(self) -> None:
        """Close the connections that were kept open."""
        if self._http is not None:
            await self._http.close()

    async def _asked(self, method: str, what: str, body: Any = None) -> Any:
        start, away = next(self._starts), ActionsAway(self.url or "", "not asked")
        for number in range(TRIES):
            url = self._urls[(start + number) % len(self._urls)]
            try:
                async with self._session().request(method, URL(url).with_name(what), json=body) as reply:
                    if reply.status == HTTPStatus.OK:
                        return await reply.json()
                    away = ActionsAway(url, f"HTTP {reply.status}")
            except (aiohttp.ClientError, asyncio.TimeoutError) as error:
                away = ActionsAway(url, type(error).__name__)
            log.error("%s", away)
        raise away

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(headers=self._headers, timeout=self._timeout)
        return self._http


def actions_of(settings: Settings) -> InProcessActions | ActionServers:
    """The action servers of the settings, or the actions in this process if none are named."""
    if settings.action_urls:
        return ActionServers(settings.action_urls, action_secret(settings))
    return InProcessActions()
