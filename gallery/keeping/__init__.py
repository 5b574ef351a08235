"""Keeping the gallery: whether it is whole and well, and copies of it in case it is not."""
