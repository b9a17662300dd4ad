"""更正答案: a wrong key is put right for everybody: rehearsed, approved by a second person, undone the same way."""
