"""How fast it is: `make bench` measures, prints and writes docs/performance.md."""
