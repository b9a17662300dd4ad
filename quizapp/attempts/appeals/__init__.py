"""成绩复核: candidates appeal a question or a result, those in charge of the exam answer."""
