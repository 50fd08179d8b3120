"""What a mail says in forms that are seldom met: read where it can be, else said, and left to a person."""

from __future__ import annotations

import asyncio
import base64
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.mail.handler import MailHandler
from saldo.mail.parse.bodies import mended
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.parse.signed import signed_content
from tests.mail.mails import mail

QUESTION = "Hoe kan ik ons abonnement opzeggen?"
PLAIN = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{QUESTION}"


def parts(kind: str, *each: str, boundary: str = "b", declared: str = "b") -> IncomingMail:
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in each)
    return mail(f"{body}--{boundary}--\r\n", content_type=f"multipart/{kind}; boundary={declared}")


@pytest.fixture
def opaque(needs_service: Callable[[str], NoReturn], tmp_path: Path) -> Callable[..., IncomingMail]:
    """A mail that `openssl cms` has wrapped."""
    if not shutil.which("openssl"):
        needs_service("there is no openssl")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    request: list[str | Path] = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Piet"]
    subprocess.run([*request, "-keyout", key, "-out", certificate], check=True, capture_output=True)

    def opaque(*how: str) -> IncomingMail:
        command: list[str | Path] = ["openssl", "cms", *how, "-outform", "DER"]
        command += ["-signer", certificate, "-inkey", key] if "-sign" in how else [certificate]
        done = subprocess.run(command, input=PLAIN.encode(), check=True, capture_output=True)
        return mail(
            raw=base64.encodebytes(done.stdout),
            content_type='application/pkcs7-mime; smime-type=x; name="smime.p7m"',
            content_transfer_encoding="base64",
        )

    return opaque


@pytest.mark.parametrize("stream", [[], ["-stream"]])
def test_what_is_signed_is_read(opaque: Callable[..., IncomingMail], stream: list[str]) -> None:
    found = opaque("-sign", "-nodetach", "-binary", *stream)
    assert QUESTION in found.own and not found.unread


def test_what_is_encrypted_is_a_persons(
    opaque: Callable[..., IncomingMail], make_clerk: Callable[..., MailHandler]
) -> None:
    found = opaque("-encrypt", "-aes256")
    assert found.unread == ("the mail is encrypted (S/MIME)",)
    assert_a_persons(make_clerk, found, "encrypted")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_signed_message_or_none(data: bytes) -> None:
    for prefix in (b"", bytes.fromhex("308006092a864886f70d010702a0803080")):
        assert isinstance(signed_content(prefix + data), (bytes, type(None)))


WINMAIL = "Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx"
PGP = "Content-Type: text/plain\r\n\r\n-----BEGIN PGP MESSAGE-----\r\nx\r\n-----END PGP MESSAGE-----"


@pytest.mark.parametrize(
    ("kind", "each", "why"),
    [
        ("mixed", [PLAIN, WINMAIL], "winmail.dat"),
        ("encrypted", ["Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1"], "encrypted"),
        ("mixed", [PGP], "encrypted (PGP)"),
        ("mixed", ["Content-Type: multipart/mixed; boundary=nowhere\r\n\r\nHoe kan ik opzeggen?"], "not parted"),
    ],
)
def test_what_cannot_be_read_is_said_and_left_to_a_person(
    make_clerk: Callable[..., MailHandler], kind: str, each: list[str], why: str
) -> None:
    assert_a_persons(make_clerk, parts(kind, *each), why)


def assert_a_persons(make_clerk: Callable[..., MailHandler], found: IncomingMail, why: str) -> None:
    handled = asyncio.run(make_clerk().handle(found, "1.eml", "box", lambda sender, day: 0))
    review = handled.review.as_json()
    assert handled.draft is None
    assert (review["outcome"], review["draft"], review["skipped"]) == ("person", None, None)
    assert why in review["outcome_reason"]
    assert any(why in note for note in review["notes"])


HTML = f"Content-Type: text/html\r\n\r\n<p>Beste support, {QUESTION} Wij hebben drie gebruikers die weggaan.</p>"


