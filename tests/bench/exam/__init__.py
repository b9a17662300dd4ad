"""`make bench-exam`: how fast an exam is, as ratios measured in one run, and a rush of thousands."""
