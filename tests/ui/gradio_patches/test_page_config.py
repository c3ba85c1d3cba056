"""The page is not told of the components that only programs use; programs are."""

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from ui.gradio_patches.page_config import FOR_PROGRAMS, LightPage


def double(number: int) -> int:
    return 2 * number


@pytest.fixture(scope="module")
def page() -> LightPage:
    with LightPage(analytics_enabled=False) as page:
        with gr.Tab("one"):
            gr.Textbox(elem_id="words")
        gr.api(double, api_name="double")
    return page


def test_the_page_draws_everything_else(page: LightPage) -> None:
    config = page.get_config_file()
    kinds = {component["id"]: component["type"] for component in config["components"]}
    drawn = [kinds[number] for number in config["page"][""]["components"]]
    assert "textbox" in drawn and "api" not in drawn and "api" in kinds.values()
    assert "api" not in {kinds[node["id"]] for node in nodes(config["page"][""]["layout"])}
    words = next(component for component in config["components"] if component["type"] == "textbox")
    assert not set(FOR_PROGRAMS) & set(words)


def nodes(layout: dict) -> list[dict]:
    return [node for child in layout.get("children", []) for node in (child, *nodes(child))]


def test_programs_find_the_endpoint(page: LightPage) -> None:
    client = TestClient(gr.mount_gradio_app(FastAPI(), page, path="/"))
    told = client.get("/gradio_api/info").json()["named_endpoints"]["/double"]
    assert [parameter["parameter_name"] for parameter in told["parameters"]] == ["number"]
    assert "api" in {component["type"] for component in client.get("/config").json()["components"]}
