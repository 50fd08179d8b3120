"""The action endpoint in process: Rasa's calls go straight to the actions, no second server and no socket."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
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
        RemoteAction._validate_action_result = _validate

    async def request(self, *args: Any, json: dict[str, Any], **kwargs: Any) -> Any:
        return await self._executor.run(json)


def _validate(_: RemoteAction, result: dict[str, Any]) -> bool:
    """Rasa's own check of what an action returns. Rasa has the schema itself checked at every call, which took
    nine tenths of a turn's time; here that is done once."""
    _validator().validate(result)
    return True


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)
