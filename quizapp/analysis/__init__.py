"""What an exam tells of its questions: item and test statistics, parallel forms, likely wrong keys."""
