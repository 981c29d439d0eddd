"""The HTTP service: a Flask application over the engine."""
