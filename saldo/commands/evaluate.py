"""`saldo evaluate`: how well the trained model understands labelled questions, dialogues and public benchmarks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

import typer

from saldo.commands.conversing import benchmark_module, customer_of, load_bot, metadata
from saldo.commands.terminal import json_line, terminal
from saldo.errors import SaldoError, UnusableFile
from saldo.settings import Settings, from_environment

if TYPE_CHECKING:
    from saldo.evaluation import Evaluation
    from saldo.evaluation.validation import Learned


class Benchmark(str, Enum):
    """Public yardsticks."""

    massive = "massive"
    lingua = "lingua"


class BelowTheMark(SaldoError):
    """A figure that is lower than it must be."""

    def __init__(self, language: str, what: str, value: float, mark: float) -> None:
        super().__init__(f"{language}: {what} is {value:.3f}, below {mark:.3f}.")


def evaluate(
    files: Optional[list[Path]] = typer.Argument(
        None, help="Labelled questions: JSON Lines, Rasa NLU YAML, or folders of them."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object."),
    html: Optional[Path] = typer.Option(None, help="Also write one self-contained page, misread questions and all."),
    plots: Optional[Path] = typer.Option(None, help="Also write the pictures, as PNG, into this folder."),
    cross_validate: bool = typer.Option(
        False, "--cross-validate", help="Also cross-validate the training data and draw the learning curve (minutes)."
    ),
    dialogues: bool = typer.Option(
        False, "--dialogues", help="The files hold conversations, or messages with several questions."
    ),
    mistype: bool = typer.Option(False, "--mistype", help="Put one typing error into each question first."),
    ablate: bool = typer.Option(
        False, "--ablate", help="What each part of the reading is worth, on hands left out of the training (minutes)."
    ),
    benchmark: Optional[Benchmark] = typer.Option(None, help="Measure on a public benchmark instead."),
    benchmarks: Path = typer.Option(Path("../shared/benchmarks"), help="Where the benchmarks' data lies."),
    fresh: Optional[str] = typer.Option(
        None, metavar="NAME", help="Who opens these files, which nobody has seen: logged beside them, once."
    ),
    fail_under: Optional[float] = typer.Option(
        None, min=0, max=1, help="Topic accuracy (--dialogues, --ablate: what is wholly right) that must be reached."
    ),
    refuse_under: Optional[float] = typer.Option(None, min=0, max=1, help="Share of out-of-scope questions to refuse."),
) -> None:
    """Measure understanding: accuracy, refusals, wrong answers, questions back, per language and style."""
    settings = from_environment()
    if benchmark:
        _benchmark(benchmark, benchmarks)
    elif ablate:
        _ablation(settings, fail_under)
    elif not files:
        raise SaldoError("Name files with labelled questions, or folders of them; or a --benchmark.")
    elif dialogues:
        _open(files, fresh, settings)
        _dialogues(settings, _json_lines(files), as_json, fail_under)
    else:
        _open(files, fresh, settings)
        found, learned = _questions(settings, files, cross_validate, mistype)
        _write(found, learned, html, plots, development=fresh is None)
        _show(found, learned, as_json)
        _must_reach(found, fail_under, refuse_under)


def _ablation(settings: Settings, mark: float | None) -> None:
    from saldo.evaluation.ablation import EVERYTHING, ablate, ablation_table

    with terminal(stderr=True).status("Learning without each part of the hands in turn …"):
        found = ablate(settings.home)
    terminal().print(ablation_table(found))
    (whole,) = (one.exact.value for one in found if one.name == EVERYTHING)
    if mark is not None and whole < mark:
        raise BelowTheMark("hands left out", "the share of messages whose asked topics are exact", whole, mark)


def _questions(
    settings: Settings, files: list[Path], validated: bool, mistype: bool
) -> tuple[Evaluation, Learned | None]:
    from saldo.evaluation import outcome, predictor, read_labelled, score
    from saldo.evaluation.validation import LEARNINGS, validate
    from saldo.nlu.mistyping import mistyped

    predict, questions = predictor(settings.model), read_labelled(files)
    if not questions:
        raise SaldoError("There are no labelled questions in these files.")
    with _progress("Reading questions", len(questions)) as step:
        outcomes = []
        for one in questions:
            outcomes.append(outcome(one, predict(mistyped(one.text) if mistype else one.text)))
            step()
    if not validated:
        return score(outcomes), None
    with _progress("Learning anew from parts of the examples", LEARNINGS) as step:
        return score(outcomes), validate(read_labelled([settings.home / "data"]), questions, step)


def _open(files: list[Path], fresh: str | None, settings: Settings) -> None:
    if fresh is not None:
        from saldo.evaluation.opened import open_fresh

        open_fresh(_json_lines(files), fresh, settings.day())


def _json_lines(files: list[Path]) -> list[Path]:
    """The files, and those in folders."""
    return sorted(one for path in files for one in (path.rglob("*.jsonl") if path.is_dir() else [path]))


def _write(
    found: Evaluation, learned: Learned | None, html: Path | None, plots: Path | None, development: bool
) -> None:
    from saldo.evaluation.page import draw, page

    target = html or plots
    try:
        if html:
            html.write_text(page(found, learned, development), encoding="utf-8")
        if plots:
            draw(found, learned).save(plots)
    except OSError as error:
        raise UnusableFile(target or Path(), f"cannot be written ({error.strerror})") from None


def _show(found: Evaluation, learned: Learned | None, as_json: bool) -> None:
    from saldo.evaluation.report import as_json as plain
    from saldo.evaluation.report import learned_tables, tables

    if as_json:
        typer.echo(json_line(plain(found, learned)))
        return
    terminal().print(*tables(found), *(learned_tables(learned) if learned else []), sep="\n")


def _dialogues(settings: Settings, paths: list[Path], as_json: bool, mark: float | None) -> None:
    from saldo.evaluation.acts import marked_in, measure_acts
    from saldo.evaluation.dialogues import measure_all, read_dialogues
    from saldo.evaluation.predictor import message_model
    from saldo.evaluation.report import act_table, dialogue_json, dialogue_tables

    count = sum(len(read_dialogues(path)) for path in paths)
    if not count:
        raise SaldoError("There are no dialogues in these files.")
    bot = load_bot(settings)

    def ask(text: str, conversation: str, customer: str | None, mail: bool) -> Awaitable[dict[str, Any]]:
        given = metadata(settings, customer_of(settings, customer), None)
        return bot.turn(text, conversation, {**given, "mail": True} if mail else given)

    with _progress("Talking", count) as step:
        found = asyncio.run(measure_all(paths, ask, step))
    marked = marked_in(paths)
    acts = measure_acts(marked, message_model(settings.model)) if marked else []
    if as_json:
        typer.echo(json_line(dialogue_json(found, acts)))
    else:
        terminal().print(*dialogue_tables(found), *([act_table(acts)] if acts else []), sep="\n")
    for one in found:
        if mark is not None and one.right.value < mark:
            raise BelowTheMark(one.name, "the share that is wholly right", one.right.value, mark)


def _benchmark(which: Benchmark, folder: Path) -> None:
    lingua, massive = benchmark_module("lingua"), benchmark_module("massive")
    with terminal(stderr=True).status(f"Measuring on {which.value} …"):
        table = massive.table(folder / "massive") if which is Benchmark.massive else lingua.table(folder)
    terminal().print(table)


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[], object]]:
    """A bar on stderr; call what is yielded after each step."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=terminal(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


def _must_reach(found: Evaluation, accuracy: float | None, refusal: float | None) -> None:
    for language, figures in found.languages.items():
        if accuracy is not None and figures.right.total and figures.right.value < accuracy:
            raise BelowTheMark(language, "topic accuracy", figures.right.value, accuracy)
        if refusal is not None and figures.refused.total and figures.refused.value < refusal:
            raise BelowTheMark(language, "the share of out-of-scope questions refused", figures.refused.value, refusal)
