"""Articles: their form, the files that hold them, their text cut into passages, and their translations."""
