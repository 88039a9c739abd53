"""Links and files that a program, or the people of a mentorship, keep for one another."""
