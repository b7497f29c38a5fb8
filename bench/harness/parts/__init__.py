"""One module per part of the benchmark."""
