"""Middleware: what happens around each request, from authentication to metrics."""
