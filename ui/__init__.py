"""The page: Gradio only."""
