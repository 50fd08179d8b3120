"""`saldo train`: the Rasa model, made when something it depends on has changed."""

from __future__ import annotations

import time

import typer

from saldo.commands.terminal import terminal
from saldo.settings import Settings, from_environment


def train(force: bool = typer.Option(False, "--force", help="Train even if nothing has changed.")) -> None:
    """Train the model; skipped when nothing it depends on has changed."""
    settings = from_environment()
    if not ensure(settings, force):
        terminal(stderr=True).print("The model is up to date.")


def ensure(settings: Settings, force: bool = False) -> bool:
    """Train if needed; whether it was."""
    from saldo.rasa_runtime import training

    console, began = terminal(stderr=True), time.perf_counter()
    if not force and training.is_fresh(settings):
        return False
    with console.status("Training the model (once; a few minutes) …"), training.alone(settings):
        if not force and training.is_fresh(settings):
            return False
        training.train(settings)
    console.print(
        f"Trained the model in {time.perf_counter() - began:.0f} s: {settings.model.relative_to(settings.home)}"
    )
    return True
