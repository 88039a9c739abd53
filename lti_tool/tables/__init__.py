"""Tables that people bring from elsewhere as CSV, looked at first and saved afterwards; and those we give away."""
