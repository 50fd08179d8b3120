"""What `saldo ask --why` shows: how a question is cut, what each piece may be about, and which rule decided."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from saldo.commands.terminal import terminal
from saldo.evaluation.predictor import intent_model
from saldo.language import detect
from saldo.nlu.pipeline import understand
from saldo.nlu.segmentation.split import split
from saldo.settings import Settings

SHOWN = 3
"""Topics of a piece, the likeliest first."""


def explain_reading(settings: Settings, text: str, language: str | None) -> None:
    """Print the language, the segments, and the questions with the rule that decided on each.

    In docs/architecture.md stands which module each rule lives in.
    """
    model, console = intent_model(settings.model), terminal()
    detection = detect(text, language)
    line = f"language {detection.code}, {detection.confidence:.2f}, told by: {detection.reason}"
    console.print(Text(line, style="bold"))
    segments = Table("segment", "role", "likeliest", "weight", title="Segments", title_justify="left", box=None)
    for segment in split(text, detection.code):
        topic, weight = model.glance(segment.text)
        segments.add_row(segment.text, segment.role, topic, f"{weight:.2f}")
    console.print(segments)
    questions = Table(
        "question", "status", "topic", "weights", "rule", title="Questions", title_justify="left", box=None
    )
    for question in understand(text, detection.code, model):
        decision = question.decision
        weights = "  ".join(f"{name} {weight:.2f}" for name, weight in decision.ranking[:SHOWN])
        questions.add_row(question.text, decision.status, decision.topic, weights, decision.rule)
    console.print(questions)
