"""自测, 日常测验, what is due, wrong questions, mastery. Never minutes, streaks or rankings."""
