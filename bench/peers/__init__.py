"""Other people's tools, run beside ours in the same rounds: only what runs beside it tells whether something is fast."""
