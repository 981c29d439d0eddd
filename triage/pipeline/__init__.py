"""A ticket's way through the service: predict, decide, apply rules, search, record, respond."""
