"""Units and their tree, memberships, the roster, sign-in and grants; who may see what."""
