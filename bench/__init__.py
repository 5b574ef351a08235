"""Measurements, both sides in one run: `make bench`, `make bench-art`. Ratios travel; times do not."""
