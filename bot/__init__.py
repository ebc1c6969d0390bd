"""The conversation and the use cases, storage, settings, and the one place that wires everything together."""
