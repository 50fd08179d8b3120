"""The shipped content: in order, complete beside both articles, and in sentences of our own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from saldo.billing.message_catalogue import MESSAGES
from saldo.faq import LANGUAGES, Faq, check
from saldo.faq.check import found_in
from saldo.faq.texts import StepsText, sentences_of
from tests.support import ARTICLES, CHECKOUT

COPIED = 8
"""So many words in a row, the same as in an article, are no sentence of our own."""
CLICKED = {
    "nl": ("tandwielpictogram", "Gebruikerslicenties", "prullenbakpictogram", "Sla "),
    "fi": ("Tilaus", "Käyttäjälisenssit", "roskakorin", "Tallenn"),
}
"""What is clicked in each step of managing licences."""
NUMBERED = re.compile(r"(?m)^\d\.")
FOOTER = re.compile(r"(?ms)^(?:Trefwoorden|Oliko tästä|Was dit antwoord).*")

needs_articles = pytest.mark.skipif(not ARTICLES.is_dir(), reason=f"the articles are not at {ARTICLES}")
in_both = pytest.mark.parametrize("language", LANGUAGES)


@cache
def article(language: str) -> str:
    """The article without its keywords and feedback form."""
    return FOOTER.sub("", (ARTICLES / f"{language}.txt").read_text(encoding="utf-8"))


def sentences(faq: Faq, language: str) -> Iterator[tuple[str, str]]:
    """Everything a customer may read in a language, with the file it stands in; headings are cited, so left out."""
    for topic, text in faq.texts[language].items():
        told = [text.question, *text.figures.values(), *(one for lead in text.leads.values() for one in lead.values())]
        told += [said for block in [*text.answer, *text.more] for said in sentences_of(block)]
        yield from ((f"faq/{language}/{topic}.yml", one) for one in told)
    words = faq.words[language]
    yield from ((f"faq/{language}.yml", one) for one in [*words.says.values(), *words.sources.values()])


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of as many words as would be copied."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[start : start + COPIED]) for start in range(len(words) - COPIED + 1)}


def test_the_content_is_in_order(faq: Faq) -> None:
    assert [str(fault) for fault in check(faq)] == []


def test_every_topic_has_its_text_and_every_rule_its_topic(faq: Faq) -> None:
    assert set(faq.topics) == set(faq.texts["nl"]) == set(faq.texts["fi"])
    assert set(MESSAGES) <= set(faq.topics)


@in_both
def test_every_statement_is_worded_or_excepted(faq: Faq, language: str) -> None:
    other = LANGUAGES[1 - LANGUAGES.index(language)]
    excepted = {(one.topic, value) for one in faq.exceptions if one.language == other for value in one.values}
    worded = {(topic, name) for topic, text in faq.texts[language].items() for name in text.figures}
    wanted = {(topic, name) for topic, names in MESSAGES.items() for name in names}
    assert sorted(wanted - worded - excepted) == []


@in_both
def test_every_sentence_the_code_asks_for_is_there(faq: Faq, language: str) -> None:
    wanted = set(keys_in_code())
    assert {"clarify", "handover", "figures_unavailable", "more"} <= wanted
    assert sorted(wanted - set(faq.words[language].says)) == []


def keys_in_code() -> Iterator[str]:
    """The keys of `says` that stand in the Python: `say(faq, kind, key, …)`, `….says(key, …)` and `….says[key]`."""
    for path in [*CHECKOUT.glob("saldo/**/*.py"), *CHECKOUT.glob("actions/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name, key = ast.unparse(node.func).split(".")[-1], {"say": 2, "says": 0}
                asked = node.args[key[name]] if name in key and len(node.args) > key[name] else None
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith(".says"):
                asked = node.slice
            else:
                continue
            if isinstance(asked, ast.Constant) and "elsewhere" not in ast.unparse(node):
                yield str(asked.value)


@pytest.mark.parametrize("intent", ["greet", "goodbye", "thank", "affirm", "deny", "help", "human", "out_of_scope"])
@in_both
def test_small_talk_has_an_answer_of_the_intents_name(faq: Faq, language: str, intent: str) -> None:
    assert faq.says(intent, language)


def test_other_languages_are_answered_in_english_too(faq: Faq) -> None:
    assert "Dutch and Finnish" in faq.elsewhere.says["not_understood_language"]


def test_the_tone_is_calm(faq: Faq) -> None:
    """No exclamation marks and no emoji, in either language."""
    loud = re.compile(r"[!\U0001F300-\U0001FAFF☀-➿]")
    assert [said for language in LANGUAGES for said in sentences(faq, language) if loud.search(said[1])] == []


@needs_articles
@in_both
def test_every_source_is_a_heading_of_its_article(faq: Faq, language: str) -> None:
    lines = (line.removeprefix("- ").strip() for line in article(language).splitlines())
    cited = {text.source.heading for text in faq.texts[language].values()}
    assert cited == {line for line in lines if line.endswith("?")}
    assert len(cited) == 8


@needs_articles
@in_both
def test_every_figure_address_and_link_of_the_article_is_told(faq: Faq, language: str) -> None:
    facts = found_in(NUMBERED.sub("", article(language)))
    contacts = [value for one in faq.words[language].contacts.values() for value in (one.email, one.url) if value]
    ours = found_in(" ".join([*(said for _, said in sentences(faq, language)), *contacts]))
    assert {"10", "8", "2", "6", "60", "severa.support@visma.com", "severa.invoicing@visma.com"} <= facts
    assert facts - ours == set()


@needs_articles
def test_what_only_the_finnish_article_says_is_told_in_finnish_only(faq: Faq) -> None:
    only_finnish = found_in(article("fi")) - found_in(article("nl"))
    assert only_finnish == {"Visma Amili", "https://amili.fi/yhteystiedot-ja-asiakaspalvelu"}
    assert "collection" not in faq.words["nl"].contacts
    of_finnish_customers = {"overdue_with_partner", "in_collection"}  # the country decides, not the language read
    for text in faq.texts["nl"].values():
        leads = [pair for lead in text.leads.values() for pair in lead.items()]
        for name, wording in [*text.figures.items(), *leads]:
            assert "Amili" not in wording or name in of_finnish_customers, wording
        assert not any("Amili" in said for block in (*text.answer, *text.more) for said in sentences_of(block))


@needs_articles
@in_both
def test_no_sentence_is_copied(faq: Faq, language: str) -> None:
    theirs = runs(article(language))
    copied = [(file, said) for file, said in sentences(faq, language) if runs(said) & theirs]
    assert copied == []


@needs_articles
@in_both
def test_the_steps_are_those_of_the_article(faq: Faq, language: str) -> None:
    """The article's numbered or dashed lines, by the names of what is clicked in them."""
    (steps,) = (block.steps for block in faq.text("manage_licences", language).answer if isinstance(block, StepsText))
    listed = [line for line in article(language).splitlines() if re.match(r"(?:\d\.|-) .*[^?]$", line)]
    assert len(steps) == len(listed) == len(CLICKED[language])
    for clicked, step, line in zip(CLICKED[language], steps, listed, strict=True):
        assert clicked in step and clicked in line
