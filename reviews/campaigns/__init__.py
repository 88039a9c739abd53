"""A campaign asks people about people, mentorships or a program, from its draft to its results and its end."""
