"""A Django app for django-helpdesk: each customer's message gets a private follow-up with Saldo's draft and its review.

Put this file beside your settings, add "saldo_drafts.SaldoDrafts" to INSTALLED_APPS, and set SALDO_DRAFTS_URL (such as
http://127.0.0.1:5006/mail/draft) and SALDO_DRAFTS_SECRET in the environment. It needs nothing but Django.
"""

import json
import logging
import os
import urllib.request

from django.apps import AppConfig
from django.db import transaction

SECONDS = 15
log = logging.getLogger(__name__)


class SaldoDrafts(AppConfig):
    name = "saldo_drafts"

    def ready(self):
        from helpdesk.signals import new_ticket_done, update_ticket_done

        new_ticket_done.connect(on_ticket, dispatch_uid="saldo_drafts")
        update_ticket_done.connect(on_follow_up, dispatch_uid="saldo_drafts")


def on_ticket(sender, ticket, **_):
    first = ticket.followup_set.filter(public=True).order_by("pk").first()
    if first:
        transaction.on_commit(lambda: lay(first, first.comment or ticket.description or ""))


def on_follow_up(sender, followup, **_):
    staff = followup.user is not None and followup.user.is_staff and not followup.message_id
    if followup.public and followup.comment and not staff:
        transaction.on_commit(lambda: lay(followup, followup.comment))


def lay(followup, text):
    """Ask for a draft, once for each message; whatever fails is a line in the log and costs the helpdesk nothing."""
    private = followup.ticket.followup_set.filter(public=False, title=f"Saldo #{followup.pk}")
    try:
        reply = None if private.exists() else ask(followup, text)
        if reply and reply["review"]["outcome"] != "none":
            comment, draft = reply["note"], reply["draft"]
            if draft:  # in a fence, so that it is shown as it is and can be copied
                comment += f"\n\n{draft['subject']}\n\n~~~\n{draft['text'] or draft['html']}\n~~~"
            private.create(ticket=followup.ticket, public=False, title=f"Saldo #{followup.pk}", comment=comment)
    except (OSError, ValueError, LookupError) as error:
        log.warning("no draft for ticket %s (%s)", followup.ticket.pk, type(error).__name__)


def ask(followup, text):
    mail = {
        "from": followup.ticket.submitter_email or "",
        "subject": followup.ticket.title,
        "text": text,
        "date": followup.date.isoformat(),
        "message_id": followup.message_id or "",
    }
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {os.environ['SALDO_DRAFTS_SECRET']}"}
    request = urllib.request.Request(os.environ["SALDO_DRAFTS_URL"], json.dumps(mail).encode(), headers)
    with urllib.request.urlopen(request, timeout=SECONDS) as reply:
        return json.load(reply)
