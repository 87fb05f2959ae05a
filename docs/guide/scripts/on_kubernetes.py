"""Train LeNet-5 on Kubernetes.

python on_kubernetes.py s3://digits/training s3://digits/test digits.lenet
"""

import sys

import dask.dataframe as dd
from dask.distributed import Client
from dask_kubernetes.operator import KubeCluster, make_cluster_spec
from sklearn.metrics import accuracy_score

from sklearn_lenet import DaskLeNet5Classifier, save_model

IMAGE = "registry.example.com/digits:1"
"""An image with sklearn_lenet[dask] and s3fs, in the versions of this machine."""


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


if __name__ == "__main__":
    size = {"cpu": "1", "memory": "4Gi", "ephemeral-storage": "20Gi"}  # the rows go to the disk
    spec = make_cluster_spec(
        name="digits",
        image=IMAGE,
        n_workers=8,
        resources={"requests": size, "limits": size},
        worker_command=["dask", "worker", "--nthreads", "1"],
    )
    # The command `dask-scheduler`, which dask-kubernetes 2026.3 starts, is gone from Dask 2026.6.
    scheduler = spec["spec"]["scheduler"]["spec"]["containers"][0]
    scheduler["args"][:1] = ["dask", "scheduler"]
    with KubeCluster(custom_cluster_spec=spec) as cluster, Client(cluster) as client:
        client.wait_for_workers(8)  # a fit uses the workers that are there when it begins
        train(client, *sys.argv[1:])
