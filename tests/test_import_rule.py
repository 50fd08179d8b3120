"""Who may import whom (design, section 2), read from the source: the rules of billing and language stand alone."""

from __future__ import annotations

import ast
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.support import CHECKOUT

ROOMS = "errors language text faq answers nlu.query"
BILLING = "model period explanation message_catalogue account_state explain rules"
PURE = (*(f"saldo.{room}" for room in ROOMS.split()), *(f"saldo.billing.{room}" for room in BILLING.split()))
"""These, and all that they import in turn, need neither Rasa nor a database."""
WITH_RASA = ("saldo.rasa_runtime",)
WITH_SDK = ("actions", "saldo.rasa_runtime")
SENDING = ("smtplib", "smtpd", "aiosmtplib", "aiosmtpd")
HALF_A_SECOND = 0.5
TIMES_PYTHON = 20


@dataclass(frozen=True)
class Imports:
    """What a module imports: when it is loaded itself, and later, inside its functions."""

    loaded: frozenset[str]
    later: frozenset[str]


@cache
def sources() -> dict[str, Path]:
    """Every module of ours, by its name."""
    paths = [path for room in ("saldo", "actions") for path in (CHECKOUT / room).rglob("*.py")]
    return {
        ".".join(path.relative_to(CHECKOUT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths
    }


@cache
def imports(module: str) -> Imports:
    return imports_in(sources()[module].read_text(encoding="utf-8"))


def imports_in(source: str) -> Imports:
    """The imports of a source; those for the type checker alone are none."""
    loaded: set[str] = set()
    later: set[str] = set()
    todo: list[tuple[ast.AST, set[str]]] = [(ast.parse(source), loaded)]
    while todo:
        node, found = todo.pop()
        found.update(named(node))
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            inner: Iterable[ast.AST] = node.orelse
        else:
            inner = ast.iter_child_nodes(node)
        inside = later if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) else found
        todo += [(each, inside) for each in inner]
    return Imports(frozenset(loaded), frozenset(later))


def named(node: ast.AST) -> Iterator[str]:
    """The modules that an import statement may name; for `from a import b` both a and a.b."""
    if isinstance(node, ast.Import):
        yield from (one.name for one in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.module and not node.level, "imports are absolute"
        yield from (node.module, *(f"{node.module}.{one.name}" for one in node.names))


def loaded_with(module: str) -> set[str]:
    """Everything that loading a module loads: its packages, its imports, and theirs in turn."""
    found: set[str] = set()
    todo = [module]
    while todo:
        name = todo.pop()
        parts = name.split(".")
        for each in (".".join(parts[:count]) for count in range(1, len(parts) + 1)):
            if each not in found:
                found.add(each)
                todo += imports(each).loaded if each in sources() else ()
    return found


def within(module: str, rooms: Iterable[str]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def importing(library: str, *, late: bool) -> list[str]:
    """Our modules that import a library themselves; with `late`, also those that do so inside a function only."""
    found = ((module, imports(module)) for module in sources())
    return [
        module
        for module, told in found
        if any(within(one, [library]) for one in told.loaded | (told.later if late else set()))
    ]


pure_modules = pytest.mark.parametrize("module", sorted(one for one in sources() if within(one, PURE)))


def test_imports_are_told_apart_by_when_they_happen() -> None:
    source = """
import a
from b import c
if TYPE_CHECKING:
    import never
try:
    import d.e
except ImportError:
    pass
def use():
    import f
class Kind:
    import g
    def method(self):
        from h import i
"""
    assert imports_in(source) == Imports(frozenset({"a", "b", "b.c", "d.e", "g"}), frozenset({"f", "h", "h.i"}))


def test_what_is_loaded_is_followed_through_our_own_modules() -> None:
    assert {"saldo.billing.model", "babel.numbers", "dataclasses"} <= loaded_with("saldo.answers.formats")
    assert "sqlalchemy" in loaded_with("saldo.billing.store.repository")
    assert "rasa" in loaded_with("saldo.rasa_runtime.agent")


def test_every_pure_room_is_there() -> None:
    assert all(any(within(module, [room]) for module in sources()) for room in PURE)


@pure_modules
def test_a_pure_room_loads_neither_rasa_nor_a_database(module: str) -> None:
    assert loaded_with(module) & {"rasa", "rasa_sdk", "sqlalchemy", "spacy", "sklearn"} == set()


@pure_modules
def test_a_pure_room_imports_neither_rasa_nor_a_database_later(module: str) -> None:
    assert not [one for one in imports(module).later if within(one, ["rasa", "rasa_sdk", "sqlalchemy"])]


def test_rasa_is_imported_where_the_bot_is_made() -> None:
    """And, inside the verbs that start a bot, by commands."""
    assert [module for module in importing("rasa", late=False) if not within(module, WITH_RASA)] == []
    assert [
        module for module in importing("rasa", late=True) if not within(module, (*WITH_RASA, "saldo.commands"))
    ] == []


ORDER = (
    *("commands", "privacy", "web", "mail", "rasa_runtime", "conversation", "answers", "nlu", "faq", "billing"),
    "language",
)  # fmt: skip
"""The rooms from the top down (design, section 2): what each imports stands below it."""


@pytest.mark.parametrize("room", ORDER)
def test_nothing_imports_upward(room: str) -> None:
    above = [f"saldo.{each}" for each in ORDER[: ORDER.index(room)]]
    modules = (module for module in sources() if within(module, [f"saldo.{room}"]))
    upward = {
        module: sorted(each for each in imports(module).loaded | imports(module).later if within(each, above))
        for module in modules
    }
    assert {module: found for module, found in upward.items() if found} == {}


def test_the_sdk_is_imported_by_the_actions_and_what_runs_them() -> None:
    assert [module for module in importing("rasa_sdk", late=True) if not within(module, WITH_SDK)] == []


def test_nothing_imports_the_actions_but_the_bot() -> None:
    assert [module for module in importing("actions", late=True) if not within(module, WITH_SDK)] == []


def test_the_command_loads_nothing_heavy_until_a_verb_needs_it() -> None:
    heavy = {"rasa", "rasa_sdk", "sqlalchemy", "spacy", "sklearn", "numpy", "pydantic", "jwt", "babel"}
    assert loaded_with("saldo.commands.main") & heavy == set()


def test_nothing_can_send_mail() -> None:
    assert {module: importing(module, late=True) for module in SENDING} == {module: [] for module in SENDING}


@pytest.mark.parametrize(
    "command",
    [(sys.executable, "-c", "import saldo.billing"), (str(Path(sys.executable).with_name("saldo")), "--help")],
    ids=["import saldo.billing", "saldo --help"],
)
def test_starts_in_half_a_second(command: tuple[str, ...]) -> None:
    """Of the processor's time. On a machine where Python itself starts slowly, in so many times that."""
    assert best(command) < max(HALF_A_SECOND, TIMES_PYTHON * best((sys.executable, "-c", "pass")))


def best(command: tuple[str, ...]) -> float:
    """Of five runs, so that what else the machine does meanwhile hardly counts."""
    return min(processor_seconds(command) for _ in range(5))


def processor_seconds(command: tuple[str, ...]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
