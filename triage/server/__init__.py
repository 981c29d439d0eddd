"""The server beneath the web application: gunicorn, and how requests are read from their sockets."""
