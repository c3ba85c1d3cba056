"""What Prometheus reads at `/metrics`: models, requests, stages, refusals, uploads, the process."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from models.catalog import Family
from models.runtime import ksm
from models.runtime.resident import Resident, Status
from service.ops import devices

FILES = (1, 2, 5, 10, 20, 50, 100, 200, 500)
DEVICE_MEMORY = {
    "used": "Taken by tensors of this process",
    "peak": "Most of it so far",
    "kept": "Kept by this process for tensors",
    "limit": "What it may keep at most",
    "free": "What nobody has taken of the GPU",
    "total": "What the GPU has",
}
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """Counters of one application, in a registry of their own."""

    def __init__(self, residents: Mapping[Family, Resident[Any]], folders: Sequence[Path]) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(_Residents(residents))
        self.registry.register(_Uploads(folders))
        self._requests = Counter("prewarm_requests", "Answered requests", ["task", "code"], registry=self.registry)
        self._stages = Histogram(
            "prewarm_stage_seconds", "Seconds by stage", ["task", "stage"], buckets=SECONDS, registry=self.registry
        )
        self._files = Histogram("prewarm_job_files", "Files in a job", ["task"], buckets=FILES, registry=self.registry)
        self._rejected = Counter("prewarm_rejected", "Refused requests", ["reason"], registry=self.registry)

    def watch_jobs(self, states: Callable[[], Mapping[str, int]]) -> None:
        """Show how many jobs are in which state."""
        self.registry.register(_Jobs(states))

    def request(self, task: str, code: int) -> None:
        self._requests.labels(task, str(code)).inc()

    def stages(self, task: str, seconds: Mapping[str, float]) -> None:
        for stage, duration in seconds.items():
            self._stages.labels(task, stage).observe(duration)

    def job(self, task: str, files: int) -> None:
        self._files.labels(task).observe(files)

    def rejected(self, reason: str) -> None:
        self._rejected.labels(reason).inc()


def router(metrics: Metrics) -> APIRouter:
    """`/metrics` in Prometheus' text format."""
    routes = APIRouter()

    @routes.get("/metrics", include_in_schema=False)
    def scrape() -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return routes


