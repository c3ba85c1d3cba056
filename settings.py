"""The only reader of flags and environment: everything ends in one frozen object."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flag_parser import Parser, add_switch, adder, refuse_misspelt
from flag_values import (
    choice,
    device,
    folder,
    host,
    login,
    minutes,
    networks,
    path_of,
    preload,
    root_path,
    token,
    whole,
)
from models.catalog import Family
from models.engines import devices
from models.errors import BadField
from models.weights import cache_folder
from models.weights.proxies import Proxies, proxies_of
from models.weights.store import Mode

DEFAULT_PORT = 7860
DEFAULT_QUEUE = 64
RETENTION_MINUTES = 30
HISTORY = 24
SHARE_PERCENT = 50


@dataclass(frozen=True)
class Settings:
    """What the user asked for. `threads` 0 means every core; `cache` holds what Prewarm prepares from the weights; in
    `temporary`, None: the system's folder, each process has one of its own. `preload` has the keys of the models to be
    warm, None for all that can be had; `fell_back` says why a GPU that is there is not used; `device_memory`, in MB, is
    what the models may take of it, 0: all."""

    host: str
    port: int
    preload: tuple[str, ...] | None
    models: Mode
    cartoon_dir: Path | None
    matting_dir: Path | None
    emotion_dir: Path | None
    engine: str
    device: str
    precision: str
    threads: int
    merge_memory: bool
    cache: Path
    modelscope_caches: tuple[Path, ...]
    temporary: Path | None
    proxies: Proxies
    endpoint: str | None
    verify: bool
    export_to: Path | None
    import_from: Path | None
    queue: int
    log_json: bool
    root_path: str
    token: str | None
    auth: tuple[str, str] | None
    share: int
    rate: int
    trusted_proxy: tuple[str, ...]
    jobs_dir: Path | None
    retention: float
    history: int
    outputs: Path | None
    fell_back: str | None = None
    export_onnx: Path | None = None
    device_memory: int = 0

    @property
    def folders(self) -> dict[Family, Path]:
        """Folders given by the user, by task."""
        given: dict[Family, Path | None] = {
            "cartoon": self.cartoon_dir,
            "matting": self.matting_dir,
            "emotion": self.emotion_dir,
        }
        return {task: folder for task, folder in given.items() if folder is not None}


def parse(
    argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ, *, preloading: bool = False
) -> Settings:
    """Flags first, then `PREWARM_*`, then defaults. A wrong value ends the program with one line and code 2.

    `preloading` adds the flags that only preload.py understands.
    """
    parser = _parser(environ, preloading=preloading)
    if preloading:
        _add_program_flags(parser)
    told = _told(parser, argv, environ)
    try:
        return _resolved(told)
    except devices.UnusableDevice as error:
        parser.error(str(error))


def for_models(options: argparse.Namespace, environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings of a program that has the flags of `model_flags` among its own; those of the server stay as they are.
    Raises BadField of a device that cannot be used."""
    names = vars(model_flags(environ).parse_args([]))
    told = _told(_parser(environ), [], environ)
    try:
        return _resolved(replace(told, **{name: getattr(options, name) for name in names}))
    except devices.UnusableDevice as error:
        raise BadField(str(error), reason="device") from None


def _told(parser: argparse.ArgumentParser, argv: Sequence[str] | None, environ: Mapping[str, str]) -> Settings:
    """What flags and environment say, before it is held against the machine."""
    options = parser.parse_args(argv)
    refuse_misspelt(parser, vars(options), environ)
    return Settings(
        **vars(options),
        **_folders(parser, environ),
        proxies=proxies_of(environ),
        endpoint=(environ.get("MODELSCOPE_ENDPOINT") or environ.get("MODELSCOPE_DOMAIN") or "").strip() or None,
    )


def _resolved(told: Settings) -> Settings:
    """With the engine and the device that they come to on this machine. Raises UnusableDevice."""
    chosen = devices.choose(told.engine, told.device, told.precision, devices.machine())
    return replace(told, engine=chosen.engine, device=chosen.device, fell_back=chosen.fell_back)


