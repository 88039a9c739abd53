"""Other people's tools, run beside ours in the same rounds: only a neighbour tells whether something is fast."""
