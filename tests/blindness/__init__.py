"""An attack on the gallery's blindness, as a visitor could mount it: see `__main__`."""
