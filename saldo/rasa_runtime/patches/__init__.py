"""What Saldo changes in Rasa 3.6.21. Nothing changes by importing a module: `apply` does it, at the start of a process.

| what | why | gain | test |
|---|---|---|---|
| `environment`: no telemetry, warnings or logs below an error; no garbage collected while importing | nothing leaves the machine, and a terminal shows answers | a tenth of the start | tests/rasa_runtime/test_lazy_imports.py |
| `lazy_imports`: TensorFlow and eight other libraries are imported when something uses them | this pipeline never does | most of the start, and more than half of the memory | tests/rasa_runtime/test_lazy_imports.py |
| `graph_runner`: a model's graph runs in an order reckoned once | dask plans every run anew, which takes longer than understanding the message | a fifth of a turn, profiled | tests/rasa_runtime/test_graph_runner.py |
| `action_validation`: the schema of action results is checked once, not at each result | checking the schema took nine tenths of a turn | most of a turn, profiled | tests/rasa_runtime/test_stock_switch.py |
| `event_types`: which class an event has is looked up once per name | it took a third of a turn in a long conversation | a third of a turn after 20 | tests/rasa_runtime/test_stock_switch.py |

Together, 120 questions by `saldo ask --jsonl` on two busy cores: 23 ms a turn instead of 83 (medians), 279 MB instead of 662.
`SALDO_STOCK_RASA=1` turns all of it off; tests/rasa_runtime/test_stock_switch.py has ten questions answered alike by both.
"""  # noqa: E501  # a table

from __future__ import annotations

from saldo.insight import logs
from saldo.settings import Settings


def apply(settings: Settings) -> None:
    """Prepare this process for Rasa; call it before anything imports Rasa. A second call changes nothing."""
    # Stock Rasa imports this package for its components; only who applies it needs the rest of it.
    from saldo.rasa_runtime.patches import environment, lazy_imports

    environment.set_variables()
    if not settings.stock_rasa:
        lazy_imports.postpone(settings.home / "config.yml", settings.model)
        with environment.quiet_import():
            import rasa.core.agent
            import rasa.core.run  # noqa: F401

            from saldo.rasa_runtime.patches import action_validation, event_types

            action_validation.check_schema_once()
            event_types.look_up_once()
    logs.configure(settings.log, settings.log_level)
    environment.silence()
