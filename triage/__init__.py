"""One ticket's way through the service."""
