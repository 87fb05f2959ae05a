"""The same LeNet-5 in other libraries, with the methods ``fit`` and ``predict_proba``.

All use the same recipe, so that their accuracies must agree: tanh and average pooling on 32x32
pixels, standardised pixels, Adam with the constant learning rate 0.001, batches of 128, five
epochs. Keras and skorch use their own initial weights.
"""

import io
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

NET = {"activation": "tanh", "pooling": "avg"}
RECIPE = {"lr": 1e-3, "batch_size": 128, "max_epochs": 5}


class _Labels:
    """Adds ``predict`` to a class with ``predict_proba``; the labels are 0 to 9."""

    def predict(self, X):
        """Return the most probable label of each row."""
        return self.predict_proba(X).argmax(1)


@dataclass
class TorchLoop(_Labels):
    """A hand-written loop: all rows are in memory, and batches are slices of them."""

    seed: int = 0
    max_epochs: int = RECIPE["max_epochs"]

    def fit(self, X, y):
        """Train a new net."""
        import torch
        from _rivals import HandWritten

        torch.manual_seed(self.seed)
        loop = HandWritten(
            X, y, net=NET, batch_size=RECIPE["batch_size"], lr=RECIPE["lr"], seed=self.seed
        )
        for _ in range(self.max_epochs):
            loop.epoch()
        self.module = loop.module.eval()
        return self

    def predict_proba(self, X):
        """Return probabilities; 1,000 rows are predicted at a time."""
        import torch
        from _rivals import padded, standardised

        with torch.inference_mode():
            logits = [self.module(standardised(part)) for part in padded(X).split(1000)]
            return torch.cat(logits).softmax(1).numpy()

    def saved_size(self):
        """Return the bytes of the saved weights."""
        import torch

        file = io.BytesIO()
        torch.save(self.module.state_dict(), file)
        return file.tell()


@dataclass
class SkorchNet(_Labels):
    """skorch's classifier with its defaults, but trained on all rows: none is held back."""

    seed: int = 0
    max_epochs: int = RECIPE["max_epochs"]

    def fit(self, X, y):
        """Train a new net."""
        import torch
        from skorch import NeuralNetClassifier

        from sklearn_lenet.nets import LeNet5

        torch.manual_seed(self.seed)
        self.net = NeuralNetClassifier(
            LeNet5,
            **{f"module__{name}": value for name, value in NET.items()},
            criterion=torch.nn.CrossEntropyLoss,
            optimizer=torch.optim.Adam,
            **RECIPE | {"max_epochs": self.max_epochs},
            iterator_train__shuffle=True,
            train_split=None,
            verbose=0,
        )
        self.net.fit(self._inputs(X), y)
        return self

    def predict_proba(self, X):
        """Return probabilities."""
        return self.net.predict_proba(self._inputs(X))

    def saved_size(self):
        """Return the bytes of the saved weights."""
        file = io.BytesIO()
        self.net.save_params(f_params=file)
        return file.tell()

    @staticmethod
    def _inputs(X):
        from _rivals import padded, standardised

        return standardised(padded(X)).numpy()


@dataclass
class KerasNet(_Labels):
    """Keras with the net of tutorials. Each process can use only one of the backends."""

    backend: str
    seed: int = 0
    max_epochs: int = RECIPE["max_epochs"]

    def load(self):
        """Import Keras with the backend; the time for this is not part of the fit."""
        os.environ["KERAS_BACKEND"] = self.backend
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        import keras

        return keras

    def fit(self, X, y):
        """Train a new net."""
        keras = self.load()
        layers = keras.layers
        keras.utils.set_random_seed(self.seed)
        self.model = keras.Sequential(
            [
                layers.Input((28, 28, 1)),
                layers.Conv2D(6, 5, activation="tanh", padding="same"),
                layers.AveragePooling2D(2),
                layers.Conv2D(16, 5, activation="tanh"),
                layers.AveragePooling2D(2),
                layers.Flatten(),
                layers.Dense(120, activation="tanh"),
                layers.Dense(84, activation="tanh"),
                layers.Dense(10, activation="softmax"),
            ]
        )
        self.model.compile(keras.optimizers.Adam(RECIPE["lr"]), "sparse_categorical_crossentropy")
        inputs, batch_size = self._inputs(X), RECIPE["batch_size"]
        self.model.fit(inputs, y, batch_size=batch_size, epochs=self.max_epochs, verbose=0)
        return self

    def predict_proba(self, X):
        """Return probabilities."""
        if len(X) == 1:  # as the documentation of Keras recommends for few rows
            return np.asarray(self.model(self._inputs(X), training=False))
        return np.asarray(self.model.predict(self._inputs(X), batch_size=1000, verbose=0))

    def saved_size(self):
        """Return the bytes of the saved model."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.keras"
            self.model.save(path)
            return path.stat().st_size

    @staticmethod
    def _inputs(X):
        from _rivals import DEVIATION, MEAN

        return (X.reshape(-1, 28, 28, 1).astype(np.float32) - MEAN) / DEVIATION
