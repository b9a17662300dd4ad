"""The paper that offices need of an exam: 汇总表, 成绩名册 and 通报, as Word, Excel and PDF.

What a document says is put together once, in plain words and numbers (`summary`, `score_list`, `circular`: pure);
each format only sets it. So all formats say the same, to the last digit, as the page.
"""
