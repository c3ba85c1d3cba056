"""The GPUs that models are on, for page, probes and metrics: one answer for all of them."""

from collections.abc import Mapping
from typing import Any

from models.catalog import Family
from models.engines import device_memory
from models.engines.device_memory import DeviceMemory
from models.runtime.resident import Resident


def memory(residents: Mapping[Family, Resident[Any]]) -> dict[str, DeviceMemory]:
    """By the name of the device. None while nothing is ready there: torch must not be imported for a probe."""
    ready = [slot for resident in residents.values() for slot in resident.slots.values() if slot.is_ready]
    names = sorted({slot.status.device for slot in ready if slot.status.engine == "torch" and slot.status.device})
    return {name: told for name in names if (told := device_memory.of(name))}
