"""Offline work: from past tickets to a bundle that the service can load."""