def model_flags(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    """The flags that say which models are run and how: a parent for the parser of every program that runs them."""
    parser = argparse.ArgumentParser(add_help=False)
    add = adder(parser.add_argument_group("models"), environ)
    add("--models", "auto", choice("auto", "hub", "sample"), help="auto: cache, hub, then samples; hub; sample")
    for task in ("cartoon", "matting", "emotion"):
        add(f"--{task}-dir", None, folder, help=f"folder with the {task} model's files")
    engines = choice("auto", "openvino", "torch", "reference")
    add("--engine", "auto", engines, help="auto: torch on GPUs, openvino on CPUs; reference: the stock pipelines")
    add("--device", "auto", device, help="auto: a GPU that can be used, else the CPU; cpu, cuda, cuda:N, mps")
    precisions = choice("auto", "f32", "bf16", "f16", "int8")
    told = "auto: f16 on GPUs, bf16 where the CPU has it; int8: emotion's on CPUs, the rest as auto"
    add("--precision", "auto", precisions, help=told)
    add("--threads", 0, whole(0, 1024), help="threads per model, 0: every core")
    add_switch(
        parser, environ, "--merge-memory", "share equal weights with other processes of this machine (Linux, KSM)"
    )
    add("--cache", str(cache_folder.default()), path_of, help="where prepared models are kept")
    add("--device-memory", 0, whole(0, 1_000_000), help="MB of a GPU that the models may take, 0: as many as it has")
    return parser


def _parser(environ: Mapping[str, str], *, preloading: bool = False) -> argparse.ArgumentParser:
    parser = Parser(
        prog="./run.sh preload" if preloading else "./run.sh serve",
        description="Cartoon, cut-out and emotion, warm before you click.",
        parents=[model_flags(environ)],
    )
    add = adder(parser, environ)
    add("--host", "0.0.0.0", host, help="address to listen on")
    add("--port", DEFAULT_PORT, whole(1, 65535), help="port to listen on")
    add("--preload", "all", preload, help="models to be warm: all that can be had, default, or also 3d,sketch,...")
    add("--queue", DEFAULT_QUEUE, whole(0, 1024), help="requests that may wait for each model; others are refused")
    add("--root-path", "", root_path, help="path under which a proxy shows the server, such as /prewarm")
    add("--token", None, token, help="asked of every REST request as a bearer token")
    add("--auth", None, login, help="user:password, asked at every door but the probes")
    add("--share", SHARE_PERCENT, whole(1, 100), help="how much of a queue one visitor may hold, in percent")
    add("--rate", 0, whole(0, 100_000), help="requests a minute that one visitor may make, 0: any number")
    add("--trusted-proxy", (), networks, help="addresses or networks of proxies that tell the visitor's address")
    add("--jobs-dir", None, path_of, help="folder of jobs that instances share; by default each has its own")
    add("--retention", RETENTION_MINUTES, minutes, help="minutes that uploads, results and jobs are kept unused")
    add("--history", HISTORY, whole(1, 100), help="earlier results that the page keeps for a visitor in a tab")
    add("--outputs", None, path_of, help="folder where results are kept for good; by default nowhere")
    add_switch(parser, environ, "--log-json", "log lines as JSON")
    parser.set_defaults(verify=False, export_to=None, import_from=None, export_onnx=None)
    return parser


def _add_program_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--verify", action="store_true", help="compare with the stock pipelines, then stop")
    told = "pack the weights in one file"
    parser.add_argument("--export", dest="export_to", type=path_of, metavar="DIR|FILE", help=told)
    parser.add_argument("--export-onnx", type=path_of, metavar="DIR", help="write every model as ONNX files, checked")
    told = "unpack such a file first"
    parser.add_argument("--import", dest="import_from", type=path_of, metavar="DIR|FILE", help=told)


def _folders(parser: argparse.ArgumentParser, environ: Mapping[str, str]) -> dict[str, Any]:
    """Where ModelScope keeps models: its variable, else its default, if there is a home; and the temporary folder."""
    try:
        given = {name: path_of(environ[name]) for name in ("MODELSCOPE_CACHE", "GRADIO_TEMP_DIR") if environ.get(name)}
    except argparse.ArgumentTypeError as error:
        parser.error(f"MODELSCOPE_CACHE or GRADIO_TEMP_DIR: {error}")
    _check_certificates(parser, environ)
    home = cache_folder.home()
    models = given.get("MODELSCOPE_CACHE") or (home / ".cache" / "modelscope" if home else None)
    return {"modelscope_caches": (models,) if models else (), "temporary": given.get("GRADIO_TEMP_DIR")}


def _check_certificates(parser: argparse.ArgumentParser, environ: Mapping[str, str]) -> None:
    """What httpx reads at Gradio's import, and for every request to a hub."""
    given = [name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE") if environ.get(name)]
    if not given:
        return
    import ssl

    try:
        ssl.create_default_context(cafile=environ.get("SSL_CERT_FILE") or None)
    except OSError as error:
        parser.error(f"{' or '.join(given)} cannot be used ({error.strerror or error}); name another file, or unset it")
