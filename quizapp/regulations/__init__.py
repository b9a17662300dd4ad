"""A regulation, its editions and their 编/章/节/条/款/项: reading, finding words, quoting."""
