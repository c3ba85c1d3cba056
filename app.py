"""The wiring: settings → preload → page + service → uvicorn."""

import logging
import os
import tempfile
import threading
from pathlib import Path

import preload
import settings


def main(argv: list[str] | None = None) -> None:
    options = settings.parse(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    from service import server

    listener = server.listen(options.host, options.port)
    preload.configure(options)
    threading.Thread(target=preload.preload, args=(options,), daemon=True, name="preload").start()
    prepare_gradio()
    from ui import page

    server.serve(page.mount(server.create(preload.RESIDENTS), page.build()), listener)


def prepare_gradio() -> None:
    """What Gradio reads from the environment at import: own folder for uploads, nothing sent out."""
    os.environ.setdefault("GRADIO_TEMP_DIR", str(Path(tempfile.gettempdir()) / f"prewarm-{os.getuid()}"))
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"


if __name__ == "__main__":
    main()
