"""Training the networks that ship with the project. Nothing here is needed to paint."""
