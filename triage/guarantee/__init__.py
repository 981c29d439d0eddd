"""The guarantee on the error of applied values: its monitor, and what is held back to measure it."""
