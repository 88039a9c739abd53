"""Training before a match: what a program asks people to have done, how far they have come, and who says so."""
