"""合格证: what it says, its number and signature, and whether it stands."""
