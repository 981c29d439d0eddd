"""What a file holds and how it is understood, before anything is trained (`triage check`)."""
