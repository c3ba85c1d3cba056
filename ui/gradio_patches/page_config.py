"""What Gradio tells the page of its components: without what only programs ask for."""

from typing import Any

from gradio.components.api_component import Api

from ui.gradio_patches.blocks import Page

FOR_PROGRAMS = ("api_info", "api_info_as_input", "api_info_as_output", "example_inputs")


class LightPage(Page):
    """The components of named endpoints (`gr.api`) stay in `/config` and `/gradio_api/info`, but are not drawn: the
    browser walks through all components for each event, and they were a fifth of them."""

    def get_config_file(self) -> Any:
        config: Any = super().get_config_file()
        api = {number for number, block in self.blocks.items() if isinstance(block, Api)}
        for page in config["page"].values():
            page["components"] = [number for number in page["components"] if number not in api]
            page["layout"]["children"] = [node for node in page["layout"]["children"] if node["id"] not in api]
        for component in config["components"]:
            if component["id"] not in api:
                for name in FOR_PROGRAMS:
                    component.pop(name, None)
        return config
