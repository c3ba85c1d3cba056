"""The description of the REST routes for programs."""

from fastapi.testclient import TestClient


def test_a_path_given_by_a_proxy_is_told_to_programs(client: TestClient) -> None:
    assert client.get("/openapi.json").json()["servers"] == [{"url": "/studio"}]


def test_a_form_tells_its_kinds_of_files_and_takes_nothing_else(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    form = document["paths"]["/api/v1/matting"]["post"]["requestBody"]["content"]["multipart/form-data"]
    assert form["encoding"] == {name: {"contentType": "image/*"} for name in ("image", "background_image")}
    schema = document["components"]["schemas"][form["schema"]["$ref"].rsplit("/", 1)[-1]]
    assert schema["additionalProperties"] is False and schema["properties"]["image"]["minLength"] == 1
    assert "transparent" in schema["properties"]["background"]["pattern"]


def test_every_route_tells_its_refusals(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    job, models = paths["/api/v1/jobs/{job}/result"]["get"], paths["/v2/models/{name}"]["get"]
    assert {"404", "409", "410", "422"} <= job["responses"].keys() and "404" in models["responses"]
