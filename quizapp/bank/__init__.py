"""Questions and their immutable revisions: marking, checking against the law, formats, review."""
