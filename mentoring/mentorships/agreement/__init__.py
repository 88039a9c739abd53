"""What the people of a mentorship agree on: written down by one, signed by all, changed by a new version."""
