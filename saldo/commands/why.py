"""What `saldo ask --why` shows: segments with their acts, how likely each topic is asked, and which rule decided."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from saldo.commands.terminal import terminal
from saldo.evaluation.predictor import message_model
from saldo.language import detect
from saldo.nlu.decision import LEAD
from saldo.nlu.pipeline import understand
from saldo.settings import Settings

SHOWN = 3
"""Topics or acts of a piece, the likeliest first."""


def explain_reading(settings: Settings, text: str, language: str | None) -> None:
    """Print the language, the segments with their acts, and the questions with the rule that decided on each.

    In docs/understanding.md stands what each stage does and which module it lives in.
    """
    model, console = message_model(settings.model), terminal()
    detection = detect(text, language)
    line = f"language {detection.code}, {detection.confidence:.2f}, told by: {detection.reason}"
    console.print(Text(line, style="bold"))
    reading = model.read(text, detection.code)
    segments = Table("segment", "acts", "likeliest intent", title="Segments", title_justify="left", box=None)
    for segment in reading.segments:
        acts = sorted(segment.acts.items(), key=lambda pair: -pair[1])[:SHOWN]
        intent, weight = model.models.intent.glance(segment.text)
        segments.add_row(segment.text, _pairs(acts), f"{intent} {weight:.2f}")
    console.print(segments)
    asked = sorted(reading.asked.items(), key=lambda pair: -pair[1])
    console.print(Text(f"asked: {_pairs(asked) or 'nothing considered'}"))
    limits = model.thresholds
    console.print(
        Text(
            f"answered from {limits.answer:.2f} and {LEAD:.2f} above none of ours, "
            f"a further one from {limits.also:.2f}; asked back from {limits.clarify:.2f}"
        )
    )
    questions = Table(
        "question", "status", "topic", "act", "facet", "rule", title="Questions", title_justify="left", box=None
    )
    for question in understand(text, detection.code, model).questions:
        decision = question.decision
        questions.add_row(
            question.text, decision.status, decision.topic, question.act, question.facet or "", decision.rule
        )
    console.print(questions)


def _pairs(pairs: Sequence[tuple[str, float]]) -> str:
    return "  ".join(f"{name} {weight:.2f}" for name, weight in pairs)
