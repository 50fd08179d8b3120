"""The actions on a real tracker and a real database: what they say, and what the conversation remembers."""

from __future__ import annotations

import pytest
import yaml

from saldo.answers.blocks import NONE_OF_THESE
from saldo.conversation.spoken_language import named_language
from saldo.faq import Faq, load
from saldo.identity import mint
from saldo.rasa_runtime.actions import AnswerTopics, AskBack, HandOver, Refuse, SaldoAction, SmallTalk, SwitchLanguage
from tests.conversation.turns import KEY, Act, question, turn
from tests.support import CHECKOUT

FAQ = load(CHECKOUT / "faq")
UNCLEAR = question("paid_twice", "clarify", choices=["paid_twice", "refund_requirements"])


@pytest.fixture(scope="module")
def faq() -> Faq:
    """What is shipped."""
    return FAQ


def test_every_action_of_the_domain_is_one_of_ours() -> None:
    domain = yaml.safe_load((CHECKOUT / "domain.yml").read_text(encoding="utf-8"))
    ours = (AnswerTopics, AskBack, SmallTalk, HandOver, Refuse, SwitchLanguage)
    assert {action().name() for action in ours} == set(domain["actions"])
    assert set(SaldoAction.__subclasses__()) == set(ours)


@pytest.mark.parametrize("language", ["nl", "fi"])
@pytest.mark.parametrize("topic", FAQ.topics)
def test_every_topic_is_answered_in_both_languages(act: Act, faq: Faq, topic: str, language: str) -> None:
    said = act(AnswerTopics(), turn(topic, language=language))
    assert (said.answer["kind"], said.answer["topics"], said.answer["language"]) == ("answer", [topic], language)
    assert faq.text(topic, language).source.heading in str(said.answer["blocks"])
    assert said.slots["topic"] == topic


def test_several_questions_are_answered_in_order_and_each_topic_once(act: Act) -> None:
    asked = [question(topic) for topic in ("paid_twice", "seat_count", "paid_twice")]
    said = act(AnswerTopics(), turn("paid_twice", asked))
    assert said.answer["topics"] == ["paid_twice", "seat_count"]
    assert said.kinds.count("heading") == 2
    assert said.slots["topic"] == "seat_count"


def test_a_question_beside_the_answered_one_is_quoted(act: Act) -> None:
    asked = [question("paid_twice"), question("out_of_scope", "out_of_scope", "Is er parkeerplaats?")]
    said = act(AnswerTopics(), turn("paid_twice", asked))
    assert "‘Is er parkeerplaats?’" in said.paragraphs[-1]


def test_a_question_in_the_other_language_is_answered_in_it(act: Act, faq: Faq) -> None:
    asked = [question("paid_twice", language="nl"), question("cancel_service", language="fi")]
    said = act(AnswerTopics(), turn("paid_twice", asked))
    assert said.answer["sources"] == ["faq/nl/paid_twice.yml", "faq/fi/cancel_service.yml"]


def test_a_chosen_language_holds_for_every_question(act: Act) -> None:
    asked = [question("paid_twice", language="nl"), question("cancel_service", language="fi")]
    held = {"language": "nl", "language_chosen": True}
    said = act(AnswerTopics(), turn("paid_twice", asked, language="fi", slots=held))
    assert said.answer["sources"] == ["faq/nl/paid_twice.yml", "faq/nl/cancel_service.yml"]


def test_without_questions_the_intent_is_answered(act: Act) -> None:
    """So that a message works that no component of ours split, as `rasa test` and the REST API may send."""
    assert act(AnswerTopics(), turn("cancel_service", [])).answer["topics"] == ["cancel_service"]


def test_what_was_read_is_told_beside_the_answer(act: Act) -> None:
    said = act(AnswerTopics(), turn("paid_twice", text="Dubbel betaald?"))
    assert said.answer["questions"] == [
        {
            "text": "Dubbel betaald?",
            "topic": "paid_twice",
            "confidence": 0.9,
            "act": "ask",
            "facet": None,
            "point": None,
        }
    ]
    assert len(said.answer["id"]) == 32


@pytest.mark.parametrize("channel", ["saldo", "widget"])
def test_our_own_channels_get_blocks(act: Act, channel: str) -> None:
    said = act(AnswerTopics(), turn("paid_twice", channel=channel))
    assert said.kinds[0] == "paragraph" and said.message["text"] is None


