"""Jobs on the disk: whole records, results by number, a mark that cancels, a lease that runs out."""

import io
import os
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from service.jobs.store import LEASE_SECONDS, Item, JobStore, Record

DONE = Item(1, "me.jpg", "done", result="me.cartoon.png", media_type="image/png", bytes=3)


@pytest.fixture
def store(tmp_path: Path) -> JobStore:
    store = JobStore(tmp_path / "jobs")
    store.open()
    return store


def record(store: JobStore, *items: Item) -> Record:
    made = Record(store.new_id(), "cartoon", created=time.time(), state="running", items=items)
    store.write(made)
    return made


def test_a_record_comes_back_and_tells_its_counts(store: JobStore) -> None:
    made = record(store, DONE, Item(2, state="failed", code="bad_image", message="No image."), Item(3))
    assert store.read(made.id) == made
    told = made.told(60)
    assert (told["total"], told["done"], told["failed"], told["expires"]) == (3, 1, 1, made.created + 60)
    assert told["items"][2] == {"number": 3, "state": "waiting", "bytes": 0}  # type: ignore[index]


def test_results_are_named_after_their_sources_and_no_two_alike() -> None:
    made = Record("0" * 32, "cartoon", 1.0, items=(Item(1, "me.jpg"), Item(2, "ME.png"), Item(3), Item(4, "../a.jpg")))
    names = [made.name(item.number, "cartoon.png") for item in made.items]
    assert names == ["me.cartoon.png", "ME-2.cartoon.png", "0003.cartoon.png", "a.cartoon.png"]
    assert {item.source for item in made.nameless().items} == {None}


@pytest.mark.parametrize("job", ["0" * 32, "../../etc", "", "x" * 32])
def test_what_is_no_job_is_none(store: JobStore, job: str) -> None:
    assert store.read(job) is None


def test_files_go_in_and_results_come_out_in_a_zip(store: JobStore) -> None:
    made = record(store, DONE, Item(2, state="failed"))
    assert store.add(made.id, 1, io.BytesIO(b"a face")) == 6
    assert store.sent(made.id, 1).read_bytes() == b"a face"
    assert store.add_option(made.id, "background_image", io.BytesIO(b"beach")).read_bytes() == b"beach"
    store.save(made.id, DONE, b"png")
    with zipfile.ZipFile(store.zipped(made)) as archive:
        assert archive.namelist() == ["me.cartoon.png", "job.json"] and archive.read("me.cartoon.png") == b"png"
    assert store.size() > 14


def test_a_cancelled_job_keeps_its_state_alone(store: JobStore) -> None:
    made = record(store, DONE)
    store.save(made.id, DONE, b"png")
    store.cancel(made.id)
    found = store.read(made.id)
    assert found and found.state == "cancelled" and store.is_cancelled(made.id)
    assert {path.name for path in (store.folder / made.id).iterdir()} == {"record.json", "cancelled"}


def test_what_was_sent_goes_first_and_results_stay(store: JobStore) -> None:
    made = record(store, DONE)
    store.add(made.id, 1, io.BytesIO(b"a face"))
    store.save(made.id, DONE, b"png")
    store.clear(made.id, results=False)
    assert store.result(made.id, DONE).exists() and not store.sent(made.id, 1).exists()


def test_a_job_that_nobody_renews_is_lost_unless_it_was_over(store: JobStore) -> None:
    running = record(store, DONE)
    over = record(store, DONE)
    store.write(replace(over, state="done", finished=over.created))
    for job in (running.id, over.id):
        os.utime(store.folder / job / "record.json", (time.time() - LEASE_SECONDS - 1,) * 2)
    states = [found.state for job in (running.id, over.id) if (found := store.read(job))]
    assert states == ["lost", "done"]


def test_a_record_whose_folder_is_gone_is_not_written(store: JobStore) -> None:
    store.write(Record("0" * 32, "cartoon", created=1.0))
    assert not (store.folder / ("0" * 32)).exists()
