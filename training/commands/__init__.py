"""Subcommands of `triage` over files of tickets, articles and queries."""
