"""Training data: tickets read from exports, checked, grouped and split."""
