"""A fault at every request of every module and of the bootstrap: what comes of it, and whether a re-run fixes it."""
