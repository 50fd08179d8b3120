"""Rasa's own check of what an action returns, with the schema itself checked once instead of at each result."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def check_schema_once() -> None:
    """From now on, in this process."""
    RemoteAction._validate_action_result = _validate


def _validate(_: RemoteAction, result: dict[str, Any]) -> bool:
    _validator().validate(result)
    return True


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)
