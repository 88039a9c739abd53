"""An LMS becomes known: invitations, dynamic registration, Canvas JSON, and operators' commands."""
