"""Circles of peers: the engine asked for them, its answer kept as a draft, changed by hand, and published."""
