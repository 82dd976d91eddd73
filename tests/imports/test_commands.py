"""`kiosque import`: a file that is refused stops no other, and its message is about the file."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from api.imports import commands
from api.storage import migrations
from tests.imports.running import everything

REFUSED = "The Cursed Mug"
TRIGGERS = {
    "sqlite": [
        f"CREATE TRIGGER cursed BEFORE INSERT ON items WHEN new.name = '{REFUSED}'"
        " BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: items.slug'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION curse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF new.name = '{REFUSED}' THEN RAISE unique_violation; END IF; RETURN new; END $$",
        "CREATE TRIGGER cursed BEFORE INSERT ON items FOR EACH ROW EXECUTE FUNCTION curse()",
    ],
}


@pytest.fixture
def write(tmp_path):
    """`write("mug.csv", "Mug")`: a product table of one item; its path."""

    def made(name, item, price="5"):
        path = tmp_path / name
        path.write_text(f"ID,Type,SKU,Name,Regular price\n1,simple,{item.split()[-1]},{item},{price}\n")
        return path

    return made


def test_a_refused_file_stops_no_other_and_the_exit_code_says_so(db, settings, write, capsys, client):
    files = [write("1.csv", "Mug", price="dear"), write("2.csv", "Cup")]

    with pytest.raises(SystemExit) as ended:
        commands.import_files(db, settings, files, dry_run=False)

    out, err = capsys.readouterr()
    assert ended.value.code == 1
    assert err == (
        f"kiosque: {files[0]}:2:5: Column “regular price”: “dear” is not a price: write it as 1299.00."
        " Nothing of this file was imported.\n"
    )
    assert "1 created" in out
    assert [item["name"] for item in client.simulate_get("/v1/items").json["data"]] == ["Cup"]


def test_what_the_database_refuses_is_a_sentence_about_the_file(empty, settings, write, capsys):
    migrations.upgrade(empty)
    with empty.maintenance(write=True) as tx:
        for statement in TRIGGERS[empty.engine.dialect.name]:
            tx.run(sa.text(statement))
    before = everything(empty)
    cursed = write("1.csv", REFUSED)

    with pytest.raises(SystemExit):
        commands.import_files(empty, settings, [cursed], dry_run=False)
    after = everything(empty)
    with pytest.raises(SystemExit):
        commands.import_files(empty, settings, [cursed, write("2.csv", "Cup")], dry_run=False)

    out, err = capsys.readouterr()
    assert after == before
    assert err.startswith(f"kiosque: {cursed}: One of its rows does not go together with what is stored here")
    assert "constraint" not in err
    assert "1 created" in out


def test_every_sku_that_changed_is_named_in_the_report(db, settings, tmp_path, capsys):
    rows = "".join(f"{n},simple,КР-{n},Кружка {n},5\n" for n in range(1, 6))
    path = tmp_path / "mugs.csv"
    path.write_text(f"ID,Type,SKU,Name,Regular price\n{rows}")

    commands.import_files(db, settings, [path], dry_run=False)

    out = capsys.readouterr().out
    assert [f"КР-{n} → KR-{n}" in out for n in range(1, 6)] == [True] * 5
