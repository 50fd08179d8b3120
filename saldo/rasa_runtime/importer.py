"""Tells Rasa the topics of `faq/topics.yml`: one intent and one rule each, so that a new topic is only new content."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter

from saldo.faq.texts import TopicList
from saldo.yaml_files import read_yaml

ANSWER = "action_answer"


class FaqImporter(RasaFileImporter):
    """Adds what follows from the content files to what stands in `domain.yml` and `data/`."""

    def __init__(self, config_file: Optional[str] = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(config_file, *args, **kwargs)
        self._topics = topics(Path(config_file or "config.yml").resolve().parent / "faq" / "topics.yml")

    def get_domain(self) -> Domain:
        return super().get_domain().merge(Domain.from_dict({"version": "3.1", "intents": self._topics}))

    def get_stories(self, exclusion_percentage: Optional[int] = None) -> StoryGraph:
        stories = super().get_stories(exclusion_percentage)
        steps = YAMLStoryReader().read_from_parsed_yaml({"version": "3.1", "rules": rules(self._topics)})
        return stories.merge(StoryGraph(steps))


def topics(path: Path) -> list[str]:
    """The topics' names, in order."""
    return list(read_yaml(path, TopicList))


def rules(names: list[str]) -> list[dict[str, Any]]:
    """Each topic's rule: whoever asks about it is answered."""
    return [{"rule": f"answer {name}", "steps": [{"intent": name}, {"action": ANSWER}]} for name in names]
