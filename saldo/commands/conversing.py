"""What `ask` and `shell` share: the loaded bot, and the capability of the customer they speak for."""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from saldo.errors import SaldoError
from saldo.settings import CHECKOUT, Settings

if TYPE_CHECKING:
    from saldo.billing import Customer, Repository
    from saldo.rasa_runtime.agent import Bot


def must_have_model(settings: Settings) -> None:
    """SaldoError if there is no model yet, or it is damaged or another Saldo's."""
    if not settings.model.is_file():
        raise SaldoError("There is no model yet; run `saldo train`.")
    from saldo.rasa_runtime.model_file import intact
    from saldo.rasa_runtime.training import must_be_ours

    must_be_ours(settings)
    intact(settings.model)


def load_bot(settings: Settings) -> Bot:
    """The bot with its model; SaldoError if there is no model yet, or another Saldo's."""
    must_have_model(settings)
    from saldo.rasa_runtime import patches

    patches.apply(settings)
    from saldo.rasa_runtime.agent import Bot

    return Bot(settings.model, settings.stock_rasa)


def benchmark_module(name: str) -> Any:
    """A module of `benchmarks/`, which stands beside the package in a checkout; SaldoError where it does not."""
    if not (CHECKOUT / "benchmarks").is_dir():
        raise SaldoError("The benchmarks stand in a checkout of Saldo and are not installed; run this in one.")
    if str(CHECKOUT) not in sys.path:
        sys.path.append(str(CHECKOUT))
    return import_module(f"benchmarks.{name}")


def customer_of(settings: Settings, customer: str | None) -> Customer | None:
    """The customer of that id in the billing records, if one is given; UnknownCustomer if they have none such."""
    return None if customer is None else _records(settings.database_url).customer(customer)


@lru_cache(maxsize=1)
def _records(url: str) -> Repository:
    """Opened once: that its layout is ours need not be looked up for each of a thousand questions."""
    from saldo.billing import Repository, open_database

    return Repository(open_database(url))


def metadata(settings: Settings, customer: Customer | None, language: str | None) -> dict[str, Any]:
    """What this channel tells the bot: the customer's language and capability, minted anew each turn, or the language
    that was asked for."""
    from saldo.conversation import TurnMetadata
    from saldo.identity import key_of, mint

    return TurnMetadata(
        identity=mint(key_of(settings), customer.id) if customer else None,
        language=language or (customer.language if customer else None),
        language_chosen=bool(language),
    ).to_json()
