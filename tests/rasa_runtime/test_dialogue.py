"""The conversation around the answers: greeting, asking back, handing over, and which language is spoken."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support import Conversation, options, own_figures, words

NOT_OURS = {"nl": "Wat voor weer wordt het morgen in Utrecht?", "fi": "Millainen sää huomenna on Tampereella?"}


@pytest.mark.parametrize(
    ("text", "language"), [("Goedemorgen", "nl"), ("Huomenta", "fi"), ("Hallo", "nl"), ("Hei", "fi")]
)
def test_a_greeting_is_returned_in_its_language(talk: Conversation, text: str, language: str) -> None:
    answer = talk.say(text)
    assert (answer["kind"], answer["language"]) == ("small_talk", language)
    assert "Saldo" in words(answer)


@pytest.mark.parametrize(
    ("text", "language", "topic"),
    [
        ("Bedankt voor de hulp", "nl", "thank"),
        ("Kiitos paljon", "fi", "thank"),
        ("Tot ziens", "nl", "goodbye"),
        ("Näkemiin", "fi", "goodbye"),
        ("Wat kun je allemaal?", "nl", "help"),
        ("Missä asioissa voit auttaa?", "fi", "help"),
    ],
)
def test_small_talk_is_small(talk: Conversation, text: str, language: str, topic: str) -> None:
    answer = talk.say(text)
    assert (answer["kind"], answer["language"], answer["topics"]) == ("small_talk", language, [topic])
    assert [block["type"] for block in answer["blocks"]] == ["paragraph"]


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_an_unclear_question_is_asked_back_with_at_most_three_choices(talk: Conversation, language: str) -> None:
    answer = talk.be_unclear(language)
    assert (answer["kind"], answer["language"]) == ("clarify", language)
    *topics, none = options(answer)
    assert 1 <= len(topics) <= 3
    assert topics == answer["topics"]
    assert none == "human"


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_a_choice_is_answered(talk: Conversation, language: str) -> None:
    for topic in options(talk.be_unclear(language))[:-1]:
        answer = talk.say("1", option=topic)
        assert (answer["kind"], answer["language"], answer["topics"]) == ("answer", language, [topic])


def test_a_choice_brings_the_customers_figures(talk: Conversation) -> None:
    talk.be_unclear("nl", "NL-1001")
    assert "2026-0142" in own_figures(talk.say("2", "NL-1001", option="invoice_quantity"))


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_none_of_the_choices_leads_to_a_person(talk: Conversation, language: str) -> None:
    none = options(talk.be_unclear(language))[-1]
    answer = talk.say("4", option=none)
    assert (answer["kind"], answer["language"]) == ("handover", language)
    assert {"severa.support@visma.com", "severa.invoicing@visma.com"} <= set(words(answer).split())


def test_no_to_all_choices_leads_to_a_person(talk: Conversation) -> None:
    talk.be_unclear("nl")
    assert talk.say("Nee, geen van deze")["kind"] == "handover"


@pytest.mark.parametrize(
    ("text", "language"), [("Ik wil een medewerker spreken", "nl"), ("Haluan puhua ihmisen kanssa", "fi")]
)
def test_whoever_wants_a_person_is_told_where_to_find_one(talk: Conversation, text: str, language: str) -> None:
    answer = talk.say(text)
    assert (answer["kind"], answer["language"]) == ("handover", language)
    assert "severa.support@visma.com" in words(answer)


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_a_question_about_something_else_is_declined_with_who_can_help(talk: Conversation, language: str) -> None:
    answer = talk.say(NOT_OURS[language])
    assert (answer["kind"], answer["language"]) == ("out_of_scope", language)
    assert "severa.support@visma.com" in words(answer)


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_after_two_tries_that_lead_nowhere_a_person_takes_over(talk: Conversation, language: str) -> None:
    assert talk.be_unclear(language)["kind"] == "clarify"
    answer = talk.say(NOT_OURS[language])
    assert (answer["kind"], answer["language"]) == ("handover", language)


def test_an_answer_in_between_starts_the_count_anew(talk: Conversation) -> None:
    kinds = [talk.say(text)["kind"] for text in (NOT_OURS["nl"], "Hoe beëindig ik de service?", NOT_OURS["nl"])]
    assert kinds == ["out_of_scope", "answer", "out_of_scope"]


@pytest.mark.parametrize(
    "text",
    [
        "Why is my invoice so high this month?",
        "Warum ist meine Rechnung in diesem Monat so hoch?",
        "Pourquoi ma facture est-elle si élevée ce mois-ci ?",
        "Varför är min faktura så hög den här månaden?",
        "Почему мой счёт такой большой в этом месяце?",
    ],
)
def test_other_languages_get_one_reply_in_three_with_the_addresses(talk: Conversation, text: str) -> None:
    answer = talk.say(text)
    assert answer["kind"] == "unsupported_language"
    told = words(answer)
    for sentence in ("only answer in Dutch and Finnish", "in het Nederlands en het Fins", "suomeksi ja hollanniksi"):
        assert sentence in told
    assert {"severa.support@visma.com", "severa.invoicing@visma.com"} <= set(told.split())


def test_a_conversation_goes_on_in_the_language_last_written(talk: Conversation) -> None:
    asked = ["Hoe beëindig ik de service?", "Maksoin laskun kahdesti, mitä teen?", "ok", "Bedankt voor de hulp", "ok"]
    assert [talk.say(text)["language"] for text in asked] == ["nl", "fi", "fi", "nl", "nl"]


def test_a_language_asked_for_is_spoken_at_once(talk: Conversation) -> None:
    talk.say("Hallo")
    switched = talk.say("Kunnen we in het Fins verder?")
    assert (switched["language"], switched["topics"]) == ("fi", ["switch_language"])
    assert talk.say("ok")["language"] == "fi"


def test_the_channels_language_counts_where_the_words_do_not_tell(converse: Callable[[], Conversation]) -> None:
    assert [converse().say("ok", language=language)["language"] for language in ("nl", "fi")] == ["nl", "fi"]


def test_two_conversations_know_nothing_of_each_other(converse: Callable[[], Conversation]) -> None:
    finnish, dutch = converse(), converse()
    finnish.say("Hei")
    dutch.say("Hallo, ik heb een vraag over de factuur")
    assert finnish.say("ok")["language"] == "fi"
    assert dutch.say("ok")["language"] == "nl"


@pytest.mark.parametrize("opening", ["Ja", "No"])
def test_a_follow_up_may_open_with_any_small_word(talk: Conversation, opening: str) -> None:
    """A bare `no` in the word list was once read as False, and the question after it refused."""
    talk.say("Sain maksumuistutuksen, mitä teen?")
    answer = talk.say(f"{opening} kauanko kestää?")
    assert (answer["kind"], answer["topics"]) == ("answer", ["payment_reminder"])