class _Residents(Collector):
    """The residents as they are at the moment of the scrape."""

    def __init__(self, residents: Mapping[Family, Resident[Any]]) -> None:
        self._residents = residents

    def collect(self) -> Iterable[Metric]:
        yield from self._models()
        waiting = GaugeMetricFamily("prewarm_queue_depth", "Requests that wait for a turn", labels=["task"])
        running = GaugeMetricFamily("prewarm_in_flight", "Requests in the model", labels=["task"])
        for task, resident in self._residents.items():
            waiting.add_metric([task], resident.queue.waiting)
            running.add_metric([task], resident.queue.running)
        merged = GaugeMetricFamily("prewarm_merged_bytes", "Memory in pages merged with other processes'")
        merged.add_metric([], ksm.merged_bytes())
        yield from (waiting, running, merged, *self._outputs(), *self._devices())

    def _outputs(self) -> Iterator[Metric]:
        found = {resident.workspace.outputs for resident in self._residents.values()}
        for outputs in filter(None, found):
            yield CounterMetricFamily("prewarm_outputs_kept", "Results kept in the outputs", value=outputs.kept)
            yield CounterMetricFamily("prewarm_outputs_failed", "Results that could not be", value=outputs.failed)

    def _devices(self) -> Iterator[Metric]:
        found = devices.memory(self._residents)
        for name, told in DEVICE_MEMORY.items():
            gauge = GaugeMetricFamily(f"prewarm_device_memory_{name}_bytes", told, labels=["device"])
            for device, memory in found.items():
                if (size := getattr(memory, name)) is not None:
                    gauge.add_metric([device], size)
            yield gauge
        refused = CounterMetricFamily("prewarm_device_memory_refused", "Times a GPU had not enough", labels=["device"])
        for device, memory in found.items():
            refused.add_metric([device], memory.refused)
        yield refused

    def _models(self) -> Iterator[Metric]:
        ready = GaugeMetricFamily(
            "prewarm_model_ready", "1 when the model answers", labels=["model", "source", "device", "wanted"]
        )
        seconds = GaugeMetricFamily("prewarm_preload_seconds", "Preload by stage", labels=["model", "stage", "wanted"])
        fetched = CounterMetricFamily("prewarm_fetched_bytes", "Bytes from the hub", labels=["model"])
        served = CounterMetricFamily("prewarm_inferences", "Model passes, whatever the door", labels=["model"])
        memory = GaugeMetricFamily("prewarm_model_memory_bytes", "Added by loading", labels=["model"])
        there = GaugeMetricFamily("prewarm_model_device_memory_bytes", "Added on a GPU", labels=["model", "device"])
        away = GaugeMetricFamily("prewarm_model_fell_back", "1 on the CPU in the place of a GPU", labels=["model"])
        state = GaugeMetricFamily(
            "prewarm_model_state", "1 for the state it is in", labels=["model", "state", "wanted"]
        )
        hit = GaugeMetricFamily("prewarm_cache_hit", "1 when nothing had to be fetched", labels=["model"])
        start = GaugeMetricFamily(
            "prewarm_start_ratio", "Start of a model, times the usual", labels=["model", "wanted"]
        )
        for status in self._shown():
            wanted = str(status.wanted).lower()
            if status.start_ratio is not None:
                start.add_metric([status.key, wanted], status.start_ratio)
            told = [status.key, status.source or "", status.device or "", wanted]
            ready.add_metric(told, status.state == "ready")
            fetched.add_metric([status.key], status.bytes_done)
            served.add_metric([status.key], status.served)
            state.add_metric([status.key, status.state, wanted], 1)
            if status.source is not None:
                hit.add_metric([status.key], status.bytes_done == 0)
            memory.add_metric([status.key], (status.memory_mb or 0) * 1e6)
            if status.device_memory_mb is not None:
                there.add_metric([status.key, status.device or ""], status.device_memory_mb * 1e6)
            away.add_metric([status.key], status.note is not None)
            for stage, duration in status.seconds.items():
                seconds.add_metric([status.key, stage, wanted], duration)
        yield from (ready, seconds, fetched, served, memory, there, away, start, state, hit)

    def _shown(self) -> Iterator[Status]:
        """Every model that is to be warm, and the others once somebody asked for them."""
        for resident in self._residents.values():
            for slot in resident.slots.values():
                if slot.status.wanted or slot.status.state != "pending":
                    yield slot.status


class _Jobs(Collector):
    """The jobs that this instance took and still knows."""

    def __init__(self, states: Callable[[], Mapping[str, int]]) -> None:
        self._states = states

    def collect(self) -> Iterable[Metric]:
        jobs = GaugeMetricFamily("prewarm_jobs", "Jobs kept, by state", labels=["state"])
        for state, count in self._states().items():
            jobs.add_metric([state], count)
        yield jobs


class _Uploads(Collector):
    """What strangers left on the disk."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def collect(self) -> Iterable[Metric]:
        sizes, oldest = [], time.time()
        for path in (path for folder in self._folders for path in folder.rglob("*")):
            try:
                found = path.stat()
            except OSError:  # cleaned away meanwhile
                continue
            if path.is_file():
                sizes.append(found.st_size)
                oldest = min(oldest, found.st_mtime)
        yield GaugeMetricFamily("prewarm_uploads_bytes", "Uploads and results on disk", value=sum(sizes))
        yield GaugeMetricFamily("prewarm_uploads_files", "How many files they are", value=len(sizes))
        yield GaugeMetricFamily("prewarm_uploads_oldest_seconds", "Age of the oldest", value=time.time() - oldest)
