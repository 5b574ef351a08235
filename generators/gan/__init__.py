"""Two networks that learn from each other to paint, after Goodfellow et al. 2014."""
