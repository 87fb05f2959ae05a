"""The same LeNet-5 trained as others would: hand-written loops, stock skorch, tutorials.

Every one takes MNIST's uint8 rows and makes of them what it likes best. ``epoch`` makes
one pass over the rows; what is prepared before the first counts for nothing.
"""

import numpy as np
import torch
from skorch import NeuralNetClassifier
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from sklearn_lenet.nets._initialisation import initialise
from sklearn_lenet.nets._lenet5 import LeNet5

MEAN, DEVIATION = 33.3, 78.6
"""Of MNIST's training pixels."""


def fields(X):
    """Return (n, 1, 32, 32) uint8 fields with the 28x28 digits in their middle."""
    padded = torch.zeros(len(X), 1, 32, 32, dtype=torch.uint8)
    padded[:, 0, 2:30, 2:30] = torch.from_numpy(X).reshape(-1, 28, 28)
    return padded


def standardised(images):
    """Return float32 pixels of mean 0 and deviation 1."""
    return images.to(torch.float32).sub_(MEAN).div_(DEVIATION)


def seeded(seed, **net):
    """Return a LeNet-5 with seeded weights."""
    module = LeNet5(**net)
    initialise(module, torch.Generator().manual_seed(seed))
    return module


class HandWritten:
    """A loop as a good engineer writes it: all on the device, batches sliced, Adam fused."""

    def __init__(self, X, y, *, net, batch_size, lr, device="cpu", how="float32", seed=0):
        self.how, self.batch_size = how, batch_size
        images = fields(X)
        self.images = (images if how == "uint8" else standardised(images)).to(device)
        self.codes = torch.from_numpy(y).to(device)
        self.module = seeded(seed, **net).to(device)
        if how == "channels_last":
            self.module = self.module.to(memory_format=torch.channels_last)
            self.images = self.images.contiguous(memory_format=torch.channels_last)
        self.optimizer = torch.optim.Adam(self.module.parameters(), lr=lr, fused=True)

    def batches(self, order):
        """Return the rows of each batch."""
        return order.split(self.batch_size)

    def epoch(self):
        """Make one pass."""
        order = torch.randperm(len(self.codes), device=self.codes.device)
        for index in self.batches(order):
            batch = self.images[index]
            if self.how == "uint8":
                batch = standardised(batch)
            self.optimizer.zero_grad(set_to_none=True)
            F.cross_entropy(self.module(batch), self.codes[index]).backward()
            self.optimizer.step()
        if self.codes.device.type == "cuda":
            torch.cuda.synchronize()


class StockSkorch:
    """skorch as it comes, with its DataLoader; only the 20 % it would hold back are kept."""

    def __init__(self, X, y, *, net, batch_size, lr, device="cpu"):
        self.X, self.y = standardised(fields(X)).numpy(), y
        self.model = NeuralNetClassifier(
            seeded(0, **net),
            criterion=torch.nn.CrossEntropyLoss,
            optimizer=torch.optim.Adam,
            optimizer__fused=True,
            lr=lr,
            max_epochs=1,
            batch_size=batch_size,
            iterator_train__shuffle=True,
            train_split=None,
            verbose=0,
            device=device,
        ).initialize()

    def epoch(self):
        """Make one pass."""
        self.model.partial_fit(self.X, self.y)


class Tutorial:
    """What tutorials do: a DataLoader over a TensorDataset, Adam at 1e-3, batches of 128."""

    def __init__(self, X, y, *, net, seed=0):
        torch.manual_seed(seed)
        self.module = LeNet5(**net)
        data = TensorDataset(standardised(fields(X)), torch.from_numpy(y))
        self.batches = DataLoader(data, batch_size=128, shuffle=True)
        self.optimizer = torch.optim.Adam(self.module.parameters(), lr=1e-3)

    def epoch(self):
        """Make one pass."""
        self.module.train()
        for batch, codes in self.batches:
            self.optimizer.zero_grad()
            F.cross_entropy(self.module(batch), codes).backward()
            self.optimizer.step()

    @torch.inference_mode()
    def score(self, X, y):
        """Return the accuracy."""
        self.module.eval()
        parts = [self.module(standardised(part)) for part in fields(X).split(1000)]
        return float(np.mean(torch.cat(parts).argmax(1).numpy() == y))
