"""Formats of the helpdesks' exports, a file a vendor."""
