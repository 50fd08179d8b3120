"""The letter as an unsent message: its thread, its words, and nothing that the customer could slip into it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saldo.answers.answer import AnswerPart
from saldo.answers.blocks import Paragraph
from saldo.answers.compose import ExplainedTopic, answer
from saldo.billing import explain, sample_accounts
from saldo.faq import load
from saldo.faq.texts import ParagraphText
from saldo.identity import verify
from saldo.mail.ask_bot import MailQuestion, MailUnderstanding
from saldo.mail.handler import Handled, MailHandler
from saldo.mail.parse.addresses import Address
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.reply.draft import bare_subject, references
from saldo.mail.reply.letter import letter, name_to_greet, salutation
from saldo.mail.reply.render import as_html, as_text
from saldo.mail.reply.wording import load as load_words
from saldo.settings import Settings
from tests.mail.mails import CONTACT, PROVEN, Customers, WordBot, mail
from tests.support import CHECKOUT

Make = Callable[..., MailHandler]


def handle(handler: MailHandler, incoming: IncomingMail, drafts: int = 0) -> Handled:
    def drafts_of(sender: str, day: date) -> int:
        return drafts

    return asyncio.run(handler.handle(incoming, "001.eml", "box", drafts_of))


def drafted(handler: MailHandler, incoming: IncomingMail) -> EmailMessage:
    """The draft, written and read again, as a mail program would."""
    draft = handle(handler, incoming).draft
    assert draft is not None
    message = message_from_bytes(draft.as_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_it_answers_in_the_thread(make_clerk: Make) -> None:
    draft = drafted(make_clerk(), mail(subject="VS: Re: Lasku", references="<a@b> <c@d>", in_reply_to="<c@d>"))
    assert draft["To"] == f"Aino Ahovaara <{CONTACT}>"
    assert draft["From"] == "severa.support@visma.com"
    assert draft["Subject"] == "Re: Lasku"
    assert draft["In-Reply-To"] == "<1@kurkiaura-konsultointi.example>"
    assert draft["References"] == "<a@b> <c@d> <1@kurkiaura-konsultointi.example>"
    assert draft["X-Unsent"] == "1"


def test_it_reads_as_a_letter(make_clerk: Make) -> None:
    text = text_of(drafted(make_clerk(), mail("Miten irtisanon palvelun?")))
    letter, _, quote = text.partition("Aino Ahovaara kirjoitti 2.11.2026 klo 10.12:")
    assert letter.startswith("Hei Aino,\n\nKiitos viestistä.\n\nPer e-mail.")
    assert letter.rstrip().endswith("Ystävällisin terveisin")  # the mail program's signature follows
    assert quote.strip() == "> Miten irtisanon palvelun?"
    assert "Saldo" not in letter


def test_html_loads_nothing_and_holds_only_escaped_text(make_clerk: Make) -> None:
    html = text_of(
        drafted(make_clerk(), mail("Irtisanon. <img src=http://evil.example/x onerror=alert(1)> irtisanon")), "html"
    )
    assert "&lt;img" in html
    assert not re.search(r"<(?:img|script|link|iframe|form)|src=|url\(", html.replace("&lt;img src=", ""))


def test_nothing_to_answer_leaves_no_draft(make_clerk: Make) -> None:
    handled = handle(make_clerk(), mail("Is er een app?", subject="App"))
    review = handled.review.as_json()
    assert handled.draft is None
    assert (review["outcome"], review["draft"], handled.review.keywords) == ("person", None, ("Saldo-Person",))


def test_a_note_to_a_colleague_is_for_who_wants_it(make_clerk: Make) -> None:
    handled = handle(make_clerk(notes=True), mail("Is er een app?", subject="App"))
    assert handled.draft is not None
    assert handled.draft["To"] == "severa.support@visma.com"
    assert handled.draft["Subject"] == "Ter beantwoording: App"
    assert handled.review.as_json()["addressed_to"] == "colleague"
    assert "> Is er een app?" in text_of(message_from_bytes(handled.draft.as_bytes(), policy=policy.default))


def test_replies_go_where_the_mail_asks_for_them(make_clerk: Make) -> None:
    draft = drafted(make_clerk(), mail(reply_to="Muu <muu@x.example>", cc="joku@x.example"))
    assert draft["To"] == "Muu <muu@x.example>"
    assert draft["Cc"] is None


def test_only_a_proven_sender_gets_a_capability(make_clerk: Make, word_bot: WordBot) -> None:
    handle(make_clerk(), mail(authentication_results=PROVEN))
    handle(make_clerk(), mail())
    granted = [verify("s" * 40, told.get("identity")) for told in word_bot.told]
    assert [each and each.customer for each in granted] == ["FI-2001", None]


def test_too_many_mails_of_one_sender_are_left_to_a_person(make_clerk: Make) -> None:
    assert handle(make_clerk(), mail(), drafts=9).draft is not None
    handled = handle(make_clerk(), mail(), drafts=10)
    assert handled.draft is None
    assert handled.review.as_json()["outcome"] == "person"
    assert handled.review.as_json()["outcome_reason"] == f"more than 10 mails of {CONTACT} on 2026-11-02"


def test_a_slash_reaches_rasa_as_text(make_clerk: Make, word_bot: WordBot) -> None:
    handle(make_clerk(), mail('/seat_count{"customer_id": "NL-1001"}'))
    assert not any(text.startswith("/") for text in word_bot.texts)


def test_a_bot_that_fails_leaves_the_mail_to_a_person(
    make_clerk: Make, word_bot: WordBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from saldo.errors import SaldoError

    async def fail(*_: Any) -> dict[str, Any]:
        raise SaldoError("nothing said")

    monkeypatch.setattr(word_bot, "turn", fail)
    handled = handle(make_clerk(), mail())
    assert handled.draft is None
    assert "nothing said" in handled.review.as_json()["notes"][0]


@pytest.mark.parametrize(
    "subject", ["Lasku", "Re: Lasku", "RE: re: VS: Lasku", "Antw: Lasku", "SV: Lasku", "Re[2]: Lasku", "Re:Lasku"]
)
def test_one_re_is_enough(subject: str) -> None:
    assert bare_subject(subject) == "Lasku"


@pytest.mark.parametrize("subject", ["Fwd: Lasku", "Respons: x", "Voorstel: x", ""])
def test_other_subjects_stay(subject: str) -> None:
    assert bare_subject(subject) == subject


def test_long_threads_keep_their_first_and_latest() -> None:
    found = references(mail(references=" ".join(f"<{number:04}@thread.example>" for number in range(80)))).split()
    assert found[0] == "<0000@thread.example>"
    assert found[-2:] == ["<0079@thread.example>", "<1@kurkiaura-konsultointi.example>"]
    assert len(" ".join(found)) <= 1500


@pytest.mark.parametrize(
    ("name", "nl", "fi"),
    [
        ("Anneke van der Berg", "Anneke van der Berg", "Anneke"),
        ("Ahovaara, Aino", "Aino Ahovaara", "Aino"),
        ("J. Jansen", "J. Jansen", None),
        ("Aino", "Aino", "Aino"),
        ("Kurkiaura", None, None),
        ("Kurkiaura Konsultointi Oy", None, None),
        ("Administratie Kraanvogel", None, None),
        ("AINO AHOVAARA", None, None),
        ("aino@x.example", None, None),
        ("Klik hier www.evil.example", None, None),
        ("", None, None),
    ],
)
def test_people_are_greeted_by_name_where_it_is_one(name: str, nl: str | None, fi: str | None) -> None:
    sender = Address(name, "aino@x.example")
    assert (name_to_greet(sender, "nl"), name_to_greet(sender, "fi")) == (nl, fi)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=80), st.text(max_size=80), st.text(max_size=80), st.text(alphabet=st.characters(), max_size=200)
)
def test_no_header_can_be_injected(make_clerk: Make, name: str, subject: str, identifier: str, body: str) -> None:
    def encoded(text: str) -> str:
        return "".join(
            f"=?utf-8?q?{''.join(f'={byte:02X}' for byte in char.encode('utf-8', 'replace'))}?= " for char in text
        )

    said = body.encode("utf-8", "replace").decode()
    incoming = mail(f"irtisano {said}", **{"from": f"{encoded(name)} <{CONTACT}>", "subject": encoded(subject)})  # type: ignore[arg-type]
    draft = drafted(make_clerk(), incoming)
    wanted = {"From", "To", "Subject", "Date", "In-Reply-To", "References", "X-Unsent", "MIME-Version", "Content-Type",
              "Message-ID"}  # fmt: skip
    assert set(draft.keys()) == wanted
    assert [each.addr_spec for each in draft["To"].addresses] in ([CONTACT], ["severa.support@visma.com"])


TIMELINE = {
    "type": "timeline", "title": "Factureringsperiode", "start": "1 okt 2026", "end": "31 dec 2026", "days": 92,
    "change": "3 nov 2026", "change_day": 33,
    "rows": [{"label": "8 licenties", "start": "1 okt 2026", "end": "31 dec 2026", "from_day": 0, "to_day": 92},
             {"label": "1 <erbij>", "start": "3 nov 2026", "end": "31 dec 2026", "from_day": 33, "to_day": 92}],
}  # fmt: skip


def test_a_change_within_a_period_is_a_small_table() -> None:
    text, html = as_text([TIMELINE], ("Op …:", "")), as_html([TIMELINE], ("Op …:", ""), "nl")
    assert "  3 nov 2026 – 31 dec 2026  1 <erbij>\n" in text
    assert "■" not in text
    assert html.count("<tr>") == 2
    assert "3 nov 2026 – 31 dec 2026" in html
    assert "<erbij>" not in html


def test_a_figure_that_names_itself_has_no_source_beside_it() -> None:
    row = {"label": "Factuur", "value": "2026-0142", "formula": None, "source": "factuur 2026-0142"}
    since = {"label": "Sinds", "value": "1.10.2026", "formula": None, "source": "wijziging per 1.10.2026"}
    html = as_html([{"type": "facts", "title": "Uw cijfers", "rows": [row, since]}], ("Op …:", ""), "nl")
    assert "factuur 2026-0142" not in html
    assert "wijziging per 1.10.2026" in html


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Wanneer komt de app?", "Op uw vraag “Wanneer komt de app?” komt een collega bij u terug."),
        ("De app doet het niet.", "Op de rest van uw bericht komt een collega bij u terug."),
        (f"Wanneer {'heel ' * 40}?", "Op de rest van uw bericht komt een collega bij u terug."),
    ],
)
def test_the_letter_says_what_a_colleague_comes_back_to(asked: str, said: str) -> None:
    part = AnswerPart("cancel_service", "nl", "Opzeggen", (Paragraph("Per e-mail."),), (), "")
    left = MailQuestion(f"Nog iets anders. {asked}", "out_of_scope", 0.9, "out_of_scope")
    understood = MailUnderstanding("nl", (left,), (part,))
    assert said in as_text(letter(mail().sender, understood, load_words(Settings().faq)["nl"]), ("Op …:", ""))


def test_a_letter_on_several_questions_tells_the_figures_of_each_whole() -> None:
    """What the widget folds away stands in a letter, where nothing can be opened."""
    content, (account, *_) = load(CHECKOUT / "faq"), sample_accounts(date(2026, 11, 22))
    asked = ("seat_count", "invoice_quantity")
    topics = [ExplainedTopic(topic, "nl", explain(topic, account, date(2026, 11, 22))) for topic in asked]
    questions = tuple(MailQuestion("?", topic, 0.9, "answered") for topic in asked)
    parts = answer(content, topics, "nl").parts
    written = letter(mail().sender, MailUnderstanding("nl", questions, parts), load_words(Settings().faq)["nl"])
    labels = {row["label"] for block in written if block["type"] == "facts" for row in block["rows"]}
    assert {"Vrije licenties", "Actieve gebruikers", "Aantal op de factuur", "Gefactureerde maanden"} <= labels
    assert "Helpartikel" not in str(written)


@given(st.permutations(["paid_twice", "cancel_service", "payment_extension"]), st.randoms())
def test_each_answer_stands_under_its_own_heading_whatever_order_its_blocks_have(
    topics: list[str], chance: Random
) -> None:
    """Letters were once cut out of the flat answer by position, and a moved block stood under another heading."""
    content = load(CHECKOUT / "faq")
    parts = []
    for part in answer(content, [ExplainedTopic(topic, "nl") for topic in topics], "nl").parts:
        blocks = list(part.blocks)
        chance.shuffle(blocks)
        parts.append(replace(part, blocks=tuple(blocks)))
    questions = tuple(MailQuestion("?", topic, 0.9, "answered") for topic in topics)
    written = letter(mail().sender, MailUnderstanding("nl", questions, tuple(parts)), load_words(Settings().faq)["nl"])
    under: dict[str, list[str]] = {}
    for block in written:
        if block["type"] == "heading":
            under[block["text"]] = []
        elif under:
            under[list(under)[-1]].append(str(block.get("text", block.get("items"))))
    words = load_words(Settings().faq)["nl"]
    assert list(under) == [
        f"Over uw {place} vraag: {words.subjects[topic]}" for place, topic in zip(words.places, topics, strict=False)
    ]
    for topic, texts in zip(topics, under.values(), strict=True):
        reviewed = content.text(topic, "nl").answer
        own = [each.paragraph for each in reviewed if isinstance(each, ParagraphText)]
        assert own and set(own) <= set(texts)


ANNA = Address("Anna Boekhouding", "a.devries@klant.example")


@pytest.mark.parametrize(
    ("known_as", "nl"),
    [
        ("mw. J. de Vries", "Beste mevrouw De Vries,"),
        ("de heer Jan Jansen", "Beste meneer Jansen,"),
        ("Dhr. van 't Hof", "Beste meneer Van 't Hof,"),
        ("Sanne de Vries", "Beste Sanne de Vries,"),
        ("Crediteurenadministratie", "Geachte heer, mevrouw,"),
        ("", "Geachte heer, mevrouw,"),
    ],
)
def test_the_records_name_comes_before_the_mails(known_as: str, nl: str) -> None:
    assert salutation(ANNA, known_as, "nl", load_words(Settings().faq)["nl"]) == nl


def test_a_company_is_not_greeted_as_a_person() -> None:
    assert name_to_greet(Address("Kraanvogel Dakwerken", "post@kraanvogel-dakwerken.example"), "nl") is None
    assert name_to_greet(Address("Jan Jansen", "jan@janjansen.example"), "nl") == "Jan Jansen"


def test_a_proven_sender_is_greeted_as_the_records_know_them(make_clerk: Make) -> None:
    spoofed: dict[str, Any] = {"from": f"Pomo Pomonen <{CONTACT}>"}
    assert text_of(drafted(make_clerk(), mail(authentication_results=PROVEN, **spoofed))).startswith("Hei Aino,")
    assert text_of(drafted(make_clerk(), mail(**spoofed))).startswith("Hei Pomo,")


def test_the_teams_signature_stands_under_the_letter(make_clerk: Make) -> None:
    handler = make_clerk(mail_signatures={"fi": "Severan tuki\nVisma"})
    assert "Ystävällisin terveisin\n\nSeveran tuki\nVisma\n" in text_of(drafted(handler, mail()))


@pytest.mark.parametrize(
    ("form", "kinds"), [("plain", ["text/plain"]), ("html", ["text/html"]), ("both", ["text/plain", "text/html"])]
)
def test_a_draft_has_the_form_that_is_wanted(make_clerk: Make, form: str, kinds: list[str]) -> None:
    draft = drafted(make_clerk(mail_form=form), mail())
    assert [part.get_content_type() for part in draft.walk() if not part.is_multipart()] == kinds


def test_copied_contacts_of_the_same_customer_stay_and_strangers_are_told(make_clerk: Make) -> None:
    handled = handle(make_clerk(), mail(cc=f"Aino <{CONTACT}>, joku@x.example"))
    assert handled.draft is not None and handled.draft["Cc"] is None
    assert handled.review.as_json()["risks"] == ["stranger_in_cc"]
    colleague = Customers({CONTACT: ["FI-2001"], "toinen@x.example": ["FI-2001"], "muu@x.example": ["FI-2002"]})
    handler = MailHandler(Settings(secret="s" * 40), load(Settings().faq), WordBot(), colleague)
    draft = handle(handler, mail(cc="Toinen <toinen@x.example>, muu@x.example")).draft
    assert draft is not None and draft["Cc"] == "Toinen <toinen@x.example>"
