"""Measurements, both sides in one run: `make bench` and `make bench-art`.

Ratios travel; times do not.
"""
