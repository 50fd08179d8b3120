"""Reviews as one HTML page that loads nothing from elsewhere, and as a table in the terminal."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from saldo.mail.store.draft_folder import CannotWrite

Json = Mapping[str, Any]
WITHOUT_DRAFT = {"person": "for a person", "none": "nothing to answer"}
STYLES = {"answered": "green", "needs_person": "yellow", "out_of_scope": "dim"}
IDENTITIES = {"authenticated": "green", "known": "yellow"}


def table(reviews: Iterable[tuple[str, Json]]) -> Table:
    """Mail, language, identity, each question with its status and confidence, risks, and what became of it."""
    shown = Table(
        "mail", "from", "language", "identity", "questions", "risks", "draft", box=box.SIMPLE_HEAD, padding=(0, 1)
    )
    shown.columns[4].no_wrap = True
    for stem, review in reviews:
        shown.add_row(
            Text(stem), Text(str(review.get("from") or "")), review["language"] or "", _identity(review),
            _questions_cell(review), Text("\n".join(map(_words, review.get("risks", ()))), style="yellow"),
            _draft_cell(review),
        )  # fmt: skip
    return shown


def _identity(review: Json) -> Text:
    """The level; of a mail that was not answered nothing was looked up."""
    return Text("" if review["skipped"] else review["identity"], IDENTITIES.get(review["identity"], ""))


def _words(name: str) -> str:
    """A name of the review's vocabulary, as people read it."""
    return name.replace("_", " ")


def _questions_cell(review: Json) -> Text:
    lines = [
        Text(f"{each['topic']} {each['confidence']:.2f} {each['status'].replace('_', ' ')}", STYLES[each["status"]])
        for each in review["questions"]
    ]
    return Text("\n").join(lines)


def _draft_cell(review: Json) -> Text:
    if review["skipped"]:
        return Text(f"skipped: {review['skipped']}", style="dim")
    note, urgent = review.get("addressed_to") == "colleague", "urgent, " if review.get("urgent") else ""
    if not review["draft"]:
        return Text(f"{urgent}{WITHOUT_DRAFT[review['outcome']]}: {review['outcome_reason']}", style="yellow")
    if _is_begun(review):
        return Text(f"{urgent}to complete: {review['outcome_reason']}", style="yellow")
    return Text(f"{review['draft']}{' (to a colleague)' if note else ''}", style="yellow" if note else "")


def _is_begun(review: Json) -> bool:
    """Whether its draft is the beginning of a letter, which the person completes who takes a conversation over."""
    return bool(review["draft"] and (review.get("handover") or {}).get("draft"))


STYLE = """
:root{color-scheme:light dark;--page:#f4f6f8;--card:#fff;--edge:#dde2e7;--quiet:#5c6670;
--good:#e3f3e8;--good-ink:#1b5e33;--wait:#fdf1d7;--wait-ink:#7a4b00;--none:#e9edf1;--none-ink:#47525c}
@media (prefers-color-scheme:dark){:root{--page:#15191d;--card:#1e2429;--edge:#363f47;--quiet:#a3adb6;
--good:#173a25;--good-ink:#a5dfb9;--wait:#43310c;--wait-ink:#f3cf87;--none:#2d353c;--none-ink:#c3ccd4}}
body{font:16px/1.5 system-ui,sans-serif;max-width:1440px;margin:32px auto;padding:0 24px;background:var(--page)}
header{margin:0 0 24px} h1{font-size:22px;margin:0} h2{font-size:18px;margin:0 0 4px} p{margin:0 0 8px}
article{background:var(--card);border:1px solid var(--edge);border-radius:12px;padding:16px 24px;margin:0 0 24px}
.quiet{color:var(--quiet);font-size:14px}
.pill{display:inline-block;border-radius:999px;padding:1px 10px;font-size:13px;white-space:nowrap}
.answered,.authenticated{background:var(--good);color:var(--good-ink)}
.needs_person,.known,.colleague,.risk{background:var(--wait);color:var(--wait-ink)}
.out_of_scope,.none,.skipped{background:var(--none);color:var(--none-ink)}
.sides{display:grid;grid-template-columns:1fr 1fr;gap:24px;margin-top:16px}
.sides h3{font-size:13px;font-weight:600;color:var(--quiet);margin:0 0 4px}
@media (max-width:800px){.sides{grid-template-columns:1fr}}
pre,iframe{box-sizing:border-box;width:100%;height:640px;border:1px solid var(--edge);border-radius:8px;margin:0}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;font-size:15px;overflow:auto;padding:12px}
iframe{background:#fff}
details{margin-top:8px;font-size:14px} summary{cursor:pointer;color:var(--quiet)}
table{border-collapse:collapse;width:100%;margin-top:8px} th{font-weight:600;color:var(--quiet)}
th,td{text-align:left;vertical-align:top;padding:5px 16px 5px 0;border-bottom:1px solid var(--edge);font-size:14px}
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'"
"""Even if a draft held something to load, the page would not."""


def page(folder: Path, reviews: Iterable[tuple[str, Json]]) -> str:
    """The whole page: mails with a draft first; a draft that is gone from the folder is left out."""
    ordered = sorted(reviews, key=lambda review: (bool(review[1]["skipped"]), not review[1]["draft"]))
    articles = "\n".join(_article(folder, stem, review) for stem, review in ordered)
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Saldo: review</title>'
    head += f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    drafts, skipped = (sum(bool(review[key]) for _, review in ordered) for key in ("draft", "skipped"))
    summary = f"{drafts} drafted, {len(ordered) - drafts - skipped} without a draft, {skipped} skipped"
    title = f'<header><h1>Drafts to read</h1><p class="quiet">{summary}</p></header>'
    head = f'<html lang="en"><head>{head}<style>{STYLE}</style></head>'
    return f"<!DOCTYPE html>\n{head}<body>\n{title}\n{articles}\n</body></html>\n"


def write(path: Path, text: str) -> None:
    """The page, for its owner's eyes: it holds customers' figures."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise CannotWrite(path, error) from None


