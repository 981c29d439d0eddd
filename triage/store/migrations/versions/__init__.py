"""The steps, run by Alembic in the order that they name."""
