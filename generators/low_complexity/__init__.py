"""Low-complexity art: drawings that a short program makes, and that are seen to be simple."""
