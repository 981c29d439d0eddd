"""Classifiers: from texts and embeddings to calibrated predictions of fields, with explanations."""
