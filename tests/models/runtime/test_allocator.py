"""Large blocks go back to the system."""

import subprocess
import sys

PROGRAM = """
import numpy as np
from models.runtime.allocator import return_large_blocks
from models.runtime.process_memory import resident_memory_mb
return_large_blocks()
np.ones(3 * 2**20)  # freed at once: by itself glibc would keep blocks of this size from now on
held = [np.ones(3 * 2**20 - size) for size in range(8)]
anchor = bytearray(100_000)
before = resident_memory_mb()
del held
print(before - resident_memory_mb())
"""


BETWEEN = """
from models.runtime.allocator import FreePages, return_large_blocks
from models.runtime.process_memory import resident_memory_mb
return_large_blocks()
free_pages = FreePages()
free_pages.give_back()
held = [(bytearray(2**20), bytes(2000)) for _ in range(200)]
kept = [small for _, small in held]
del held
before = resident_memory_mb()
free_pages.give_back()
print(before - resident_memory_mb())
"""


def test_what_lies_between_blocks_that_stay_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", BETWEEN], capture_output=True, text=True, check=True)
    assert float(done.stdout) > 150


def test_what_was_large_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert float(done.stdout) > 150


def test_what_was_small_and_many_is_given_back_when_asked() -> None:
    program = (
        PROGRAM.partition("return_large_blocks()\nnp")[0]
        + """
from models.runtime.allocator import give_back_all
held = [bytearray(50_000) for _ in range(2000)]
kept = held[-1]
before = resident_memory_mb()
held.clear()
give_back_all()
print(before - resident_memory_mb())
"""
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert float(done.stdout) > 50
