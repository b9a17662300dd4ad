"""Questions as people paste them: from any paper, with any numbering, any layout of options, any place of the answers.

normalise → marks → gathering → options, answers, answer_lists → building; `formats/text.py` is the door.
"""
