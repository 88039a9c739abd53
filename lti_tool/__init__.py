"""The ground floor: arrivals, people, gradebook, outbox, page frame."""

RELEASE = "0.1.0"
