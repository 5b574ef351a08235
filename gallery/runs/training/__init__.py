"""Runs that train: a generator learns from works that hang here and leaves a checkpoint."""
