"""One thread of torch a test process: several on all cores only wait."""

import torch

torch.set_num_threads(1)
