"""学法档案: the exams of a person over the years, with results and certificates."""
