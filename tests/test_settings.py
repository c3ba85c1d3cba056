from pathlib import Path

import pytest

from models.engines import devices
from settings import for_models, model_flags, parse


def test_a_flag_wins_over_the_environment_and_that_over_the_default() -> None:
    environ = {"PREWARM_PORT": "9000", "PREWARM_MODELS": "sample"}
    assert parse(["--port", "9100"], environ).port == 9100
    assert parse([], environ).port == 9000
    assert parse([], {}).port == 7860
    assert parse([], environ).models == "sample"


def test_modelscope_variables_are_respected(tmp_path: Path) -> None:
    settings = parse([], {"MODELSCOPE_CACHE": str(tmp_path), "MODELSCOPE_ENDPOINT": "http://127.0.0.1:9"})
    assert settings.modelscope_caches == (tmp_path,)
    assert settings.endpoint == "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("flags", "environ", "named"),
    [
        (["--models", "none"], {}, "auto, hub, sample"),
        (["--port", "70000"], {}, "70000"),
        (["--matting-dir", "/no/such/folder"], {}, "/no/such/folder"),
        ([], {"PREWARM_PRECISION": "f64"}, "f64"),
        (["--device", "gpu"], {}, "auto, cpu, cuda, cuda:N, mps"),
        (["--engine", "openvino", "--precision", "f16"], {}, "f16 is for GPUs"),
        (["--engine", "openvino"], {"PREWARM_DEVICE": "cuda:1"}, "--engine torch"),
        (["--engine", "torch", "--precision", "int8"], {}, "int8"),
        ([], {"PREWARM_THREADS": "-1"}, "PREWARM_THREADS"),
        (["--retention", "0"], {}, "'0' is no number of minutes"),
        (["--retention", "-5"], {}, "'-5'"),
        (["--retention", "nan"], {}, "'nan'"),
        ([], {"PREWARM_RETENTION": "half"}, "PREWARM_RETENTION"),
        (["--history", "0"], {}, "from 1 to 100"),
        ([], {"PREWARM_HISTORY": "101"}, "PREWARM_HISTORY"),
        ([], {"PREWARM_PROT": "80"}, "PREWARM_PORT is known"),
        ([], {"SSL_CERT_FILE": "/no/such/file"}, "SSL_CERT_FILE cannot be used (No such file or directory)"),
        ([], {"SSL_CERT_FILE": "/dev/null"}, "SSL_CERT_FILE cannot be used"),
    ],
)
def test_a_wrong_value_ends_with_one_line_that_names_it(
    flags: list[str], environ: dict[str, str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        parse(flags, environ)
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert named in said
    assert len(said.splitlines()) == 1


def test_how_long_and_how_many_results_are_kept() -> None:
    usual, other = parse([], {}), parse(["--retention", "2.5"], {"PREWARM_HISTORY": "100"})
    assert (usual.retention, usual.history) == (30, 24)
    assert (other.retention, other.history) == (2.5, 100)


def test_proxies_are_addresses_or_networks() -> None:
    assert parse(["--trusted-proxy", "10.0.0.2, fd00::/8"], {}).trusted_proxy == ("10.0.0.2/32", "fd00::/8")
    with pytest.raises(SystemExit):
        parse(["--trusted-proxy", "*"], {})


def test_a_gpu_is_no_default_of_a_machine_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "machine", devices.Machine)
    assert (parse([], {}).engine, parse([], {}).device) == ("openvino", "cpu")
    seen = devices.Machine(torch_cuda=(13, 0), driver_cuda=(13, 0), cards=(devices.Card("H100", (9, 0)),))
    monkeypatch.setattr(devices, "machine", lambda: seen)
    assert (parse([], {}).engine, parse([], {}).device) == ("torch", "cuda")


def test_a_command_looks_for_devices_once_and_its_flags_win(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[devices.Machine] = []
    monkeypatch.setattr(devices, "machine", lambda: looked.append(devices.Machine()) or looked[-1])
    environ = {"PREWARM_DEVICE": "cuda:1", "PREWARM_DEVICE_MEMORY": "4000"}
    given = model_flags(environ).parse_args(["--device", "cpu"])
    found = for_models(given, environ)
    assert (found.engine, found.device, found.device_memory) == ("openvino", "cpu", 4000)
    assert len(looked) == 1
