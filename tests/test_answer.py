"""An answer begins with the customer's own figures, then gives the rule; it says what is missing or left over."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from saldo.answers.answer import Answer
from saldo.answers.blocks import NONE_OF_THESE
from saldo.answers.compose import ExplainedTopic, answer, clarify, say, unsupported_language
from saldo.billing import explain, sample_accounts
from saldo.billing.explanation import Explanation, Fact, Formula, Seats, Sentence, Source
from saldo.faq import Faq, load
from saldo.faq.texts import ContactText, Elsewhere, LeadText, ParagraphText, StepsText, TopicText, Words
from tests.support import CHECKOUT

TOPICS = ("quantity", "refund", "cancel", "change")


def text(language: str, topic: str, **parts: Any) -> TopicText:
    return TopicText.parse_obj(
        {
            "question": f"{topic} ({language})?",
            "keywords": [topic],
            "answer": [{"paragraph": f"The rule of {topic} in {language}."}],
            "source": {"article": language, "heading": f"Heading of {topic}"},
            **parts,
        }
    )


def words(language: str) -> Words:
    says = """thank clarify clarify_none clarify_unknown handover human out_of_scope figures_unavailable figures_header
        sources_header more how_reckoned figures_used contact_header not_understood_language"""
    return Words(
        contacts={
            "support": ContactText(label=f"Support {language}", email="support@saldo.example"),
            "invoicing": ContactText(label=f"Invoicing {language}", url="https://saldo.example/invoicing"),
        },
        facts={name: f"{name} {language}" for name in ("quantity", "invoice", "active_users", "free_licences")},
        sources={
            "invoice_line": "invoice {invoice}, line {line}",
            "invoice": "invoice {invoice}",
            "users": "your users",
        },
        figures={},
        says={
            **{key: f"{key} {language}" for key in says.split()},
            "source_article": "Article: {heading}",
            "out_of_scope_part": "Not answered: ‘{question}’",
            "greet_known": "Hello, {name}.",
            "seats_used": "{count|user|users}",
            "seats_free": "{count|seat free|seats free}",
        },
    )


@pytest.fixture
def faq() -> Faq:
    """Content of a few words: four topics, of which the Dutch one on quantities has everything a topic can have."""
    full = text(
        "nl",
        "quantity",
        more=[{"steps": ["One.", "Two."]}],
        figures={"line": "On {invoice}: {quantity}.", "why": "That is {licences|licence|licences}."},
        contacts=["support"],
        links=[{"label": "Read on", "url": "https://saldo.example/on"}],
    )
    texts = {language: {topic: text(language, topic) for topic in TOPICS} for language in ("nl", "fi")}
    texts["nl"]["quantity"] = full
    texts["fi"]["quantity"] = text("fi", "quantity", figures={"line": "Laskulla {invoice}: {quantity}."})
    elsewhere = Elsewhere(contacts={}, says={"not_understood_language": "only Dutch and Finnish"})
    topics = dict.fromkeys(TOPICS, "about")
    return Faq(Path("faq"), topics, texts, {"nl": words("nl"), "fi": words("fi")}, elsewhere, ())


@pytest.fixture
def figures() -> Explanation:
    """10 licences for 6 months are 60 on the invoice; 8 of them are used."""
    line = Source("invoice_line", {"invoice": "2026-0142", "line": 1})
    facts = (
        Fact(
            "quantity", Decimal("60.00"), line, Formula("{licences} × {months}", {"licences": 10, "months": Decimal(6)})
        ),
        Fact("invoice", "2026-0142", Source("invoice", {"invoice": "2026-0142"})),
        Fact("active_users", 8, Source("users")),
        Fact("free_licences", 2, Source("users")),
    )
    said = (
        Sentence("line", {"invoice": "2026-0142", "quantity": Decimal(60)}),
        Sentence("why", {"licences": 10}),
    )
    return Explanation("quantity", said, facts, Seats(10, 8))


def kinds(said: Answer) -> list[str]:
    return [block.type for block in said.blocks]


def block(said: Answer, kind: str, place: int = 0) -> dict[str, Any]:
    """That block, as a channel gets it."""
    found: list[dict[str, Any]] = [one for one in said.published()["blocks"] if one["type"] == kind]
    return found[place]


def paragraphs(said: Answer) -> list[str]:
    return [one["text"] for one in said.published()["blocks"] if one["type"] == "paragraph"]


def test_figures_come_first_then_the_rule_then_where_to_go(faq: Faq, figures: Explanation) -> None:
    said = answer(faq, [ExplainedTopic("quantity", "nl", figures)], "nl")
    assert kinds(said) == ["paragraph", "seats", "paragraph", "contacts", "links", "more", "more"]
    assert [block(said, "more", place)["label"] for place in (0, 1)] == ["how_reckoned nl", "more nl"]
    assert paragraphs(said) == ["On 2026-0142: 60. That is 10 licences.", "The rule of quantity in nl."]


def test_without_a_customer_there_is_the_rule_and_no_figure(faq: Faq) -> None:
    said = answer(faq, [ExplainedTopic("quantity", "nl")], "nl")
    assert kinds(said) == ["paragraph", "contacts", "links", "more"]
    assert said.facts == ()


def test_a_customer_reads_each_figure_with_formula_and_source(faq: Faq, figures: Explanation) -> None:
    """Beside a picture all of them are folded away."""
    folded = block(answer(faq, [ExplainedTopic("quantity", "nl", figures)], "nl"), "more")
    (table,) = folded["blocks"]
    assert table["title"] == "figures_header nl"
    assert {row["label"]: (row["value"], row["formula"], row["source"]) for row in table["rows"]} == {
        "quantity nl": ("60", "10 × 6", "invoice 2026-0142, line 1"),
        "invoice nl": ("2026-0142", None, "invoice 2026-0142"),
        "active_users nl": ("8", None, "your users"),
        "free_licences nl": ("2", None, "your users"),
    }


def test_without_a_picture_what_was_reckoned_is_shown_and_what_was_only_read_is_folded(
    faq: Faq, figures: Explanation
) -> None:
    said = answer(
        faq, [ExplainedTopic("quantity", "nl", Explanation("quantity", figures.sentences, figures.facts))], "nl"
    )
    shown, (folded,) = block(said, "facts"), block(said, "more")["blocks"]
    assert (shown["title"], [row["label"] for row in shown["rows"]]) == ("figures_header nl", ["quantity nl"])
    assert folded["title"] == "figures_used nl"
    assert [row["label"] for row in folded["rows"]] == ["invoice nl", "active_users nl", "free_licences nl"]


def test_beside_steps_the_whole_table_is_folded(faq: Faq, figures: Explanation) -> None:
    """Who asks how to do something reads the steps at once, and the reckoning on demand."""
    faq.texts["nl"]["quantity"].answer[:] = [StepsText(steps=["One."])]
    said = answer(faq, [ExplainedTopic("quantity", "nl", replace(figures, seats=None))], "nl")
    assert kinds(said)[:2] == ["paragraph", "steps"] and "facts" not in kinds(said)


def test_what_was_reckoned_on_the_way_is_folded(faq: Faq, figures: Explanation) -> None:
    """Of a figure that another is reckoned from, only the other is shown at once."""
    total = Fact("quantity", 62, Source("users"), Formula("{free_licences} + 60", {"free_licences": 2}))
    free = replace(figures.facts[3], formula=Formula("10 − {active_users}", {"active_users": 8}))
    chain = Explanation("quantity", figures.sentences, (*figures.facts[1:3], free, total, figures.facts[0]))
    shown = block(answer(faq, [ExplainedTopic("quantity", "nl", chain)], "nl"), "facts")["rows"]
    assert [row["value"] for row in shown] == ["62", "60"]


def test_what_a_lead_or_a_statement_said_is_not_said_again(faq: Faq, figures: Explanation) -> None:
    rule = ParagraphText(paragraph="The rule.", unless=["line", "whether"])
    topic = faq.texts["nl"]["quantity"]
    topic.answer[:] = [rule]
    topic.leads["whether"] = LeadText({"else": "Yes."})
    assert "The rule." in paragraphs(answer(faq, [ExplainedTopic("quantity", "nl")], "nl"))
    for asked in (
        ExplainedTopic("quantity", "nl", point="whether"),
        ExplainedTopic("quantity", "nl", figures),
    ):
        assert "The rule." not in paragraphs(answer(faq, [asked], "nl"))


def test_a_machine_reads_each_figure_as_a_value(faq: Faq, figures: Explanation) -> None:
    quantity, invoice, *_ = answer(faq, [ExplainedTopic("quantity", "nl", figures)], "nl").facts
    assert asdict(quantity) == {
        "name": "quantity",
        "value": 60,
        "formula": "10 × 6",
        "source": "invoice 2026-0142, line 1",
    }
    assert (invoice.value, invoice.formula) == ("2026-0142", None)


def test_seats_are_drawn_from_the_licences_and_their_users(faq: Faq, figures: Explanation) -> None:
    assert block(answer(faq, [ExplainedTopic("quantity", "nl", figures)], "nl"), "seats") == {
        "type": "seats",
        "used": 8,
        "free": 2,
        "label_used": "8 users",
        "label_free": "2 seats free",
    }


def test_more_users_than_licences_leave_no_seat_free(faq: Faq) -> None:
    counted = (Fact("active_users", 5, Source("users")), Fact("free_licences", 0, Source("users")))
    crowded = Explanation("quantity", (), counted, Seats(3, 5))
    assert block(answer(faq, [ExplainedTopic("quantity", "nl", crowded)], "nl"), "seats")["free"] == 0


def test_a_statement_that_a_language_does_not_word_is_left_out(faq: Faq, figures: Explanation) -> None:
    said = answer(faq, [ExplainedTopic("quantity", "fi", figures)], "fi")
    assert paragraphs(said) == ["Laskulla 2026-0142: 60.", "The rule of quantity in fi."]


def test_statements_without_any_wording_leave_no_empty_paragraph(faq: Faq, figures: Explanation) -> None:
    untold = Explanation("refund", figures.sentences, figures.facts)
    assert kinds(answer(faq, [ExplainedTopic("refund", "nl", untold)], "nl")) == ["facts", "paragraph", "more"]


def test_figures_that_could_not_be_read_are_said_to_be_missing_and_who_has_them(faq: Faq) -> None:
    said = answer(faq, [ExplainedTopic("refund", "fi", figures_missing=True)], "fi")
    assert paragraphs(said) == ["figures_unavailable fi", "The rule of refund in fi."]
    assert [one["label"] for one in block(said, "contacts")["items"]] == ["Invoicing fi"]


def test_a_figure_that_no_fact_accounts_for_takes_all_of_them_away(faq: Faq, figures: Explanation) -> None:
    """Rather no figures than one that nobody can explain."""
    invented = (Sentence("line", {"invoice": "2026-0142", "quantity": 61}),)
    said = answer(faq, [ExplainedTopic("quantity", "nl", Explanation("quantity", invented, figures.facts))], "nl")
    assert paragraphs(said) == ["figures_unavailable nl", "The rule of quantity in nl."]
    assert said.facts == ()


def test_one_question_has_no_heading(faq: Faq) -> None:
    assert "heading" not in kinds(answer(faq, [ExplainedTopic("refund", "nl")], "nl"))


def test_several_questions_are_answered_in_order_each_under_its_own(faq: Faq) -> None:
    said = answer(faq, [ExplainedTopic("refund", "nl"), ExplainedTopic("cancel", "nl")], "nl")
    assert kinds(said) == ["heading", "paragraph", "sources"] * 2
    assert [block(said, "heading", place)["text"] for place in (0, 1)] == ["refund (nl)?", "cancel (nl)?"]
    assert (said.topics, said.sources) == (("refund", "cancel"), ("faq/nl/refund.yml", "faq/nl/cancel.yml"))


def test_each_question_is_answered_in_its_own_language(faq: Faq) -> None:
    said = answer(faq, [ExplainedTopic("refund", "nl"), ExplainedTopic("cancel", "fi")], "nl")
    assert paragraphs(said) == ["The rule of refund in nl.", "The rule of cancel in fi."]
    assert said.sources == ("faq/nl/refund.yml", "faq/fi/cancel.yml")


def test_a_question_left_over_is_quoted_with_who_can_help(faq: Faq) -> None:
    said = answer(faq, [ExplainedTopic("refund", "nl")], "nl", ["What about {name}?", "And parking?"])
    assert kinds(said) == ["heading", "paragraph", "sources", "paragraph", "paragraph", "contacts"]
    assert paragraphs(said)[1:] == ["Not answered: ‘What about {name}?’", "Not answered: ‘And parking?’"]
    assert [one["label"] for one in block(said, "contacts")["items"]] == ["Support nl"]


def test_the_rule_names_the_article_and_the_file_it_stands_in(faq: Faq) -> None:
    sources = block(answer(faq, [ExplainedTopic("refund", "fi")], "fi"), "sources")
    assert sources["items"] == ({"label": "Article: Heading of refund", "file": "faq/fi/refund.yml", "url": None},)


def test_the_rest_stands_behind_more_and_so_does_its_source(faq: Faq) -> None:
    more = block(answer(faq, [ExplainedTopic("quantity", "nl")], "nl"), "more")
    steps, sources = more["blocks"]
    assert (more["label"], steps) == ("more nl", {"type": "steps", "items": ("One.", "Two.")})
    assert sources["items"] == ({"label": "Article: Heading of quantity", "file": "faq/nl/quantity.yml", "url": None},)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_a_clarification_offers_at_most_three_topics_and_none_of_them(faq: Faq, count: int) -> None:
    said = clarify(faq, TOPICS[:count], "fi")
    offered = block(said, "options")["items"]
    assert [option["id"] for option in offered] == [*TOPICS[: min(count, 3)], NONE_OF_THESE]
    assert offered[0]["label"] == "quantity (fi)?" and offered[-1]["label"] == "clarify_none fi"
    assert said.topics == TOPICS[: min(count, 3)]


def test_a_clarification_with_nothing_to_offer_asks_for_other_words(faq: Faq) -> None:
    said = clarify(faq, [], "nl")
    assert (said.kind, kinds(said), paragraphs(said)) == ("clarify", ["paragraph"], ["clarify_unknown nl"])


@pytest.mark.parametrize("kind", ["handover", "out_of_scope"])
def test_who_can_help_is_named_where_a_person_is_needed(faq: Faq, kind: str) -> None:
    people = block(say(faq, kind, "human", "nl"), "contacts")["items"]
    assert people == (
        {"label": "Invoicing nl", "email": None, "url": "https://saldo.example/invoicing"},
        {"label": "Support nl", "email": "support@saldo.example", "url": None},
    )


def test_small_talk_is_one_sentence_with_its_values(faq: Faq) -> None:
    said = say(faq, "small_talk", "greet_known", "nl", name="Voorbeeld B.V.")
    assert (kinds(said), paragraphs(said)) == (["paragraph"], ["Hello, Voorbeeld B.V.."])


def test_another_language_gets_one_reply_in_three_with_the_addresses(faq: Faq) -> None:
    said = unsupported_language(faq, "nl")
    assert paragraphs(said) == [
        "only Dutch and Finnish",
        "not_understood_language nl",
        "not_understood_language fi",
    ]
    assert len(block(said, "contacts")["items"]) == 2


def test_no_block_carries_markup_of_its_own(faq: Faq) -> None:
    """Whatever a customer typed comes back as text in a text field, for the renderer to place."""
    said = answer(faq, [ExplainedTopic("refund", "nl")], "nl", ["<script>alert(1)</script>"])
    assert paragraphs(said)[-1] == "Not answered: ‘<script>alert(1)</script>’"


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_every_answer_comes_back_from_json_as_it_was(language: str) -> None:
    """What the tracker keeps is what was said: all topics with figures, choices, refusals, what stays unanswered."""
    content, on = load(CHECKOUT / "faq"), date(2026, 11, 22)
    answers = [
        answer(content, [ExplainedTopic(topic, language, explain(topic, account, on))], language, quotes)
        for account in sample_accounts(on)
        for topic, quotes in zip(content.topics, [[], ["Wat?"]] * len(content.topics), strict=False)
    ]
    answers.append(answer(content, [ExplainedTopic(topic, language) for topic in content.topics], language))
    answers += [clarify(content, content_topics, language) for content_topics in ([], list(content.topics))]
    answers += [unsupported_language(content, language), say(content, "handover", "human", language, ["human"])]
    for each in answers:
        assert Answer.from_json(json.loads(json.dumps(each.to_json()))) == each


def test_an_answer_that_an_earlier_version_stored_can_still_be_shown() -> None:
    """Conversations outlive an upgrade; what Saldo 0.1 kept of an answer is what was published of it."""
    content = load(CHECKOUT / "faq")
    topics = [ExplainedTopic(topic, "nl") for topic in ("paid_twice", "cancel_service")]
    stored = json.loads(json.dumps(answer(content, topics, "nl", ["Wat?"]).published()))
    again = Answer.from_json({**stored, "id": "…", "questions": []})
    assert json.loads(json.dumps(again.published())) == {**stored, "facts": []}
