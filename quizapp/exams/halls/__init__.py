"""集中考试: sittings in a hall with shared computers."""
