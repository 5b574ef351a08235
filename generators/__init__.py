"""Machine artists: each is a function that yields frames. Torch, no Django; usable alone."""
