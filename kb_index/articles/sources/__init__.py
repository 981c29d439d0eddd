"""Sources of articles: files and folders as help centres, wikis and page generators keep them."""
