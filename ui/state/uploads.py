"""Who uses an upload: Gradio keeps equal files, whoever sent them and into whichever tab, as one."""

import threading
from collections import Counter

from ui.state.files import discard


class Uploads:
    """Removes an uploaded file when the last one who held it lets it go."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()

    def hold(self, path: str) -> None:
        with self._lock:
            self._held[path] += 1

    def release(self, path: str) -> None:
        with self._lock:
            self._held[path] -= 1
            if self._held[path] <= 0:
                del self._held[path]
                discard(path)
