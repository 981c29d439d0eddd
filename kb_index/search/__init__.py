"""Search: from a query to ranked articles with the probability that the best one answers."""
