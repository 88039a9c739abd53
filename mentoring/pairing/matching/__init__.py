"""The matching engine: the best arrangement there is, level by level, with its proof."""
