"""Everything that a batch made, in one zip."""

import csv
import json
import zipfile
from pathlib import Path

from tests.helpers.batches import PICTURE, draw, files, settled
from ui.batch.archive import pack
from ui.batch.runner import Batch
from ui.batch.sources import Source


def test_the_zip_holds_every_result_once_and_the_report(uploads: Path) -> None:
    first, second = files(uploads, "a.png", "=b.png")
    again = Source("sub/A.PNG", first.path)
    batch = Batch([first, second, again, *files(uploads, "bad.png")], draw, parameters={"style": "anime"})
    batch.start()
    settled(batch)
    pack(batch, "cartoon", "en")
    with zipfile.ZipFile(pack(batch, "cartoon", "en")) as archive:
        names = ["a.cartoon.png", "=b.cartoon.png", "A-2.cartoon.png"]
        assert archive.namelist() == [*names, "report.csv", "report.json"]
        assert archive.read(names[0]) == PICTURE
        rows = list(csv.DictReader(archive.read("report.csv").decode("utf-8-sig").splitlines()))
        report = json.loads(archive.read("report.json"))
    assert [row["status"] for row in rows] == ["done"] * 3 + ["failed"]
    assert rows[1]["file"] == "'=b.png" and rows[0]["faces"] == "0" and "not an image" in rows[3]["message"]
    assert report["settings"] == {"style": "anime"} and report["files"][2]["file"] == "sub/A.PNG"
    assert len(list(uploads.rglob("*.zip"))) == 1
