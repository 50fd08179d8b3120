"""Reading mails: their forms, and whatever is broken or hostile about them, within bounded time and memory."""

from __future__ import annotations

import base64
import contextlib
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saldo.mail.parse.incoming import LARGEST, UnreadableMail, read
from tests.mail.mails import mail, mail_bytes


def multipart(kind: str, *parts: str) -> str:
    joined = "".join(f"--b\r\n{part}\r\n" for part in parts)
    return f"{joined}--b--\r\n", f"multipart/{kind}; boundary=b"  # type: ignore[return-value]


def test_what_a_plain_mail_says() -> None:
    read_ = mail("Kysymys?\n\nTerveisin\nAino")
    assert read_.own == "Kysymys?"
    assert read_.sender and (read_.sender.name, read_.sender.domain) == (
        "Aino Ahovaara",
        "kurkiaura-konsultointi.example",
    )


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("utf-8", "Hyvää päivää".encode()),
        ("iso-8859-1", "Hyvää päivää".encode("latin-1")),
        ("us-ascii", "Hyvää päivää".encode()),
        ("utf-8", "Hyvää päivää".encode("cp1252")),
        ("iso-8859-1", "Hyvää päivää".encode()),
        ("nonsense", "Hyvää päivää".encode()),
        ("utf-16", "Hyvää päivää".encode("utf-16")),
        ('"utf-8', "Hyvää päivää".encode()),
        ("utf-8", b"Hyv\xc3\xa4\xc3\xa4\0 p\xc3\xa4iv\xc3\xa4\xc3\xa4"),
    ],
)
def test_odd_charsets(charset: str, body: bytes) -> None:
    assert mail(raw=body, content_type=f"text/plain; charset={charset}").own == "Hyvää päivää"


def test_html_alone_is_read_as_it_is_shown() -> None:
    html = "<style>p{}</style><p>Vraag<br>twee</p><div style='display:none'>spook</div><script>x</script><img src=x>"
    assert mail(html, content_type="text/html").own == "Vraag\ntwee"


def test_plain_text_goes_before_html_and_html_before_nothing() -> None:
    html = "Content-Type: text/html\r\n\r\n<p>html</p>"
    for plain, said in (("plain", "plain"), ("   ", "html")):
        body, kind = multipart("alternative", html, f"Content-Type: text/plain\r\n\r\n{plain}")  # type: ignore[str-unpack]
        assert mail(body, content_type=kind).own == said


def test_attachments_are_listed_and_not_opened() -> None:
    file = base64.b64encode(b"x" * 1000).decode()
    head = 'Content-Type: application/pdf; name="=?utf-8?q?tili=C3=B6te.pdf?="\r\nContent-Transfer-Encoding: base64'
    text = "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=opzeggen.txt\r\n\r\nopzeggen"
    body, kind = multipart("mixed", "\r\nLiite.", f"{head}\r\n\r\n{file}", text)  # type: ignore[str-unpack]
    found = mail(body, content_type=kind)
    assert found.own == "Liite."
    assert [(each.name, each.type, each.bytes) for each in found.attachments] == [
        ("tiliöte.pdf", "application/pdf", 1000),
        ("opzeggen.txt", "text/plain", 8),
    ]


def test_an_attached_mail_is_not_the_writers_text() -> None:
    body, kind = multipart(  # type: ignore[str-unpack]
        "mixed", "\r\nZie bijlage.", "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nopzeggen"
    )
    assert mail(body, content_type=kind).own == "Zie bijlage."


@pytest.mark.parametrize("data", [b"", b"\0\0\0", b"no headers at all", b"\r\n\r\nbody only"])
def test_what_is_no_mail(data: bytes) -> None:
    with pytest.raises(UnreadableMail):
        read(data)


def test_thousands_of_parts_end() -> None:
    body, kind = multipart("mixed", *["Content-Type: text/plain\r\n\r\nx"] * 10_000)  # type: ignore[str-unpack]
    found, took = timed(mail_bytes(body, content_type=kind))
    assert took < 20
    assert found and "more than" in found.unread[0]


def test_deep_nesting_ends() -> None:
    body = "".join(f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n" for level in range(10_000))
    _, took = timed(mail_bytes("--b\r\n" + body, content_type="multipart/mixed; boundary=b"))
    assert took < 20


def test_fifty_megabytes_are_read_in_part() -> None:
    line = base64.b64encode(b"x" * 57) + b"\r\n"
    body = b"--b\r\n\r\nLiite.\r\n--b\r\nContent-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    data = mail_bytes(raw=body + line * (50_000_000 // len(line)), content_type="multipart/mixed; boundary=b")
    tracemalloc.start()
    found, took = timed(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found and found.own == "Liite."
    assert str(f"{LARGEST:,}") in found.unread[0]
    assert took < 60
    assert peak < 400_000_000


@pytest.mark.parametrize(
    "headers",
    [
        {"from": "=?utf-8?q?Aino=0ABcc:_x@evil.example?= <a@b.example>"},
        {"from": '"Aino\r\n Bcc: x@evil.example" <a@b.example>'},
        {"subject": "=?utf-8?b?SGVpCkJjYzogeEBldmlsLmV4YW1wbGU=?="},
        {"subject": "=?bogus?x?==?="},
        {"subject": "\u202egpj.exe"},
        {"subject": "x" * 100_000},
        {"from": "a@b.example," * 10_000},
        {"from": '"' * 5000},
        {"from": "(" * 5000},
        {"date": "Not a date"},
        {"date": "Mon, 99 Nov 99999 99:99:99 +9999"},
        {"message_id": "<a b>\t<>"},
        {"references": "<a@b> " * 10_000},
        {"content_type": 'text/plain; charset="\0"'},
        {"content_type": "text/plain; charset*0=utf; charset*1=8; charset*x=y"},
        {"content_type": "multipart/mixed"},
        {"content_type": "/;;;=;"},
        {"content_transfer_encoding": "base64"},
        {"content_transfer_encoding": "x-uuencode"},
    ],
)
def test_hostile_headers_are_read_as_clean_text(headers: dict[str, str]) -> None:
    found, took = timed(mail_bytes(**headers))  # type: ignore[arg-type]
    assert found and took < 10
    for text in (found.subject, found.message_id, *(part for one in found.senders for part in (one.name, one.email))):
        assert text.isprintable()
        assert "\u202e" not in text
    assert found.written is None or found.written.year < 9999
    assert found.is_reply in (True, False)
    assert isinstance(found.references, list)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_a_mail_or_refused(data: bytes) -> None:
    for each in (data, mail_bytes(raw=data), mail_bytes(raw=data, content_type="text/html")):
        with contextlib.suppress(UnreadableMail):
            assert "\0" not in read(each).own


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(["from", "to", "subject", "date", "references", "content_type", "content_transfer_encoding",
                          "reply_to", "authentication_results", "message_id", "content_disposition"]),
    value=st.text(max_size=200).map(lambda text: text.replace("\r", "").replace("\n", "\r\n ")),
)  # fmt: skip
def test_any_header_is_read(name: str, value: str) -> None:
    with contextlib.suppress(UnreadableMail):
        found = read(mail_bytes(**{name: value.encode("utf-8", "replace").decode()}))  # type: ignore[arg-type]
        assert found.subject.isprintable()


def timed(data: bytes):  # type: ignore[no-untyped-def]
    began = time.process_time()
    try:
        found = read(data)
    except UnreadableMail:
        found = None
    return found, time.process_time() - began
