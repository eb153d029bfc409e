"""Look-alikes of the two utilities, for the demo, the tests and the benchmarks."""
