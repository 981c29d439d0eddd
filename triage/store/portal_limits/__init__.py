"""Limits of what portals leave in the store: everybody can read a portal's token, and ask with it."""
