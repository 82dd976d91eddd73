"""The rates that the package knows, and what they leave alone."""

from __future__ import annotations

from datetime import date

from api.settings.countries import CODES
from api.shop.taxes import commands, importing, queries
from api.shop.taxes.rules import rates_at
from api.storage import Keyset
from tests.shop.prices import make_rate

ALL = Keyset("tax_~", 1_000)


def test_the_table_has_every_country_of_the_union_with_a_standard_rate():
    table = importing.table_of("eu")

    standard = {rate.country for rate in table.rates if rate.tax_class == "standard"}
    assert len(standard) == 27
    assert standard <= set(CODES)
    assert table.as_of >= date(2026, 1, 1)


def test_an_import_fills_what_is_missing_and_says_of_when_it_is(db):
    first = commands.import_rates(db, area="eu")
    second = commands.import_rates(db, area="eu")

    with db.read() as tx:
        count = len(queries.list_tax_rates(tx, ALL))
        assert [rate.rate for rate in rates_at(tx, country="FI", region=None)["standard"]] == [255_000]
    assert first.startswith(f"Rates as of 2026-01-01: {count} created, 0 changed, 0 unchanged, 0 skipped.")
    assert f"0 created, 0 changed, {count} unchanged, 0 skipped" in second


def test_an_import_renews_its_own_rates_and_never_adds_to_a_tax_of_another_name(db):
    with db.write() as tx:
        old = make_rate(tx, "16", "DE")
        named = make_rate(tx, "20", "FR", name="TVA")
        make_rate(tx, "5", "ES", region="Canarias", name="IGIC")

    said = commands.import_rates(db, area="eu")

    with db.read() as tx:
        assert queries.find_tax_rate(tx, tax_rate_id=old.id).rate == "19"
        assert queries.find_tax_rate(tx, tax_rate_id=named.id) == named
        assert len(rates_at(tx, country="FR", region=None)["standard"]) == 1
        assert rates_at(tx, country="ES", region=None)["standard"][0].rate == 210_000
    assert "1 changed" in said
    assert "1 skipped" in said
