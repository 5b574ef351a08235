"""The ends of the scale, and controls that keep some of a work's statistics and nothing else."""
