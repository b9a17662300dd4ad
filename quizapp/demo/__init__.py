"""The demonstration county, made from a fixed seed through the app's own actions."""
