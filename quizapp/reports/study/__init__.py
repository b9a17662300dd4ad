"""What leaders see of learning: daily quizzes and mastery of units by article, kept by a job; the 学情简报."""
