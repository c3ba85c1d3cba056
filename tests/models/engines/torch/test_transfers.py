"""Arrays there and back: copies, whatever they are parts of."""

import numpy as np
import torch

from models.engines.torch.transfers import Transfers


def test_what_is_sent_and_what_comes_back_are_copies() -> None:
    transfers, array = Transfers(torch.device("cpu")), np.arange(12, dtype=np.float32).reshape(3, 4)
    there = transfers.there(array[:, ::2])
    array[:] = 0
    back = transfers.back(there[1])
    there[:] = 0
    assert back.tolist() == [4, 6] and back.base is None
