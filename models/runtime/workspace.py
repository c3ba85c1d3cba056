"""What all requests of a process share besides the models: cores for decoding and finishing, room for what is decoded,
a folder where results stay.

More threads than cores at once would make nothing faster, and probes would wait.
"""

import threading

from models.runtime import cpu_count
from models.runtime.memory_budget import MemoryBudget
from models.runtime.outputs import Outputs

DECODED_BYTES = 512 * 2**20  # one photo of 50 megapixels at work, or two hours of sound


class Workspace:
    """One for the process, held by every resident."""

    def __init__(self, *, decoded_bytes: int = DECODED_BYTES) -> None:
        cores = cpu_count.usable()
        self.memory = MemoryBudget(decoded_bytes)
        self.decoding = threading.Semaphore(max(1, cores // 2))
        self.finishing = threading.Semaphore(cores)
        self.outputs: Outputs | None = None