@pytest.mark.parametrize("channel", ["rest", "cmdline", "socketio", ""])
def test_a_stock_channel_gets_plain_text(act: Act, channel: str) -> None:
    message = act(AnswerTopics(), turn("manage_licences", channel=channel)).message
    assert "\n1. Klik in Severa" in message["text"]
    assert message["custom"] == {}


def test_an_unclear_question_is_met_with_choices(act: Act) -> None:
    said = act(AskBack(), turn("nlu_fallback", [UNCLEAR]))
    (options,) = [block for block in said.answer["blocks"] if block["type"] == "options"]
    offered = ["paid_twice", "refund_requirements"]
    assert [item["id"] for item in options["items"]] == [*offered, NONE_OF_THESE]
    assert (said.slots["offered"], said.slots["failures"]) == (offered, 1)


def test_at_most_three_topics_are_offered_and_nothing_but_topics(act: Act) -> None:
    unclear = question(
        "paid_twice", "clarify", choices=["greet", "paid_twice", "seat_count", "cancel_service", "human"]
    )
    said = act(AskBack(), turn("nlu_fallback", [unclear]))
    assert said.slots["offered"] == said.answer["topics"] == ["paid_twice", "seat_count", "cancel_service"]


@pytest.mark.parametrize(("action", "intent"), [(AskBack(), "nlu_fallback"), (Refuse(), "out_of_scope")])
def test_when_what_was_asked_back_led_nowhere_a_person_takes_over(act: Act, action: SaldoAction, intent: str) -> None:
    first = act(AskBack(), turn("nlu_fallback", [UNCLEAR]))
    second = act(action, turn(intent, [UNCLEAR], slots=dict(first.slots)))
    assert first.answer["kind"] == "clarify" and first.slots["failures"] == 1
    assert second.answer["kind"] == "handover" and "contacts" in second.kinds
    assert second.slots["failures"] == 0


def test_who_says_a_little_more_is_asked_back_once_more_with_other_choices(act: Act) -> None:
    first = act(AskBack(), turn("nlu_fallback", [UNCLEAR]))
    other = question("cancel_service", "clarify", choices=["cancel_service", "change_package"])
    second = act(AskBack(), turn("nlu_fallback", [other], slots=dict(first.slots)))
    third = act(AskBack(), turn("nlu_fallback", [UNCLEAR], slots=dict(second.slots)))
    assert [each.answer["kind"] for each in (first, second, third)] == ["clarify", "clarify", "handover"]


def test_two_foreign_questions_in_a_row_are_each_told_so_and_the_third_goes_to_a_person(act: Act) -> None:
    slots: dict[str, object] = {}
    kinds = []
    for _ in range(3):
        said = act(Refuse(), turn("out_of_scope", [], slots=slots))
        kinds.append(said.answer["kind"])
        slots = dict(said.slots)
    assert kinds == ["out_of_scope", "out_of_scope", "handover"]


def test_an_answer_in_between_starts_the_count_anew(act: Act) -> None:
    said = act(AnswerTopics(), turn("paid_twice", slots={"failures": 1.0, "offered": ["seat_count"]}))
    assert (said.slots["failures"], said.slots["offered"]) == (0, [])


def test_yes_to_the_only_choice_answers_it(act: Act) -> None:
    yes = turn("affirm", [], "ja", slots={"offered": ["seat_count"]}, identity=mint(KEY, "NL-1001"))
    said = act(SmallTalk(), yes)
    assert (said.answer["kind"], said.answer["topics"]) == ("answer", ["seat_count"])
    assert [fact["value"] for fact in said.answer["facts"][:3]] == [10, 8, 2]
    assert said.slots["offered"] == []


@pytest.mark.parametrize("offered", [[], ["seat_count", "paid_twice"]])
def test_yes_to_no_choice_or_to_several_is_small_talk(act: Act, offered: list[str]) -> None:
    said = act(SmallTalk(), turn("affirm", [], "ja", slots={"offered": offered, "failures": 1.0}))
    assert said.answer["kind"] == "small_talk"
    assert (said.slots.get("offered", offered), said.slots.get("failures", 1)) == (offered, 1)


def test_no_to_the_choices_leads_to_a_person(act: Act, faq: Faq) -> None:
    said = act(SmallTalk(), turn("deny", [], "nee", slots={"offered": ["seat_count"], "failures": 1.0}))
    assert said.answer["kind"] == "handover" and "contacts" in said.kinds
    assert (said.slots["offered"], said.slots["failures"]) == ([], 0)


def test_no_to_nothing_is_small_talk(act: Act) -> None:
    assert act(SmallTalk(), turn("deny", [], "nee")).answer["kind"] == "small_talk"


