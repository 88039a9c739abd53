"""Match runs: the engine asked about a cohort, its answer kept as a draft, changed by hand, and published."""
