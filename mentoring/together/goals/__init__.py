"""Goals that mentees set, what was done for them since, and how they ended."""
