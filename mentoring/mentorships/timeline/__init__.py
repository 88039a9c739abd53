"""What happens when in a mentorship: the program's six events, and what its people add."""
