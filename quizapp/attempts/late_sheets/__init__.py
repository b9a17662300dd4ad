"""滞留答卷: sheets that the protocol held are accepted by two people, or not."""
