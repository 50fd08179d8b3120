"""Mails that ask for as much work as a megabyte can."""

from __future__ import annotations

import base64

from hypothesis import strategies as st

MEGABYTE = 1_000_000
TEXT = b"text/plain; charset=utf-8"
PARAMETERS = (b"; x*1=y", b'\\";', b"; x=", b";", b"; name*0*=utf-8''%41", b'"', b"=")
SIGNS = (
    b"a", b" ", b"\n", b">", b">\n", b"Van: x\n", b"schreef: ", b"1.1.2026 10.00 a@b.fi kirjoitti:\n", b"-- \n",
    b"a@", b"A: b\n",
    b"PS: x\n", "Ã©".encode(), "ﷺ".encode(), b" " * 500 + b"x\n", b"=\n", b"\0", b"\r", b"<", b"<b>", b"<div>",
    b"<td>x", b"<br>",
    b"<blockquote>x</blockquote>", b"<table><tr><td>", b"<tr><td>a<td>b</tr><table>", b"<p style='opacity:0'>x",
    b"&", b"<!--",
)  # fmt: skip
CHARSETS = (
    b"punycode",
    b"utf-7",
    b"utf-16",
    b"idna",
    b"unicode_escape",
    b"iso-2022-jp",
    b"rot13",
    b"zlib",
    b"klingon",
    b"utf-8",
)
PARTS = (
    b"--b\r\n\r\n", b"--b\r\nContent-Type: text/plain\r\n\r\nhei\r\n",
    b"--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@b\r\n\r\nhei\r\n",
    b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n", b"--b\r\nContent-Type: text/html\r\n\r\n<b>hei\r\n",
    b"--b\r\nContent-Type: text/plain" + b";" * 7900 + b"\r\n\r\nhei\r\n",
    b"--b\r\nContent-Type: multipart/mixed\r\n\r\n",
)  # fmt: skip


def filled(piece: bytes, size: int = MEGABYTE) -> bytes:
    return (piece * (size // len(piece) + 1))[:size]


def mail_of(body: bytes, kind: bytes = TEXT, more: bytes = b"") -> bytes:
    """A mail with this body, of this type, and with more header fields."""
    head = b"From: A <a@b.example>\r\nTo: c@d.example\r\nSubject: Lasku\r\nMessage-ID: <x@y>\r\n" + more
    return head + b"Content-Type: " + kind + b"\r\n\r\n" + body


def nested(levels: int, line: bytes = b"a\r\n") -> bytes:
    """Multiparts within each other, around lines that each is held against."""
    heads = (b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(levels))
    return mail_of(b"".join(heads) + filled(line), b"multipart/mixed; boundary=b0")


WORST: dict[str, bytes] = {
    "parameters": mail_of(b"hei", b"text/plain" + filled(b"; x*1=y")),
    "numbered parameters": mail_of(b"hei", b"text/plain" + b"".join(b"; x*%d=y" % n for n in range(100_000))),
    "parameters of many parts": mail_of(filled(PARTS[5]), b"multipart/mixed; boundary=b"),
    "parts": mail_of(filled(PARTS[0]), b"multipart/mixed; boundary=b"),
    "80 levels": nested(80),
    "300 levels": nested(300, b"--x\r\n"),
    "header fields": filled(b"From: a@b.example\r\n") + mail_of(b"hei"),
    "lines of blanks": mail_of(filled(b" " * 500 + b"x\n")),
    "empty lines": mail_of(filled(b"\n")),
    "punycode": mail_of(filled(b"a"), b"text/plain; charset=punycode"),
    "tables in tables": mail_of(filled(b"<tr><td>a<td>b</tr><table>"), b"text/html"),
    "quoted blocks": mail_of(filled(b"<blockquote>x</blockquote>"), b"text/html"),
    "signed without an end": mail_of(base64.encodebytes(b"\x30\x80" * 350_000), b"application/pkcs7-mime",
                                     b"Content-Transfer-Encoding: base64\r\n"),
}  # fmt: skip
"""The slowest of their kinds: 95 s, 88 s, 27 s, … before there were bounds."""

_noise = st.one_of(st.sampled_from(SIGNS), st.binary(min_size=1, max_size=30))
_bodies = st.lists(_noise, min_size=1, max_size=3).map(b"".join).map(filled)
_fields = st.tuples(
    st.sampled_from(
        [b"X-A", b"Content-Disposition", b"References", b"Received", b"From", b"Subject", b"Date", b"Reply-To"]
    ),
    st.one_of(
        st.sampled_from(PARAMETERS), st.sampled_from([b"<", b"(", b'"', b"=?utf-8?q?a?= ", b"<a@b> ", b"a@b,"]), _noise
    ),
    st.integers(1, 100_000),
).map(lambda three: three[0] + b": " + filled(three[1].replace(b"\n", b"") or b"x", three[2]) + b"\r\n")
_encodings = st.sampled_from(
    [b"", *(b"Content-Transfer-Encoding: %s\r\n" % name for name in (b"base64", b"quoted-printable", b"x"))]
)
mails = st.one_of(
    st.builds(mail_of, _bodies, st.sampled_from([TEXT, b"text/html", b"text/plain; format=flowed",
    b"message/rfc822"]), _encodings),
    st.builds(lambda charset, body: mail_of(body, b"text/plain; charset=" + charset), st.sampled_from(CHARSETS),
    _bodies),
    st.lists(_fields, min_size=1, max_size=8).map(lambda fields: b"".join(fields) + mail_of(b"hei")),
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map(b"".join).map(filled).map(
        lambda body: mail_of(body, b"multipart/mixed; boundary=b")),
    st.builds(nested, st.integers(1, 400), st.sampled_from([b"a\r\n", b"--x\r\n", b"\r\n"])),
    st.binary(max_size=5000),
).map(lambda data: data[:MEGABYTE])  # fmt: skip
