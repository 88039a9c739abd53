"""An attempt while it runs: answers kept one by one, its page here or on another device, and what happened in it."""