@pytest.mark.parametrize("intent", ["greet", "goodbye", "thank", "affirm", "deny", "help"])
@pytest.mark.parametrize("language", ["nl", "fi"])
def test_small_talk_is_answered_in_its_language(act: Act, faq: Faq, intent: str, language: str) -> None:
    said = act(SmallTalk(), turn(intent, [], language=language))
    assert said.paragraphs == [faq.says(intent, language)]


def test_who_asks_for_a_person_gets_the_addresses(act: Act) -> None:
    said = act(HandOver(), turn("human", []))
    assert said.answer["kind"] == "handover"
    (people,) = [block["items"] for block in said.answer["blocks"] if block["type"] == "contacts"]
    assert {person["email"] for person in people} == {"severa.invoicing@visma.com", "severa.support@visma.com"}


def test_another_language_is_told_so_in_three_and_is_no_failed_try(act: Act, faq: Faq) -> None:
    said = act(Refuse(), turn("out_of_scope", [], language="other", slots={"language": "fi", "failures": 1.0}))
    assert (said.answer["kind"], said.answer["language"]) == ("unsupported_language", "fi")
    assert len(said.paragraphs) == 3 and "contacts" in said.kinds
    assert said.slots.get("failures", 1) == 1


@pytest.mark.parametrize(
    ("text", "current", "wanted"),
    [
        ("Kunnen we in het Fins verder?", "nl", "fi"),
        ("suomeksi kiitos", "nl", "fi"),
        ("Voidaanko jatkaa hollanniksi?", "fi", "nl"),
        ("in het Nederlands graag", "fi", "nl"),
        ("niet Fins maar Nederlands", "fi", "nl"),
        ("ei hollantia vaan suomea", "nl", "fi"),
        ("in het Nederlands", "nl", "nl"),
        ("een andere taal graag", "nl", "fi"),
        ("toinen kieli", "fi", "nl"),
        ("fi", "nl", "fi"),
        ("Mag het in het Nederlands? Een Finse collega heeft deze pagina geopend.", "fi", "nl"),
        ("Puhutaanko suomeksi, tämän aloitti hollantilainen esimies", "nl", "fi"),
        ("Sivu alkoi hollanniksi, saisiko suomea?", "nl", "fi"),
        ("graag Nederlands, ik spreek geen Fins", "fi", "nl"),
        ("liever Fins en geen Nederlands", "nl", "fi"),
        ("suomeen kiitos, en osaa hollantia", "nl", "fi"),
        ("en osaa hollantia", "nl", "fi"),
        ("Voisiko vastata hollanniksi? Suomeni on heikko.", "fi", "nl"),
        ("Het Fins en het Nederlands staan door elkaar, doe maar Nederlands", "fi", "nl"),
    ],
)
def test_the_language_asked_for_is_the_one_named_last_or_the_other(text: str, current: str, wanted: str) -> None:
    assert named_language(text, current) == wanted


def test_a_switch_is_confirmed_in_the_new_language_and_held(act: Act, faq: Faq) -> None:
    said = act(SwitchLanguage(), turn("switch_language", [], "suomeksi kiitos", slots={"language": "nl"}))
    assert said.paragraphs == [faq.says("switched", "fi")]
    assert (said.slots["language"], said.slots["language_chosen"]) == ("fi", True)


def test_a_switch_to_the_language_spoken_already_says_so(act: Act, faq: Faq) -> None:
    said = act(SwitchLanguage(), turn("switch_language", [], "in het Nederlands", slots={"language": "nl"}))
    assert said.paragraphs == [faq.says("already_language", "nl")]


def test_each_topic_is_answered_once_and_only_questions_are_quoted_as_left_over(act: Act) -> None:
    asked = [
        question("greet", "small_talk", "Hoi!"),
        question("paid_twice", text="A?"),
        question("seat_count", "clarify", "B?"),
        question("out_of_scope", "out_of_scope", "C?"),
    ]
    said = act(AnswerTopics(), turn("paid_twice", asked))
    assert said.answer["topics"] == ["paid_twice"]
    assert [quote for quote in ("Hoi!", "A?", "B?", "C?") if f"‘{quote}’" in str(said.paragraphs)] == ["B?", "C?"]


def test_only_what_changed_is_remembered(act: Act) -> None:
    settled = {"language": "nl", "language_chosen": False, "offered": [], "failures": 0, "topic": "paid_twice"}
    assert act(AnswerTopics(), turn("paid_twice", slots=settled)).slots.keys() == {"answered"}
