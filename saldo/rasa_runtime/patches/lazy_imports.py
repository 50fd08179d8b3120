"""Puts off what Rasa imports and our pipeline never uses: TensorFlow above all, then charts and chat services.

Nothing is faked. A postponed module is empty; it gives a `Later` for the names that other modules take from it while
they are being imported, and everything else comes from the real module, imported at that moment. A `Later` does so
too as soon as it is called, subclassed or looked into: the worst that a wrong entry below can do is to save no time.
Stock `rasa` commands never come here, and whoever configures a component of TensorFlow gets all of Rasa at once.
"""

from __future__ import annotations

import importlib
import sys
import tarfile
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

POSTPONED = {
    # TensorFlow: the components that are made of it, and helpers of their training
    "rasa.nlu.classifiers.diet_classifier": {"DIETClassifier"},
    "rasa.nlu.selectors.response_selector": {"ResponseSelector"},
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": {"ConveRTFeaturizer"},
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": {"LanguageModelFeaturizer"},
    "rasa.core.policies.ted_policy": {"TEDPolicy"},
    "rasa.core.policies.unexpected_intent_policy": {"UnexpecTEDIntentPolicy"},
    "rasa.utils.tensorflow.callback": {"RasaTrainingLogger", "RasaModelCheckpoint"},
    "rasa.utils.tensorflow.data_generator": {"RasaBatchDataGenerator"},
    "rasa.utils.tensorflow.model_data": {"Data", "FeatureArray", "RasaModelData", "ragged_array_to_ndarray"},
    # each brings a library: a terminal toolkit, three chat services, charts, two databases, spaCy's command line
    "rasa.core.channels.console": {"CmdlineInput"},
    "rasa.core.channels.slack": {"SlackInput"},
    "rasa.core.channels.socketio": {"SocketIOInput"},
    "rasa.core.channels.telegram": {"TelegramInput"},
    "rasa.utils.plotting": set(),
    "boto3.dynamodb.conditions": {"Key"},
    "pymongo.collection": {"Collection"},
    "spacy.cli.info": {"info"},
}
"""Modules, never packages, and the names that others take from them while being imported."""
WITHOUT_TENSORFLOW = {
    "RulePolicy", "MemoizationPolicy", "FallbackClassifier", "LogisticRegressionClassifier", "EntitySynonymMapper",
    "RegexEntityExtractor", "RegexFeaturizer", "CountVectorsFeaturizer", "WhitespaceTokenizer",
}  # fmt: skip


def postpone(config: Path, model: Path) -> None:
    """Call this before the first import of Rasa; a configuration or model that needs all of it gets all of it."""
    if not may_need_all(config, model):
        for name in POSTPONED:
            sys.modules.setdefault(name, Postponed(name))


def may_need_all(config: Path, model: Path) -> bool:
    """Unless every component is known to do without, in the configuration and in a model that may be older than it."""
    try:
        content = yaml.safe_load(config.read_text(encoding="utf-8"))
        lists = [content["pipeline"], content["policies"]]
        names = [component["name"] for components in lists for component in components]
        without_tensorflow = all(name in WITHOUT_TENSORFLOW or name.startswith("saldo.") for name in names)
        used = _metadata(model) if model.is_file() else ""
    except Exception:  # whatever is wrong with them, Rasa says it better
        return True
    rasa_chooses = not all(lists)  # for an empty list Rasa takes components of its own choice, and they do need it
    return rasa_chooses or not without_tensorflow or any(f"{name}." in used for name in POSTPONED)


def _metadata(model: Path) -> str:
    with tarfile.open(model) as archive, archive.extractfile("metadata.json") as file:  # type: ignore[union-attr]
        return file.read().decode("utf-8")


class Postponed(ModuleType):
    """Stands in `sys.modules` until somebody needs more of it than a name."""

    def __getattr__(self, name: str) -> Any:
        if name in POSTPONED[self.__name__]:
            return Later(self.__name__, name)
        if name.startswith("__"):  # the import system, inspect and the like ask every module for these
            raise AttributeError(name)
        return really(self.__name__, name)


class Later:
    """A class or function of a postponed module, which it becomes on use."""

    def __init__(self, module: str, name: str) -> None:
        self.__module__, self.__name__ = module, name

    def name(self) -> str:
        """Rasa lists its channels by name as soon as it has imported them: "slack" for SlackInput."""
        return self.__name__.removesuffix("Input").lower()

    def __getattr__(self, attribute: str) -> Any:
        return getattr(really(self.__module__, self.__name__), attribute)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return really(self.__module__, self.__name__)(*args, **kwargs)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[Any, ...]:
        return (really(self.__module__, self.__name__),)

    def __instancecheck__(self, instance: object) -> bool:
        return self.__subclasscheck__(type(instance))

    def __subclasscheck__(self, kind: type) -> bool:
        """A class that has not been imported has no subclasses."""
        waits = isinstance(sys.modules.get(self.__module__), Postponed)
        return not waits and issubclass(kind, really(self.__module__, self.__name__))


def really(module: str, name: str) -> Any:
    """The real thing, from its module, which is imported now if it has not been."""
    if isinstance(sys.modules.get(module), Postponed):
        del sys.modules[module]
    return getattr(importlib.import_module(module), name)
