"""What stands behind make: the standard library only, so that it runs before anything is installed."""
