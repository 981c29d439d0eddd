"""Machine learning: from text to calibrated predictions. Knows no helpdesk and no HTTP."""