@pytest.mark.parametrize(
    "stub",
    [
        "Your mail program does not show HTML.",
        "Deze e-mail is opgemaakt in HTML. Bekijk hem in een programma dat dat kan tonen.",
        "Tämä viesti on HTML-muotoinen.",
    ],
)
def test_a_text_that_only_stands_in_for_html_is_not_the_mail(stub: str) -> None:
    html = HTML.replace("</p>", " We horen graag hoe dat moet en wat dat voor de factuur van december betekent.</p>")
    found = parts("alternative", f"Content-Type: text/plain\r\n\r\n{stub}", html)
    assert QUESTION in found.own
    assert stub not in found.own


def test_a_text_that_says_the_same_is() -> None:
    assert parts("alternative", PLAIN, f"Content-Type: text/html\r\n\r\n<b>{QUESTION}</b> Piet").own == QUESTION


def test_a_text_with_a_file_name_is_the_mail_if_nothing_else_is() -> None:
    named = PLAIN.replace("charset", 'name="body.txt"; charset')
    assert parts("mixed", named).own == QUESTION
    assert parts("mixed", PLAIN, named.replace(QUESTION, "Iets anders.")).own == QUESTION


def test_a_wrong_boundary_is_found() -> None:
    found = parts("alternative", PLAIN, HTML, boundary="=_real", declared="=_other")
    assert QUESTION in found.own and not found.unread


def test_lines_broken_with_delsp_are_joined_without_the_blank() -> None:
    text = "Hoe kan ik ons abon \r\nnement opzeggen? "
    assert mail(text, content_type="text/plain; charset=utf-8; format=flowed; delsp=yes").own == QUESTION
    assert mail(text, content_type="text/plain; charset=utf-8; format=flowed").own.startswith("Hoe kan ik ons abon nem")


@pytest.mark.parametrize(
    "text", ["Hyvää päivää, miten irtisanon?", "Financiën: één vraag – wat kost dat? € 5", "’t Is zo", "Åbo ÄÖ Ü"]
)
def test_utf_8_read_as_latin_1_is_read_as_it_was_written(text: str) -> None:
    assert mended(text.encode().decode("latin-1")) == text
    if "Å" not in text:  # whose bytes cp1252 does not have
        assert mended(text.encode().decode("cp1252", "replace")) == text


@given(st.text('aäöåéëïüABÄÖÅ"”“’ €.?', max_size=60))
def test_what_people_write_is_not_mended(text: str) -> None:
    assert mended(text) == text


@pytest.mark.parametrize(
    "how",
    ['style="font-size:0"', 'style="font-size: 0px; color:red"', "hidden", 'style="max-height:0;overflow:hidden"',
     'style="display:none"', 'style="opacity:0"'],
)  # fmt: skip
def test_hidden_text_is_not_read(how: str) -> None:
    assert mail(f"<p {how}>spook</p><p>{QUESTION}</p>", content_type="text/html").own == QUESTION


@pytest.mark.parametrize("style", ["font-size:0.9em", "font-size:10px", "max-height:100%", "opacity:0.8"])
def test_small_text_is(style: str) -> None:
    assert mail(f'<p style="{style}">{QUESTION}</p>', content_type="text/html").own == QUESTION


OLDER = "Van: Anna <anna@klant.example>\r\nVerzonden: maandag 2 november 2026 10:12\r\nAan: Piet\r\nOnderwerp: Vraag"


def marked(text: str) -> str:
    return "".join(f"> {line}\r\n" for line in text.splitlines())


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("FW: Vraag", f"Kunnen jullie dit beantwoorden.\r\n\r\nGroet, Piet\r\n\r\n{OLDER}\r\n\r\n{QUESTION}"),
        ("Fwd: Vraag", f"---------- Forwarded message ---------\r\n{OLDER}\r\n\r\n\r\n{QUESTION}"),
        ("VS: Vraag", f"\r\n{OLDER}\r\n\r\n{QUESTION}\r\n\r\nAnna"),
        ("Doorst: Vraag", "Begin doorgestuurd bericht:\r\n\r\n" + marked(f"{OLDER}\r\n\r\n{QUESTION}")),
    ],
)
def test_the_question_of_a_forward_stands_in_the_forwarded_message(subject: str, body: str) -> None:
    found = mail(body, subject=subject)
    assert found.own.endswith(QUESTION)
    assert "forwarded message, of anna@klant.example" in found.notes[0]


