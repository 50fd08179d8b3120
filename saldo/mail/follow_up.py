"""Follows the drafts that lie in a mailbox: takes out those that a thread went past, and learns what was sent instead.

What is not Saldo's own, or was changed by anybody, is never touched. Every step is found out anew from the mailbox and
the store, so that a worker that dies at it leaves nothing undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone

from saldo.insight.redaction import redacted
from saldo.mail.answers import SentMail, compared, fingerprint, letter_in, sent_mail
from saldo.mail.handler import Handled
from saldo.mail.imap.beside import Beside, header, imap_day
from saldo.mail.imap.failures import MailServerFailed
from saldo.mail.inbox import Inbox
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.store.draft_folder import DraftFolder
from saldo.mail.store.followed_drafts import FOLLOWED, FollowedDraft, FollowedDrafts, Proposal
from saldo.mail.threads import earlier_in_thread, overtaken, takes_place_of, thread_of

FIELDS = "FROM TO CC BCC MESSAGE-ID IN-REPLY-TO REFERENCES AUTO-SUBMITTED"
LONGEST = 20_000
"""Characters of a letter that are kept."""
OLDER = "older_draft"
"""The risk of a mail in whose thread a draft for an earlier one still lies, and stays."""


@dataclass(frozen=True)
class InDrafts:
    """What lies in Drafts for one mail, by numbers."""

    own: tuple[str, ...] = ()
    """The draft as it was laid."""
    others: tuple[str, ...] = ()
    """A person's: our draft with changes, or a letter of their own to that mail."""


class FollowUp:
    """The follow-up of one mailbox."""

    def __init__(
        self, drafts: FollowedDrafts, outbox: DraftFolder, mailbox: str, report: Callable[[str], None]
    ) -> None:
        self._drafts, self._outbox, self._mailbox, self._report = drafts, outbox, mailbox, report
        self._sent: dict[tuple[str, str, str], SentMail | None] = {}
        """The mails in Sent that were looked at, by folder, numbering and number."""
        self._told: set[str] = set()

    def with_risk(self, inbox: Inbox, incoming: IncomingMail, handled: Handled, mail: FollowedDraft) -> Handled:
        """The same result, with a note or a risk where a draft for an earlier mail of the thread still lies."""
        if not thread_of(incoming):
            return handled
        drafts = self._drafts.recent(self._mailbox)
        earlier = list(earlier_in_thread(filter(_is_open, drafts), mail))
        if not earlier:
            return handled
        with inbox.beside(inbox.drafts) as folder:
            lying = [(each, _lying(folder, each, drafts)) for each in earlier]
        goes = {
            each.name
            for each, found in lying
            if found.own and not found.others and is_letter(handled) and takes_place_of(mail, each)
        }
        stays = {each.name for each, found in lying if found.own or found.others} - goes
        review = handled.review
        if stays:
            verdict = replace(review.verdict, risks=(*review.verdict.risks, OLDER))
            review = replace(review, verdict=verdict)
        notes = (
            *(f"an older draft in this thread stays: {name}" for name in sorted(stays)),
            *(f"it takes the place of an older draft in this thread: {name}" for name in sorted(goes)),
        )
        return replace(handled, review=replace(review, notes=(*review.notes, *notes)))

    def look(self, inbox: Inbox) -> None:
        """Settle what was sent, and take out the drafts that are done with.

        A server that does not let Sent or Drafts be looked into is told of once; mails are drafted all the same.
        """
        drafts = self._drafts.recent(self._mailbox)
        open_ones = [each for each in drafts if _is_open(each)]
        if not open_ones:
            return
        try:
            self._follow(inbox, drafts, open_ones)
        except MailServerFailed as error:
            inbox.reopen()
            if str(error) not in self._told:
                self._told.add(str(error))
                self._report(f"{error} What became of drafts is not known meanwhile.")

    def _follow(self, inbox: Inbox, drafts: Sequence[FollowedDraft], open_ones: Sequence[FollowedDraft]) -> None:
        newer = overtaken(drafts)
        sent = self._answers(inbox, [each for each in open_ones if each.answered is None], newer)
        settled = {draft.mail for draft, _ in sent}
        for draft, data in sent:
            self._settle(draft, data)
        lying = [each for each in open_ones if each.fate is None]
        marked = self._marked(inbox, lying)
        gone_past = {mail: each for mail, each in newer.items() if mail not in settled}
        done = [
            each
            for each in lying
            if each.answered or each.mail in settled or each.mail in marked or each.mail in gone_past
        ]
        if not done:
            return
        with inbox.beside(inbox.drafts, readonly=False) as folder:
            for each in done:
                answered = each.answered or each.mail in settled or each.mail in marked
                found = _lying(folder, each, drafts)
                self._take_out(folder, each, found, None if answered else gone_past[each.mail])

    def _answers(
        self, inbox: Inbox, drafts: Collection[FollowedDraft], newer: Mapping[str, FollowedDraft]
    ) -> list[tuple[FollowedDraft, bytes]]:
        """What was sent for each draft. A mail that only names the drafted one in its thread answers it too, unless the
        customer went on before that."""
        if not inbox.sent or not drafts:
            return []
        since = min(each.arrived for each in drafts)
        with inbox.beside(inbox.sent) as folder:
            known = self._known(folder, inbox.sent, since)
            same = Counter(each.message_id for each in drafts)
            best: dict[str, SentMail] = {}
            for draft in drafts:
                candidates = {
                    (draft.message_id not in one.answers and one.message_id != draft.draft_id, int(one.number)): one
                    for name in (draft.draft_id, *([draft.message_id] if same[draft.message_id] == 1 else []))
                    for one in known.get(name, ())
                    if one.recipients & {*draft.readers}
                }
                for (indirect, _), one in sorted(candidates.items()):
                    if not (indirect and draft.mail in newer):
                        best[draft.mail] = one
                        break
            mails = {number: folder.mails([number]) for number in {one.number for one in best.values()}}
        return [
            (draft, data)
            for draft in drafts
            if draft.mail in best and (data := mails[best[draft.mail].number].get(best[draft.mail].number))
        ]

    def _known(self, folder: Beside, name: str, since: float) -> dict[str, list[SentMail]]:
        """The mails sent since then, by each Message-ID that they bear or refer to."""
        validity = folder.validity
        numbers = folder.found(f"UNDELETED SINCE {imap_day(_day(since))}")
        new = [each for each in numbers if (name, validity, each) not in self._sent]
        for number, head in folder.heads(new, FIELDS):
            self._sent[(name, validity, number)] = sent_mail(number, head)
        there = {(name, validity, each) for each in numbers}
        self._sent = {key: one for key, one in self._sent.items() if key in there}
        known: dict[str, list[SentMail]] = {}
        for number in numbers:
            if one := self._sent.get((name, validity, number)):
                for each in {one.message_id, *one.thread}:
                    known.setdefault(each, []).append(one)
        return known

    def _settle(self, draft: FollowedDraft, data: bytes) -> None:
        """Note how what was sent differs from the draft."""
        drafted, sent = self._drafts.letter(self._mailbox, draft), letter_in(data)
        found = compared(drafted, sent)
        proposal = None
        if found.answered == "edited":
            proposal = Proposal(draft.topics, draft.language, redacted(drafted[:LONGEST]), redacted(sent[:LONGEST]))
        self._outbox.amend(draft.name, answered=found.answered)
        self._drafts.settle(self._mailbox, draft, found.answered, found.changed, proposal)
        self._report(f"sent {found.answered}: {draft.name}")

    def _marked(self, inbox: Inbox, drafts: Collection[FollowedDraft]) -> frozenset[str]:
        """The mails of these drafts that somebody has marked as answered."""
        here = {each.number: each.mail for each in drafts if each.validity == inbox.validity}
        answered = inbox.answered_since(min(here)) if here else frozenset()
        return frozenset(mail for number, mail in here.items() if number in answered)

    def _take_out(self, folder: Beside, draft: FollowedDraft, found: InDrafts, newer: FollowedDraft | None) -> None:
        """Take an untouched draft out of Drafts: somebody has answered, or a `newer` one lies in its place."""
        if found.own:
            folder.take_out(found.own)
            why = "somebody has answered" if newer is None else "the thread went on"
            self._report(f"taken out of Drafts, {why}: {draft.name}")
        if found.others:
            self._drafts.meets(self._mailbox, draft, "left")
        elif newer is not None:
            self._outbox.amend(draft.name, overtaken_by=newer.name)
            self._drafts.meets(self._mailbox, draft, "overtaken")
        else:
            self._drafts.meets(self._mailbox, draft, "dropped" if found.own else "gone")


