"""Every network of the catalogue is written, and its probes are inputs of it."""

import pytest

from models.catalog import CATALOG, DEFAULT_VARIANT, FAMILIES
from models.exports.parts import PARTS


@pytest.mark.parametrize("family", FAMILIES)
def test_every_network_file_has_its_part(family) -> None:  # type: ignore[no-untyped-def]
    files = CATALOG[family][DEFAULT_VARIANT[family]].files
    assert {part.file for part in PARTS[family]} == {name for name in files if name.endswith((".pb", ".pt"))}


@pytest.mark.parametrize("family", FAMILIES)
def test_three_probes_fit_the_axes(family) -> None:  # type: ignore[no-untyped-def]
    for part in PARTS[family]:
        probes = part.probes()
        assert len(probes) == 3 and "f32" in part.precisions
        for probe in probes:
            assert probe.keys() == part.inputs.keys()
            for name, array in probe.items():
                told = part.inputs[name].axes
                assert array.dtype == "float32" and len(told) == array.ndim
                assert all(have == want for have, want in zip(array.shape, told, strict=True) if isinstance(want, int))
