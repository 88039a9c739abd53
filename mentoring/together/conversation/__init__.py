"""What the people of a mentorship write to one another so that it is not lost: one thread for each, and no chat."""
