"""Putting papers together: blueprint rows, whether they can hold, plans for a draw per person, parallel forms."""
