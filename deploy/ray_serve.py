"""Prewarm on Ray Serve: every family of models a deployment of its own, before them the same REST routes and page.

    serve deploy deploy/ray_serve.yaml

A front has the ordinary residents; only their pipelines are far away. So fields, errors, timings, the page and the
bound on waiting work are those of the single process, and a model's pass is the same code on the same weights.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import BaseModel
from ray import serve
from ray.exceptions import RayActorError, RayTaskError
from ray.serve import Application, Deployment
from ray.serve.exceptions import BackPressureError, DeploymentUnavailableError
from ray.serve.handle import DeploymentHandle
from starlette.types import ASGIApp, Receive, Scope, Send

import app
import preload
import settings
from models.catalog import FAMILIES, Family
from models.errors import Busy, NotReady
from models.runtime import temporary_folder
from models.runtime.resident import Resident, Slot, Status
from service.ops.drain import DRAIN_SECONDS
from service.ops.watchdog import Watchdog

REST = "rest"  # the application that owns the models
ONGOING = 2  # per replica: one in the model, the next one already there
FRONT_ONGOING = 4096  # an open page holds a stream; the bound on work is the residents'
ATTEMPTS = 5  # a pass depends on nothing but its input: what a dying replica took with it is sent again
LOAD_SECONDS = 1800.0  # for the weights of a new replica to arrive
LOOK_SECONDS = 1.0
TOLD = ("source", "revision", "engine", "device", "precision", "memory_mb")

log = logging.getLogger(__name__)


class Plan(BaseModel):
    """Arguments of the applications: `flags` are those of app.py, `cpus` the cores (and threads) of one replica, `gpus`
    its share of a GPU, which it then insists on; several replicas on one card divide its time, not its memory."""

    flags: list[str] = []
    cpus: int = 2
    min_replicas: int = 1
    max_replicas: int = 8
    fronts: int = 1
    gpus: float = 0


@serve.deployment(
    max_ongoing_requests=ONGOING + 1,  # and a question about its state
    graceful_shutdown_timeout_s=DRAIN_SECONDS,
    health_check_period_s=5,
)
class Replica:
    """One resident in a process of its own. It takes no request before it is warm: Serve waits for the constructor."""

    def __init__(self, family: Family, flags: list[str]) -> None:
        preload.configure(settings.parse(flags))
        self._resident: Resident[Any] = preload.RESIDENTS[family]
        self._watchdog = Watchdog(self._resident)
        self._resident.load()

    def check_health(self) -> None:
        """Raises, so that Serve starts another replica, when the model is not ready or never comes back."""
        self._watchdog.look()
        if self._resident.status.state != "ready" or self._watchdog.is_stuck():
            raise RuntimeError(f"{self._resident.family} is {self._resident.status.state}, or stuck")

    async def load(self, variant: str) -> Status:
        await asyncio.to_thread(self._resident.load, variant)
        return self._resident.slot(variant).status

    async def run(self, method: str, arrays: list[np.ndarray], variant: str) -> list[Any]:
        def work(pipeline: Any) -> list[Any]:
            return getattr(pipeline, method)(arrays)

        return (await asyncio.to_thread(self._resident.run, work, variant=variant)).value


class Remote:
    """A pipeline as a front sees it: the same calls, answered by whichever replica is free."""

    def __init__(self, replicas: DeploymentHandle, variant: str) -> None:
        self._replicas = replicas
        self._variant = variant

    def stylize(self, images: list[np.ndarray]) -> list[Any]:
        return self._ask("stylize", images)

    def matte(self, images: list[np.ndarray]) -> list[Any]:
        return self._ask("matte", images)

    def analyze(self, waveforms: list[np.ndarray]) -> list[Any]:
        return self._ask("analyze", waveforms)

    def _ask(self, method: str, arrays: list[np.ndarray]) -> list[Any]:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._replicas.run.remote(method, arrays, self._variant).result()
            except RayActorError:
                log.warning("a replica died at work, attempt %d", attempt)
                time.sleep(LOOK_SECONDS)
            except RayTaskError as error:
                raise error.cause from None
            except BackPressureError as error:
                raise Busy(
                    "The replicas are full; try again in a moment.", reason="queue_full", retry_after=1
                ) from error
            except DeploymentUnavailableError:
                break
        raise NotReady("No replica answers; try again in a moment.", reason="no_replica")


@serve.deployment(max_ongoing_requests=FRONT_ONGOING, graceful_shutdown_timeout_s=DRAIN_SECONDS)
@serve.ingress()
class Front:
    """The REST routes, and the page if asked for, on residents whose pipelines are far away."""

    def __init__(self, plan: Plan, replicas: Mapping[Family, DeploymentHandle] | None = None) -> None:
        self._page = replicas is None
        self._options = settings.parse(plan.flags)
        handles = replicas or {family: serve.get_deployment_handle(family, REST) for family in FAMILIES}
        for family, resident in preload.RESIDENTS.items():
            connect(resident, handles[family])
            resident.queue.bound(
                running=ONGOING * plan.max_replicas, waiting=self._options.queue, share_percent=self._options.share
            )
            threading.Thread(target=keep_in_touch, args=(resident,), daemon=True).start()

    def __serve_build_asgi_app__(self) -> ASGIApp:
        uploads = app.prepare_gradio(temporary_folder.make(self._options.temporary).path)
        return Unprefixed(app.create(self._options, uploads, page=self._page).layered())


class Unprefixed:
    """The routes carry their whole path; Serve would have the part that led here left out."""

    def __init__(self, application: ASGIApp) -> None:
        self._app = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "root_path": ""}, receive, send)


def connect(resident: Resident[Any], replicas: DeploymentHandle) -> None:
    """Have the pipelines of `resident` made of calls to `replicas`."""

    def build(slot: Slot[Any]) -> Remote:
        with slot.stage("loading"):
            far = replicas.load.remote(slot.model.variant).result(timeout_s=LOAD_SECONDS)
        slot.report(**{name: getattr(far, name) for name in TOLD})
        return Remote(replicas, slot.model.variant)

    resident.configure(build)


def keep_in_touch(resident: Resident[Any]) -> None:
    """Connect as soon as there is a replica; ever after, `/readyz` and the page say whether one is left."""
    slot = resident.slot()
    while True:
        try:
            resident.load()
            slot.report(state="ready" if _replicas_up(resident.family) else "loading")
        except Exception:  # told by the slot; the cluster may be back in a moment
            log.info("%s is not within reach", resident.family)
        time.sleep(LOOK_SECONDS)


def _replicas_up(family: Family) -> int:
    return serve.status().applications[REST].deployments[family].replica_states.get("RUNNING", 0)


def rest(plan: Plan) -> Application:
    """The models and REST; for the prefix `/api`."""
    flags, deployment = replica_flags(plan), replicas(plan)
    models = {family: deployment.options(name=family).bind(family, flags) for family in FAMILIES}
    return Front.options(num_replicas=plan.fronts, ray_actor_options={"num_cpus": 1}).bind(plan, models)


def replicas(plan: Plan) -> Deployment:
    """What one replica takes of its node, and how many there may be."""
    scaling = {
        "min_replicas": plan.min_replicas,
        "max_replicas": plan.max_replicas,
        "target_ongoing_requests": ONGOING,
    }
    share = {"num_cpus": plan.cpus, "num_gpus": plan.gpus}
    return Replica.options(autoscaling_config=scaling, ray_actor_options=share)


def replica_flags(plan: Plan) -> list[str]:
    return [*plan.flags, "--threads", str(plan.cpus), *(["--device", "cuda"] if plan.gpus else [])]


def page(plan: Plan) -> Application:
    """The page, probes and metrics, calling the models of the application `rest`; for the prefix `/`. One replica:
    a visitor's steps belong to the process that has seen the first one."""
    return Front.options(name="Page", num_replicas=1, ray_actor_options={"num_cpus": 1}).bind(plan)
