"""The same LeNet-5 trained in other ways: hand-written loops, skorch, the recipe of tutorials.

Each class takes the uint8 rows of MNIST and prepares them in the way that suits it best.
``epoch`` runs one epoch; the preparation is not part of the measured time.
"""

import torch
from skorch import NeuralNetClassifier
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from sklearn_lenet.nets import LeNet5, new_module

MEAN, DEVIATION = 33.3, 78.6
"""The mean and the standard deviation of the training pixels of MNIST."""


def padded(X):
    """Return uint8 images of shape (n, 1, 32, 32) with the 28x28 digits in their middle."""
    images = torch.zeros(len(X), 1, 32, 32, dtype=torch.uint8)
    images[:, 0, 2:30, 2:30] = torch.from_numpy(X).reshape(-1, 28, 28)
    return images


def standardised(images):
    """Return float32 pixels with mean 0 and standard deviation 1."""
    return images.to(torch.float32).sub_(MEAN).div_(DEVIATION)


def seeded(seed, **net):
    """Return a LeNet-5 with seeded weights."""
    return new_module(lambda: LeNet5(**net), seed)


class HandWritten:
    """A good hand-written loop: all rows on the device, sliced batches, fused Adam."""

    def __init__(self, X, y, *, net, batch_size, lr, device="cpu", how="float32", seed=0):
        self.how, self.batch_size = how, batch_size
        images = padded(X)
        self.images = (images if how == "uint8" else standardised(images)).to(device)
        self.codes = torch.from_numpy(y).to(device)
        self.module = seeded(seed, **net).to(device)
        if how == "channels_last":
            self.module = self.module.to(memory_format=torch.channels_last)
            self.images = self.images.contiguous(memory_format=torch.channels_last)
        self.optimizer = torch.optim.Adam(self.module.parameters(), lr=lr, fused=True)

    def batches(self, order):
        """Return the row numbers of each batch."""
        return order.split(self.batch_size)

    def epoch(self):
        """Run one epoch."""
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


class DefaultSkorch:
    """skorch with its defaults and its DataLoader, but trained on all rows: none is held back."""

    def __init__(self, X, y, *, net, batch_size, lr, device="cpu"):
        self.X, self.y = standardised(padded(X)).numpy(), y
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
        """Run one epoch."""
        self.model.partial_fit(self.X, self.y)


class Tutorial:
    """The recipe of tutorials: DataLoader, TensorDataset, Adam with 1e-3, batches of 128."""

    def __init__(self, X, y, *, net, seed=0):
        torch.manual_seed(seed)
        self.module = LeNet5(**net)
        data = TensorDataset(standardised(padded(X)), torch.from_numpy(y))
        self.batches = DataLoader(data, batch_size=128, shuffle=True)
        self.optimizer = torch.optim.Adam(self.module.parameters(), lr=1e-3)

    def epoch(self):
        """Run one epoch."""
        self.module.train()
        for batch, codes in self.batches:
            self.optimizer.zero_grad()
            F.cross_entropy(self.module(batch), codes).backward()
            self.optimizer.step()
