"""Backtest: what would have been done with past tickets, had the service run when they came."""
