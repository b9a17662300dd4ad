"""异常线索: facts of the journal and of the answers that a person may want to look at. Hints, never a verdict.

Nothing is collected for it: it reads what the exam keeps anyway. Whoever a hint is about may see it, and answer.
"""
