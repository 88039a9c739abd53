"""make bench: what each promise of speed is measured by. It may import whatever it measures; nothing imports it."""
