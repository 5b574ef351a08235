"""Measurements, both sides in one run: `make bench`. Ratios travel; times do not."""
