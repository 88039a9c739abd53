"""Check-ins: on a rhythm, a mentee's manager is asked by mail what change they see, as far as the mentee agrees."""
