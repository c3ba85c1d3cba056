"""The files for compose, Kubernetes and Ray say what is true: valid by schema, and in step with the program."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from service.ops.drain import DRAIN_SECONDS
from settings import DEFAULT_PORT, parse
from tests.helpers.running import ROOT

DEPLOY = ROOT / "deploy"
KUSTOMIZATION = yaml.safe_load((DEPLOY / "k8s/kustomization.yaml").read_text())
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()


def resources() -> list[Any]:
    return [
        document
        for name in KUSTOMIZATION["resources"]
        for document in yaml.safe_load_all((DEPLOY / "k8s" / name).read_text())
    ]


def resource(kind: str) -> Any:
    return next(document for document in resources() if document["kind"] == kind)


@pytest.mark.parametrize("document", resources(), ids=lambda document: document["kind"])
def test_kubernetes_resources_fit_their_schemas(document: Any) -> None:
    for version in ("1.29", kubernetes_validate.latest_version()):
        kubernetes_validate.validate(document, version, strict=True)


def test_kustomize_names_every_file_and_the_image_of_every_container() -> None:
    assert {*KUSTOMIZATION["resources"], "kustomization.yaml"} == {path.name for path in (DEPLOY / "k8s").iterdir()}
    named = {image["name"] for image in KUSTOMIZATION["images"]}
    pods = [resource(kind)["spec"]["template"]["spec"] for kind in ("Deployment", "Job")]
    assert {container["image"] for pod in pods for container in pod["containers"]} == named


def test_pods_run_as_the_user_of_the_image_and_write_only_to_their_mounts() -> None:
    for kind in ("Deployment", "Job"):
        pod = resource(kind)["spec"]["template"]["spec"]
        assert f"USER {pod['securityContext']['runAsUser']}:" in DOCKERFILE
        assert pod["containers"][0]["securityContext"]["readOnlyRootFilesystem"]
        assert {mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"]} == {"/cache", "/tmp"}
        assert not pod["enableServiceLinks"]


def test_flags_and_commands_are_those_of_the_program() -> None:
    server = resource("Deployment")["spec"]["template"]["spec"]["containers"][0]
    assert parse(server["args"], {}).models == "hub"
    assert server["ports"][0]["containerPort"] == DEFAULT_PORT
    fill = resource("Job")["spec"]["template"]["spec"]["containers"][0]["command"]
    assert (ROOT / fill[1]).is_file()
    assert parse(fill[2:], {}, preloading=True).models == "hub"
    for application in yaml.safe_load((DEPLOY / "ray_serve.yaml").read_text())["applications"]:
        assert parse(application["args"]["flags"], {}).models == "hub"


def test_there_is_time_to_drain() -> None:
    pod = resource("Deployment")["spec"]["template"]["spec"]
    sleep = int(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] >= sleep + DRAIN_SECONDS
    assert int(COMPOSE["services"]["studio"]["stop_grace_period"].rstrip("s")) > DRAIN_SECONDS


def test_every_file_that_compose_mounts_is_there() -> None:
    mounts = [mount for service in COMPOSE["services"].values() for mount in service["volumes"]]
    files = [mount.split(":")[0] for mount in mounts if mount.startswith("./")]
    assert len(files) == 6
    assert not [name for name in files if not (DEPLOY / name).is_file()]


def test_compose_turns_each_address_of_nginx_into_a_container() -> None:
    replaced = re.findall(r"s/(127[0-9.:]+)/([\w:]+)/", COMPOSE["services"]["nginx"]["command"][2])
    text = (DEPLOY / "nginx.conf").read_text()
    for address, container in replaced:
        assert address in text
        text = text.replace(address, container)
    assert "127.0.0.1" not in text


def test_compose_runs_the_image_as_it_is_tested() -> None:
    for name in ("studio", "studio1", "studio2"):
        service = COMPOSE["services"][name]
        assert service["read_only"] and service["cap_drop"] == ["ALL"]
        assert service["volumes"] == ["cache:/cache"]
        parse([flag.replace("${PREWARM_MODELS:-auto}", "auto") for flag in service["command"]], {})


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not installed")
def test_compose_itself_accepts_every_profile(tmp_path: Path) -> None:
    # Version 1, which Debian has, does not know the name of a project.
    (tmp_path / "compose.yaml").write_text(yaml.safe_dump({k: v for k, v in COMPOSE.items() if k != "name"}))
    profiles = ["--profile", "monitoring", "--profile", "proxy"]
    subprocess.run(["docker-compose", *profiles, "config", "--quiet"], cwd=tmp_path, check=True)


def test_the_image_takes_every_folder_that_the_program_imports() -> None:
    taken = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "tools", "benchmarks"}
    assert packages <= taken
    assert all(Path(ROOT, name).exists() for name in taken if "*" not in name)
