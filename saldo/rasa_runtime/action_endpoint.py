"""The action endpoint in process: Rasa's calls go straight to the actions, no second server and no socket."""

from __future__ import annotations

from typing import Any

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from saldo.rasa_runtime.services import services


class InProcessActions(EndpointConfig):
    """Looks to Rasa like an action server's URL."""

    def __init__(self) -> None:
        super().__init__("in-process", enable_selective_domain=True)  # actions read no domain: do not copy it each turn
        services()  # content with mistakes stops the start, not the first answer
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *args: Any, json: dict[str, Any], **kwargs: Any) -> Any:
        return await self._executor.run(json)
