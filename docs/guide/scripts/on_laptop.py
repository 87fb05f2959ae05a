"""Train LeNet-5 with all cores of this machine.

python on_laptop.py training/ test/ digits.lenet
"""

import sys

import dask.dataframe as dd
from dask.distributed import Client, LocalCluster
from sklearn.metrics import accuracy_score

from sklearn_lenet import DaskLeNet5Classifier, save_model


def train(client, training, test, out):
    """Train on a table, print the accuracy on another one, save the model."""
    table = dd.read_parquet(training)
    clf = DaskLeNet5Classifier(max_epochs=5, random_state=0, verbose=1, client=client)
    clf.fit(table.drop(columns="label"), table["label"])
    other = dd.read_parquet(test)
    found = clf.predict(other.drop(columns="label"))  # lazy
    accuracy = accuracy_score(other["label"].compute(), found.compute())
    print(f"accuracy: {accuracy:.2%}")
    save_model(clf.to_local(), out)


if __name__ == "__main__":  # the workers import this script
    with LocalCluster(threads_per_worker=1) as cluster, Client(cluster) as client:
        print(client.dashboard_link)
        train(client, *sys.argv[1:])
