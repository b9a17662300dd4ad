"""答卷处理: one attempt is voided, restored or opened again, asked for by one person and approved by another."""
