"""Completion, results and mastery by unit. Owns no counters."""
