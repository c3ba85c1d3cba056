"""Gradio is imported without writing type stubs, and its components work all the same."""

import subprocess
import sys

PROGRAM = """
from ui.gradio_patches import no_stubs
no_stubs.skip()
import pathlib
written = []
pathlib.Path.write_text = lambda self, *args, **more: written.append(self.name)
import gradio
with gradio.Blocks() as blocks:
    box = gradio.Textbox()
    box.change(lambda text: text, box, box)
print(gradio.component_meta.create_or_modify_pyi.__module__, written, len(blocks.fns))
"""


def test_gradio_writes_no_stubs() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[-2] == "ui.gradio_patches.no_stubs [] 1"
