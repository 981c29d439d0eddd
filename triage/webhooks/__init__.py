"""Webhooks: signed deliveries, processed one by one, and results posted to callbacks."""
