"""Raters are told that they are asked, and reminded by rule: one notice for each person and campaign."""
