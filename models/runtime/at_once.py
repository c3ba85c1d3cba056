"""How much is worked on at once, by engine and device."""

# Where one pass has so many cores to itself, more would be better spent on a second request.
THREADS_PER_STREAM = 8
# While some are in the networks, where those that meet go together, others are prepared and finished on the CPU.
GPU_CLICKS = 4
CPU_WORKERS = 2  # one decodes or encodes while the other is in the model


def streams(engine: str, device: str, threads: int) -> int:
    """How many passes a network makes at once on the CPU; the stock pipelines make one, and so does torch."""
    if engine == "reference" or (engine, device) == ("torch", "cpu"):
        return 1
    return max(1, threads // THREADS_PER_STREAM)


def clicks(engine: str, device: str, threads: int) -> int:
    """How many requests a model works on at once."""
    return streams(engine, device, threads) if device == "cpu" else GPU_CLICKS


def files(device: str | None) -> int:
    """How many files of one batch, or of one command, are under way; on a GPU, where those that meet go together, a
    place is left for a click."""
    return 1 if device in (None, "cpu") else GPU_CLICKS - 1


def workers(device: str | None) -> int:
    """How many files of one task's jobs."""
    return max(CPU_WORKERS, files(device))
