"""Fills the tests' django-helpdesk with what stands on stdin as JSON; run by its own Python."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

django.setup()

from django.contrib.auth.models import Permission, User  # noqa: E402
from helpdesk.models import CustomField, FollowUp, KBCategory, KBItem, Queue, Ticket  # noqa: E402


def main() -> None:
    given = json.load(sys.stdin)
    for user in given.get("users", ()):
        made = User.objects.create_user(user["name"], password=user["password"], is_staff=user["is_staff"])
        made.user_permissions.set(Permission.objects.all() if user["is_staff"] else [])
    for queue in given.get("queues", ()):
        Queue.objects.create(
            title=queue,
            slug=queue.lower(),
            allow_public_submission=True,
            allow_email_submission=True,
            email_box_type="local",
            email_box_local_dir=str(Path(os.environ["DESK_FOLDER"]) / "mail" / queue.lower()),
            email_address=f"{queue.lower()}@desk.example.com",
        )
    for name, values in given.get("custom_fields", {}).items():
        CustomField.objects.create(
            name=name,
            label=name.title(),
            data_type="list",
            list_values="\n".join(values),
            empty_selection_list=True,
        )
    for category in given.get("categories", ()):
        made = KBCategory.objects.create(
            name=category["title"],
            title=category["title"],
            slug=category["slug"],
            description=category["title"],
            public=category["public"],
        )
        for item in category["items"]:
            KBItem.objects.create(category=made, **item)
    begun = datetime(2026, 1, 5, 8, tzinfo=UTC)
    for number, ticket in enumerate(given.get("tickets", ())):
        made = Ticket.objects.create(
            queue=Queue.objects.get(title=ticket["queue"]),
            title=ticket["title"],
            description=ticket["description"],
            submitter_email=ticket["submitter_email"],
            priority=ticket.get("priority", 3),
            status=ticket.get("status", Ticket.CLOSED_STATUS),
        )
        for name, value in ticket.get("custom", {}).items():
            made.ticketcustomfieldvalue_set.create(field=CustomField.objects.get(name=name), value=value)
        FollowUp.objects.create(
            ticket=made, title="Ticket Opened", comment="", public=True, date=begun + timedelta(hours=number)
        )


main()
