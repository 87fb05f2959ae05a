"""Train LeNet-5 on a SLURM cluster.

python on_slurm.py training/ test/ digits.lenet
"""

import sys

import dask.dataframe as dd
from dask.distributed import Client
from dask_jobqueue import SLURMCluster
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


if __name__ == "__main__":
    cluster = SLURMCluster(
        queue="cpu",
        account="my-project",
        walltime="04:00:00",  # a fit ends with an error if a job ends before it
        cores=4,
        processes=4,  # four workers of one thread in each job
        memory="16 GB",
        local_directory="/scratch/$USER",  # a disk of the node: the rows are written there
        job_script_prologue=["source ~/digits/bin/activate"],
    )
    with cluster, Client(cluster) as client:
        cluster.scale(jobs=2)
        client.wait_for_workers(8)  # a fit uses the workers that are there when it begins
        train(client, *sys.argv[1:])
