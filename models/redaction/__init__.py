"""Redaction of what identifies a person: mail addresses, phone numbers, national ids, credentials."""
