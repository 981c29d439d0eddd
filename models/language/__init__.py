"""Languages: detection of the language of a text, and language codes."""
