"""Groups of subcommands, a file for each."""
