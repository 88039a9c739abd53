"""The bank and its editor: questions written, sorted, found again, and each text kept as a version."""
