"""Stand-ins and helpers of the integration tests; standard library only."""
