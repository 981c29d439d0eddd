"""Deflection: articles for the draft of a ticket, and what their use teaches."""
