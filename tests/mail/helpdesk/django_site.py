"""A django-helpdesk with Saldo's app, run by the Python of its own environment: django_site.py APP_FOLDER DATABASE.

It does what is told on standard input, one JSON object a line, and prints what is there afterwards.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit


def configure(app_folder: str, database: str) -> None:
    """A site with nothing in it but the helpdesk and Saldo's app, installed as its first lines say."""
    sys.path.insert(0, app_folder)
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="for tests", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, USE_TZ=True, SITE_ID=1,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", STATIC_URL="/static/", QUEUE_EMAIL_BOX_USER="x",
        EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend", HELPDESK_TEAMS_MODE_ENABLED=False,
        HELPDESK_VIEW_A_TICKET_PUBLIC=True, HELPDESK_SUBMIT_A_TICKET_PUBLIC=True,
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.sites",
            "django.contrib.messages", "django.contrib.staticfiles", "django.contrib.humanize", "django.contrib.admin",
            "rest_framework", "helpdesk", "saldo_drafts.SaldoDrafts",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
            "OPTIONS": {"context_processors": [
                "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]},
        }],
    )  # fmt: skip
    django.setup()


def prepare() -> None:
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from helpdesk.models import Queue

    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate.json", verbosity=0)
    Queue.objects.create(
        title="Support", slug="support", email_address="support@desk.example", allow_public_submission=True
    )
    get_user_model().objects.create_superuser("emma", "emma@desk.example", "emma")


def by_mail(raw: str) -> None:
    """A mail arrives, as the helpdesk's own mail command hands it over."""
    from helpdesk.email import extract_email_metadata
    from helpdesk.models import Queue

    extract_email_metadata(raw, Queue.objects.get(), logging.getLogger("mail"))


def by_form(fields: dict[str, str]) -> None:
    """A customer fills in the public form."""
    from django.test import Client

    reply = Client().post("/tickets/submit/", {"queue": "1", "priority": "3", **fields})
    assert reply.status_code == 302, reply.content.decode()


def by_staff(comment: str) -> None:
    """A colleague answers the last ticket for everybody to see."""
    from django.contrib.auth import get_user_model
    from helpdesk.models import Ticket
    from helpdesk.update_ticket import update_ticket

    update_ticket(get_user_model().objects.get(), Ticket.objects.last(), comment=comment, public=True)


def again(number: int) -> None:
    """The helpdesk tells once more of a follow-up that it told of before."""
    from helpdesk.models import FollowUp
    from helpdesk.signals import update_ticket_done

    update_ticket_done.send(sender="again", followup=FollowUp.objects.get(pk=number))


def state() -> dict[str, Any]:
    """All follow-ups, what the customer's page of each ticket shows, and all mails that went out."""
    from django.core import mail
    from django.test import Client
    from helpdesk.models import FollowUp, Ticket

    paths = [urlsplit(ticket.ticket_url) for ticket in Ticket.objects.order_by("pk")]
    pages = [Client().get(f"{each.path}?{each.query}") for each in paths]
    return {
        "follow_ups": [
            {"id": each.pk, "title": each.title, "public": each.public, "comment": each.comment or ""}
            for each in FollowUp.objects.order_by("pk")
        ],
        "pages": [page.content.decode() for page in pages],
        "codes": [page.status_code for page in pages],
        "sent": [f"{each.to} {each.body}" for each in mail.outbox] if hasattr(mail, "outbox") else [],
    }


DEEDS: dict[str, Callable[[Any], None]] = {
    "mail": by_mail, "form": by_form, "staff": by_staff, "again": again, "environment": os.environ.update,
}  # fmt: skip


def main(app_folder: str, database: str) -> None:
    configure(app_folder, database)
    from django.test.utils import setup_test_environment
    from django.urls import include, path

    globals()["urlpatterns"] = [path("", include("helpdesk.urls", namespace="helpdesk"))]
    setup_test_environment()
    prepare()
    for line in sys.stdin:
        for name, what in json.loads(line).items():
            DEEDS[name](what)
        print(json.dumps(state()), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
