"""Access: who may read an article, by what its record and all around it say."""
