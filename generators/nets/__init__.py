"""Networks that generators look through."""
