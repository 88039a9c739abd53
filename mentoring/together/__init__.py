"""What people of a mentorship do together, from their first meeting on."""
