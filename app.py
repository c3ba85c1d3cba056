"""The wiring: settings → preload → page + service → uvicorn."""

import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))  # where PYTHONSAFEPATH leaves it out
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while the modules are imported is no traceback

import preload
import settings
from models.runtime import allocator
from models.runtime.outputs import Outputs
from models.runtime.temporary_folder import TemporaryFolder
from models.weights import proxies
from service.ops import startup


def main(argv: list[str] | None = None) -> None:
    # Process 1 of a container has no defaults for them, and uvicorn's come only when the page is built.
    for number in (signal.SIGTERM, signal.SIGINT):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda number, frame: os._exit(128 + number))
    allocator.return_large_blocks()
    options = settings.parse(argv)
    temporary = preload.check(options)
    temporary.end_at_interrupts()
    startup.check_folders(options)
    listener = startup.listen(options.host, options.port)
    with startup.ending(temporary.end):
        _serve(options, temporary, listener)


def _serve(options: settings.Settings, temporary: TemporaryFolder, listener: socket.socket) -> None:
    # Set before numpy is imported: its threads would turn idly on the cores that a start is short of, and no product of
    # ours is large enough for them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from service.middleware import request_log

    request_log.configure(as_json=options.log_json)
    configure(options)
    uploads = prepare_gradio(temporary.path)
    if options.engine == "openvino":
        preload.USUAL_PASSES.begin()
    defaults = _start(preload.preload, options)
    # A start keeps what it makes: looking through it for garbage meanwhile takes a quarter of a second.
    gc.disable()
    from service import server

    service = create(options, uploads)
    gc.freeze()
    gc.enable()
    service.lifecycle.on_drain.append(preload.STOPPING.set)
    _start(_others, options, defaults)
    server.serve(service, listener, end=temporary.end)


def _start(work: Callable[..., bool], options: settings.Settings, *more: threading.Thread) -> threading.Thread:
    thread = threading.Thread(target=work, args=(options, *more), kwargs={"heal": True}, daemon=True, name="preload")
    thread.start()
    return thread


def _others(options: settings.Settings, defaults: threading.Thread, *, heal: bool) -> bool:
    """The other models once the default ones and the page are there, so that they hold up neither."""
    defaults.join()
    return preload.preload_others(options, heal=heal)


def configure(options: settings.Settings) -> None:
    """Tell the residents how their models are made, how many may wait for each, and how many of one visitor."""
    preload.configure(options)
    for resident in preload.RESIDENTS.values():
        resident.queue.bound(waiting=options.queue, share_percent=options.share)


def create(options: settings.Settings, uploads: Path, *, page: bool = True):  # type: ignore[no-untyped-def]
    """The service, with the page mounted unless only programs are to be served. `uploads` is what Gradio was told."""
    from service import server

    preload.WORKSPACE.outputs = Outputs(options.outputs) if options.outputs else None
    service = server.create(
        preload.RESIDENTS,
        uploads,
        retention_minutes=options.retention,
        root_path=options.root_path,
        # A link is the operator's; one that somebody else put there would be removed.
        jobs=options.jobs_dir and options.jobs_dir.resolve(),
        access=access(options),
    )
    if page:
        mount_page(service.app, options, service.lifecycle.on_drain)
    return service


def access(options: settings.Settings):  # type: ignore[no-untyped-def]
    """Who may come in, as the flags say."""
    from service import server

    return server.Access(options.token, options.auth, options.rate, options.trusted_proxy)


def mount_page(app, options: settings.Settings, on_drain: list[Callable[[], None]]) -> None:  # type: ignore[no-untyped-def]
    """Put the page at `/`. Routes that the application has already stay before it."""
    import gradio

    from ui import page
    from ui.state.result_cache import Keeping

    gradio.mount_gradio_app(
        app,
        page.build(on_drain, Keeping(options.retention, options.history, outputs=bool(options.outputs))),
        path="/",
        root_path=options.root_path or None,
        **page.mount_options(),
    )


def prepare_gradio(temporary: Path) -> Path:
    """What Gradio does at its import: nothing sent out, no proxy looked for, no variable of its own heeded (a port that
    is no number would end it), no stubs written, and a folder for uploads in `temporary`. Returns that folder."""
    from ui.gradio_patches import no_stubs

    no_stubs.skip()
    proxies.withhold(os.environ)
    for name in [name for name in os.environ if name.startswith("GRADIO_")]:
        del os.environ[name]
    os.environ["GRADIO_TEMP_DIR"] = str(uploads := temporary / "uploads")
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    return uploads


if __name__ == "__main__":
    main()
