"""Raters that are a program: they sit studies over HTTP, with an effect that is known."""
