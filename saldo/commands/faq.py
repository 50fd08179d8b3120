"""`saldo faq check`: whether the content files are in order."""

from __future__ import annotations

from collections.abc import Collection

import typer

from saldo.commands.terminal import terminal
from saldo.errors import Fault, FaultyFiles
from saldo.settings import from_environment

app = typer.Typer(help="The reviewed answers.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def main() -> None:
    """The reviewed answers."""


def word_list_faults() -> list[Fault]:
    """What is wrong in the word lists that the understanding and the mail reader go by."""
    from saldo import language
    from saldo.mail.parse import words
    from saldo.nlu import clauses, entity_patterns, numbers, query, thread

    modules = (clauses, entity_patterns, numbers, query, thread, language, words)
    faults: list[Fault] = []
    for module in modules:
        try:
            module.word_lists()
        except FaultyFiles as error:
            faults += error.faults
    return faults


def topic_faults(topics: Collection[str]) -> list[Fault]:
    """What is kept by a topic's name outside the content files, and names a topic that `topics.yml` does not."""
    from saldo.billing import MESSAGES
    from saldo.billing.explain import RULES
    from saldo.nlu.thread import word_lists

    named = {
        "saldo/billing/explain.py": RULES,
        "saldo/billing/message_catalogue.py": MESSAGES,
        **{f"saldo/nlu/words/thread.yml ({code})": cues.topics for code, cues in word_lists().items()},
    }
    return [
        Fault(place, 0, f"{name} is no topic of faq/topics.yml; take it out, or add the topic there")
        for place, names in named.items()
        for name in names
        if name not in topics
    ]


@app.command("check")
def check_content() -> None:
    """Check the content files; every mistake with file, line and what would be right."""
    from saldo.faq import LANGUAGES, check, load

    content = load(from_environment().faq)
    if faults := [*check(content), *word_list_faults(), *topic_faults(content.topics)]:
        raise FaultyFiles(faults)
    terminal().print(f"In order: {len(content.topics)} topics in {' and '.join(LANGUAGES)}.")
