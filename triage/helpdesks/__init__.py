"""Helpdesks: their tickets, fetched through one protocol, a file for each system."""
