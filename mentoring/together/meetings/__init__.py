"""Meetings of a mentorship: found, booked, moved, held or missed; what was talked about; calendars of them."""
