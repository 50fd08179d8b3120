"""What every component of ours must hold: one tuple of checks, in the manner of `check_estimator`.

@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_component(check, tmp_path):
    check(Case(EntitiesComponent, tmp_path, before=(LanguageComponent,)))
"""

from __future__ import annotations

import copy
import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

TEXTS = (
    "Waarom staan er 60 stuks op factuur 2026-0142?",
    "Miten poistan kaksi lisenssiä kesken kauden?",
    "Hoi! Ik heb dubbel betaald. En hoe zeg ik op?",
    "How do I cancel?",
    "ok",
    "60",
    "",
    "   ",
    "/restart",
    "🙂",
    "factuur " * 250,
)

EXAMPLES = (
    ("Ik heb de factuur twee keer betaald", "paid_twice", "nl"),
    ("Er is dubbel betaald", "paid_twice", "nl"),
    ("Hoe zeg ik het abonnement op?", "cancel_service", "nl"),
    ("Ik wil opzeggen", "cancel_service", "nl"),
    ("Maksoin laskun kahteen kertaan", "paid_twice", "fi"),
    ("Lasku maksettiin tuplana", "paid_twice", "fi"),
    ("Miten irtisanon palvelun?", "cancel_service", "fi"),
    ("Haluan irtisanoa sopimuksen", "cancel_service", "fi"),
    ("hoi", "greet", "nl"),
    ("moi", "greet", "fi"),
    ("Wat voor weer wordt het?", "out_of_scope", "nl"),
    ("Millainen sää huomenna on?", "out_of_scope", "fi"),
)
"""Text, intent and language of the least training data that a component is tried on."""


@dataclass
class Case:
    """A component with what it is tried on; `before` are the components that run ahead of it."""

    component: type[GraphComponent]
    folder: Path
    before: tuple[type[GraphComponent], ...] = ()
    config: dict[str, Any] = field(default_factory=dict)
    texts: tuple[str, ...] = TEXTS
    examples: tuple[tuple[str, str, str], ...] = EXAMPLES

    def made(self, name: str = "made", kind: type[GraphComponent] | None = None) -> GraphComponent:
        """A fresh component with storage of its own below `folder`."""
        kind = kind or self.component
        config = {**kind.get_default_config(), **(self.config if kind is self.component else {})}
        return kind.create(config, self.storage(name), Resource(name), context())

    def trained(self, name: str = "made") -> tuple[GraphComponent, Resource]:
        """A component after `train` where it has one, and what holds its state."""
        component = self.made(name)
        if not hasattr(component, "train"):
            return component, Resource(name)
        return component, component.train(self.training_data())

    def loaded(self, name: str, resource: Resource) -> GraphComponent:
        """The component read back from the state that `trained(name)` left."""
        config = {**self.component.get_default_config(), **self.config}
        return self.component.load(config, self.storage(name), resource, context())

    def storage(self, name: str) -> LocalModelStorage:
        """Model storage in a folder of this name."""
        (self.folder / name).mkdir(parents=True, exist_ok=True)
        return LocalModelStorage(self.folder / name)

    def training_data(self) -> TrainingData:
        """The examples as Rasa reads them."""
        return TrainingData(
            [
                Message.build(text, intent=intent, example_metadata={"language": language})
                for text, intent, language in self.examples
            ]
        )

    def answers(self, component: GraphComponent, texts: tuple[str, ...] | None = None) -> list[dict[str, Any]]:
        """The data of each message after the earlier components and this one have seen it."""
        messages = [Message.build(text) for text in (self.texts if texts is None else texts)]
        for kind in self.before:
            messages = process(self.made("before", kind), messages)
        return [copy.deepcopy(message.data) for message in process(component, messages)]


def context() -> ExecutionContext:
    """An execution context without a graph."""
    return ExecutionContext(GraphSchema({}), model_id="check")


def process(component: GraphComponent, messages: list[Message]) -> list[Message]:
    """`process` as the graph calls it; a component that asks for the tracker gets none."""
    takes_tracker = "tracker" in component.process.__code__.co_varnames
    return component.process(messages, tracker=None) if takes_tracker else component.process(messages)  # type: ignore[no-any-return]


def check_defaults_are_complete(case: Case) -> None:
    """The defaults alone make a working component and can be written to config.yml."""
    json.dumps(case.component.get_default_config())
    component, _ = case.trained()
    assert len(case.answers(component)) == len(case.texts)


def check_init_only_stores(case: Case) -> None:
    """A fresh component holds what it was given, copies of configuration values, or nothing yet."""
    config = {**case.component.get_default_config(), **case.config}
    given = (config, case.storage("init"), Resource("init"), context())
    before = copy.deepcopy(config)
    component = case.component.create(*given)
    assert config == before, "create changed its configuration"
    for name, value in vars(component).items():
        known = value is None or any(value is one for one in given) or value in config.values()
        assert known or isinstance(value, str), f"{name} holds {value!r}, which nobody gave"


def check_process_is_a_function(case: Case) -> None:
    """Neither earlier messages nor company in the same call change an answer."""
    component, _ = case.trained()
    together = case.answers(component)
    assert case.answers(component) == together
    order = list(range(len(case.texts)))
    random.Random(0).shuffle(order)
    for index in order:
        assert case.answers(component, (case.texts[index],)) == [together[index]], case.texts[index]


def check_loaded_answers_like_trained(case: Case) -> None:
    """Reading the state back gives the same answers."""
    component, resource = case.trained()
    assert case.answers(case.loaded("made", resource)) == case.answers(component)


def check_training_is_deterministic(case: Case) -> None:
    """The same examples leave the same bytes and the same answers."""
    first, _ = case.trained("first")
    second, _ = case.trained("second")
    assert fingerprint(case.folder / "first" / "first") == fingerprint(case.folder / "second" / "second")
    assert case.answers(first) == case.answers(second)


def check_output_is_json(case: Case) -> None:
    """What actions see in `latest_message` survives being written as JSON."""
    component, _ = case.trained()
    messages = [Message.build(text) for text in case.texts]
    for kind in case.before:
        messages = process(case.made("before", kind), messages)
    for message in process(component, messages):
        json.dumps(message.as_dict(only_output_properties=True))


def check_ranking_is_sorted(case: Case) -> None:
    """The ranking runs from sure to unsure, and its head is the intent."""
    component, _ = case.trained()
    for answer in case.answers(component):
        ranking = answer.get("intent_ranking", [])
        confidences = [one["confidence"] for one in ranking]
        assert confidences == sorted(confidences, reverse=True)
        assert not ranking or ranking[0]["name"] == answer["intent"]["name"]


def check_offsets_are_exact(case: Case) -> None:
    """Whatever carries `text`, `start` and `end` stands there in the message."""
    component, _ = case.trained()
    for answer in case.answers(component):
        for piece in [*answer.get("questions", []), *answer.get("entities", [])]:
            assert answer["text"][piece["start"] : piece["end"]] == piece["text"]


def fingerprint(folder: Path) -> str:
    """One hash over the names and bytes of the files below a folder; of nothing where there is none."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")) if folder.exists() else []:
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


CHECKS: tuple[Callable[[Case], None], ...] = (
    check_defaults_are_complete,
    check_init_only_stores,
    check_process_is_a_function,
    check_loaded_answers_like_trained,
    check_training_is_deterministic,
    check_output_is_json,
    check_ranking_is_sorted,
    check_offsets_are_exact,
)
