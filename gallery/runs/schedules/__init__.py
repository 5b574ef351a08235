"""Runs that come by themselves: at an hour of the day, within a budget."""
