"""Check of files before anything is trained (`triage check`): what they hold, and how they are understood."""
