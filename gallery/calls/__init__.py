"""Calls to draw: whoever has the link draws under one brief, and needs no account."""
