"""Questions taken from files into banks, and given out of banks into files."""
