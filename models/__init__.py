"""What is learnt: from text to calibrated predictions. Knows no helpdesk and no HTTP."""
