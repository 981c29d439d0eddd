"""Markup of articles: the forms in which help centres, wikis and page generators write them."""
