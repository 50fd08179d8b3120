"""Evaluations as tables for the terminal and as plain values for `--json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from rich.table import Table

from saldo.evaluation.acts import ActScores
from saldo.evaluation.dialogues import DialogueScores, MessageResult, TurnResult
from saldo.evaluation.scores import Bin, Evaluation, Figures, Outcome, Share
from saldo.evaluation.validation import Learned
from saldo.nlu.messages import ACTS

ROWS = {
    "right": "topic questions answered right",
    "wrong": "answered with a wrong article",
    "asked": "asked which topic is meant",
    "offered": "of these, the right topic among the choices",
    "refused": "out of scope, and said so",
    "outside_asked": "out of scope, asked back",
    "small_talk": "small talk understood",
}


def tables(evaluation: Evaluation) -> list[Table]:
    """Figures per language, figures per style where there are several, and F1 per intent."""
    groups = {"all": evaluation.total, **evaluation.languages}
    found = [_figures_table("Understanding", groups), _f1_table(evaluation.f1)]
    if len(evaluation.styles) > 1:
        found.insert(1, _styles_table(evaluation.styles))
    return found


def learned_tables(learned: Learned) -> list[Table]:
    """The learning curve, and what the training examples make of each other: the lowest pays most to write for."""
    curve = Table("examples learned from", title="Learning curve: topic questions answered right")
    curve.add_column("right", justify="right")
    for size, share in learned.curve:
        curve.add_row(str(size), cell(share))
    return [curve, _f1_table(learned.validated.f1, "F1 per intent, cross-validated on the training examples")]


def dialogue_tables(found: Iterable[DialogueScores]) -> list[Table]:
    """What was wholly right in each file, and what was not, one by one."""
    summary, wrong = Table(title="Dialogues"), Table("said", "expected", "found", title="Not as expected")
    summary.add_column("file", overflow="fold")
    for name in ("turns or messages", "wholly right", "article not asked for", "micro-F1 of topics"):
        summary.add_column(name, justify="right")
    for each in found:
        of_messages = (cell(each.extra), f"{each.f1:.3f}") if each.messages else ("–", "–")
        summary.add_row(each.name, str(each.right.total), cell(each.right), *of_messages)
        for one in each.all:
            if not one.right:
                wrong.add_row(*_missed(one).values())
    return [summary, wrong] if wrong.row_count else [summary]


def act_table(found: Iterable[ActScores]) -> Table:
    """How well the acts of marked segments are read, and the facets of what is asked."""
    table = Table("file", title="Acts and facets, segment by segment")
    for name in ("macro-F1 of acts", *ACTS, "facets right"):
        table.add_column(name, justify="right")
    for each in found:
        shares = (f"{each.f1[act]:.2f}" if act in each.f1 else "–" for act in ACTS)
        table.add_row(each.name, f"{each.macro_f1:.3f}", *shares, cell(each.facets))
    return table


def dialogue_json(found: Sequence[DialogueScores], acts: Sequence[ActScores]) -> list[dict[str, Any]]:
    """The same as JSON holds it."""
    read = {each.name: each for each in acts}
    return [
        {
            "file": each.name,
            "right": _share(each.right),
            "extra": _share(each.extra) if each.messages else None,
            "micro_f1": each.f1 if each.messages else None,
            "acts": {"macro_f1": read[each.name].macro_f1, "f1": read[each.name].f1} if each.name in read else None,
            "facets": _share(read[each.name].facets) if each.name in read else None,
            "mistakes": [_missed(one) for one in each.all if not one.right],
        }
        for each in found
    ]


def _missed(one: TurnResult | MessageResult) -> dict[str, str]:
    if isinstance(one, MessageResult):
        return {"text": one.text, "expected": ", ".join(one.expected), "found": ", ".join(one.found)}
    wanted, got = one.expected, one
    return {
        "text": wanted.text,
        "expected": " ".join((wanted.language, wanted.kind, *(wanted.topics or ()), *wanted.says)),
        "found": " ".join((got.language, got.kind, *got.topics)),
    }


def as_json(evaluation: Evaluation, learned: Learned | None = None) -> dict[str, Any]:
    """Everything in an evaluation as JSON holds it; questions not understood as labelled come one by one."""
    content = _evaluation(evaluation)
    if learned:
        curve = [{"examples": size, "right": _share(share)} for size, share in learned.curve]
        content |= {"cross_validation": _evaluation(learned.validated), "learning_curve": curve}
    return content


def _evaluation(evaluation: Evaluation) -> dict[str, Any]:
    return {
        "total": _plain(evaluation.total),
        "languages": {name: _plain(figures) for name, figures in evaluation.languages.items()},
        "styles": {name: _plain(figures) for name, figures in evaluation.styles.items()},
        "f1": evaluation.f1,
        "calibration_error": evaluation.calibration_error,
        "reliability": [_plain(each) for each in evaluation.reliability],
        "mistakes": [_mistake(one) for one in evaluation.mistakes],
    }


def _mistake(one: Outcome) -> dict[str, str]:
    return {
        "text": one.asked.text,
        "label": one.asked.label,
        "status": one.verdict.status,
        "topic": one.verdict.topic,
    }


def _figures_table(title: str, groups: Mapping[str, Figures]) -> Table:
    table = Table(title=title)
    table.add_column("")
    for name in groups:
        table.add_column(name, justify="right")
    for field, words in ROWS.items():
        table.add_row(words, *(cell(getattr(figures, field)) for figures in groups.values()))
    return table


def _styles_table(styles: Mapping[str, Figures]) -> Table:
    """A row per style, for there may be more of them than a terminal is wide."""
    table = Table("style", title="By style")
    for name in ("answered right", "wrong article", "refused", "small talk"):
        table.add_column(name, justify="right")
    for name, each in styles.items():
        shares = (each.wrong, each.refused, each.small_talk)
        table.add_row(name, cell(each.right), *(f"{share.value:.3f}" if share.total else "–" for share in shares))
    return table


def _f1_table(scores: Mapping[str, float], title: str = "F1 per intent") -> Table:
    table = Table("intent", title=title)
    table.add_column("F1", justify="right")
    for label, value in sorted(scores.items(), key=lambda pair: (pair[1], pair[0])):
        table.add_row(label, f"{value:.3f}")
    return table


def cell(share: Share) -> str:
    """A share with its interval, `0.968 (0.941–0.983)`."""
    if not share.total:
        return "–"
    low, high = share.interval
    return f"{share.value:.3f} ({low:.3f}–{high:.3f})"


def _plain(content: Figures | Bin) -> dict[str, Any]:
    pairs = ((field.name, getattr(content, field.name)) for field in fields(content))
    return {name: _share(value) if isinstance(value, Share) else value for name, value in pairs}


def _share(share: Share) -> dict[str, Any]:
    return {"count": share.count, "total": share.total, "value": share.value, "interval": list(share.interval)}
