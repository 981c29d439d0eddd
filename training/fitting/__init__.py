"""Fitting: cross-validation, choice of hyperparameters, the final models and their promotion."""