def is_letter(handled: Handled) -> bool:
    """Whether there is a draft to the customer; notes to colleagues are theirs to throw away."""
    return handled.draft is not None and handled.review.addressed_to == "customer"


def followed_draft(inbox: Inbox, number: str, incoming: IncomingMail, handled: Handled, name: str) -> FollowedDraft:
    """What is noted of a mail and its draft, before that is laid."""
    answers = handled.review.understood.parts if handled.review.verdict.outcome == "draft" else ()
    return FollowedDraft(
        mail=incoming.key,
        name=name,
        message_id=incoming.message_id,
        draft_id=str(handled.draft["Message-ID"]) if handled.draft is not None else "",
        fingerprint=fingerprint(handled.draft.as_bytes()) if handled.draft is not None else "",
        thread=thread_of(incoming),
        readers=tuple(dict.fromkeys(filter(None, (handled.sender, *(each.email for each in incoming.senders))))),
        topics=tuple(part.topic for part in answers),
        language=handled.review.language or "",
        validity=inbox.validity,
        number=int(number),
        arrived=inbox.arrived(number),
    )


def _is_open(draft: FollowedDraft) -> bool:
    return draft.fate is None or (draft.answered is None and draft.fate != "overtaken")


def _lying(folder: Beside, draft: FollowedDraft, drafts: Collection[FollowedDraft]) -> InDrafts:
    """What lies there for a draft's mail; untouched `drafts` for another mail of the same Message-ID do not count."""
    numbers = folder.found(
        f"OR {header('Message-ID', draft.draft_id)} {header('In-Reply-To', draft.message_id)}"
    )  # fmt: skip
    found = folder.mails(numbers)
    prints = {number: fingerprint(data) for number, data in found.items()}
    known = {each.fingerprint for each in drafts} - {""}
    return InDrafts(
        tuple(number for number, each in prints.items() if each and each == draft.fingerprint),
        tuple(number for number, each in prints.items() if each not in known),
    )


def _day(moment: float) -> date:
    """The day before, for servers count days in a time zone of their own; a month ago at most."""
    earliest = datetime.now(timezone.utc) - timedelta(seconds=FOLLOWED)
    return max(datetime.fromtimestamp(moment, timezone.utc), earliest).date() - timedelta(days=1)
