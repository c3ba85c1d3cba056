"""The layers that are written in another form than FunASR's give the same numbers."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from models.networks.layers import Framing


@pytest.mark.parametrize("rows", [20, 21, 24])
@pytest.mark.parametrize("kernel, stride", [(10, 5), (3, 2), (2, 2), (5, 3), (1, 1)])
def test_framing_is_a_convolution_along_the_rows(kernel, stride, rows):
    framing, x = Framing(4, 6, kernel, stride), torch.randn(1, rows, 4)

    expected = F.conv1d(x.transpose(1, 2), framing.weight, stride=stride).transpose(1, 2)

    assert isinstance(framing, nn.Conv1d)  # the same tensor under the same name
    torch.testing.assert_close(framing(x), expected)
