"""Roles: who wrote each message of an export with a row a message, and who may see it."""
