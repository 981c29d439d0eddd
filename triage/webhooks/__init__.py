"""Webhooks: signed deliveries worked off one by one, and answers posted back."""
