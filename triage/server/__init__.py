"""Server beneath the web application: gunicorn, and a worker that buffers requests."""
