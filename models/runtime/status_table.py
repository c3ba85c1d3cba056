"""A table of models for people at a terminal."""

from collections.abc import Iterable

from models.runtime.slot import STAGES, Status


def status_table(statuses: Iterable[Status]) -> str:
    """A table of what was loaded: model, state, source, engine, device, precision, seconds, memory."""
    rows: list[tuple[str, ...]] = []
    rows.append(("model", "state", "source", "engine", "device", "precision", "fetch s", "load s", "warm s", "MB"))
    for status in statuses:
        seconds = [f"{status.seconds.get(stage, 0):.2f}" for stage in STAGES]
        how = (status.engine, status.device, status.precision)
        facts = (status.key, status.state, status.source, *how, *seconds, status.memory_mb)
        rows.append(tuple("-" if fact is None else str(fact) for fact in facts))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
