"""Thresholds: at which confidence a value may be applied or suggested, with a guarantee on the error."""
