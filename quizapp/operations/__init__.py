"""Running the app: server, health, benchmarks."""
