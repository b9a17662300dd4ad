"""提醒 of an exam: to each person alone (in the app, by e-mail) and, with counts only, to the group of a unit."""
