"""Rules: guards, conditions, routing, priority matrix and service levels, applied after the models."""
