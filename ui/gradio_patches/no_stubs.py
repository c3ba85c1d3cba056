"""Gradio without the type stubs that it writes for editors beside each of its components, at every import anew."""

import sys
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

WRITER, FUNCTION = "gradio.component_meta", "create_or_modify_pyi"


def skip() -> None:
    """Call before Gradio is imported: that takes 1.4 s of CPU then instead of 2.6 (Zen 4). Another Gradio, without that
    function, is left as it is."""
    if WRITER not in sys.modules:
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds the one module as usual, and takes the function out of it before the components use it."""

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path) if name == WRITER else None
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def without_stubs(module: ModuleType) -> None:
                execute(module)
                if hasattr(module, FUNCTION):
                    setattr(module, FUNCTION, lambda *_: None)

            spec.loader.exec_module = without_stubs  # type: ignore[method-assign]
        return spec
