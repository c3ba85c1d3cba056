"""The three models: arrays in, arrays out. No Gradio, no HTTP, no environment, no printing."""