def test_a_forward_that_asks_itself_is_not_read_further() -> None:
    found = mail(f"Is dit juist?\r\n\r\n{OLDER}\r\n\r\n{QUESTION}", subject="FW: Vraag")
    assert (found.own, found.notes) == ("Is dit juist?", ())


def test_a_reply_is_no_forward() -> None:
    assert mail(f"Dank!\r\n\r\n{OLDER}\r\n\r\n{QUESTION}", subject="RE: Vraag").own == "Dank!"


ATTACHED = (
    f"Content-Type: message/rfc822\r\n\r\nFrom: Anna <anna@klant.example>\r\nSubject: Vraag\r\n\r\n{QUESTION}\r\n"
)
FILE = "Content-Type: application/pdf; name=brief.pdf\r\n\r\nx"
NOTHING = "Content-Type: message/rfc822\r\n\r\nFrom: Anna <anna@klant.example>\r\n\r\n> oud\r\n"


def forwarding(own: str, *attached: str, subject: str = "FW: Vraag") -> IncomingMail:
    body = "".join(f"--b\r\n{part}\r\n" for part in (f"Content-Type: text/plain\r\n\r\n{own}", *attached))
    return mail(f"{body}--b--\r\n", content_type="multipart/mixed; boundary=b", subject=subject)


@pytest.mark.parametrize("subject", ["FW: Vraag", "VS: Vraag"])
@pytest.mark.parametrize("attached", [(ATTACHED,), (NOTHING, ATTACHED)])
def test_the_question_of_a_mail_forwarded_as_an_attachment_is_read(subject: str, attached: tuple[str, ...]) -> None:
    found = forwarding("Graag een antwoord hierop.", *attached, subject=subject)
    assert found.own == f"Graag een antwoord hierop.\n\n{QUESTION}"
    assert found.notes == ("what is asked stands in a forwarded message, of anna@klant.example",)
    assert QUESTION in found.body  # which the reply quotes
    assert [each.type for each in found.attachments] == ["message/rfc822"] * (len(attached) - 1)


def test_an_attached_mail_is_all_there_is_where_nothing_is_written_above_it() -> None:
    assert forwarding("", ATTACHED, subject="Vraag").own == QUESTION


def test_what_came_with_an_attached_mail_came_with_the_mail() -> None:
    inner = f"Content-Type: text/plain\r\n\r\n{QUESTION}\r\n--c\r\n{FILE}\r\n--c--"
    head = "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n"
    found = forwarding("", f"Content-Type: message/rfc822\r\n\r\n{head}{inner}", FILE)
    assert found.own == QUESTION
    assert [each.name for each in found.attachments] == ["brief.pdf", "brief.pdf"]


@pytest.mark.parametrize(
    ("own", "subject"),
    [
        ("Is dit van u?", "FW: Vraag"),
        ("Zie bijlage.", "Vraag"),
        ("Hierbij de mail van onze boekhouder, die ik al drie keer heb gestuurd. " * 3, "FW: Vraag"),
    ],
)
def test_who_says_something_beside_an_attached_mail_is_read_alone(own: str, subject: str) -> None:
    found = forwarding(own, ATTACHED, subject=subject)
    assert QUESTION not in found.own and not found.notes
    assert [each.type for each in found.attachments] == ["message/rfc822"]


def test_our_own_mail_attached_is_a_persons(make_clerk: Callable[..., MailHandler]) -> None:
    found = forwarding("", ATTACHED.replace("anna@klant.example", "severa.support@visma.com"))
    handled = asyncio.run(make_clerk(mail_own=("visma.com",)).handle(found, "1.eml", "box", lambda sender, day: 0))
    assert handled.review.as_json()["outcome_reason"] == "it forwards a mail of our own"


def test_our_own_mail_handed_back_is_a_persons(make_clerk: Callable[..., MailHandler]) -> None:
    older = OLDER.replace("anna@klant.example", "severa.support@visma.com")
    found = mail(f"{older}\r\n\r\n{QUESTION}", subject="FW: Vraag")
    handled = asyncio.run(make_clerk(mail_own=("visma.com",)).handle(found, "1.eml", "box", lambda sender, day: 0))
    assert handled.review.as_json()["outcome"] == "person"
