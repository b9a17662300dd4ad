"""考试归档包: everything of an exam that is over in one ZIP that can be read, and checked, without this program.

`contents` says what lies in it, `writing` writes it file by file with its 目录 and hashes, `verifying` compares.
"""
