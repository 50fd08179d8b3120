"""A model's graph run by plan gives what Rasa's own runner gives, and complains where it does."""

from __future__ import annotations

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.engine.exceptions import GraphRunError
from rasa.shared.core.trackers import DialogueStateTracker

from saldo.rasa_runtime.agent import Bot
from saldo.rasa_runtime.patches.graph_runner import PlannedRunner, plan

SAID = ("Waarom staan er 60 stuks op factuur 2026-0142?", "Miten irtisanon, ja entä kaksoismaksu?", "", "🙂")


@pytest.fixture
def planned(bot: Bot) -> PlannedRunner:
    runner = bot._agent.processor.graph_runner
    assert isinstance(runner, PlannedRunner)
    return runner


@pytest.mark.parametrize("text", SAID)
def test_understands_as_rasas_runner_does(bot: Bot, planned: PlannedRunner, text: str) -> None:
    inputs = {
        "__message__": [UserMessage(text)],
        "__tracker__": DialogueStateTracker.from_events("one", []),
    }
    target = bot._agent.processor.model_metadata.nlu_target
    one, other = (runner.run(inputs, [target])[target][0] for runner in (planned, planned.rasas))
    assert one.as_dict() == other.as_dict()


def test_chooses_the_action_that_rasas_runner_does(bot: Bot, planned: PlannedRunner) -> None:
    processor = bot._agent.processor
    inputs = {
        "__tracker__": DialogueStateTracker.from_events("one", [], processor.domain.slots, domain=processor.domain)
    }
    target = processor.model_metadata.core_target
    one, other = (runner.run(inputs, [target])[target] for runner in (planned, planned.rasas))
    assert one.probabilities == other.probabilities


def test_a_node_whose_input_nobody_gives_says_so(planned: PlannedRunner) -> None:
    with pytest.raises(GraphRunError, match="Missing input to run node"):
        planned.run({}, ["run_saldo.rasa_runtime.components.intent.IntentComponent3"])


def test_an_agent_without_a_model_stays_as_it_is() -> None:
    assert plan(Agent()).processor is None
