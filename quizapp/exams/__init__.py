"""Exams: rules, blueprint, drawing of papers, candidates, tallies."""
