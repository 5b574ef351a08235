"""Training networks: those that ship, and those that a gallery has trained on its own works."""
