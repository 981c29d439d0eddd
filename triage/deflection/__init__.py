"""Deflection: articles for the draft of a ticket, and what the ranking learns from their use."""
