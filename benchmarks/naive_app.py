"""The stock app most people write: Gradio imported first, and a handler that builds its pipeline at every click.

python -m benchmarks.naive_app PORT STANDINS THREADS
"""

import os
import sys

import cv2
import gradio as gr

PORT, STANDINS, THREADS = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])


def cartoon(path: str) -> list[int]:
    from modelscope.pipelines import pipeline

    draw = pipeline("image-portrait-stylization", model=os.path.join(STANDINS, "cartoon"))
    return list(draw(cv2.imread(path))["output_img"].shape)


def matting(path: str) -> list[int]:
    from modelscope.pipelines import pipeline

    cut = pipeline("portrait-matting", model=os.path.join(STANDINS, "matting"))
    return list(cut(cv2.imread(path))["output_img"].shape)


def emotion(path: str) -> list[float]:
    from modelscope.pipelines import pipeline

    folder = os.path.join(STANDINS, "emotion")
    hear = pipeline("emotion-recognition", model=folder, ncpu=THREADS, disable_update=True)
    return list(map(float, hear(path)[0]["scores"]))


with gr.Blocks() as demo:
    for handler in (cartoon, matting, emotion):
        gr.api(handler, api_name=handler.__name__)

demo.launch(server_name="127.0.0.1", server_port=PORT, quiet=True)
