"""Usage of articles: counted events, and the click model that turns them into boosts."""
