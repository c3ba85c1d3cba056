"""A plain Gradio page of the same tabs, to set ours beside: no style, no script, the same inputs and outputs.

python -m benchmarks.plain_page PORT
"""

import sys

import gradio as gr

from models.catalog import STYLES


def answer(*values: object) -> None:
    """What is measured is the page."""


def cartoon() -> None:
    with gr.Row():
        with gr.Column():
            photo = gr.Image(type="filepath", label="Photo")
            style = gr.Radio(list(STYLES), value=STYLES[0], label="Style")
            strength = gr.Slider(0, 100, 100, step=1, label="Strength")
            resolution = gr.Radio(["original", "1024", "512"], value="original", label="Resolution")
            format = gr.Radio(["png", "jpg", "webp"], value="png", label="Format")
            run = gr.Button("Draw the cartoon", variant="primary")
        result = gr.Image(label="Cartoon")
    run.click(answer, [photo, style, strength, resolution, format], result)


def matting() -> None:
    with gr.Row():
        with gr.Column():
            photo = gr.Image(type="filepath", label="Photo")
            variant = gr.Radio(["portrait", "universal"], value="portrait", label="Model")
            background = gr.Radio(["transparent", "white", "blue"], value="transparent", label="Background")
            threshold = gr.Slider(0, 100, 10, step=1, label="Threshold")
            erode = gr.Slider(0, 10, 0, step=1, label="Erode")
            feather = gr.Checkbox(True, label="Feather")
            size = gr.Dropdown(["one_inch", "two_inch"], value="one_inch", label="ID size")
            run = gr.Button("Cut out", variant="primary")
        result = gr.Image(label="Cut-out")
    run.click(answer, [photo, variant, background, threshold, erode, feather, size], result)


def emotion() -> None:
    with gr.Row():
        with gr.Column():
            recording = gr.Audio(type="filepath", label="Recording")
            detail = gr.Radio(["utterance", "frame"], value="utterance", label="Detail")
            embedding = gr.Checkbox(False, label="Embedding")
            run = gr.Button("Hear", variant="primary")
        with gr.Column():
            scores, plain = gr.Label(label="Emotion"), gr.JSON(label="JSON")
    run.click(answer, [recording, detail, embedding], [scores, plain])


with gr.Blocks(title="Plain", analytics_enabled=False) as demo:
    gr.Markdown("# Plain\nCartoon, cut-out and emotion.")
    with gr.Tabs():
        for name, draw in (("Cartoon", cartoon), ("Cut-out", matting), ("Emotion", emotion)):
            with gr.Tab(name):
                draw()
        with gr.Tab("Status"):
            gr.Markdown("All models are ready.")

if __name__ == "__main__":
    demo.launch(server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True)
