"""No adapter can lay anything where a customer sees it: by the source, by the one function, and on a real socket."""

from __future__ import annotations

import ast
import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saldo.errors import BadSetting
from saldo.mail.helpdesk.laying import helpdesks_of
from saldo.mail.helpdesk.private import (
    CHATWOOT_NOTE,
    KINDS,
    ZAMMAD_DRAFT,
    ZAMMAD_NOTE,
    HelpdeskFault,
    Kind,
    Server,
    address_of,
)
from tests.mail.helpdesk.conftest import MailServer
from tests.mail.helpdesk.desks import payload, running
from tests.support import CHECKOUT

ADAPTERS = sorted(CHECKOUT.glob("saldo/mail/helpdesk/*.py"))
WRITER = CHECKOUT / "saldo" / "mail" / "helpdesk" / "private.py"
TALKERS = {"urllib", "http", "socket", "requests", "httpx", "aiohttp", "asyncio.streams", "ssl", "ftplib", "telnetlib"}
HARMLESS = {"urllib.parse", "http.HTTPStatus"}


def talking(source: str) -> set[str]:
    """What in a module could talk to another machine: imports, by whatever means."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{each.name}" for each in node.names}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "__import__":
            found.add("socket")
    return {each for each in found if each.split(".")[0] in TALKERS and not each.startswith(tuple(HARMLESS))}


@pytest.mark.parametrize("path", ADAPTERS, ids=lambda path: path.stem)
def test_one_module_talks_to_helpdesks(path: Path) -> None:
    assert bool(talking(path.read_text(encoding="utf-8"))) == (path == WRITER)


@pytest.mark.parametrize(
    "code", ["import socket", "from urllib.request import urlopen", "import http.client as h", "__import__(x)"]
)
def test_the_search_finds_what_it_is_for(code: str) -> None:
    assert talking(code)


def test_that_module_opens_a_connection_in_one_place_for_reading_and_for_laying() -> None:
    tree = ast.parse(WRITER.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    opened = [
        node
        for node in calls
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("open", "urlopen", "connect")
    ]
    assert [ast.unparse(node.func) for node in opened] == ["self._opener.open"]
    requests = sorted(ast.unparse(each) for each in calls if ast.unparse(each.func) == "urllib.request.Request")
    assert len(requests) == 2
    assert "kind.path.format" in requests[0] and "method=kind.method" in requests[0]
    assert "method='GET'" in requests[1]


def test_every_kind_is_private() -> None:
    assert KINDS == (ZAMMAD_NOTE, ZAMMAD_DRAFT, CHATWOOT_NOTE)
    assert (ZAMMAD_NOTE.fixed["internal"], ZAMMAD_NOTE.fixed["type"]) == (True, "note")
    assert CHATWOOT_NOTE.fixed["private"] is True
    assert ZAMMAD_DRAFT.path.endswith("/shared_draft") and ZAMMAD_DRAFT.fixed == {"ticket_attributes": {}}
    assert not any(each.fields & set(each.fixed) for each in KINDS)


NAMES = (
    "internal", "private", "type", "to", "cc", "body", "content", "new_article", "ticket_id", "message_type", "state",
    "subject", "ticket_attributes", "content_attributes", "template_params",
)  # fmt: skip
VALUES = st.none() | st.booleans() | st.text(max_size=8) | st.integers()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), st.sampled_from(KINDS), st.booleans())
def test_whatever_is_handed_over_what_goes_out_is_private(
    served: MailServer, data: st.DataObject, kind: Kind, honest: bool
) -> None:
    """On a real socket; what is not to go out raises before anything does."""
    desk, names = served.zammad, sorted(kind.fields) if honest else NAMES
    content = data.draw(st.dictionaries(st.sampled_from(names), VALUES))
    if kind is ZAMMAD_NOTE:
        content["ticket_id"] = 1
    server, calls = Server(desk.url, {}), len(desk.calls)
    if set(content) - kind.fields:
        with pytest.raises(ValueError, match="only what is private"):
            server.lay(kind, (1, 2), content)
        assert len(desk.calls) == calls
    else:
        server.lay(kind, (1, 2), content)
        assert len(desk.calls) == calls + 1
    assert (desk.public, desk.refused) == ([], [])


def test_a_kind_of_ones_own_is_refused() -> None:
    public = Kind("POST", "/api/v1/ticket_articles", frozenset({"body"}), {"internal": False})
    with pytest.raises(ValueError, match="only what is private"):
        Server("http://127.0.0.1:1", {}).lay(public, (), {"body": "x"})


def test_a_place_is_numbers() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        Server("http://127.0.0.1:1", {}).lay(ZAMMAD_DRAFT, ("1/../../users",), {})  # type: ignore[arg-type]


def test_the_token_follows_nobody_elsewhere() -> None:
    with running() as desk:
        desk.fail[:] = [302]
        with pytest.raises(HelpdeskFault, match="was answered with 302"):
            Server(desk.url, {"api_access_token": "t"}).lay(CHATWOOT_NOTE, (1, 2), {"content": "x"})
        assert [path for _, path in desk.calls] == ["/api/v1/accounts/1/conversations/2/messages"]


NOISE = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**70) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner, max_size=2),
    max_leaves=4,
)
PLACES = {
    "zammad": ("ticket.id ticket.title article.from article.to article.id article.body article.attachments "
               "article.preferences article.content_type article.reply_to article.created_at article.internal"),
    "chatwoot": ("id content account.id conversation.id sender.name sender.email content_attributes.email "
                 "content_attributes.email.from attachments private conversation.meta created_at"),
}  # fmt: skip
NUMBERS = itertools.count(9001)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_a_helpdesk_tells_nothing_public_comes_of_it(served: MailServer, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(PLACES)))
    told = payload({"zammad": "zammad_webhook", "chatwoot": "chatwoot_email"}[name])
    (told["article"] if name == "zammad" else told)["id"] = next(NUMBERS)
    for path in data.draw(st.lists(st.sampled_from(PLACES[name].split()), min_size=1, max_size=4)):
        inner, place = told, path.split(".")
        for step in place[:-1]:
            inner = inner[step] if isinstance(inner, dict) and isinstance(inner.get(step), dict) else {}
        inner[place[-1]] = data.draw(NOISE)
    reply = served.tell(name, told)
    assert reply.status == 200, reply
    for desk in (served.zammad, served.chatwoot):
        assert (desk.public, desk.refused) == ([], [])
    assert "Traceback" not in served.said()


def test_a_helpdesk_is_set_whole_and_reached_safely() -> None:
    whole = {"SALDO_ZAMMAD_URL": "https://help.example", "SALDO_ZAMMAD_TOKEN": "t", "SALDO_ZAMMAD_SECRET": "s"}
    assert [each.name for each in helpdesks_of(whole, None)] == ["zammad"]
    assert helpdesks_of({}, None) == []
    for name in whole:
        with pytest.raises(BadSetting, match=f"{name} is ''"):
            helpdesks_of({**whole, name: ""}, None)
    assert address_of("X", "http://localhost:3000/") == "http://localhost:3000"
    for unsafe in (
        "http://help.example",
        "https://a:b@help.example",
        "ftp://x",
        "https://",
        "x",
        "https://h/?x=1",
        "http://[::1",
    ):
        with pytest.raises(BadSetting) as caught:
            address_of("SALDO_ZAMMAD_URL", unsafe)
        assert "b@" not in str(caught.value)
