"""Faults: what is acknowledged survives killed workers, killed databases, cut links, power cuts, full disks and races.

`make faults` runs the full counts, `make test` a tenth. Every kit keeps its own record of what the server acknowledged,
reads the database after each fault and compares; every kit has a negative control that must lose.
"""
