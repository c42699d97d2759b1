"""Accounts for the peer: who may start the flow and complete its tasks."""

import sys

import django

django.setup()

from django.contrib.auth.models import Permission, User  # noqa: E402 - Django must be set up first

PASSWORD = "six steps in a row"  # noqa: S105 - opens a database that lives for minutes


def main(count: int) -> None:
    """One account for each client, with every permission of the flow."""
    granted = Permission.objects.filter(content_type__app_label="six")
    for number in range(count):
        user = User.objects.create_user(f"clerk_{number}", password=PASSWORD)
        user.user_permissions.set(granted)


if __name__ == "__main__":
    main(int(sys.argv[1]))
