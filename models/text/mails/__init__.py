"""Mails: what their sender wrote, parted from what others wrote and what programs put around it."""