def _article(folder: Path, stem: str, review: Json) -> str:
    parts = [
        f"<h2>{escape(str(review.get('subject') or stem))}</h2>",
        f'<p class="quiet">{escape(stem)} · {escape(str(review.get("from") or ""))} · {review["language"] or "–"}</p>',
        f"<p>{_standing(review)}</p>",
    ]
    parts += [f"<p>{escape(note)}</p>" for note in review.get("notes", [])]
    parts += [_questions(review), _facts(review), _attachments(review), _sides(folder, review)]
    return f"<article>{''.join(filter(None, parts))}</article>"


def _standing(review: Json) -> str:
    """Why there is no draft, or whom it is for and what is known of the sender."""
    if review["skipped"]:
        return f"{_pill('skipped')} {escape(review['skipped'])}"
    note = f"{_pill('colleague', 'note to a colleague')} " if review.get("addressed_to") == "colleague" else ""
    note += "".join(f"{_pill('risk', _words(risk))} " for risk in review.get("risks", []))
    if not review["draft"] or _is_begun(review):
        urgent = f"{_pill('risk', 'urgent')} " if review.get("urgent") else ""
        kind = "needs_person" if review["outcome"] == "person" else "none"
        note = f"{urgent}{_pill(kind, WITHOUT_DRAFT[review['outcome']])} {escape(review['outcome_reason'])}<br>{note}"
    return f"{note}{_pill(review['identity'])} {escape(review['identity_reason'])}"


def _pill(kind: str, text: str | None = None) -> str:
    return f'<span class="pill {escape(kind)}">{escape(text or kind.replace("_", " "))}</span>'


def _questions(review: Json) -> str:
    rows = [
        [
            escape(each["quote"]).replace("\n", "<br>"),
            escape(each["topic"]),
            f"{each['confidence']:.2f}",
            _pill(each["status"]),
            escape(", ".join(each["sources"])),
        ]
        for each in review["questions"]
    ]
    return _table(("question", "topic", "confidence", "status", "source"), rows)


def _facts(review: Json) -> str:
    rows = [[each["name"], str(each["value"]), each["formula"] or "", each["source"]] for each in review["facts"]]
    table = _table(("figure", "value", "formula", "source"), [list(map(escape, row)) for row in rows])
    return f"<details><summary>{len(rows)} figures in the draft</summary>{table}</details>" if rows else ""


def _attachments(review: Json) -> str:
    rows = [[each["name"], each["type"], f"{each['bytes']:,} bytes"] for each in review["attachments"]]
    return _table(("attachment", "type", "size"), [list(map(escape, row)) for row in rows])


def _table(heads: tuple[str, ...], rows: Sequence[Sequence[str]]) -> str:
    """A table of cells that are HTML already."""
    if not rows:
        return ""
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr>{lines}</table>"


def _sides(folder: Path, review: Json) -> str:
    """The mail as the draft quotes it, and the draft in a frame that may run nothing."""
    draft = _draft(folder / str(review["draft"])) if review["draft"] else None
    if draft is None:
        return _transcript(review)
    plain, html = draft.get_body(("plain",)), draft.get_body(("html",))
    lines = _text(plain).splitlines()
    mail = "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines if line.startswith(">"))
    letter = "\n".join(line for line in lines if not line.startswith(">"))
    frame = f'<iframe sandbox="" title="draft" srcdoc="{escape(_text(html), quote=True)}"></iframe>'
    frame = frame if html is not None else f"<pre>{escape(letter)}</pre>"
    return f'<div class="sides"><div><h3>Mail</h3><pre>{escape(mail)}</pre></div><div><h3>Draft</h3>{frame}</div></div>'


def _transcript(review: Json) -> str:
    """The conversation of a handover that has no draft, since nobody gave an address to answer to."""
    lines = (review.get("handover") or {}).get("transcript", ())
    text = "\n\n".join(f"{line['speaker'].capitalize()}: {line['text']}" for line in lines)
    return f"<pre>{escape(text)}</pre>" if text else ""


def _text(part: Any) -> str:
    return str(part.get_content()) if part is not None else ""


def _draft(path: Path) -> EmailMessage | None:
    try:
        return message_from_bytes(path.read_bytes(), policy=policy.default)
    except OSError:
        return None
