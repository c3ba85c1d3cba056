"""The files for compose, Kubernetes and Ray say what is true: valid by schema, and in step with the program."""

import re
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from service.middleware.body_limits import BODY_BYTES
from service.ops.drain import DRAIN_SECONDS
from settings import DEFAULT_PORT, parse
from tests.helpers.running import ROOT
from tests.helpers.tools import run_tool

DEPLOY = ROOT / "deploy"
KUSTOMIZATION = yaml.safe_load((DEPLOY / "k8s/kustomization.yaml").read_text())
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
NGINX = "nginx.ingress.kubernetes.io"


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


def test_kustomize_itself_renders_them_into_the_namespace() -> None:
    rendered = list(yaml.safe_load_all(run_tool("kubectl", "kustomize", DEPLOY / "k8s")))
    assert sorted(document["kind"] for document in rendered) == sorted(document["kind"] for document in resources())
    for document in rendered:
        kubernetes_validate.validate(document, kubernetes_validate.latest_version(), strict=True)
        assert document["kind"] == "Namespace" or document["metadata"]["namespace"] == KUSTOMIZATION["namespace"]


def test_the_overlay_gives_each_server_a_gpu_and_nothing_else_one() -> None:
    rendered = list(yaml.safe_load_all(run_tool("kubectl", "kustomize", DEPLOY / "k8s-gpu")))
    for document in rendered:
        kubernetes_validate.validate(document, kubernetes_validate.latest_version(), strict=True)
    server, fill = (
        next(document for document in rendered if document["kind"] == kind)["spec"]["template"]["spec"]["containers"][0]
        for kind in ("Deployment", "Job")
    )
    assert server["resources"]["limits"] == {"memory": "8Gi", "nvidia.com/gpu": 1}
    assert "nvidia.com/gpu" not in fill["resources"]["limits"]
    assert server["args"][-1] == "--device=cuda" and "--models=hub" in server["args"]
    assert server["image"] == fill["image"] == "registry.example/prewarm-gpu:0.1.0"


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


def test_every_ingress_leads_to_a_service_and_takes_what_the_server_takes() -> None:
    services = {document["metadata"]["name"]: document for document in resources() if document["kind"] == "Service"}
    largest = max(BODY_BYTES.values()) // 2**20
    for ingress in (document for document in resources() if document["kind"] == "Ingress"):
        for path in ingress["spec"]["rules"][0]["http"]["paths"]:
            target = path["backend"]["service"]
            assert target["port"]["name"] in {port["name"] for port in services[target["name"]]["spec"]["ports"]}
        notes = ingress["metadata"]["annotations"]
        assert notes.get(f"{NGINX}/proxy-body-size", f"{largest}m") == f"{largest}m"
    assert f"client_max_body_size {largest}m;" in (DEPLOY / "nginx.conf").read_text()


def test_the_page_stays_with_one_pod_and_streams_to_it() -> None:
    notes = resource("Ingress")["metadata"]["annotations"]
    assert notes[f"{NGINX}/affinity"] == "cookie" and notes[f"{NGINX}/proxy-buffering"] == "off"
    server = resource("Deployment")["spec"]["template"]["spec"]["containers"][0]
    assert parse(server["args"], {}).trusted_proxy


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
    for name in ("studio", "studio1", "studio2", "gpu"):
        service = COMPOSE["services"][name]
        assert service["read_only"] and service["cap_drop"] == ["ALL"]
        assert service["volumes"] == ["cache:/cache"]
        # The device that the image was made for is insisted on; here it is not.
        flags = [flag.replace("${PREWARM_MODELS:-auto}", "auto").replace("cuda", "auto") for flag in service["command"]]
        parse(flags, {})


def test_compose_gives_the_gpu_to_the_image_that_was_made_for_it() -> None:
    with_gpu = [name for name, service in COMPOSE["services"].items() if "devices" in str(service.get("deploy"))]
    assert with_gpu == ["gpu"] == COMPOSE["services"]["gpu"]["profiles"]
    images = {
        service["image"]: service["build"]["args"] for service in COMPOSE["services"].values() if "build" in service
    }
    assert {image: args["DEVICE"] for image, args in images.items()} == {"prewarm": "cpu", "prewarm-gpu": "cuda"}


def test_compose_itself_accepts_every_profile() -> None:
    profiles = ["--profile", "monitoring", "--profile", "proxy", "--profile", "gpu"]
    rendered = yaml.safe_load(run_tool("docker-compose", "-f", DEPLOY / "compose.yaml", *profiles, "config"))
    assert rendered["services"].keys() == COMPOSE["services"].keys()


def test_the_dockerfile_has_no_known_mistakes() -> None:
    # DL3008: Debian's stable packages change for security only. DL4006: in that pipe only the last part can fail.
    run_tool("hadolint", "--ignore", "DL3008", "--ignore", "DL4006", DEPLOY / "Dockerfile")


def test_every_variable_of_the_build_reaches_it_through_compose() -> None:
    given = set(re.findall(r"--build-arg (\w+)=", DOCKERFILE))
    assert given == set(re.findall(r"^ARG (\w+)=", DOCKERFILE, re.MULTILINE))
    for name in ("studio", "gpu"):
        assert COMPOSE["services"][name]["build"]["args"].keys() == given - {"BASE", "BAKE"}


def test_the_image_takes_every_folder_that_the_program_imports() -> None:
    taken = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "tools", "benchmarks"}
    assert packages <= taken
    assert all(Path(ROOT, name).exists() for name in taken if "*" not in name)
