"""Groups of subcommands of `triage`, a file for each concern."""
