"""集中考试 where it touches sittings: the door of the hall, the invigilator's desk, leaving the computer."""
