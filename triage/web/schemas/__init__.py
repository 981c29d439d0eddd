"""Schemas of requests and responses: they validate both, and make the OpenAPI document."""
