"""The bot starts without TensorFlow, and with it as soon as somebody's configuration wants it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from saldo.rasa_runtime.patches.lazy_imports import POSTPONED, may_need_all

pytestmark = pytest.mark.long

CHECKOUT = Path(__file__).resolve().parents[2]
HEAVY = ("tensorflow", "keras", "jax", "matplotlib", "boto3", "pymongo", "prompt_toolkit", "spacy.cli")


def run(code: str, home: Path = CHECKOUT) -> Any:
    """What code, in a process of its own, prints last, read as JSON."""
    environment = {**os.environ, "SALDO_HOME": str(home)}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def test_an_answer_comes_without_tensorflow(home: Path) -> None:
    answer, there = run(
        f"""
import asyncio, json, sys
from saldo.rasa_runtime import patches
from saldo.settings import from_environment
patches.apply(from_environment())
from saldo.rasa_runtime.agent import Bot
answer = asyncio.run(Bot({str(home / "models" / "saldo.tar.gz")!r}).turn("Hoe zeg ik op?"))
print(json.dumps([answer, [name for name in {HEAVY!r} if name in sys.modules]]))""",
        home,
    )
    assert answer["blocks"]
    assert not there


def test_the_server_and_training_need_no_tensorflow(home: Path) -> None:
    assert not run(
        f"""
import json, sys
from saldo.rasa_runtime import patches
from saldo.settings import from_environment
patches.apply(from_environment())
import saldo.web.application
import rasa.model_training, rasa.engine.recipes.default_components
import rasa.graph_components.validators.default_recipe_validator
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))""",
        home,
    )


def test_other_libraries_are_the_real_ones(home: Path) -> None:
    numbers = run(
        """
import json
from saldo.rasa_runtime import patches
from saldo.settings import from_environment
patches.apply(from_environment())
import saldo.rasa_runtime.agent
import numpy, scipy.sparse
from boto3.dynamodb.conditions import Attr, Key
from pymongo.collection import Collection, ReturnDocument
from rasa.utils.tensorflow.model_data import ragged_array_to_ndarray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
fitted = LogisticRegression().fit(scipy.sparse.eye(2), numpy.array([0, 1]))
parts = train_test_split(numpy.arange(4), test_size=2, random_state=0)
ragged = ragged_array_to_ndarray([numpy.ones(1), numpy.ones(2)])
print(json.dumps([int(fitted.predict([[0, 1]])[0]), len(parts[0]), len(ragged), ReturnDocument.AFTER]))""",
        home,
    )
    assert numbers == [1, 2, 2, True]


def test_what_was_postponed_becomes_real_on_use(home: Path) -> None:
    """Also tells whether a postponed channel goes by the name that Rasa gives it."""
    before, after, names = run(
        """
import json, sys
from saldo.rasa_runtime import patches
from saldo.settings import from_environment
patches.apply(from_environment())
import saldo.web.application
from rasa.core.channels import BUILTIN_CHANNELS
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
class Plain: pass
before = [isinstance(Plain(), DIETClassifier), issubclass(Plain, DIETClassifier), "tensorflow" in sys.modules]
class Own(DIETClassifier): pass
from rasa.nlu.classifiers import diet_classifier
same = DIETClassifier.get_default_config() == Own.get_default_config()
after = [issubclass(Own, DIETClassifier), issubclass(Plain, DIETClassifier), "tensorflow" in sys.modules,
         Own.__mro__[1] is diet_classifier.DIETClassifier, same]
from saldo.rasa_runtime.patches.lazy_imports import really
names = [[name, really(kind.__module__, kind.__name__).name()] for name, kind in BUILTIN_CHANNELS.items()]
print(json.dumps([before, after, names]))""",
        home,
    )
    assert before == [False, False, False]
    assert after == [True, False, True, True, True]
    assert all(listed == real for listed, real in names)


@pytest.mark.parametrize(
    "config",
    [
        "pipeline: [{name: WhitespaceTokenizer}, {name: DIETClassifier, epochs: 1}]\npolicies: [{name: RulePolicy}]",
        "pipeline: [{name: saldo.rasa_runtime.components.intent.IntentComponent}]\npolicies: [{name: TEDPolicy}]",
        "pipeline: [{name: rasa.nlu.classifiers.diet_classifier.DIETClassifier}]\npolicies: [{name: RulePolicy}]",
        "pipeline: [{name: somebody.elses.Component}]\npolicies: [{name: RulePolicy}]",
        "pipeline: []\npolicies: [{name: RulePolicy}]",
        "pipeline: [{name: WhitespaceTokenizer}]",
        "pipeline: [{}]\npolicies: [{name: RulePolicy}]",
        "pipeline: [name\n",
        "",
    ],
)
def test_a_pipeline_that_may_need_it_gets_all_of_rasa(config: str, tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(config)
    assert may_need_all(tmp_path / "config.yml", tmp_path / "no model yet")


def test_our_own_pipeline_does_not_need_it(tmp_path: Path) -> None:
    assert not may_need_all(CHECKOUT / "config.yml", tmp_path / "no model yet")
    assert may_need_all(tmp_path / "no config", tmp_path / "no model yet")


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        ("saldo.rasa_runtime.components.intent.IntentComponent", False),
        *((f"{module}.Something", True) for module in POSTPONED),
    ],
)
def test_an_older_model_that_needs_it_gets_all_of_rasa(used: str, expected: bool, tmp_path: Path) -> None:
    content = json.dumps({"predict_schema": {"nodes": {"run": {"uses": used}}}}).encode()
    entry = tarfile.TarInfo("metadata.json")
    entry.size = len(content)
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as archive:
        archive.addfile(entry, io.BytesIO(content))
    assert may_need_all(CHECKOUT / "config.yml", tmp_path / "model.tar.gz") is expected


def test_a_broken_model_is_left_to_rasa(tmp_path: Path) -> None:
    (tmp_path / "model.tar.gz").write_bytes(b"no archive")
    assert may_need_all(CHECKOUT / "config.yml", tmp_path / "model.tar.gz")


def test_a_configuration_with_diet_imports_tensorflow(tmp_path: Path) -> None:
    """The stand-in is off as a whole: the classifier is Rasa's own, registered under its name."""
    (tmp_path / "faq").mkdir()
    (tmp_path / "config.yml").write_text("pipeline: [{name: DIETClassifier}]\npolicies: [{name: RulePolicy}]")
    assert run(
        """
import json, sys
from saldo.rasa_runtime import patches
from saldo.settings import from_environment
patches.apply(from_environment())
import saldo.rasa_runtime.agent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
registered = DefaultV1Recipe._from_registry("DIETClassifier").clazz
print(json.dumps(["tensorflow" in sys.modules, registered is DIETClassifier, isinstance(DIETClassifier, type)]))""",
        tmp_path,
    ) == [True, True, True]


def test_stock_rasa_is_untouched() -> None:
    """Its commands import our components and our importer, which must not postpone anything."""
    assert run(
        """
import json, sys
import saldo.rasa_runtime.importer, saldo.web.widget
from saldo.rasa_runtime.components import intent, preprocessing
print(json.dumps(["tensorflow" in sys.modules, "saldo.rasa_runtime.patches.lazy_imports" not in sys.modules]))"""
    ) == [True, True]
