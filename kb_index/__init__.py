"""From articles to ranked answers."""
