"""An evaluation as one HTML page that loads nothing, and its pictures."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jinja2 import Environment, StrictUndefined
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from saldo.evaluation import page as charts
from saldo.evaluation.report import ROWS, cell
from saldo.evaluation.scores import Bin, Evaluation, Outcome, Share
from saldo.evaluation.validation import Learned
from saldo.nlu.decision import is_topic

ASKED = "asked back"
INK, ACCENT = "#33404a", "#1f6feb"
DOTS_PER_INCH = 110


def confusion(outcomes: Sequence[Outcome]) -> bytes:
    """Rows: what was meant, each adding up to 1; columns: what it was understood as, asking back among them."""
    labels = _ordered({one.asked.label for one in outcomes} | {_understood(one) for one in outcomes} - {ASKED})
    columns = [*labels, ASKED]
    counts = np.zeros((len(labels), len(columns)))
    for one in outcomes:
        counts[labels.index(one.asked.label), columns.index(_understood(one))] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = _figure(2.5 + 0.45 * len(columns), 1.8 + 0.36 * len(labels))
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(columns)), columns, rotation=45, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xlabel("understood as")
    axes.set_ylabel("meant")
    for row, column in zip(*np.nonzero(counts), strict=True):
        dark = shares[row, column] > 0.5
        axes.text(
            column, row, int(counts[row, column]), ha="center", va="center", size=8, color="white" if dark else INK
        )
    return _png(figure)


def reliability(bins: Sequence[Bin]) -> bytes:
    """How often the likeliest intent was right, by how sure the model was; the diagonal is honesty."""
    figure = _figure(5.2, 4.4)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color=INK, linewidth=1, linestyle=":", label="as sure as right")
    filled = [each for each in bins if each.right.total]
    sure = [each.confidence for each in filled]
    axes.plot(
        sure, [each.right.value for each in filled], color=ACCENT, marker="o", label="measured, with 95 % interval"
    )
    axes.vlines(sure, *zip(*(each.right.interval for each in filled), strict=True), color=ACCENT, alpha=0.5)
    for each in filled:
        axes.annotate(f"{each.right.total}", (each.confidence, 0.02), ha="center", size=8, color=INK)
    axes.set(xlim=(0, 1), ylim=(0, 1.03), xlabel="confidence (below: how many questions)", ylabel="right")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncol=2, frameon=False)
    return _png(figure)


def learning(curve: Sequence[tuple[int, Share]]) -> bytes:
    """How many topic questions are answered right, by how many examples were learned from."""
    figure = _figure(5.2, 3.6)
    axes = figure.add_subplot()
    sizes, shares = [size for size, _ in curve], [share for _, share in curve]
    axes.plot(sizes, [share.value for share in shares], color=ACCENT, marker="o")
    axes.fill_between(sizes, *zip(*(share.interval for share in shares), strict=True), color=ACCENT, alpha=0.15)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set(xlabel="examples learned from", ylabel="topic questions answered right", xlim=(0, None))
    return _png(figure)


def _understood(outcome: Outcome) -> str:
    return ASKED if outcome.verdict.status == "clarify" else outcome.verdict.topic


def _ordered(labels: set[str]) -> list[str]:
    """Topics first, then small talk and the rest, each by name."""
    return sorted(labels, key=lambda label: (not is_topic(label), label))


def _figure(width: float, height: float) -> Figure:
    figure = Figure(figsize=(width, height), dpi=DOTS_PER_INCH, constrained_layout=True)
    FigureCanvasAgg(figure)
    return figure


def _png(figure: Figure) -> bytes:
    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.2) if not axes.images else None
    filled = io.BytesIO()
    figure.savefig(filled, format="png", metadata={"Software": None})
    return filled.getvalue()


TEMPLATE = Path(__file__).with_name("page.html")


@dataclass(frozen=True)
class Pictures:
    """PNG files; no learning curve where none was measured."""

    confusion: bytes
    reliability: bytes
    learning: bytes | None

    def save(self, folder: Path) -> None:
        """`confusion.png`, `reliability.png` and `learning.png`; OSError if the folder takes no files."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in vars(self).items():
            if data:
                (folder / f"{name}.png").write_bytes(data)


def draw(evaluation: Evaluation, learned: Learned | None = None) -> Pictures:
    """The pictures of an evaluation."""
    return Pictures(
        charts.confusion(evaluation.outcomes),
        charts.reliability(evaluation.reliability),
        charts.learning(learned.curve) if learned else None,
    )


def page(evaluation: Evaluation, learned: Learned | None = None, development: bool = True) -> str:
    """The whole page, which says whether the set was measured on before. Questions are shown as text."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        evaluation=evaluation,
        development=development,
        languages={"all": evaluation.total, **evaluation.languages},
        styles=evaluation.styles,
        learned=learned,
        pictures=draw(evaluation, learned),
        rows=ROWS,
        cell=cell,
        picture=_inline,
    )


def _inline(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
