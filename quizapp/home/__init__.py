"""The first page, navigation, help, settings and 投诉建议: what needs the whole house."""
