"""Notes at a mentorship: each says who reads it, beginning with nobody but whoever wrote it."""
